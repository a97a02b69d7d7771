"""Who worked on which case, filled from everything that officers did: acts, claims, marks, notes and shown values.

What the version before does meanwhile is in its events, and is not taken over a second time.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_DESK_PAPERS = (
    ("review_assignment", "claimed_at", "active_at"),
    ("review_markversion", "marked_at", "marked_at"),
    ("review_workingnote", "written_at", "written_at"),
    ("review_personaldatareveal", "at", "at"),
)
_OFFICERS = "'provincial_reviewer', 'provincial_head', 'national_reviewer', 'national_head'"
_WORK = " UNION ALL ".join(
    (
        "SELECT application_id, actor_id AS officer_id, at AS first_at, at AS last_at FROM registry_event"  # nosec B608
        f" WHERE application_id IS NOT NULL AND actor_id IS NOT NULL AND actor_role IN ({_OFFICERS})",
        *(
            f"SELECT application_id, officer_id, {first} AS first_at, {last} AS last_at FROM {table}"  # nosec B608
            for table, first, last in _DESK_PAPERS
        ),
    )
)
_FILL = f"""
INSERT INTO review_casework (application_id, applicant_id, province_code, officer_id, first_at, last_at)
SELECT work.application_id, application.applicant_id, application.province_code, work.officer_id,
    min(work.first_at), max(work.last_at)
FROM ({_WORK}) AS work JOIN registry_application AS application ON application.id = work.application_id
GROUP BY work.application_id, application.applicant_id, application.province_code, work.officer_id
"""  # nosec B608


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0061_fill_case_search"),
        ("review", "0012_unsent_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("applicant_id", models.UUIDField()),
                ("province_code", models.CharField(max_length=6)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="worked_on",
                        to="registry.application",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases_worked_on",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["officer", "-last_at", "-application"], name="case_work_by_moment")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("officer", "application"), name="case_work_once")
                ],
            },
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
