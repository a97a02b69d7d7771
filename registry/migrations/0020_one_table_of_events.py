"""One table of events for every kind of stream.

The events of filings stay as they are, hash for hash. Under the old name of their table the version before finds a view
of them, reads it and adds to it. The acts about members, which had no chain, become one for each applicant; their own
table stays for the version before.
"""

import hashlib
import json
import uuid
from itertools import groupby

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from registry.clock import iso_instant

GENESIS = "0" * 64
NAMESPACE = uuid.UUID("0f6e1a34-5c1b-4a5c-9d5e-3f0b1f7c2d91")
BATCH = 1000

VIEW = """
CREATE VIEW registry_filingevent AS
SELECT id, stream_id, sequence, act, at, actor_role, province_code, revision_number, payload, idempotency_key,
       previous_hash, hash, actor_id, applicant_id, application_id, filing_id
FROM registry_event WHERE stream_kind = 'filing'
"""
# PostgreSQL adds through such a view by itself.
SQLITE_ADDS_THROUGH_IT = """
CREATE TRIGGER registry_filingevent_insert INSTEAD OF INSERT ON registry_filingevent BEGIN
INSERT INTO registry_event (
    id, stream_id, sequence, act, at, actor_role, province_code, revision_number, payload, idempotency_key,
    previous_hash, hash, actor_id, applicant_id, application_id, filing_id
) VALUES (
    NEW.id, NEW.stream_id, NEW.sequence, NEW.act, NEW.at, NEW.actor_role, NEW.province_code, NEW.revision_number,
    NEW.payload, NEW.idempotency_key, NEW.previous_hash, NEW.hash, NEW.actor_id, NEW.applicant_id,
    NEW.application_id, NEW.filing_id
);
END
"""


def rename_and_leave_a_view(_apps, schema_editor):
    schema_editor.alter_db_table(None, "registry_filingevent", "registry_event")
    schema_editor.execute(VIEW, params=None)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE_ADDS_THROUGH_IT, params=None)


def carry_members_over(apps, _schema_editor):
    event = apps.get_model("registry", "Event")
    old = apps.get_model("registry", "MembershipEvent").objects.select_related("actor")
    batch = []
    rows = old.order_by("applicant_id", "pk").iterator(BATCH)
    for _applicant_id, history in groupby(rows, key=lambda row: row.applicant_id):
        previous_hash = GENESIS
        for sequence, row in enumerate(history, start=1):
            made = event(**_fields(row, sequence, previous_hash))
            previous_hash = made.hash
            batch.append(made)
        if len(batch) >= BATCH:
            event.objects.bulk_create(batch)
            batch = []
    event.objects.bulk_create(batch)


def _fields(row, sequence, previous_hash):
    named = {"account": row.account_id, "invitation": row.invitation_id, "claim": row.claim_id}
    stated = {name: str(value) for name, value in {**row.facts, **named}.items() if value}
    hashed = {
        "stream_kind": "membership",
        "stream_id": str(row.applicant_id),
        "sequence": sequence,
        "filing_id": None,
        "application_id": None,
        "applicant_id": str(row.applicant_id),
        "province_code": row.province_code,
        "act": row.act,
        "at": iso_instant(row.at),
        "actor_id": str(row.actor_id),
        "actor_role": row.actor.role,
        "revision_number": None,
        "version": 1,
        "payload": stated,
        "idempotency_key": None,
        "previous_hash": previous_hash,
    }
    text = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        **hashed,
        "id": uuid.uuid5(NAMESPACE, str(row.pk)),
        "at": row.at,
        "hash": hashlib.sha256(text.encode()).hexdigest(),
    }


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_applicant_facts")]

    operations = [
        pgtrigger.migrations.RemoveTrigger("filingevent", "event_append_only"),
        migrations.AddField("filingevent", "stream_kind", models.CharField(max_length=16, db_default="filing")),
        migrations.AddField("filingevent", "version", models.PositiveSmallIntegerField(db_default=1)),
        migrations.AlterField(
            "filingevent",
            "applicant",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="registry.applicant",
            ),
        ),
        migrations.RemoveIndex("filingevent", "event_by_moment"),
        migrations.AddIndex(
            "filingevent",
            models.Index(fields=("stream_kind", "-at", "-id"), name="event_by_kind_and_moment"),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RenameModel("FilingEvent", "Event")],
            database_operations=[migrations.RunPython(rename_and_leave_a_view, migrations.RunPython.noop)],
        ),
        pgtrigger.migrations.AddTrigger(
            "event",
            pgtrigger.compiler.Trigger(
                name="event_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="95e022ad6f7e382fa259e17132d21ff8cfc433c9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_event_append_only_7b247",
                    table="registry_event",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunPython(carry_members_over, migrations.RunPython.noop),
    ]
