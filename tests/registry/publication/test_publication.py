"""What the public may read, and how text finds it."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from registry.models import Applicant, Filing
from registry.publication import record
from registry.publication import search as searching
from registry.publication.record import (
    Criteria,
    CursorInvalid,
    Found,
    NotANumber,
    NotInRegister,
    PublicFiling,
)
from registry.rules.codes import filing_number
from registry.rules.facets import FACETS
from registry.rules.search_form import form_of_filing
from registry.rules.workflow.states import Act, Kind, Standing
from registry.sample import walk
from tests.builders import register as build
from tests.builders.batch import published
from tests.builders.register import MORNING, Cast
from tests.registry.publication.conftest import make_filings

pytestmark = pytest.mark.django_db

UNKNOWN = str(filing_number.compose("110108", 2026, "00001234", 1))


def found_numbers(criteria: Criteria | None = None) -> list[str]:
    return [each.number for each in record.search(criteria or Criteria()).filings]


def test_the_public_columns_are_these_and_no_others() -> None:
    assert [each.name for each in fields(PublicFiling)] == [
        "number",
        "applicant_name",
        "service_name",
        "province_code",
        "categories",
        "service_types",
        "main_chains",
        "chain_kind",
        "service_forms",
        "application_fields",
        "website_urls",
        "app_names",
        "upstream_numbers",
        "standing",
        "numbered_on",
        "changed_on",
        "ends_on",
        "cancelled_on",
        "struck_off_on",
        "end_ground",
        "end_basis",
        "successor_number",
        "predecessor_numbers",
        "batch",
        "ending_list",
        "is_imported",
    ]


def test_a_number_is_found_however_it_is_typed(one_filing: Filing) -> None:
    number = str(one_filing.number)
    body = number[4:-1]
    wide = body.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    spaced = f" {number[:4]} {body[:6]} {body[6:8]} {body[8:16]} {body[16:19]} {body[19:]} 号 "
    for typed in (number, body, wide, spaced, body.lower(), number.removesuffix("号")):
        outcome = record.look_up(typed)
        assert isinstance(outcome, Found)
        assert (outcome.filing.number, outcome.filing.standing) == (number, Standing.IN_FORCE)


def test_a_wrong_check_character_is_named_before_the_database_is_asked(
    one_filing: Filing, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    body = str(one_filing.number)[4:-1]
    wrong = body[:-1] + ("1" if body[-1] != "1" else "2")
    with django_assert_num_queries(0):
        outcome = record.look_up(wrong)
    assert isinstance(outcome, NotANumber)
    assert (outcome.code, outcome.typed[4:-1]) == ("check_character", wrong)


def test_a_well_formed_number_that_was_never_issued_is_not_in_the_register() -> None:
    assert record.look_up(UNKNOWN) == NotInRegister(UNKNOWN)


def test_only_filings_with_a_number_are_public(cast: Cast) -> None:
    pending = build.submitted(cast, seed=1).application
    awaiting = build.approved(cast, seed=2).application
    shown = build.in_force(cast, seed=3).application
    assert pending.filing is not None
    assert awaiting.filing is not None
    assert shown.filing is not None
    # The names would be found: that of the public filing is.
    assert found_numbers(Criteria(text=shown.service_name)) == [shown.filing.number]
    assert found_numbers(Criteria(text=pending.service_name)) == []
    assert found_numbers(Criteria(text=awaiting.service_name)) == []
    assert found_numbers() == [shown.filing.number]
    assert [each.number for each in record.latest(6)] == [shown.filing.number]
    assert record.figures() == record.Figures(in_force=1, applicants=1, provinces=1)


def test_parts_of_names_and_numbers_find_a_filing(cast: Cast) -> None:
    target, other = make_filings(cast, 2)
    number = str(target.number)
    name = target.applicant_name
    for text in (
        name,
        name[3:9],
        name.replace("（", "(").replace("）", ")"),
        target.service_name[2:],
        f"{target.service_name[2:6]} {name[-4:]}",
        number[4:-1],
        number[12:20],
        f"{number[4:10]} {number[10:16]}",
    ):
        assert target.number in found_numbers(Criteria(text=text)), text
    assert found_numbers(Criteria(text=number[12:20])) == [number]
    assert found_numbers(Criteria(text=f"{target.service_name} {other.service_name}")) == []


@pytest.mark.parametrize("text", ["%", "_", "样%例", "\\", "'", '"', "a\x00b", "\ud800", "🦊", "(" * 100])
def test_signs_that_mean_something_to_a_database_are_only_text(one_filing: Filing, text: str) -> None:
    assert found_numbers(Criteria(text="样例")) == [one_filing.number]
    assert found_numbers(Criteria(text=text)) == []


def test_filters_take_exactly_what_they_name(cast: Cast, one_filing: Filing) -> None:
    batch_list = published(cast)
    columns = one_filing.columns
    chosen = {
        "province": one_filing.province_code,
        "batch": str(batch_list.number),
        "category": columns["categories"][0],
        "type": columns["service_types"][0],
        "chain_kind": columns["chain_kind"],
        "chain": columns["main_chains"][0],
        "field": columns["application_fields"][0],
        "standing": "in_force",
        "year": "2026",
    }
    # A ground has only what is struck off: `tests/registry/public/test_struck_off.py`.
    assert {*chosen, "ground"} == {facet.name for facet in FACETS}
    assert found_numbers(Criteria(chosen=chosen)) == [one_filing.number]
    for name, missed in (
        ("province", "440000"),
        ("batch", str((batch_list.number or 0) + 1)),
        ("category", "application_op"),
        ("type", columns["service_types"][0][:-1]),
        ("chain_kind", "none"),
        ("chain", columns["main_chains"][0][:-1]),
        ("field", "no_such_field"),
        ("standing", "cancelled"),
        ("ground", "false_materials"),
        ("year", "2025"),
    ):
        assert found_numbers(Criteria(chosen={**chosen, name: missed})) == [], name


def test_days_are_chinas_and_inclusive(one_filing: Filing) -> None:
    # 13:00 in China on this day.
    on = (MORNING + timedelta(hours=3)).date()
    day = timedelta(days=1)
    assert found_numbers(Criteria(numbered_from=on, numbered_to=on)) == [one_filing.number]
    assert found_numbers(Criteria(numbered_to=on - day)) == []
    assert found_numbers(Criteria(numbered_from=on + day)) == []


def test_pages_neither_skip_nor_repeat_and_lead_back(cast: Cast) -> None:
    expected = [filing.number for filing in make_filings(cast, 7)]
    first = record.search(Criteria(), page_size=3)
    second = record.search(Criteria(), cursor=first.next_cursor, page_size=3)
    third = record.search(Criteria(), cursor=second.next_cursor, page_size=3)
    seen = [each.number for page in (first, second, third) for each in page.filings]
    assert seen == expected
    assert first.tally is not None
    assert (first.tally.filings, first.previous_cursor, third.next_cursor) == (7, "", "")
    back = record.search(Criteria(), cursor=third.previous_cursor, page_size=3)
    assert back.filings == second.filings
    start = record.search(Criteria(), cursor=back.previous_cursor, page_size=3)
    assert (start.filings, start.previous_cursor) == (first.filings, "")


def test_filings_of_the_same_moment_are_all_shown(cast: Cast) -> None:
    made = make_filings(cast, 4)
    Filing.objects.update(numbered_at=datetime(2026, 3, 2, 5, 0, tzinfo=UTC))
    seen: list[str] = []
    cursor = ""
    for _page in range(4):
        page = record.search(Criteria(), cursor=cursor, page_size=1)
        seen += [each.number for each in page.filings]
        cursor = page.next_cursor
    assert sorted(seen) == sorted(str(filing.number) for filing in made)
    assert cursor == ""


@pytest.mark.parametrize(
    "cursor", ["x", "after-", "after-1", "before-11010826000012340012", f"after-{UNKNOWN}"]
)
def test_a_cursor_that_no_page_gave_out_is_refused(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        record.search(Criteria(), cursor=cursor)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("京网信备1101081963896882001X号", True),
        ("1101081963896882001x", True),
        ("11010819638968820019", True),
        ("京网信备110108号", True),
        ("京网信备110108", False),
        ("110108", False),
        ("样例链通", False),
        ("a/b网信备110108号", False),
        ("", False),
    ],
)
def test_a_whole_number_is_distinguished_from_a_part(text: str, expected: bool) -> None:
    assert searching.is_meant_as_number(text) is expected


def test_the_history_names_what_a_change_altered(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = case.application.filing
    assert filing is not None
    at = MORNING + timedelta(days=7)
    materials = build.materials_for(cast, at=MORNING)
    materials["service"]["service_name"] = "样例改名后的服务"
    change = walk.submit(
        materials,
        member=cast.member,
        at=at,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={"changes": [{"key": "service.service_name", "changed_on": "2026-03-09"}]},
    )
    before = record.look_up(str(filing.number))
    assert isinstance(before, Found)
    assert [each.event for each in before.history] == [record.PublicEvent.NUMBERED]
    build.forward(cast, change, at=at + timedelta(hours=1))
    walk.act(change, Act.APPROVE, by=cast.national, at=at + timedelta(hours=2), text="样例")
    after = record.look_up(str(filing.number))
    assert isinstance(after, Found)
    assert after.filing.service_name == "样例改名后的服务"
    assert [(each.event.value, each.on.isoformat(), each.columns) for each in after.history] == [
        ("numbered", "2026-03-02", ()),
        ("changed", "2026-03-09", ("service_name",)),
    ]


def fill_the_register(applicant: Applicant, count: int) -> None:
    """Rows alone, without their events: enough for the planner to have a choice."""
    at = datetime(2024, 1, 1, tzinfo=UTC)
    rows = []
    for position in range(count):
        number = filing_number.compose("310115", 2024, f"{position:08d}", 1)
        name = f"样例{chr(0x4E00 + position % 5_000)}{chr(0x6000 + position // 5_000)}科技有限公司"
        rows.append(
            Filing(
                applicant=applicant,
                province_code="310000",
                standing=Standing.IN_FORCE.value,
                number=str(number),
                division_code="310115",
                applicant_name=name,
                service_name=f"{name}服务",
                columns={},
                opened_at=at,
                numbered_at=at + timedelta(minutes=position),
                search_form=form_of_filing(number=str(number), names=(name, f"{name}服务"), addresses=()),
                facets="\nprovince=310000\nstanding=in_force\nyear=2024\n",
            )
        )
    Filing.objects.bulk_create(rows, batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_filing")
        # So few rows are read through faster than by this index; with a hundred thousand they are not.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX filing_by_standing")


@pytest.mark.postgresql
def test_postgresql_finds_a_rare_part_by_index(one_filing: Filing) -> None:
    fill_the_register(one_filing.applicant, 2_000)
    for text in ("(北京)信达", "样例 信达电子", "信达", "11010826", "110108"):
        assert found_numbers(Criteria(text=text)) == [one_filing.number]
        found = searching.matching(record._public(), Criteria(text=text))
        plan = found.order_by("-numbered_at", "-id")[: record.PAGE_SIZE].explain()
        assert "filing_by_search_parts" in plan, plan
