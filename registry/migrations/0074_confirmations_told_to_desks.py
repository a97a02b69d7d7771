"""Who proposed is told that a colleague confirmed it: confirmations of before are history, and call for no notice."""

from django.db import migrations
from django.db.models import CharField, F, Value

NOW_TOLD = ("confirm",)


def insert_effects(apps, schema_editor):
    event = apps.get_model("registry", "Event")
    rows = (
        event.objects.filter(stream_kind="filing", act__in=NOW_TOLD)
        .order_by()
        .annotate(
            effect_kind=Value("tell_office", output_field=CharField()),
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
    dependencies = [("registry", "0073_months_of_figures")]

    operations = [migrations.RunPython(insert_effects, migrations.RunPython.noop)]
