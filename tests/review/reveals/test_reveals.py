"""Personal identifiers are masked; showing one takes a reason, is recorded, and does not last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from registry import clock
from review.models import PersonalDataReveal
from tests.builders.register import MORNING, Cast, submitted
from tests.review.officers import materials_now, sign_in, url

pytestmark = pytest.mark.django_db

KEY = "person_in_charge.mobile"


def test_identifiers_are_masked_until_a_reason_is_recorded(cast: Cast) -> None:
    case = submitted(cast)
    mobile = materials_now(case)["person_in_charge"]["mobile"]
    client = sign_in(cast.provincial)
    assert mobile not in client.get(url("case", case)).content.decode()
    answer = client.post(url("reveal", case, KEY), {"reason": "样例：电话核实"})
    assert answer["Location"] == f"{url('case', case)}#row-{KEY}"
    assert mobile in client.get(url("case", case)).content.decode()
    found = PersonalDataReveal.objects.values_list("officer", "application", "key", "reason", "at")
    assert list(found) == [
        (cast.provincial.pk, case.application_id, KEY, "样例：电话核实", MORNING),
    ]


def test_every_personal_value_of_the_person_in_charge_is_masked(cast: Cast) -> None:
    case = submitted(cast)
    page = sign_in(cast.provincial).get(url("case", case)).content.decode()
    person = materials_now(case)["person_in_charge"]
    hidden = ("document_number", "mobile", "email", "office_phone")
    assert person["name"] in page
    assert [name for name in hidden if person[name] in page] == []


def test_a_value_is_shown_to_the_one_who_asked_and_not_for_long(cast: Cast) -> None:
    case = submitted(cast)
    mobile = materials_now(case)["person_in_charge"]["mobile"]
    client = sign_in(cast.provincial)
    client.post(url("reveal", case, KEY), {"reason": "样例：电话核实"})
    assert mobile not in sign_in(cast.provincial_second).get(url("case", case)).content.decode()
    clock.set_for_tests(MORNING + timedelta(minutes=31))
    assert mobile not in sign_in(cast.provincial).get(url("case", case)).content.decode()


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_shown_without_a_reason(cast: Cast, reason: str) -> None:
    case = submitted(cast)
    answer = sign_in(cast.provincial).post(url("reveal", case, KEY), {"reason": reason})
    assert answer.status_code == 400
    assert not PersonalDataReveal.objects.exists()


def test_only_what_is_masked_can_be_asked_for(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    answers = [
        client.post(url("reveal", case, key), {"reason": "样例：写明理由"}).status_code
        for key in (KEY, "applicant.name", "nonsense")
    ]
    assert answers == [302, 404, 404]


def test_the_record_of_a_reveal_cannot_be_changed(cast: Cast) -> None:
    case = submitted(cast)
    sign_in(cast.provincial).post(url("reveal", case, KEY), {"reason": "样例：写明理由"})
    for change in (
        lambda: PersonalDataReveal.objects.update(reason="样例：写明理由"),
        lambda: PersonalDataReveal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert PersonalDataReveal.objects.get().reason == "样例：写明理由"
