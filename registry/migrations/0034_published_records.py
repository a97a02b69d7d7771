"""Public records are written ahead: every event of a filing that may be public calls for its record.

Those of events so far are to be written; one writing of a filing's record settles all of them. Rows are copied within
the database: a register has millions of events.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import CharField, DateTimeField, Q, Value

# Of a first filing: before its number it is nobody's to read.
OF_FIRST_FILINGS = ("issue_number", "record_lateness")


def insert_effects(apps, schema_editor):
    event = apps.get_model("registry", "Event")
    with_record = event.objects.filter(
        Q(application__isnull=True)
        | Q(application__kind__in=["change", "cancellation"])
        | Q(application__kind="initial", act__in=OF_FIRST_FILINGS),
        stream_kind="filing",
    )
    rows = (
        with_record.order_by()
        .annotate(
            effect_kind=Value("record", output_field=CharField()),
            effect_done_at=Value(None, output_field=DateTimeField()),
            effect_outcome=Value("", output_field=CharField()),
        )
        .values_list("pk", "effect_kind", "effect_done_at", "effect_outcome")
    )
    sql, parameters = rows.query.sql_with_params()
    # The columns of the rows, in this order; the values stand in the parameters.
    schema_editor.execute(
        f"INSERT INTO registry_eventeffect (event_id, kind, done_at, outcome) {sql}", parameters
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0033_kinds_of_lists")]

    operations = [
        migrations.CreateModel(
            name="NamesVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="PublishedRecord",
            fields=[
                (
                    "filing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="published_record",
                        serialize=False,
                        to="registry.filing",
                    ),
                ),
                ("body", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("sequence", models.PositiveIntegerField()),
                ("listings", models.PositiveIntegerField()),
                ("names", models.CharField(max_length=64)),
                ("edition", models.CharField(max_length=64)),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["edition", "names"], name="record_by_edition")],
            },
        ),
        migrations.AlterField(
            model_name="eventeffect",
            name="kind",
            field=models.CharField(
                choices=[
                    ("tell_applicant", "tell_applicant"),
                    ("tell_office", "tell_office"),
                    ("paper", "paper"),
                    ("traits", "traits"),
                    ("entries", "entries"),
                    ("record", "record"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(insert_effects, migrations.RunPython.noop),
    ]
