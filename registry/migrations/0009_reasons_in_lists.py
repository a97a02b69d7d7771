"""The reasons for not filing become a list that the administrator keeps."""

from django.db import migrations, models

from registry.rules.particulars.reasons import INITIAL_CATALOGUE

REASONS = "reasons"


def fill_reasons(apps, _schema_editor):
    list_entry = apps.get_model("registry", "ListEntry")
    list_entry.objects.bulk_create(
        list_entry(
            list_name=REASONS,
            code=fault.code,
            name_zh=fault.name_zh,
            name_en=fault.name_en,
            article=fault.article,
            remedy_zh=fault.remedy_zh,
            remedy_en=fault.remedy_en,
            places=sorted(fault.places),
            position=position,
        )
        for position, fault in enumerate(INITIAL_CATALOGUE.values())
    )


def empty_reasons(apps, _schema_editor):
    apps.get_model("registry", "ListEntry").objects.filter(list_name=REASONS).delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_events_before_notices")]

    operations = [
        migrations.AddField("listentry", "article", models.CharField(blank=True, default="", max_length=8)),
        migrations.AddField(
            "listentry", "remedy_zh", models.CharField(blank=True, default="", max_length=1000)
        ),
        migrations.AddField(
            "listentry", "remedy_en", models.CharField(blank=True, default="", max_length=1000)
        ),
        migrations.AddField("listentry", "places", models.JSONField(blank=True, default=list)),
        migrations.AlterField(
            "listentry",
            "list_name",
            models.CharField(
                choices=[
                    ("application_fields", "Application fields"),
                    ("prior_approval_matters", "Prior-approval matters"),
                    ("main_chains", "Main chains"),
                    ("reasons", "Reasons for not filing"),
                ],
                max_length=32,
            ),
        ),
        migrations.RunPython(fill_reasons, empty_reasons),
    ]
