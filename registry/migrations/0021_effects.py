"""What events call for becomes rows; those of events so far are done where a notice or a paper says so.

`registry.eventtold` stays for the version before. What happened before there were notices (0008) counts as told, and
nobody was told of it. The traits that show likely duplicates are the offices' table: their migration brings these rows.
Rows are copied within the database: a register has millions of events.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, Value, When

# For each audience of a notice: the kind of effect, and the acts that call for it.
TOLD = {
    "applicant": (
        "tell_applicant",
        (
            "submit",
            "supplement",
            "resubmit",
            "reject",
            "approve",
            "confirm",
            "issue_number",
            "take_effect",
            "withdraw",
            "withdraw_cancellation",
            "lapse",
            "close_by_cancellation",
            "applicant_changed",
        ),
    ),
    "office": (
        "tell_office",
        (
            "supplement",
            "return_to_province",
            "send_back",
            "escalate",
            "record_lateness",
            "withdraw_cancellation",
        ),
    ),
}
# No version so far has told of these; what happened long ago is no news.
UNTOLD = ("applicant_changed",)
PAPERS = ("receipt", "decision")


def insert_effects(apps, schema_editor):
    for rows in (*_told(apps), *_papers(apps)):
        sql, parameters = rows.query.sql_with_params()
        # The columns of the rows, in this order; the values stand in the parameters.
        schema_editor.execute(
            f"INSERT INTO registry_eventeffect (event_id, kind, done_at, outcome) {sql}", parameters
        )


def _told(apps):
    """Rows of notices: done where the version before noted it, else still to be made."""
    event, told = apps.get_model("registry", "Event"), apps.get_model("registry", "EventTold")
    notice = apps.get_model("registry", "Notice")
    for audience, (kind, acts) in TOLD.items():
        made = notice.objects.filter(event=OuterRef("event"), applicant__isnull=audience == "office")
        outcome = Case(When(Exists(made), then=Value("done")), default=Value("nobody"))
        done = told.objects.filter(audience=audience, event__act__in=acts)
        yield _rows(done, kind, event="event_id", done_at=F("at"), outcome=outcome)
        noted = told.objects.filter(audience=audience, event=OuterRef("pk"))
        waiting = event.objects.filter(~Exists(noted), stream_kind="filing", act__in=acts)
        yield _undone(waiting.exclude(act__in=UNTOLD), kind)
        yield _rows(
            waiting.filter(act__in=UNTOLD), kind, event="pk", done_at=F("at"), outcome=Value("nobody")
        )


def _papers(apps):
    """Rows of papers: of receipts, of a joint submission only the first, and of decision notices."""
    event, application = apps.get_model("registry", "Event"), apps.get_model("registry", "Application")
    document = apps.get_model("registry", "IssuedDocument")
    made = document.objects.filter(kind__in=PAPERS)
    yield _rows(made, "paper", event="event_id", done_at=F("created_at"), outcome=Value("done"))
    before = application.objects.filter(
        together_id=OuterRef("application__together_id"),
        receipt_number__lt=OuterRef("application__receipt_number"),
    )
    confirmed = Q(act="confirm")
    with_paper = (
        (Q(act="submit") & (Q(application__together_id__isnull=True) | ~Exists(before)))
        | Q(act__in=["resubmit", "issue_number", "reject"])
        | (confirmed & Q(payload__outcome="rejection"))
        | ((Q(act="approve") | (confirmed & Q(payload__outcome="approval"))) & ~Q(application__kind="initial"))
    )
    own = made.filter(event=OuterRef("pk"))
    yield _undone(event.objects.filter(with_paper, ~Exists(own), application__isnull=False), "paper")


def _undone(events, kind):
    never = Value(None, output_field=DateTimeField())
    return _rows(events, kind, event="pk", done_at=never, outcome=Value(""))


def _rows(found, kind, *, event, done_at, outcome):
    named = found.order_by().annotate(
        effect_kind=Value(kind, output_field=CharField()), effect_done_at=done_at, effect_outcome=outcome
    )
    return named.values_list(event, "effect_kind", "effect_done_at", "effect_outcome")


class Migration(migrations.Migration):
    dependencies = [("registry", "0020_one_table_of_events")]

    operations = [
        migrations.CreateModel(
            name="EventEffect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="registry.event",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tell_applicant", "tell_applicant"),
                            ("tell_office", "tell_office"),
                            ("paper", "paper"),
                            ("traits", "traits"),
                        ],
                        max_length=16,
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "done"), ("nobody", "nobody")],
                        default="",
                        max_length=12,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "kind"), name="event_effect_once"),
                    models.CheckConstraint(
                        condition=models.Q(done_at__isnull=True, outcome="")
                        | (models.Q(done_at__isnull=False) & ~models.Q(outcome="")),
                        name="event_effect_done_has_outcome",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=("kind", "event"),
                        name="event_effect_undone",
                        condition=models.Q(done_at__isnull=True),
                    )
                ],
            },
        ),
        migrations.RunPython(insert_effects, migrations.RunPython.noop),
        migrations.AddIndex(
            "application",
            models.Index(
                fields=("received_on", "id"),
                name="application_to_escalate",
                condition=models.Q(
                    state__in=["provincial_review", "provincial_confirmation"], escalated=False
                ),
            ),
        ),
        migrations.AddIndex(
            "application",
            models.Index(
                fields=("received_on", "id"),
                name="application_not_late_yet",
                condition=models.Q(clock_due_on__isnull=True, late_desk__isnull=True),
            ),
        ),
        migrations.AddIndex(
            "application",
            models.Index(
                fields=("decided_at", "id"),
                name="application_rejected",
                condition=models.Q(state="rejected"),
            ),
        ),
        migrations.AddIndex(
            "filing",
            models.Index(
                fields=("ends_on", "id"),
                name="filing_to_end",
                condition=models.Q(standing="in_force", ends_on__isnull=False),
            ),
        ),
    ]
