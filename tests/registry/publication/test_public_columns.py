"""The table of public columns: what is shown anywhere is made from it, and a new column is one row."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils.translation import override

from registry.book.in_force import materials_in_force
from registry.documents.certificates import certificate
from registry.labels.public_words import COLUMN_LABELS, column_label
from registry.models import Event, Filing
from registry.presentation.materials import public_sections
from registry.public.words import history_entry
from registry.publication import record
from registry.publication.record import Found, look_up
from registry.rules.particulars import public
from registry.rules.particulars.public import PUBLIC_COLUMNS, PublicColumn
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.registry.documents.reading import text_of

pytestmark = pytest.mark.django_db

KEY = "service.consensus"
NEW = PublicColumn(name="consensus", section="service", key=KEY)


def approve_change(cast: Cast, filing: Filing, value: str) -> None:
    at = MORNING + timedelta(days=7)
    materials = deepcopy(materials_in_force(filing))
    materials["service"]["consensus"] = value
    change = walk.submit(
        materials,
        member=cast.member,
        at=at,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={"changes": [{"key": KEY, "changed_on": "2026-03-09"}]},
    )
    build.forward(cast, change, at=at + timedelta(hours=1))
    walk.act(change, Act.APPROVE, by=cast.national, at=at + timedelta(hours=2), text="样例")


def shown_of(number: str) -> tuple[str, dict[str, object]]:
    """The record page and the record in JSON."""
    path = f"/filings/{quote(number)}/"
    browser = Client(headers={"Accept-Language": "en"})
    return browser.get(path).content.decode(), browser.get(f"/api/v1{path}").json()


def test_a_new_column_is_one_row_of_the_table(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build.filing_of(build.in_force(cast))
    page, body = shown_of(str(before.number))
    assert ("Consensus" in page, "consensus" in body, "consensus" in before.columns) == (False, False, False)

    monkeypatch.setattr(public, "PUBLIC_COLUMNS", (*PUBLIC_COLUMNS, NEW))
    monkeypatch.setattr(record, "PublicFiling", record.filing_class())  # type: ignore[attr-defined]
    filing = build.filing_of(build.in_force(cast, seed=2))
    stated = materials_in_force(filing)["service"]["consensus"]
    assert stated

    submitted = Event.objects.filter(filing=filing).order_by("sequence").first()
    assert submitted is not None
    assert submitted.payload["columns"]["consensus"] == stated == filing.columns["consensus"]
    page, body = shown_of(str(filing.number))
    assert (f">{stated}<" in page, body["consensus"]) == (True, stated)
    issued = Event.objects.get(filing=filing, act=Act.ISSUE_NUMBER.value)
    assert stated in text_of(certificate(filing, issued))

    approve_change(cast, filing, "样例共识")
    found = look_up(str(filing.number))
    assert isinstance(found, Found)
    assert (found.history[-1].columns, found.history[-1].former) == (("consensus",), {"consensus": stated})
    page, body = shown_of(str(filing.number))
    history = body["history"]
    assert isinstance(history, list)
    assert history[-1]["former"] == {"consensus": stated}
    with override("en"):
        assert history_entry(found.history[-1])["text"] == f"Altered: {column_label(NEW)}"
    assert f"Altered: {column_label(NEW)}" in page
    # A filing whose events are older than the column says nothing of it.
    page, body = shown_of(str(before.number))
    assert (str(column_label(NEW)) in page, body["consensus"]) == (False, "")


def test_every_column_has_its_word_and_every_word_its_column() -> None:
    assert sorted(COLUMN_LABELS) == sorted(each.name for each in PUBLIC_COLUMNS if not each.key)
    assert all(str(column_label(each)) for each in PUBLIC_COLUMNS)


def test_the_rows_of_a_section_stand_in_the_order_of_the_form_the_name_first(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    sections = public_sections(
        filing.columns | {"app_names": ["样例"], "website_urls": ["样例"], "upstream_numbers": ["样例"]}
    )
    assert {section.key: [row.key for row in section.rows] for section in sections} == {
        "applicant": ["applicant_name", "applicant_nature", "organisation_type", "division_code"],
        "service": [
            "service_name",
            "service_forms",
            "website_urls",
            "app_names",
            "application_fields",
            "chain_kind",
            "upstream_numbers",
        ],
        "content": ["categories", "service_types", "main_chains"],
    }


def test_only_a_change_of_the_applicant_alters_these_columns() -> None:
    assert public.APPLICANT_COLUMNS == (
        "applicant_name",
        "applicant_nature",
        "organisation_type",
        "division_code",
    )


def test_the_history_compares_what_is_published_and_can_change() -> None:
    compared = [each.name for each in PUBLIC_COLUMNS if each.is_compared]
    assert compared == [
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
    ]
