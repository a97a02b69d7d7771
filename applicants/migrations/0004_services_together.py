from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def put_every_draft_by_itself(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Every existing draft becomes a joint submission of its own."""
    apps.get_model("applicants", "Draft").objects.update(together_id=models.F("id"))


class Migration(migrations.Migration):
    dependencies = [("applicants", "0003_amendments")]

    operations = [
        migrations.AddField("draft", "number", models.PositiveIntegerField(default=1)),
        migrations.AddField("draft", "place", models.PositiveIntegerField(default=1)),
        migrations.AddField("draft", "statement_services", models.JSONField(default=list)),
        migrations.AddField("draft", "together_id", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(put_every_draft_by_itself, migrations.RunPython.noop),
    ]
