"""Notes, reasons on marks, drafted opinions and the notice shown before it is sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.models import Event, ListEntry, Notice
from registry.notices import filing_notices
from registry.rules.workflow.states import Act, Outcome, State
from registry.sample.walk import SampleCase
from review.desk.notes import NoteRefused, notes_on, write_note
from review.desk.openings import open_elsewhere
from review.models import ChecklistMark, SavedFilters, WorkingNote
from tests.builders.register import MORNING, Cast, forwarded, submitted
from tests.client import ClientResponse
from tests.review.decisions.test_decisions import OPINION, reasons
from tests.review.desk.test_marks import LONGER
from tests.review.officers import mark_all, seen, send, sign_in, supplement, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DESCRIPTION = "service.description"
VAGUE = "technical_description_vague"
REMARK = "样例：未写明共识机制"


def deficient(
    client: Client, case: SampleCase, *, code: str = VAGUE, remark: str = REMARK, revision: int = 1
) -> ClientResponse:
    """Marks the description deficient through the page."""
    data = {"key": DESCRIPTION, "revision": str(revision), "verdict": "deficient"}
    return client.post(url("mark", case), data | {"code": code, "remark": remark})


# ---------------------------------------------------------------- notes


def test_a_province_reads_its_own_notes_and_the_nation_reads_all(cast: Cast) -> None:
    case = submitted(cast)
    write_note(case.application, "样例：省级备注", officer=cast.provincial, at=MORNING)
    write_note(case.application, "样例：国家备注", officer=cast.national, at=MORNING + HOUR)
    read = {
        who: [note.text for note in notes_on(case.application, getattr(cast, who))]
        for who in ("provincial_second", "national_second")
    }
    assert read == {
        "provincial_second": ["样例：省级备注"],
        "national_second": ["样例：国家备注", "样例：省级备注"],
    }
    province, nation = (sign_in(each).get(url("case", case)) for each in (cast.provincial, cast.national))
    assert ["国家备注" in text_of(page) for page in (province, nation)] == [False, True]
    assert ["省级备注" in text_of(page) for page in (province, nation)] == [True, True]


def test_the_applicant_and_the_trail_never_hold_a_note(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    assert client.post(url("note", case), {"text": "金丝雀备注"}).status_code == 302
    assert "金丝雀备注" in text_of(client.get(url("case", case)))
    page = sign_in(cast.member).get(reverse("applicants:application", args=[case.application_id]))
    assert page.status_code == 200
    assert "金丝雀备注" not in page.content.decode()
    auditor = sign_in(cast.auditor)
    exported = auditor.get(reverse("office:events_csv")).getvalue().decode()
    assert case.application.receipt_number in exported
    assert "金丝雀备注" not in exported


def test_a_note_needs_words_and_an_open_desk_does_not_matter(cast: Cast) -> None:
    case = forwarded(cast)
    client = sign_in(cast.provincial)
    for empty in ("  ", "！", "。。。", "12345", "啊"):
        assert client.post(url("note", case), {"text": empty}).status_code == 400
        with pytest.raises(NoteRefused, match="note_without_text"):
            write_note(case.application, empty, officer=cast.provincial, at=MORNING)
    assert client.post(url("note", case), {"text": "样例：已转国家网信办"}).status_code == 302
    assert WorkingNote.objects.count() == 1


# ---------------------------------------------------------------- marks and the catalogue


def test_a_mark_names_what_the_catalogue_offers_there_and_nothing_else(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    for code in ("never_heard_of", "statement_not_on_template"):
        deficient(client, case, code=code)
    assert not ChecklistMark.objects.exists()
    deficient(client, case)
    assert ChecklistMark.objects.get().code == VAGUE


def test_a_remark_that_came_too_late_is_shown_again_and_can_be_sent(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    supplement(case, at=MORNING + HOUR, description=LONGER)
    answer = deficient(client, case)
    assert answer["Location"] == url("mark", case)
    page = client.get(url("mark", case)).content.decode()
    assert REMARK in page
    assert f'<option value="{VAGUE}" selected>' in page
    assert 'name="revision" value="2"' in page
    deficient(client, case, revision=2)
    assert client.get(url("mark", case))["Location"] == url("case", case)
    assert ChecklistMark.objects.get().remark == REMARK


def test_a_retired_fault_is_offered_no_more_and_old_decisions_keep_its_words(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    row = {"key": DESCRIPTION, "code": VAGUE, "remedy": "", "text": ""}
    mark_all(case, cast.provincial, at=MORNING, deficient=[DESCRIPTION])
    assert send(client, case, Act.PROPOSE_REJECTION, reasons(row) | {"text": ""}).status_code == 302
    entry = ListEntry.objects.get(list_name="reasons", code=VAGUE)
    admin = sign_in(cast.administrator)
    reworded = {
        "name_zh": "新的名称",
        "name_en": "Reworded",
        "article": "7",
        "places": ["particular"],
        "remedy_zh": "新的办法",
        "remedy_en": "New remedy",
        "reason": "样例：措辞更准确",
    }
    assert admin.post(reverse("office:list_entry", args=[entry.pk]), reworded).status_code == 302
    admin.post(
        reverse("office:list_entry_retire", args=[entry.pk]), {"act": "retire", "reason": "样例：不再使用"}
    )
    page = text_of(client.get(url("case", case)))
    assert "Technical description too vague (Art. 11)" in page
    assert "State the chain kind, the consensus" in page
    assert "Reworded" not in page
    other = submitted(cast, seed=2)
    mark_all(other, cast.provincial, at=MORNING, deficient=[DESCRIPTION])
    assert send(client, other, Act.PROPOSE_REJECTION, reasons(row) | {"text": ""}).status_code == 400
    assert other.application.state == State.PROVINCIAL_REVIEW


def test_a_new_fault_of_the_administrator_can_be_given_where_it_may_be_pinned(cast: Cast) -> None:
    fresh = {
        "code": "sample_fault",
        "name_zh": "样例问题",
        "name_en": "Sample fault",
        "article": "17",
        "places": ["file"],
        "remedy_zh": "样例办法",
        "remedy_en": "Sample remedy",
        "reason": "样例：新增一项",
    }
    admin = sign_in(cast.administrator)
    address = reverse("office:list_entry_add", args=["reasons"])
    half = admin.post(address, fresh | {"remedy_en": "", "places": []})
    assert set(half.context["form"].errors) == {"places", "remedy_en"}
    assert admin.post(address, fresh).status_code == 302
    case = submitted(cast)
    client = sign_in(cast.provincial)
    statement = "attachments.authenticity_statement"
    mark_all(case, cast.provincial, at=MORNING, deficient=[DESCRIPTION, statement])
    row = {"key": DESCRIPTION, "code": "sample_fault", "remedy": "", "text": ""}
    misplaced = send(client, case, Act.PROPOSE_REJECTION, reasons(row) | {"text": ""})
    assert "does not pin this to such a place" in text_of(misplaced)
    row["key"] = statement
    assert send(client, case, Act.PROPOSE_REJECTION, reasons(row) | {"text": ""}).status_code == 302
    event = Event.objects.get(application=case.application_id, act="propose_rejection")
    [given] = event.payload["reasons"]
    assert (given["article"], given["remedy"], given["remedy_en"]) == ("17", "样例办法", "Sample remedy")


# ---------------------------------------------------------------- opinion, deficient marks, preview


def test_the_opinion_is_drafted_from_the_marks_and_typed_text_stays(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING)
    page = client.get(url("act", case, "forward"), seen(case.application)).content.decode()
    assert "items checked, all in order." in page
    deficient(client, case)
    page = client.get(url("act", case, "forward"), seen(case.application)).content.decode()
    assert f"Description of the service: Technical description too vague; {REMARK}" in page
    assert "Draft from the marks" in page
    own = send(client, case, Act.FORWARD, {"recommends": "", "text": "我自己的意见"}).content.decode()
    (typed,) = re.findall(r'<textarea name="text"[^>]*>(.*?)</textarea>', own, re.S)
    assert typed.strip() == "我自己的意见"


def test_an_approval_over_deficient_marks_is_confirmed_with_its_reason(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING)
    deficient(client, case)
    silent = send(client, case, Act.FORWARD, OPINION)
    assert silent.status_code == 400
    assert "Confirm that you pass over the items marked deficient" in text_of(silent)
    assert case.application.state == State.PROVINCIAL_REVIEW
    assert send(client, case, Act.FORWARD, OPINION | {"over_marks": "on"}).status_code == 302
    event = Event.objects.get(application=case.application_id, act="forward")
    assert event.payload["passed_over"] == [DESCRIPTION]
    assert "Passed over, though marked deficient: Description of the service" in text_of(
        client.get(url("case", case))
    )


def test_a_recommended_rejection_passes_over_nothing(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING)
    deficient(client, case)
    adverse = {"recommends": Outcome.REJECTION.value, "text": "样例：技术描述过于笼统"}
    assert send(client, case, Act.FORWARD, adverse).status_code == 302
    event = Event.objects.get(application=case.application_id, act="forward")
    assert "passed_over" not in event.payload


def test_the_notice_shown_before_is_the_notice_that_is_sent(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING)
    deficient(client, case)
    page = client.get(url("act", case, "propose_rejection"), seen(case.application))
    [shown] = page.context["previewed"]["notices"]
    row = {"key": DESCRIPTION, "code": VAGUE, "remedy": "", "text": REMARK}
    asked = send(client, case, Act.PROPOSE_REJECTION, reasons(row) | {"text": "样例", "preview": "yes"})
    assert asked.context["previewed"]["notices"] == [shown]
    assert case.application.state == State.PROVINCIAL_REVIEW
    send(client, case, Act.PROPOSE_REJECTION, reasons(row) | {"text": "样例"})
    second = sign_in(cast.provincial_second)
    [confirming] = second.get(url("act", case, "confirm"), seen(case.application)).context["previewed"][
        "notices"
    ]
    send(second, case, Act.CONFIRM, {})
    event = Event.objects.get(application=case.application_id, act="confirm")
    filing_notices.notify_applicant(event.pk, at=clock.now())
    sent = Notice.objects.get(event=event, account=cast.member)
    assert confirming == shown
    assert (sent.subject, sent.body) == (shown.words.subject, shown.words.body)
    # The short address is the notice's own.
    address = r"/n/[a-z2-7]{12}/"
    assert re.sub(address, "", sent.sms) == re.sub(address, "", shown.words.sms) != sent.sms
    assert REMARK in sent.body


def test_a_notice_whose_reasons_are_not_whole_is_not_shown(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    client = sign_in(cast.provincial)
    page = client.get(url("act", case, "propose_rejection"), seen(case.application))
    assert page.context["previewed"]["notices"] is None
    forward = client.get(url("act", case, "forward"), seen(case.application))
    assert forward.context["previewed"] is None


# ---------------------------------------------------------------- the queue, and who else looks


def test_filters_are_kept_by_name_for_their_officer_alone(cast: Cast) -> None:
    client, other = sign_in(cast.provincial), sign_in(cast.provincial_second)
    for name, left in (("样例甲", "soon"), ("样例甲", "late"), ("样例乙", ""), ("", "late")):
        client.post(reverse("review:save_filters"), {"name": name, "left": left})
    assert list(SavedFilters.objects.values_list("name", "query")) == [("样例甲", "?left=late")]
    assert ["样例甲" in text_of(each.get(reverse("review:queue"))) for each in (client, other)] == [
        True,
        False,
    ]
    address = reverse("review:forget_filters", args=[SavedFilters.objects.get().pk])
    assert [other.post(address).status_code, client.post(address).status_code] == [404, 302]
    assert not SavedFilters.objects.exists()


def test_colleagues_see_who_has_a_case_open_for_a_while(cast: Cast) -> None:
    case = submitted(cast)
    sign_in(cast.provincial_second).get(url("case", case))
    sign_in(cast.national).get(url("case", case))
    told = [
        open_elsewhere([case.application], cast.provincial, at=MORNING + timedelta(minutes=minutes))
        for minutes in (14, 16)
    ]
    assert told == [{case.application_id: [cast.provincial_second.name]}, {}]
    assert f"open at {cast.provincial_second.name}" in text_of(
        sign_in(cast.provincial).get(reverse("review:queue"))
    )
