"""One table of events for every kind of stream: the events of filings stay where they are, hash for hash.

The table keeps the name that the version before knows, which goes on adding events of filings in their first form.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_applicant_facts")]

    operations = [
        pgtrigger.migrations.RemoveTrigger("filingevent", "event_append_only"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("filingevent", "registry_filingevent"),
                migrations.RenameModel("FilingEvent", "Event"),
            ]
        ),
        pgtrigger.migrations.AddTrigger(
            "event",
            pgtrigger.compiler.Trigger(
                name="event_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1e37fa45c6b4a5287e35ed3c22f183678813df16",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_event_append_only_7b247",
                    table="registry_filingevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField("event", "stream_kind", models.CharField(max_length=16, db_default="filing")),
        migrations.AddField("event", "version", models.PositiveSmallIntegerField(db_default=1)),
        migrations.AlterField(
            "event",
            "applicant",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="registry.applicant",
            ),
        ),
        migrations.RemoveIndex("event", "event_by_moment"),
        migrations.AddIndex(
            "event",
            models.Index(fields=("stream_kind", "-at", "-id"), name="event_by_kind_and_moment"),
        ),
    ]
