"""What the public search stands on can be made at any time, and a second run finds it made."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from registry.integrity.register import verify_register
from registry.management.commands.search_index import INDEXES
from registry.models import Filing
from registry.publication.record import Criteria, search
from tests.builders.register import MORNING, Cast, filing_of, in_force
from tests.builders.renaming import rename_service


def has_index(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", [name])
        return cursor.fetchone() is not None


def run() -> str:
    output = io.StringIO()
    call_command("search_index", stdout=output)
    return output.getvalue()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_missing_indexes_are_made_and_a_second_run_changes_nothing() -> None:
    assert list(INDEXES) == ["filing_by_part", "filing_by_part_of_former_name"]
    with connection.cursor() as cursor:
        for name in INDEXES:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
    assert not any(has_index(name) for name in INDEXES)
    for _run in range(2):
        assert run() == "".join(f"The index {name} is there.\n" for name in INDEXES)
        assert all(has_index(name) for name in INDEXES)


@pytest.mark.django_db(transaction=True)
def test_former_names_that_a_version_before_left_out_are_found_and_mended(
    cast: Cast,
) -> None:
    filing = filing_of(in_force(cast))
    rename_service(cast, filing, "样例改名后的服务", at=MORNING + timedelta(days=7))
    former = filing.former_service_names
    assert former
    # The version before saves the row without the columns that it does not know.
    Filing.objects.filter(pk=filing.pk).update(former_service_names="")
    found = [(each.code, each.detail) for each in verify_register().violations]
    assert found == [("row_differs_from_events", "filing.former_service_names")]
    assert search(Criteria(text=former)).filings == ()
    assert "The former names of 1 filings were missing and are there." in run()
    assert "former names" not in run()
    filing.refresh_from_db()
    assert filing.former_service_names == former
    assert [each.number for each in search(Criteria(text=former)).filings] == [filing.number]
    assert verify_register().violations == []
