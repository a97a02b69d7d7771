"""The marks that filings are counted and filtered by."""

from __future__ import annotations

from registry.rules.facets import FACETS, Classified, marks_of, read_mark


def marks(**columns: object) -> list[tuple[str, str]]:
    text = marks_of(
        Classified(
            province_code="110000",
            standing="in_force",
            end_ground="",
            numbered_at="2025-12-31T16:30:00.000000+00:00",
            list_number=3,
            columns=columns,
        )
    )
    assert text.startswith("\n")
    assert text.endswith("\n")
    return [read_mark(mark) for mark in text.split("\n")[1:-1]]


def test_a_filing_has_a_mark_for_each_of_its_codes() -> None:
    found = marks(
        categories=["application_operator", "technology_provider"],
        service_types=["application_operator.wallet"],
        chain_kind="consortium",
        main_chains=["chainmaker", "样例自研链"],
        application_fields=["copyright"],
    )
    assert found == [
        ("province", "110000"),
        ("batch", "3"),
        ("category", "application_operator"),
        ("category", "technology_provider"),
        ("type", "application_operator.wallet"),
        ("field", "copyright"),
        ("chain_kind", "consortium"),
        ("chain", "chainmaker"),
        ("standing", "in_force"),
        # China's year.
        ("year", "2026"),
    ]


def test_what_is_missing_has_no_mark_and_no_code_may_break_out_of_its_own() -> None:
    assert marks(categories=None, chain_kind="", main_chains=["a\nstanding=cancelled", "=", " "]) == [
        ("province", "110000"),
        ("batch", "3"),
        ("standing", "in_force"),
        ("year", "2026"),
    ]


def test_an_index_entry_holds_the_marks_of_any_filing() -> None:
    found = marks(main_chains=[f"chain_{number}" for number in range(500)])
    assert len(found) == 20 + 4


def test_the_facets_are_these() -> None:
    assert [facet.name for facet in FACETS] == [
        "province",
        "batch",
        "category",
        "type",
        "field",
        "chain_kind",
        "chain",
        "standing",
        "ground",
        "year",
    ]
