"""Lists of endings and corrigenda: what their entries have more; a filing may be named by several corrigenda."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

_KINDS = [
    ("filings", "filings"),
    ("cancelled", "cancelled"),
    ("struck_off", "struck_off"),
    ("corrigenda", "corrigenda"),
]


def _text(length: int) -> models.CharField:
    return models.CharField(blank=True, db_default="", default="", max_length=length)


class Migration(migrations.Migration):
    dependencies = [("registry", "0032_striking_off")]

    operations = [
        *(
            migrations.AlterField(name, "kind", models.CharField(choices=_KINDS, max_length=12, unique=unique))
            for name, unique in (("listcounter", True), ("batchlist", False), ("batchentry", False))
        ),
        migrations.AddField("batchentry", "ended_on", models.DateField(null=True)),
        migrations.AddField("batchentry", "end_ground", _text(24)),
        migrations.AddField(
            "batchentry",
            "corrects",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="registry.batchentry",
            ),
        ),
        migrations.AddField("batchentry", "column", _text(16)),
        migrations.AddField("batchentry", "before", _text(200)),
        migrations.AddField("batchentry", "after", _text(200)),
        migrations.AddField("batchentry", "reason", _text(300)),
        migrations.RemoveConstraint("batchentry", "batch_entry_in_one_list"),
        migrations.AddConstraint(
            "batchentry",
            models.UniqueConstraint(
                condition=models.Q(("kind", "corrigenda"), _negated=True),
                fields=("filing", "kind"),
                name="batch_entry_in_one_list",
            ),
        ),
    ]
