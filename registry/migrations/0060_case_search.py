"""What the offices' search of cases stands on: both numbers, the names and the hosts of an application in one form.

On PostgreSQL the database itself keeps an array of the form's characters, pairs of characters and fours of digits. The
version before runs on the columns without knowing of them; what it records meanwhile is not found until
`manage.py carry_over` has run.
"""

from django.db import migrations, models

# The function of the public search; an application has no facets.
COLUMN = """
ALTER TABLE registry_application ADD COLUMN search_parts text[]
GENERATED ALWAYS AS (registry_search_parts(search_form, '')) STORED
"""


def add_parts(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLUMN)


def remove_parts(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE registry_application DROP COLUMN search_parts")


class Migration(migrations.Migration):
    dependencies = [("registry", "0059_tellings")]

    operations = [
        migrations.AddField("application", "filing_number", models.CharField(max_length=26, null=True)),
        migrations.AddField("application", "search_form", models.TextField(default="", db_default="")),
        migrations.RunPython(add_parts, remove_parts),
        migrations.AddIndex(
            "application", models.Index(fields=("received_on", "id"), name="application_by_receipt_day")
        ),
        migrations.AddIndex(
            "application",
            models.Index(fields=("province_code", "received_on", "id"), name="application_of_province"),
        ),
        migrations.AddIndex(
            "application", models.Index(fields=("decided_at", "id"), name="application_by_decision")
        ),
        migrations.AddIndex(
            "application",
            models.Index(fields=("province_code", "decided_at", "id"), name="application_decided_there"),
        ),
        migrations.AddIndex(
            "application", models.Index(fields=("applicant_name", "id"), name="application_by_name")
        ),
    ]
