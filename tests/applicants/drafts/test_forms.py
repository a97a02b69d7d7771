"""The forms made from the catalogue: every particular has a control, and every answer survives it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from applicants.drafts.forms import SectionForm, parse_section
from applicants.drafts.forms.answers import numbers_kept, to_control
from applicants.drafts.forms.conditions import applicability, row_applicability
from applicants.drafts.forms.controls import AnswerField
from registry.labels.particulars import row_label_of
from registry.rules.codes import filing_number
from registry.rules.particulars import AnswerKind, Particular, particulars, particulars_of
from registry.rules.particulars.applicant import DOCUMENT_TYPES_BY_NATURE
from registry.rules.particulars.materials import empty_materials
from registry.sample.materials import individual_materials, organisation_materials
from tests.applicants.pages import SECTIONS, as_form

TODAY = date(2026, 3, 2)
CATEGORIES = ("infrastructure_provider", "application_operator", "technology_provider")

ASKED_NO_MORE = {"has_management_system"}

SAMPLE_ANSWERS: dict[AnswerKind, Any] = {
    AnswerKind.TEXT: " 样例文字 ",
    AnswerKind.LONG_TEXT: "第一行\n第二行",
    AnswerKind.YES_NO: True,
    AnswerKind.DATE: "2026-02-27",
    AnswerKind.INTEGER: 42,
    AnswerKind.URL: "https://sample.example.com/",
    AnswerKind.EMAIL: "sample@example.com",
    AnswerKind.MOBILE: "+8619900000001",
    AnswerKind.PHONE: "010-55500001",
    AnswerKind.DOCUMENT_NUMBER: "样例号码",
    AnswerKind.DIVISION: "110108",
    AnswerKind.ICP_NUMBER: "京ICP备99000001号-1",
    AnswerKind.APP_FILING_NUMBER: "京ICP备99000001号-2A",
    AnswerKind.MINI_PROGRAM_FILING_NUMBER: "京ICP备99000001号-3X",
    AnswerKind.FILING_NUMBER: str(filing_number.compose("110108", 2026, "00001234", 1)),
    AnswerKind.IP_ADDRESS: "192.0.2.1",
    AnswerKind.SERVER_ADDRESS: "node.example.com",
}


def sample_answer(particular: Particular) -> Any:
    match particular.kind:
        case AnswerKind.CHOICE:
            return (
                (*particular.choices, *particular.extra_choices)[0] if particular.list_name is None else "x"
            )
        case AnswerKind.MULTI_CHOICE:
            return list(particular.choices) if particular.list_name is None else ["x", "y"]
        case AnswerKind.GROUP:
            return [{field.name: sample_answer(field) for field in particular.fields}] * 2
    return SAMPLE_ANSWERS[particular.kind]


def posted(data: dict[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


@pytest.mark.parametrize("particular", particulars(), ids=lambda each: each.key)
def test_every_particular_comes_back_from_its_control_as_it_was_given(particular: Particular) -> None:
    materials = empty_materials()
    materials[particular.section] = {particular.name: sample_answer(particular)}

    parsed = parse_section(particular.section, posted(as_form(particular.section, materials)))

    # A telephone number stands there as the page's language writes it, and is kept as it was.
    answers = numbers_kept(particular.section, parsed.answers, materials[particular.section])
    assert answers == materials[particular.section]
    assert particular.name in parsed.mentioned


# What the number of the document says is read before the rest is asked.
# The place follows from the address on the document.
READ_FIRST = {
    "applicant": [
        *("nature", "document_type", "nationality", "document_number"),
        *("organisation_type", "name", "document_address", "division_code"),
    ]
}


@pytest.mark.django_db
@pytest.mark.parametrize("section", SECTIONS)
def test_every_particular_of_a_section_has_a_control_with_label_and_help(section: str) -> None:
    """For an organisation in all categories; what its choices rule out on this page is there, but hidden."""
    materials = organisation_materials(seed=1, today=TODAY, categories=CATEGORIES)

    form = SectionForm(section, materials, today=TODAY)

    controls = [(item.field or item.group) for item in form.items]
    first = READ_FIRST.get(section, [])
    further = [each.name for each in particulars_of(section) if each.name not in (*ASKED_NO_MORE, *first)]
    assert [control.name for control in controls if control] == [*first, *further]
    for item in form.items:
        if item.field is not None:
            assert str(item.field.label)
            assert f'name="{item.field.html_name}' in str(item.field)


@pytest.mark.django_db
def test_what_another_section_rules_out_is_not_on_the_page() -> None:
    """An individual is its own person in charge: name and document stand in the section before."""
    materials = individual_materials(seed=1, today=TODAY)

    form = SectionForm("person_in_charge", materials, today=TODAY)

    assert list(form.form.fields) == ["office_phone", "mobile", "email"]


@pytest.mark.django_db
def test_what_does_not_apply_now_is_hidden_until_the_choice_is_made() -> None:
    materials = empty_materials()
    materials["content"] = {"categories": ["application_operator"], "application_service_types": ["explorer"]}

    form = SectionForm("content", materials, today=TODAY)

    fields = {name: field for name, field in form.form.fields.items() if isinstance(field, AnswerField)}
    assert set(fields) == set(form.form.fields)
    shown = {name for name, field in fields.items() if not field.starts_hidden}
    shown |= {name for name, group in form.groups.items() if not group.starts_hidden}
    assert shown == {
        "categories",
        "application_service_types",
        "application_main_chains",
        "explorer_url",
        "explorer_visits_per_year",
        "explorer_average_daily_visits",
        "explorer_servers",
    }


def test_conditions_are_written_for_the_scripts_as_the_server_applies_them() -> None:
    materials = empty_materials()
    by_key = {each.key: each for each in particulars()}
    source = by_key["content.technology_source_code_url"]
    chains = by_key["content.application_main_chains"]
    address = next(field for field in chains.fields if field.name == "contract_address")

    where = applicability(source.applies, materials, section="content")
    in_row = row_applicability(address.applies, {})

    assert where.when == (
        "categories=technology_provider&technology_service_types=other&technology_is_open_source=yes"
    )
    assert not where.applies_now
    assert in_row.when == ".kind=public&.uses_contract=yes"


@pytest.mark.django_db
def test_document_types_that_do_not_fit_the_nature_are_hidden() -> None:
    materials = empty_materials()
    materials["applicant"] = {"nature": "individual"}

    control = str(SectionForm("applicant", materials, today=TODAY).form["document_type"])

    hidden = '<div data-applies-when="nature!=individual" hidden>'
    assert control.count(" hidden>") == control.count(hidden) == len(DOCUMENT_TYPES_BY_NATURE["organisation"])


@pytest.mark.parametrize("text", ["很多", "12个", "-", "1.5", "9" * 30])
def test_a_count_that_is_no_number_is_kept_as_typed(text: str) -> None:
    parsed = parse_section("service", posted({"node_count": text}))

    assert parsed.answers == {"node_count": text}


@pytest.mark.parametrize("text", ["12", " 12 ", "１２", "1,2"])
def test_a_number_is_understood_however_it_is_written(text: str) -> None:
    assert parse_section("service", posted({"node_count": text})).answers == {"node_count": 12}


@pytest.mark.django_db
def test_what_is_no_date_is_shown_in_a_control_that_can_hold_it() -> None:
    materials = empty_materials()
    materials["service"] = {"service_started_on": "去年十月"}

    control = str(SectionForm("service", materials, today=TODAY).form["service_started_on"])

    assert 'type="text"' in control
    assert "去年十月" in control


@pytest.mark.django_db
def test_a_choice_that_was_taken_from_the_list_stays_in_view() -> None:
    materials = empty_materials()
    materials["service"] = {"application_fields": ["abolished_field"]}

    control = str(SectionForm("service", materials, today=TODAY).form["application_fields"])

    assert 'value="abolished_field"' in control
    assert "checked" in control


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        (("110000", "110100", "110108"), "110108"),
        (("110000", "110100", ""), "110100"),
        (("440000", "110100", "110108"), "440000"),
        (("440000", "440300", "110108"), "440300"),
        (("440000", "441900", ""), "441900"),
        (("710000", "", ""), "710000"),
        (("", "", ""), None),
    ],
)
def test_a_place_is_the_deepest_list_that_fits_the_ones_above(
    levels: tuple[str, str, str], code: str | None
) -> None:
    data = {f"division_code__{level}": value for level, value in enumerate(levels)}

    assert parse_section("applicant", posted(data)).answers.get("division_code") == code


def test_empty_rows_are_no_rows_and_removed_ones_are_gone() -> None:
    data = {
        "websites-TOTAL_FORMS": "4",
        "websites-0-name": "甲",
        "websites-1-name": "",
        "websites-2-name": "乙",
        "websites-2-DELETE": "1",
        "websites-3-url": "x",
    }

    assert parse_section("service", posted(data)).answers["websites"] == [{"name": "甲"}, {"url": "x"}]
    for odd in ("", "x", "²", "9" * 5_000):
        rows = parse_section("service", posted(data | {"websites-TOTAL_FORMS": odd})).answers
        assert not rows.get("websites")


@given(
    section=st.sampled_from(SECTIONS),
    values=st.dictionaries(st.sampled_from([each.name for each in particulars()]), st.text(max_size=40)),
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_into_a_text_comes_back(section: str, values: dict[str, str]) -> None:
    texts = {
        AnswerKind.TEXT,
        AnswerKind.LONG_TEXT,
        AnswerKind.URL,
        AnswerKind.EMAIL,
        AnswerKind.DOCUMENT_NUMBER,
        AnswerKind.DATE,
    }
    wanted = {
        each.name: values[each.name].replace("\r\n", "\n")
        for each in particulars_of(section)
        if each.kind in texts and values.get(each.name, "").strip()
    }

    parsed = parse_section(section, posted(values)).answers

    assert {name: parsed[name] for name in wanted} == wanted
    for particular in particulars_of(section):
        if particular.name in wanted:
            assert to_control(particular, parsed[particular.name]) == wanted[particular.name]


def test_every_row_of_a_list_has_a_name_in_the_singular() -> None:
    groups = [
        particular.key
        for section in ("applicant", "person_in_charge", "service", "content")
        for particular in particulars_of(section)
        if particular.kind is AnswerKind.GROUP
    ]
    with translation.override("en"):
        assert {key: str(row_label_of(key)) for key in groups} == {
            "service.websites": "Website",
            "service.apps": "App or client",
            "service.mini_programs": "Mini-program",
            "service.official_accounts": "Official account",
            "service.apis": "API",
            "service.nodes": "Node",
            "service.node_places": "Place of the nodes",
            "service.node_countries": "Country or region",
            "service.server_addresses": "Server",
            "service.upstream_filings": "Chain or platform",
            "service.related_licences": "Licence",
            "content.infrastructure_main_chains": "Main chain",
            "content.application_main_chains": "Main chain",
            "content.technology_main_chains": "Main chain",
            "content.explorer_servers": "Server",
            "content.baas_customers": "Customer",
        }
