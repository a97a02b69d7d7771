"""The sample lists: the known figures of those published from 2019 to 2021, taken over by the real import."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from registry.integrity.register import verify_register
from registry.models import BatchEntry, BatchList, Filing, NumberHead
from registry.publication import lists
from registry.rules.codes.filing_number import parse
from registry.sample.logins import SampleDataRefused
from registry.sample.published_lists import fill_published_lists, known_lists, planned_lists

PLANNED = list(planned_lists())
SHARES = [Counter(f"{parse(row.number).division_code[:2]}" for row in rows) for _known, rows in PLANNED]


def test_every_known_figure_is_exact() -> None:
    assert [known.services for known, _rows in PLANNED] == [197, 309, 224, 285, 223]
    assert [len(rows) for _known, rows in PLANNED] == [197, 309, 224, 285, 223]
    assert sum(len(rows) for _known, rows in PLANNED) == 1238
    assert [shares["11"] for shares in SHARES] == [63, 87, 83, 76, 37]
    assert sum(shares["11"] for shares in SHARES) == 346
    assert [shares["44"] for shares in SHARES] == [47, 72, 44, 57, 35]
    for (known, _rows), shares in zip(PLANNED, SHARES, strict=True):
        assert {code: shares[code[:2]] for code in known.known} == known.known
    assert [len(SHARES[place]) for place in (0, 2, 3)] == [18, 19, 22]


def test_no_spread_share_is_above_a_known_one() -> None:
    for (known, _rows), shares in zip(PLANNED, SHARES, strict=True):
        spread = [share for code, share in shares.items() if f"{code}0000" not in known.known]
        assert max(spread) <= min(known.known.values())
        assert min(spread) >= 1


def test_heilongjiang_and_inner_mongolia_appear_first_in_the_third_list() -> None:
    for code in ("23", "15"):
        assert [code in shares for shares in SHARES][:3] == [False, False, True]
    before = SHARES[0].keys() | SHARES[1].keys()
    assert SHARES[2].keys() - before == {"23", "15"}


def test_the_first_list_has_165_applicants_of_whom_18_have_two_to_five_services() -> None:
    heads = Counter(parse(row.number).head for row in PLANNED[0][1])
    several = [services for services in heads.values() if services > 1]
    assert (len(heads), len(several), min(several), max(several)) == (165, 18, 2, 5)


def test_everything_is_plainly_a_sample_and_no_name_comes_twice() -> None:
    names: dict[str, str] = {}
    for _known, rows in PLANNED:
        for row in rows:
            number = parse(row.number)
            assert (row.applicant_name[:2], row.service_name[:2], number.serial[:4]) == (
                "样例",
                "样例",
                "0000",
            )
            assert names.setdefault(row.applicant_name, number.head) == number.head
    assert len(set(names.values())) == len(names)
    services = [(row.applicant_name, row.service_name) for _known, rows in PLANNED for row in rows]
    assert len(set(services)) == len(services)
    assert list(planned_lists()) == PLANNED


@pytest.mark.django_db
@pytest.mark.usefixtures("own_files")
def test_the_lists_are_taken_over_once_and_are_clean(settings: Settings) -> None:
    settings.SAMPLE_DATA = True
    out = io.StringIO()
    call_command("sample_lists", stdout=out)
    assert out.getvalue() == "Imported five sample lists with 1238 services of invented applicants.\n"
    assert [(each.number, each.count, each.published_on) for each in lists.public_lists()] == [
        (known.number, known.services, known.published_on) for known in reversed(known_lists())
    ]
    assert (BatchEntry.objects.count(), Filing.objects.filter(is_imported=True).count()) == (1238, 1238)
    shown = lists.public_list(2)
    assert shown is not None
    assert lists.provinces_of(shown)[:2] == [("110000", 87), ("440000", 72)]
    heads = NumberHead.objects.count()
    assert fill_published_lists() == 0
    assert (BatchList.objects.count(), NumberHead.objects.count()) == (5, heads)
    assert verify_register().violations == []


@pytest.mark.django_db
@pytest.mark.usefixtures("own_files")
def test_sample_lists_are_refused_where_data_is_real(settings: Settings) -> None:
    settings.SAMPLE_DATA = False
    with pytest.raises(SampleDataRefused):
        fill_published_lists()
    with pytest.raises(SystemExit):
        call_command("sample_lists", stderr=io.StringIO())
