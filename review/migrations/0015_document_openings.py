"""Which pages of documents officers had open on a case. A table more: the version before does not know of it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0068_times_of_evidence'),
        ('review', '0014_officer_leave'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentOpening',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('applicant_id', models.UUIDField()),
                ('province_code', models.CharField(max_length=6)),
                ('office', models.CharField(max_length=8)),
                ('file_id', models.UUIDField()),
                ('page_number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='document_openings', to='registry.application')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('application', 'officer', 'file_id', 'page_number'), name='document_opening_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='documentopening',
            trigger=pgtrigger.compiler.Trigger(name='document_opening_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5afc253cb86b424a1963d79318486859b5ecc0b3', operation='UPDATE OR DELETE', pgid='pgtrigger_document_opening_append_only_1285f', table='review_documentopening', when='BEFORE')),
        ),
    ]
