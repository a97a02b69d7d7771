"""Adds to a mark the code of a fault in the catalogue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_reveals_by_moment")]

    operations = [
        migrations.AddField("checklistmark", "code", models.CharField(blank=True, default="", max_length=64)),
    ]
