"""Fills the lists an administrator keeps with what they hold in the beginning."""

from django.db import migrations

from registry.rules.particulars.lists import INITIAL_LISTS


def fill_lists(apps, _schema_editor):
    list_entry = apps.get_model("registry", "ListEntry")
    list_entry.objects.bulk_create(
        list_entry(
            list_name=list_name,
            code=entry.code,
            name_zh=entry.name_zh,
            name_en=entry.name_en,
            kind=entry.kind,
            position=position,
        )
        for list_name, entries in INITIAL_LISTS.items()
        for position, entry in enumerate(entries)
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunPython(fill_lists, migrations.RunPython.noop)]
