"""What the public search stands on can be mended at any time, and a second run finds it whole."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from registry.integrity.register import verify_register
from registry.models import Filing
from registry.publication.record import Criteria, search
from registry.rules.search_form import form_of
from tests.builders.register import MORNING, Cast, filing_of, in_force
from tests.builders.renaming import rename_service

MENDED = (
    "Filings that the search could not find as it should, mended: {}.\n"
    "Cases that the offices' search could not find as it should, mended: 0.\n"
)


def run() -> str:
    output = io.StringIO()
    call_command("search_index", stdout=output)
    return output.getvalue()


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_index_of_parts_is_there_and_those_before_it_are_gone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE indrelid = 'registry_filing'::regclass"
        )
        found = dict(cursor.fetchall())
    assert found["filing_by_search_parts"] is True
    assert not {"filing_by_part", "filing_by_part_of_former_name"} & set(found)


@pytest.mark.django_db(transaction=True)
def test_former_names_that_a_version_before_left_out_are_found_and_mended(
    cast: Cast,
) -> None:
    filing = filing_of(in_force(cast))
    rename_service(cast, filing, "样例改名后的服务", at=MORNING + timedelta(days=7))
    former = filing.former_service_names
    assert former
    form = filing.search_form
    # The version before saves the row without the columns that it does not know.
    Filing.objects.filter(pk=filing.pk).update(
        former_service_names="", search_form=form.replace(f"\n{form_of(former)}", "")
    )
    found = [(each.code, each.detail) for each in verify_register().violations]
    assert found == [
        ("row_differs_from_events", "filing.former_service_names"),
        ("row_differs_from_events", "filing.search_form"),
    ]
    assert search(Criteria(text=former)).filings == ()
    assert [run(), run()] == [MENDED.format(1), MENDED.format(0)]
    filing.refresh_from_db()
    assert (filing.former_service_names, filing.search_form) == (former, form)
    for text in (former, "样例改名后的服务"):
        assert [each.number for each in search(Criteria(text=text)).filings] == [filing.number]
    assert verify_register().violations == []


@pytest.mark.django_db(transaction=True)
def test_a_number_that_a_version_before_issued_is_found_after_carrying_over(cast: Cast) -> None:
    filing = filing_of(in_force(cast))
    form = filing.search_form
    Filing.objects.filter(pk=filing.pk).update(search_form="", facets="")
    assert search(Criteria(text=filing.service_name)).filings == ()
    for mended in (1, 0):
        output = io.StringIO()
        call_command("carry_over", stdout=output)
        assert f"Filings made findable by the public search: {mended}." in output.getvalue()
    filing.refresh_from_db()
    assert filing.search_form == form
    assert verify_register().violations == []
