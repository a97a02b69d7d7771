"""Adds working notes, saved filters, case openings, and the traits by which similar services are found."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0009_reasons_in_lists"),
        ("review", "0004_checklistmark_code"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseOpening",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("applicant_id", models.UUIDField()),
                ("province_code", models.CharField(max_length=6)),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openings",
                        to="registry.application",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("application", "officer"), name="case_opening_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LikenessTrait",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("applicant_id", models.UUIDField()),
                ("province_code", models.CharField(max_length=6)),
                ("revision_number", models.PositiveIntegerField()),
                ("kind", models.CharField(choices=[("name", "Name"), ("domain", "Domain")], max_length=6)),
                ("value", models.CharField(max_length=255)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likeness_traits",
                        to="registry.application",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "value"], name="likeness_by_value")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "kind", "value"), name="likeness_trait_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilters",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=500)),
                ("saved_at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(fields=("officer", "name"), name="saved_filters_by_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkingNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("applicant_id", models.UUIDField()),
                ("province_code", models.CharField(max_length=6)),
                ("office", models.CharField(max_length=8)),
                ("text", models.CharField(max_length=2000)),
                ("written_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="registry.application",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["application", "written_at"], name="note_by_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="note_has_a_text"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="workingnote",
            trigger=pgtrigger.compiler.Trigger(
                name="note_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2eedc3a477b7cf5a8514b1ed05d9a1b0a82aa16e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_note_append_only_b9f5f",
                    table="review_workingnote",
                    when="BEFORE",
                ),
            ),
        ),
    ]
