"""Migrations do the same for ever, and the version before runs on what they leave behind."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tests.house.sources import ROOMS, syntax_tree, tracked_files

APPS = ("registry", "applicants", "review")
# What came before the first version that is deployed: nothing has to run on a schema in between.
LAST_BEFORE_RELEASE = {"registry": 17, "applicants": 6, "review": 5}
# Fields and defaults of the models stand in migrations by their paths; these modules stay where they are.
STABLE_MODULES = ("registry.models.encrypted", "registry.clock")


def test_migrations_stand_on_nothing_that_may_change() -> None:
    imports = [
        f"{path}: {ast.unparse(node)}"
        for path in tracked_files()
        if path.suffix == ".py" and "migrations" in path.parts and path.parts[0] in ROOMS
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and _is_own(node)
    ]
    assert imports == []


def _is_own(node: ast.Import | ast.ImportFrom) -> bool:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
    return any(name.split(".")[0] in ROOMS and name not in STABLE_MODULES for name in names)


def test_the_version_before_runs_on_the_new_schema() -> None:
    """It reads and writes the columns it knows: none may go or change its name, and none it leaves out may insist."""
    loader = MigrationLoader(connection=None, ignore_no_migrations=True)
    broken = [
        f"{app}.{name}: {complaint}"
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app in APPS and int(name[:4]) > LAST_BEFORE_RELEASE[app]
        for operation in _in_the_database(migration.operations)
        for complaint in _complaints(operation, before=_field_before(loader, migration, operation))
    ]
    assert broken == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.DeleteModel("Filing"),
        migrations.RenameModel("Filing", "Service"),
        migrations.RemoveField("filing", "number"),
        migrations.RenameField("filing", "number", "code"),
        migrations.AlterModelTable("filing", "service"),
        migrations.AddField("filing", "grade", models.CharField(max_length=9, default="")),
        migrations.AlterField("filing", "number", models.CharField(max_length=99)),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_the_version_before_could_not_run_on_would_be_found(operation: Operation) -> None:
    assert list(_complaints(operation, before=models.CharField(max_length=99, null=True))) != []


def test_what_the_version_before_does_not_notice_is_permitted() -> None:
    for operation in (
        migrations.AddField("filing", "grade", models.IntegerField(null=True)),
        migrations.AddField("filing", "grade", models.IntegerField(db_default=0)),
        migrations.AlterField("filing", "number", models.CharField(max_length=99)),
        migrations.RunPython(migrations.RunPython.noop),
    ):
        assert list(_complaints(operation, before=models.CharField(max_length=9))) == []


def _in_the_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    """The operations that change the database; what changes only the models' names is left out."""
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operation.database_operations
        else:
            yield operation


def _field_before(
    loader: MigrationLoader, migration: migrations.Migration, operation: Operation
) -> models.Field | None:
    """The field that an operation alters, as it was before the operation."""
    if not isinstance(operation, migrations.AlterField):
        return None
    state = loader.project_state((migration.app_label, migration.name), at_end=False)
    for earlier in migration.operations[: list(migration.operations).index(operation)]:
        earlier.state_forwards(migration.app_label, state)
    return state.models[migration.app_label, operation.model_name_lower].fields[operation.name]


def _complaints(operation: Operation, *, before: models.Field | None) -> Iterator[str]:
    """Why the version before could not run after this operation; `before` is the field that it alters."""
    if isinstance(
        operation,
        migrations.DeleteModel
        | migrations.RenameModel
        | migrations.RemoveField
        | migrations.RenameField
        | migrations.AlterModelTable,
    ):
        yield f"{operation.describe()}: the version before still uses it; take it away one version later"
    elif (
        isinstance(operation, migrations.AddField | migrations.AlterField)
        and _insists(operation.field)
        and (before is None or not _insists(before))
    ):
        yield f"{operation.describe()}: the version before leaves it out; give it null=True or a db_default"


def _insists(field: models.Field) -> bool:
    """Whether a row that does not mention the column is refused by the database."""
    return not (field.null or field.many_to_many or field.has_db_default())
