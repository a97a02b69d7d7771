"""The search finds a filing by the names that its changes have replaced: they get columns, and an index of their parts.

The version before runs on the new columns without knowing of them. If it approved a change of a name meanwhile,
check_register names that filing (`row_differs_from_events`), and `manage.py search_index` puts its row right.
"""

from django.db import ProgrammingError, migrations, models, transaction

INDEX = "filing_by_part_of_former_name"
COLUMNS = ("former_applicant_names", "former_service_names")
CONDITION = "standing IN ('in_force', 'cancelled', 'struck_off')"
NAMES = ("applicant_name", "service_name")


def find_former_names(apps, _schema_editor):
    filing = apps.get_model("registry", "Filing")
    event = apps.get_model("registry", "Event")
    changed = filing.objects.filter(number__isnull=False, changed_at__isnull=False)
    for filing_id in changed.order_by("pk").values_list("pk", flat=True).iterator(1000):
        events = event.objects.filter(stream_id=filing_id).order_by("sequence")
        former = replaced_names(events.values("act", "application_id", "payload").iterator(500))
        filing.objects.filter(pk=filing_id).update(
            former_applicant_names="\n".join(former["applicant_name"]),
            former_service_names="\n".join(former["service_name"]),
        )


def replaced_names(events):
    """The names that changes replaced while the filing had its number, in the order in which they were."""
    stated, kinds = {}, {}
    named, is_public = {}, False
    former = {name: [] for name in NAMES}
    for event in events:
        act, case, payload = event["act"], event["application_id"], event["payload"]
        if "kind" in payload and act == "submit":
            kinds[case] = payload["kind"]
        if act in ("submit", "supplement", "resubmit"):
            stated[case] = dict(payload["columns"])
        if case is not None and "applicant" in payload:
            stated[case] = {**stated.get(case, {}), **payload["applicant"]["columns"]}
        is_approval = act == "approve" or (act == "confirm" and payload.get("outcome") == "approval")
        after = named
        if is_approval and kinds.get(case) == "initial":
            after = stated[case]
        elif is_approval and kinds.get(case) == "change":
            after = {**named, "service_name": stated[case].get("service_name", "")}
        elif act == "applicant_changed":
            after = {**named, **payload["columns"]}
        if is_public:
            for name in NAMES:
                before = named.get(name, "")
                if name == "applicant_name" and named.get("applicant_nature") == "individual":
                    continue
                if before not in ("", after.get(name, ""), *former[name]):
                    former[name].append(before)
        named = after
        is_public = is_public or act == "issue_number"
    return former


def add_index(_apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
        parts = ", ".join(f"UPPER({column}::text) gin_trgm_ops" for column in COLUMNS)
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute(
                    f"CREATE INDEX {INDEX} ON registry_filing USING gin ({parts}) WHERE {CONDITION}"
                )
        except ProgrammingError:
            # The search reads the rows instead; search_index makes the index later.
            return


def remove_index(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0021_effects")]

    operations = [
        migrations.AddField("filing", "former_applicant_names", models.TextField(default="", db_default="")),
        migrations.AddField("filing", "former_service_names", models.TextField(default="", db_default="")),
        migrations.RunPython(add_index, remove_index),
        migrations.RunPython(find_former_names, migrations.RunPython.noop),
    ]
