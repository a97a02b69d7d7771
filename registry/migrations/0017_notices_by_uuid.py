"""Rows that a request may make are known by random ids, like every other one."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0016_calendar_loadings'),
    ]

    operations = [
        migrations.DeleteModel(
            name='Delivery',
        ),
        migrations.DeleteModel(
            name='NoticeText',
        ),
        migrations.DeleteModel(
            name='NotificationSettings',
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='registry.notice')),
                ('channel', models.CharField(choices=[('inbox', 'Inbox'), ('email', 'E-mail'), ('sms', 'Text message')], max_length=5)),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be sent'), ('sending', 'Being sent'), ('sent', 'Sent'), ('refused', 'Refused, will be tried again'), ('unknown', 'Outcome unknown'), ('given_up', 'Given up')], default='waiting', max_length=8)),
                ('is_fallback', models.BooleanField(default=False)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, default='', max_length=120)),
                ('gateway_reference', models.CharField(blank=True, default='', max_length=120)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at', 'id'], name='delivery_due'), models.Index(condition=models.Q(('state__in', ['sending', 'unknown', 'given_up'])), fields=['state', 'started_at'], name='delivery_unsettled')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once_per_channel'), models.CheckConstraint(condition=models.Q(models.Q(('next_attempt_at__isnull', False), ('state__in', ['waiting', 'refused'])), models.Q(models.Q(('state__in', ['waiting', 'refused']), _negated=True), ('next_attempt_at__isnull', True)), _connector='OR'), name='delivery_next_attempt_while_due')],
            },
        ),
        migrations.CreateModel(
            name='NoticeText',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('language', models.CharField(max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('subject', models.CharField(blank=True, default='', max_length=200)),
                ('body', models.TextField(blank=True, default='')),
                ('sms', models.CharField(blank=True, default='', max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'language', 'version'), name='notice_text_version')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='NotificationSettings',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notification_settings', to=settings.AUTH_USER_MODEL)),
                ('by_email', models.BooleanField(default=True)),
                ('by_sms', models.BooleanField(default=True)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
