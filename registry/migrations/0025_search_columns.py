"""Columns that the public search stands on: names and numbers in one form, and the marks that filings are counted by.

On PostgreSQL the database itself keeps an array of the form's characters, pairs of characters and fours of digits, and
of the marks. The version before runs on the columns without knowing of them; what it records meanwhile is not found
until `manage.py carry_over` has run.
"""

from django.db import migrations, models

IS_PUBLIC = models.Q(standing__in=["cancelled", "in_force", "struck_off"])

FUNCTION = r"""
CREATE FUNCTION registry_search_parts(form text, facets text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_to_array(form, NULL)
        || ARRAY(
            SELECT first || second
            FROM unnest(string_to_array(form, NULL), string_to_array(substr(form, 2), NULL)) AS pair(first, second)
            WHERE second IS NOT NULL
        )
        || ARRAY(
            SELECT four
            FROM (SELECT substr(form, place, 4) AS four FROM generate_series(1, length(form) - 3) AS place) AS fours
            WHERE four ~ '^[0-9]{4}$'
        )
        || string_to_array(btrim(facets, E'\n'), E'\n')
$$
"""
COLUMN = """
ALTER TABLE registry_filing ADD COLUMN search_parts text[]
GENERATED ALWAYS AS (registry_search_parts(search_form, facets)) STORED
"""


def add_parts(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        schema_editor.execute(COLUMN)


def remove_parts(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE registry_filing DROP COLUMN search_parts")
        schema_editor.execute("DROP FUNCTION registry_search_parts(text, text)")


class Migration(migrations.Migration):
    dependencies = [("registry", "0024_batch_lists")]

    operations = [
        migrations.AddField("filing", "list_number", models.PositiveIntegerField(null=True)),
        migrations.AddField("filing", "search_form", models.TextField(default="", db_default="")),
        migrations.AddField("filing", "facets", models.TextField(default="", db_default="")),
        migrations.RunPython(add_parts, remove_parts),
        migrations.AddIndex(
            "filing",
            models.Index(fields=("service_name", "id"), name="filing_by_service_name", condition=IS_PUBLIC),
        ),
        migrations.AddIndex(
            "filing",
            models.Index(fields=("applicant_name", "id"), name="filing_by_applicant_name", condition=IS_PUBLIC),
        ),
        migrations.AddIndex(
            "filing", models.Index(fields=("facets",), name="filing_by_facets", condition=IS_PUBLIC)
        ),
    ]
