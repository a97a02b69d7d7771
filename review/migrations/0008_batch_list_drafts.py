"""The office's draft of its next batch list, and the versions of the standing text of announcements."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0024_batch_lists"),
        ("review", "0007_effects_of_traits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=12, unique=True)),
                ("cut_off_on", models.DateField()),
                ("order", models.CharField(max_length=12)),
                ("announcement", models.TextField()),
                ("publish_at", models.DateTimeField(null=True)),
                ("held_back", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField()),
                (
                    "batch_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.batchlist",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnnouncementText",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=12)),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True, default="")),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "version"), name="announcement_text_version")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcementtext",
            trigger=pgtrigger.compiler.Trigger(
                name="announcement_text_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e86818aca41661401bb1c0ff11bbb343dd40fc25",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_announcement_text_append_only_c5397",
                    table="review_announcementtext",
                    when="BEFORE",
                ),
            ),
        ),
    ]
