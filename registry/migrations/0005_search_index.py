"""An index for parts of names and numbers, where PostgreSQL may have the extension for it.

pg_trgm comes with PostgreSQL and the owner of a database may create it. Where it is missing or forbidden the
search reads the rows in the order of their numbers instead: slower with many filings, and never wrong.
"""

from django.db import ProgrammingError, migrations, transaction

INDEX = "filing_by_part"
# As the search compares: case-insensitively, which Django writes as UPPER(column::text).
COLUMNS = ("applicant_name", "service_name", "number")
# Only what the public may see is ever searched.
CONDITION = "standing IN ('in_force', 'cancelled', 'struck_off')"


def add_index(_apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except ProgrammingError:
            return
        parts = ", ".join(f"UPPER({column}::text) gin_trgm_ops" for column in COLUMNS)
        cursor.execute(f"CREATE INDEX {INDEX} ON registry_filing USING gin ({parts}) WHERE {CONDITION}")


def remove_index(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_events_by_moment")]

    operations = [migrations.RunPython(add_index, remove_index)]
