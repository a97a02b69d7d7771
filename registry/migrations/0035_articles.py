import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0029_imported_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('news', 'news'), ('policy', 'policy')], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='ArticleVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('act', models.CharField(choices=[('draft', 'draft'), ('publish', 'publish'), ('withdraw', 'withdraw')], max_length=8)),
                ('title', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=80)),
                ('text', models.TextField(max_length=30000)),
                ('search_form', models.TextField()),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('public_from', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='registry.article')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='article',
            trigger=pgtrigger.compiler.Trigger(name='article_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b9919c26c69d90b6cd0ff2c1ad9f91322a8a38f6', operation='UPDATE OR DELETE', pgid='pgtrigger_article_append_only_8011b', table='registry_article', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='articleversion',
            constraint=models.UniqueConstraint(fields=('article', 'version'), name='article_version'),
        ),
        migrations.AddConstraint(
            model_name='articleversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'draft'), ('public_from__isnull', True)), models.Q(models.Q(('act', 'draft'), _negated=True), ('public_from__isnull', False)), _connector='OR'), name='article_version_holds_from'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='articleversion',
            trigger=pgtrigger.compiler.Trigger(name='article_version_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6b59b7fa62480f041a8154cc38873985f6bb9682', operation='UPDATE OR DELETE', pgid='pgtrigger_article_version_append_only_b86f6', table='registry_articleversion', when='BEFORE')),
        ),
    ]
