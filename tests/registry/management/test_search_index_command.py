"""The index of the public search can be made at any time, and a second run finds it made."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection

from registry.management.commands.search_index import INDEX


def has_index() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", [INDEX])
        return cursor.fetchone() is not None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_missing_index_is_made_and_a_second_run_changes_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
    assert not has_index()
    for _run in range(2):
        output = io.StringIO()
        call_command("search_index", stdout=output)
        assert output.getvalue() == f"The index {INDEX} is there.\n"
        assert has_index()
