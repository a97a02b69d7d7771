"""The facts of each applicant get one home: its last approved change, else its first approved filing.

The version before runs on the new columns without knowing of them. If it approved a change of an applicant meanwhile,
check_register names that applicant (`applicant_facts_without_decision`); a new change of it puts the home right.
"""

from django.db import migrations, models


def find_homes(apps, _schema_editor):
    applicant = apps.get_model("registry", "Applicant")
    approved = apps.get_model("registry", "Application").objects.filter(state="approved")
    for row in applicant.objects.filter(facts_application_id__isnull=True).only("pk").iterator(1000):
        own = approved.filter(applicant_id=row.pk)
        home = (
            own.filter(kind="applicant_change").order_by("-decided_at", "-pk").first()
            or own.filter(kind="initial").order_by("decided_at", "pk").first()
        )
        if home is not None:
            applicant.objects.filter(pk=row.pk).update(
                facts_application_id=home.pk, facts_revision_number=home.revision_number
            )


class Migration(migrations.Migration):
    dependencies = [("registry", "0018_uptake")]

    operations = [
        migrations.AddField("applicant", "facts_application_id", models.UUIDField(null=True)),
        migrations.AddField("applicant", "facts_revision_number", models.PositiveIntegerField(null=True)),
        migrations.RunPython(find_homes, migrations.RunPython.noop),
    ]
