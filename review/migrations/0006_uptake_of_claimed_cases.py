"""Records the uptake of applications that were claimed before uptakes were recorded: the first claim of each."""

from django.db import migrations
from django.db.models import Min


def note_first_claims(apps, _schema_editor):
    claims = apps.get_model("review", "Assignment").objects.values("application_id")
    uptake = apps.get_model("registry", "Uptake")
    rows = claims.annotate(first=Min("claimed_at")).order_by("application_id")
    uptake.objects.bulk_create(
        (uptake(application_id=row["application_id"], claimed_at=row["first"]) for row in rows.iterator()),
        batch_size=1000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("review", "0005_desk_papers"), ("registry", "0018_uptake")]

    operations = [migrations.RunPython(note_first_claims, migrations.RunPython.noop)]
