"""Notices to who objects; the acts on objections and strikings off so far count as told, and nobody was told of them.

No version so far told objectors of anything, nor the office of objections and of statements.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import CharField, F, Value

# The kind of effect, the kind of stream, and the acts that call for it.
UNTOLD = (
    (
        "tell_objector",
        "objection",
        (
            "objection_received",
            "objection_admitted",
            "objection_not_admitted",
            "objection_upheld",
            "objection_dismissed",
        ),
    ),
    ("tell_office", "objection", ("objection_received", "objection_answered")),
    ("tell_office", "striking_off", ("strike_off_stated",)),
)


def insert_effects(apps, schema_editor):
    events = apps.get_model("registry", "Event").objects.order_by()
    for kind, stream_kind, acts in UNTOLD:
        rows = (
            events.filter(stream_kind=stream_kind, act__in=acts)
            .annotate(
                effect_kind=Value(kind, output_field=CharField()),
                effect_done_at=F("at"),
                effect_outcome=Value("nobody", output_field=CharField()),
            )
            .values_list("pk", "effect_kind", "effect_done_at", "effect_outcome")
        )
        sql, parameters = rows.query.sql_with_params()
        # The columns of the rows, in this order; the values stand in the parameters.
        schema_editor.execute(
            f"INSERT INTO registry_eventeffect (event_id, kind, done_at, outcome) {sql}", parameters
        )


class Migration(migrations.Migration):
    dependencies = [("registry", "0040_withdrawals_told_to_desks")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="objection",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="registry.objection",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="extended_by_working_days",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="objection",
            name="language",
            field=models.CharField(db_default="zh-hans", default="zh-hans", max_length=10),
        ),
        migrations.AlterField(
            model_name="eventeffect",
            name="kind",
            field=models.CharField(
                choices=[
                    ("tell_applicant", "tell_applicant"),
                    ("tell_office", "tell_office"),
                    ("tell_objector", "tell_objector"),
                    ("paper", "paper"),
                    ("traits", "traits"),
                    ("entries", "entries"),
                    ("record", "record"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(account__isnull=False, objection__isnull=True)
                | models.Q(account__isnull=True, objection__isnull=False),
                name="notice_has_one_recipient",
            ),
        ),
        migrations.RunPython(insert_effects, migrations.RunPython.noop),
    ]
