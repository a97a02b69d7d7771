"""What happened before there were notices is not told of now."""

from django.db import migrations


def mark_as_told(apps, _schema_editor):
    event, told = apps.get_model("registry", "FilingEvent"), apps.get_model("registry", "EventTold")
    told.objects.bulk_create(
        (
            told(event_id=event_id, audience=audience, at=at)
            for event_id, at in event.objects.values_list("pk", "at").iterator()
            for audience in ("applicant", "office")
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_notices")]

    operations = [migrations.RunPython(mark_as_told, migrations.RunPython.noop)]
