"""Materials on pages: every answer in words, personal ones masked, the public ones alone for the public."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from registry.calendar.current import current_calendar
from registry.labels import masking
from registry.presentation import materials as presentation
from registry.presentation.materials import (
    REVEAL_EVERYTHING,
    PresentedRow,
    deadline_context,
    division_text,
    public_sections,
    sections_of,
)
from registry.rules.days.deadlines import cancellation_due, decision_due
from registry.rules.particulars import AnswerKind, find_particular, is_slot, public_columns
from registry.rules.particulars.completeness import checklist_items
from registry.rules.particulars.service_categories import CATEGORY_CODES
from tests.builders.materials import complete_individual, complete_organisation, of_first_version, with_answer

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with override("zh-hans"):
        yield


def rows_of(materials: dict[str, Any], **options: Any) -> dict[str, PresentedRow]:
    return {row.key: row for section in sections_of(materials, **options) for row in section.rows}


def page_of(materials: dict[str, Any], **options: Any) -> str:
    return render_to_string("includes/particulars.html", {"sections": sections_of(materials, **options)})


@pytest.mark.parametrize("seed", range(1, 13))
def test_there_is_a_row_for_everything_the_reviewer_answers(seed: int) -> None:
    for materials in (
        complete_organisation(seed=seed, categories=CATEGORY_CODES),
        complete_individual(seed=seed),
    ):
        assert sorted(rows_of(materials)) == sorted(checklist_items(materials))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("applicant.nature", "机构"),
        ("applicant.division_code", "浙江省杭州市西湖区"),
        ("applicant.filed_by_agent", "否"),
        ("service.service_started_on", "2026-11-13 星期五"),
        ("service.application_fields", "能源"),
        ("service.node_count", "12,345"),
        ("content.categories", "技术提供方"),
    ],
)
def test_an_answer_is_shown_in_words(key: str, text: str) -> None:
    materials = complete_organisation(seed=7, division_code="330106", categories=["technology_provider"])
    materials["service"] |= {"chain_kind": "public", "node_count": 12345}
    assert rows_of(materials)[key].text == text


def test_the_words_are_those_of_the_language_now_active() -> None:
    materials = complete_organisation(seed=7)
    with override("en"):
        row = rows_of(materials)["service.application_fields"]
        assert (str(row.label), row.values) == ("Application field", ["Energy"])


def test_a_group_shows_each_row_with_the_labels_of_its_fields() -> None:
    materials = with_answer(
        complete_organisation(),
        "service.websites",
        [{"name": "样例站", "url": "https://a.example.com/", "icp_number": "京ICP备99000001号-1"}],
    )
    (line,) = rows_of(materials)["service.websites"].groups
    assert [(str(part.label), part.value) for part in line] == [
        (str(presentation.words.label_of(f"service.websites.{name}")), value)
        for name, value in materials["service"]["websites"][0].items()
    ]


def test_a_draft_shows_what_was_typed_even_where_it_is_wrong() -> None:
    materials = of_first_version(complete_organisation())
    materials["service"].update(
        node_count="很多",
        service_started_on="昨天",
        websites=["?"],
        chain_kind="unheard",
        has_nodes_abroad="是",
    )
    rows = rows_of(materials)
    shown = [
        rows[f"service.{name}"].value
        for name in ("node_count", "service_started_on", "chain_kind", "has_nodes_abroad")
    ]
    assert shown == ["很多", "昨天", "unheard", "是"]
    assert rows["service.websites"].empty


def test_an_entry_that_was_taken_out_of_its_list_keeps_its_name() -> None:
    from registry.models import ListEntry

    ListEntry.objects.filter(code="energy").update(is_active=False)
    assert rows_of(complete_organisation(seed=7))["service.application_fields"].values == ["能源"]


# ---------------------------------------------------------------- personal data


@pytest.mark.parametrize("make", [complete_organisation, complete_individual])
def test_personal_values_are_masked_unless_they_are_revealed(make: Callable[..., dict[str, Any]]) -> None:
    materials = make(seed=5)
    personal = [
        materials["person_in_charge"]["mobile"],
        materials["person_in_charge"]["email"],
        (materials["person_in_charge"] if make is complete_organisation else materials["applicant"])[
            "document_number"
        ],
    ]
    if make is complete_individual:
        personal.append(materials["applicant"]["mailing_address"])
    revealed, masked = page_of(materials, reveal=REVEAL_EVERYTHING), page_of(materials)
    assert [value in revealed for value in personal] == [True] * len(personal)
    assert [value in masked for value in personal] == [False] * len(personal)


def test_one_value_is_revealed_without_the_others() -> None:
    materials = complete_organisation()
    rows = rows_of(materials, reveal={"person_in_charge.mobile"})
    assert rows["person_in_charge.mobile"].value == materials["person_in_charge"]["mobile"]
    assert (rows["person_in_charge.mobile"].is_masked, rows["person_in_charge.email"].is_masked) == (
        False,
        True,
    )


def test_an_organisations_own_data_is_no_secret() -> None:
    masked = {key for key, row in rows_of(complete_organisation()).items() if row.is_masked}
    assert masked == {
        "person_in_charge.document_number",
        "person_in_charge.office_phone",
        "person_in_charge.mobile",
        "person_in_charge.email",
    }


def test_an_earlier_personal_value_is_masked_in_a_comparison_too() -> None:
    before = complete_organisation()
    after = with_answer(before, "person_in_charge.mobile", "19900001234")
    row = rows_of(after, before=before)["person_in_charge.mobile"]
    assert (row.changed, row.before, row.value) == (
        True,
        masking.mask(before["person_in_charge"]["mobile"], AnswerKind.MOBILE),
        "199****1234",
    )


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        (AnswerKind.DOCUMENT_NUMBER, "110101199001011234", "110***********1234"),
        (AnswerKind.DOCUMENT_NUMBER, "E12345678", "E1****78"),
        (AnswerKind.DOCUMENT_NUMBER, "E1", "****"),
        (AnswerKind.MOBILE, "19900000001", "199****0001"),
        (AnswerKind.MOBILE, "+8619900000001", "+86199****0001"),
        (AnswerKind.MOBILE, "1990", "1****"),
        (AnswerKind.PHONE, "010-55500001", "010-****0001"),
        (AnswerKind.EMAIL, "zhang.san@example.com", "z***@example.com"),
        (AnswerKind.EMAIL, "no address", "no****"),
        (AnswerKind.TEXT, "北京市东城区样例路12号样例小区", "北京市东****"),
        (AnswerKind.TEXT, "", "****"),
    ],
)
def test_a_mask_shows_enough_to_recognise_and_too_little_to_use(
    kind: AnswerKind, value: str, masked: str
) -> None:
    assert masking.mask(value, kind) == masked


# ---------------------------------------------------------------- the public


def test_the_public_sees_the_public_columns_and_nothing_else() -> None:
    for seed in range(1, 20):
        materials = complete_organisation(seed=seed, categories=CATEGORY_CODES)
        shown = {row.key for section in sections_of(materials, public_only=True) for row in section.rows}
        assert shown <= set(public_columns(materials))
        page = page_of(materials, public_only=True)
        assert materials["applicant"]["name"] in page
        hidden = [
            *(materials["person_in_charge"][name] for name in ("name", "mobile", "email", "document_number")),
            materials["applicant"]["mailing_address"],
            materials["service"]["description"],
            "199****",
        ]
        assert [value in page for value in hidden] == [False] * len(hidden)


def test_the_columns_kept_in_the_register_are_shown_like_the_materials_they_came_from() -> None:
    materials = complete_organisation(seed=7)
    assert public_sections(public_columns(materials)) == sections_of(materials, public_only=True)


def test_types_and_chains_are_named_in_public() -> None:
    columns = {"service_types": ["technology_provider.other"], "main_chains": ["chainmaker", "样例链"]}
    (section,) = public_sections(columns)
    assert [(str(row.label), row.values) for row in section.rows] == [
        ("服务类型", [str(presentation.words.choice_label("content.technology_service_types", "other"))]),
        ("主链", ["长安链", "样例链"]),
    ]


# ---------------------------------------------------------------- comparing


def test_only_what_differs_is_marked_with_its_earlier_answer() -> None:
    before = complete_organisation()
    after = with_answer(with_answer(before, "service.service_name", "样例新名"), "service.consensus", "Raft")
    before["service"]["consensus"] = "PBFT"
    changed = {key: row.before for key, row in rows_of(after, before=before).items() if row.changed}
    assert changed == {"service.service_name": before["service"]["service_name"], "service.consensus": "PBFT"}


# ---------------------------------------------------------------- places, deadlines, words


def test_a_place_is_named_as_it_was_called_and_an_unknown_code_stays_a_code() -> None:
    assert division_text("441900") == "广东省东莞市"
    assert division_text("990000") == "990000"


def test_a_deadline_is_shown_with_its_day_and_every_day_it_counts() -> None:
    calendar = current_calendar()
    deadline = decision_due(FRIDAY, calendar)
    context = deadline_context(deadline, calendar, today=FRIDAY + timedelta(days=3), title="样例")
    assert (context["day_number"], context["days_left"], context["late_by"]) == (1, 19, 0)
    assert (context["working_days"], len([day for day in context["days"] if day.counted])) == (20, 20)


def test_a_period_that_runs_backwards_has_no_day_of_today() -> None:
    calendar = current_calendar()
    context = deadline_context(
        cancellation_due(date(2026, 11, 20), calendar), calendar, today=date(2026, 9, 1), title="样例"
    )
    assert context["day_number"] is None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_row_has_words_for_its_label(language: str) -> None:
    with override(language):
        for key, row in rows_of(complete_organisation(categories=CATEGORY_CODES)).items():
            is_chinese = any("\u4e00" <= character <= "\u9fff" for character in str(row.label))
            assert is_chinese is (language == "zh-hans"), key
            assert is_slot(key) == (row.kind == "files")
            assert is_slot(key) or find_particular(key).kind.value == row.kind
