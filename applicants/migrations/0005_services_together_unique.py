from __future__ import annotations

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applicants", "0004_services_together")]

    operations = [
        migrations.AlterField("draft", "together_id", models.UUIDField(default=uuid.uuid4, editable=False)),
        migrations.AddConstraint(
            "draft",
            models.UniqueConstraint(fields=("together_id", "number"), name="draft_number_together"),
        ),
    ]
