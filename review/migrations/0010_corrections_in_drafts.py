"""The draft of a corrigendum: what it corrects."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0008_batch_list_drafts")]

    operations = [migrations.AddField("listdraft", "corrections", models.JSONField(null=True))]
