"""Own texts beside the fields of decisions and notes: put in without scripts, kept from there, nothing typed lost."""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus

import pytest
from django.urls import reverse

from registry import clock
from registry.models import Event
from registry.rules.workflow.states import Act
from registry.sample.walk import SampleCase
from review.desk import unsent
from review.models import OwnText, UnsentForm, WorkingNote
from review.own_texts import own_texts
from tests.builders.register import MORNING, Cast, submitted
from tests.client import ClientResponse
from tests.review.officers import mark_all, seen, sign_in, text_of, url

pytestmark = pytest.mark.django_db

PLACE = OwnText.Place
OWN = "样例：经核对，材料与证明文件一致。"
TYPED = "样例：已电话核实。"
MANAGEMENT = {"reasons-TOTAL_FORMS": "1", "reasons-INITIAL_FORMS": "0"}


@pytest.fixture(autouse=True)
def _that_morning() -> None:
    clock.set_for_tests(MORNING)


def own(cast: Cast, place: OwnText.Place, text: str = OWN) -> str:
    return str(own_texts.add(cast.provincial, place, name="样例模板", text=text, at=MORNING).pk)


def open_case(cast: Cast, *, deficient: tuple[str, ...] = ()) -> SampleCase:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING, deficient=list(deficient))
    return case


def page_of(cast: Cast, case: SampleCase, act: Act) -> ClientResponse:
    address = reverse("review:act", args=[case.application_id, act.value])
    return sign_in(cast.provincial).get(address, seen(case.application))


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<textarea name="{name}"[^>]*>\s?([^<]*)</textarea>', page)
    assert found is not None, page[:500]
    return found[1].strip()


def sent(cast: Cast, case: SampleCase, act: Act, fields: dict[str, str]) -> ClientResponse:
    hidden = {**seen(case.application), "key": str(uuid.uuid4()), **MANAGEMENT}
    address = reverse("review:act", args=[case.application_id, act.value])
    return sign_in(cast.provincial).post(address, hidden | fields)


def test_a_text_comes_at_the_end_of_what_is_typed_and_nothing_is_recorded(cast: Cast) -> None:
    case, key = open_case(cast), own(cast, PLACE.OPINION)
    events = Event.objects.count()
    assert "样例模板" in text_of(page_of(cast, case, Act.FORWARD))
    typed = {"recommends": "approval", "text": TYPED, "insert": "text", "insert-text": key}
    answer = sent(cast, case, Act.FORWARD, typed)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert value_of(page, "text") == f"{TYPED}\n{OWN}"
    assert re.search(r'value="approval"[^>]*checked', page)
    assert "“样例模板” is inserted" in text_of(answer)
    assert Event.objects.count() == events


def test_nothing_chosen_or_a_text_of_somebody_else_leaves_the_form_as_it_was(cast: Cast) -> None:
    case = open_case(cast)
    foreign = own_texts.add(cast.provincial_second, PLACE.OPINION, name="样例他人", text=OWN, at=MORNING)
    assert "样例他人" not in page_of(cast, case, Act.FORWARD).content.decode()
    for chosen in ("", str(foreign.pk), "nonsense"):
        typed = {"recommends": "approval", "text": TYPED, "insert": "text", "insert-text": chosen}
        answer = sent(cast, case, Act.FORWARD, typed)
        assert value_of(answer.content.decode(), "text") == TYPED
        assert "Choose a text first" in text_of(answer)


def test_a_form_offers_the_texts_of_its_kind_and_reasons_the_catalogue_in_the_same_control(
    cast: Cast,
) -> None:
    case = open_case(cast, deficient=("service.description",))
    for place in PLACE:
        own_texts.add(cast.provincial, place, name=f"样例-{place.value}", text=OWN, at=MORNING)
    for act, place in (
        (Act.FORWARD, PLACE.OPINION),
        (Act.PROPOSE_REJECTION, PLACE.REASON),
        (Act.ASK, PLACE.POINT),
    ):
        page = page_of(cast, case, act).content.decode()
        offered = set(re.findall(r"样例-([a-z]+)", page))
        assert offered == {place.value}, act
        has_catalogue = "Catalogue of reasons" in page
        assert has_catalogue is (place is not PLACE.OPINION)


def test_the_catalogues_words_are_put_into_a_reason_as_ones_own_are(cast: Cast) -> None:
    case = open_case(cast, deficient=("service.description",))
    row = {"reasons-0-key": "service.description", "reasons-0-code": "file_missing", "reasons-0-remedy": ""}
    asked = {"insert": "reasons-0-remedy", "insert-reasons-0-remedy": "file_missing"}
    page = sent(cast, case, Act.PROPOSE_REJECTION, row | asked).content.decode()
    assert value_of(page, "reasons-0-remedy") == "Attach the document that is missing."
    key = own(cast, PLACE.REASON)
    more = {"insert": "reasons-0-text", "insert-reasons-0-text": key, "reasons-0-text": TYPED}
    page = sent(cast, case, Act.PROPOSE_REJECTION, row | more).content.decode()
    assert value_of(page, "reasons-0-text") == f"{TYPED}\n{OWN}"
    chosen = re.search(r'<select name="reasons-0-code".*?</select>', page, re.S)
    assert chosen is not None
    assert re.search(r'<option value="file_missing"[^>]* selected', chosen[0])


def test_a_text_is_kept_as_a_template_from_the_decision_and_once(cast: Cast) -> None:
    case = open_case(cast)
    for said in ("Kept among your templates", "among your templates already"):
        answer = sent(cast, case, Act.FORWARD, {"text": TYPED, "keep_text": "text"})
        assert said in text_of(answer)
        assert value_of(answer.content.decode(), "text") == TYPED
    (kept,) = own_texts.texts_for(cast.provincial, PLACE.OPINION)
    assert kept.text == TYPED
    assert "There is no text to keep" in text_of(
        sent(cast, case, Act.FORWARD, {"text": "", "keep_text": "text"})
    )


def test_a_note_takes_the_texts_for_remarks(cast: Cast) -> None:
    case, key = open_case(cast), own(cast, PLACE.REMARK)
    client = sign_in(cast.provincial)
    page = client.get(url("case", case)).content.decode()
    assert '<datalist id="own-remarks">' in page
    asked = {"text": TYPED, "insert": "text", "insert-text": key}
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(url("note", case), asked, headers=headers)
        assert value_of(answer.content.decode(), "text") == f"{TYPED}\n{OWN}"
    kept = client.post(
        url("note", case), {"text": TYPED, "keep_text": "text"}, headers={"HX-Request": "true"}
    )
    assert "Kept among your templates" in text_of(kept)
    assert not WorkingNote.objects.exists()


def test_a_choice_that_was_not_inserted_is_nothing_that_was_typed(cast: Cast) -> None:
    case, key = open_case(cast), own(cast, PLACE.OPINION)
    client = sign_in(cast.provincial)
    address = reverse("review:typed", args=[case.application_id, unsent.place_of_act(Act.FORWARD)])
    client.post(address, {"insert-text": key})
    assert not UnsentForm.objects.exists()
    client.post(address, {"text": TYPED, "insert-text": key})
    assert "insert" not in UnsentForm.objects.get().body
