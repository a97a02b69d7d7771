"""The traits that show likely duplicates become effects of the events that hand in materials; done where there are any."""

from django.db import migrations
from django.db.models import Case, CharField, Exists, F, OuterRef, Value, When

HANDED_IN = ("submit", "supplement", "resubmit")


def insert_effects(apps, schema_editor):
    trait = apps.get_model("review", "LikenessTrait")
    made = Exists(
        trait.objects.filter(
            application=OuterRef("application"), revision_number=OuterRef("application__revision_number")
        )
    )
    events = (
        apps.get_model("registry", "Event")
        .objects.filter(act__in=HANDED_IN, application__isnull=False)
        .exclude(application__kind="applicant_change")
        .order_by()
        .annotate(
            effect_kind=Value("traits", output_field=CharField()),
            effect_done_at=Case(When(made, then=F("at"))),
            effect_outcome=Case(When(made, then=Value("done")), default=Value("")),
        )
    )
    rows = events.values_list("pk", "effect_kind", "effect_done_at", "effect_outcome")
    sql, parameters = rows.query.sql_with_params()
    # The columns of the rows, in this order; the values stand in the parameters.
    schema_editor.execute(
        f"INSERT INTO registry_eventeffect (event_id, kind, done_at, outcome) {sql}", parameters
    )


class Migration(migrations.Migration):
    dependencies = [("review", "0006_uptake_of_claimed_cases"), ("registry", "0021_effects")]

    operations = [migrations.RunPython(insert_effects, migrations.RunPython.noop)]
