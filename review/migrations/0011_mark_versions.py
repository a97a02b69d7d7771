"""What an office did with its marks is kept; the marks of now are the first versions."""

from __future__ import annotations

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


COLUMNS = (
    "id, application_id, applicant_id, province_code, office, key, revision_number, verdict, code, remark, officer_id, marked_at"
)
# Each mark has one version, and its id: to run it again adds nothing.
FIRST_VERSIONS = f"""
INSERT INTO review_markversion ({COLUMNS}, version)
SELECT {COLUMNS}, 1 FROM review_checklistmark AS mark
WHERE NOT EXISTS (SELECT 1 FROM review_markversion AS kept WHERE kept.id = mark.id)
"""  # noqa: S608  # nosec B608


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0048_typed_chain_names'),
        ('review', '0010_corrections_in_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MarkVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('applicant_id', models.UUIDField()),
                ('province_code', models.CharField(max_length=6)),
                ('office', models.CharField(max_length=8)),
                ('key', models.CharField(max_length=80)),
                ('version', models.PositiveIntegerField()),
                ('revision_number', models.PositiveIntegerField()),
                ('verdict', models.CharField(choices=[('fine', 'Fine'), ('deficient', 'Deficient'), ('removed', 'Mark taken back')], max_length=9)),
                ('code', models.CharField(blank=True, default='', max_length=64)),
                ('remark', models.CharField(blank=True, default='', max_length=500)),
                ('marked_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mark_versions', to='registry.application')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('application', 'office', 'key', 'version'), name='mark_version_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markversion',
            trigger=pgtrigger.compiler.Trigger(name='mark_version_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9a6d18cac7cf7bf35cec4b1c6670c5b378eabff6', operation='UPDATE OR DELETE', pgid='pgtrigger_mark_version_append_only_bc667', table='review_markversion', when='BEFORE')),
        ),
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
    ]
