"""Fills what the offices' search of cases stands on, a thousand applications at a time, and makes its index.

It may be broken off and run again.
"""

from importlib import import_module

from django.db import migrations
from django.db.models import F

BATCH = 1_000
INDEX = "application_by_search_parts"
# The form of a text, as the migration of the public search wrote it down.
public_search = import_module("registry.migrations.0026_fill_search_columns")


def fill(apps, _schema_editor):
    application = apps.get_model("registry", "Application")
    unfilled = (
        application.objects.filter(search_form="").annotate(number_now=F("filing__number")).order_by("pk")
    )
    rows = list(unfilled[:BATCH])
    while rows:
        for row in rows:
            row.filing_number = row.number_now
            row.search_form = search_form(row)
        application.objects.bulk_update(rows, ["filing_number", "search_form"], batch_size=200)
        rows = list(unfilled[:BATCH])


def search_form(row):
    texts = [
        row.filing_number or "",
        row.receipt_number,
        row.applicant_name,
        row.service_name,
        *(row.columns.get("app_names") or ()),
        *(public_search.host_of(address) for address in row.columns.get("website_urls") or ()),
    ]
    forms = dict.fromkeys(public_search.form_of(text) for text in texts)
    return "\n".join(form for form in forms if form)


def add_index(_apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # Outside a transaction, so that nobody waits who writes to the table meanwhile.
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
    schema_editor.execute(
        f"CREATE INDEX CONCURRENTLY {INDEX} ON registry_application USING gin (search_parts)"
        " WITH (fastupdate = off)"
    )


def remove_index(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("registry", "0060_case_search")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(add_index, remove_index),
    ]
