"""The page of tables says of each who writes it, and whether it holds personal data, as the code has it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pgtrigger
from django.apps import apps
from django.db import models

from registry.models.encrypted import EncryptedTextField
from tests.house.sources import read, room_modules, syntax_tree

PAGE = Path("docs/tables.md")
APPS = ("registry", "applicants", "review")
COLUMNS = ("table", "holds", "written by", "read by", "checked by", "personal data", "changes")
_WRITES = {
    "save",
    "delete",
    "create",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}


@cache
def _policies() -> dict[str, dict[str, str]]:
    """The lines of the page by app and table."""
    found: dict[str, dict[str, str]] = {}
    app = ""
    for line in read(PAGE).splitlines():
        if line.startswith("## "):
            app = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|") or cells[0] in ("table", "---") or set(cells[0]) <= {"-", "|"}:
            continue
        assert len(cells) == len(COLUMNS), line
        label = f"{app}.{cells[0].strip('| ')}"
        assert label not in found, f"{label} stands twice"
        found[label] = dict(zip(COLUMNS, cells, strict=True))
    return found


def _tables() -> dict[str, type[models.Model]]:
    return {model._meta.label: model for app in APPS for model in apps.get_app_config(app).get_models()}


def test_every_table_has_its_line_and_every_line_its_table() -> None:
    assert sorted(_policies()) == sorted(_tables())


def test_every_line_is_filled_in() -> None:
    assert [label for label, line in _policies().items() if not all(line.values())] == []


def test_every_room_that_writes_a_table_is_named() -> None:
    names = {model.__name__: label for label, model in _tables().items()}
    unnamed = set()
    for path in room_modules():
        for node in ast.walk(syntax_tree(path)):
            if isinstance(node, ast.Call) and (name := _written_model(node)) in names:
                room = "/".join(path.parts[:2])
                if room not in _policies()[names[name]]["written by"].split(", "):
                    unnamed.add(f"{names[name]} is written by {room}")
    assert sorted(unnamed) == []


def test_a_writer_would_be_found() -> None:
    for text in (
        "Notice.objects.create(x=1)",
        "Notice.objects.filter(pk=1).update(x=1)",
        "Notice(x=1).save()",
    ):
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert _written_model(call) == "Notice"
    call = ast.parse("Notice.objects.filter(pk=1).first()", mode="eval").body
    assert isinstance(call, ast.Call)
    assert _written_model(call) == ""


def _written_model(call: ast.Call) -> str:
    """The model that a writing method is called on, directly or by its manager; empty for any other call."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _WRITES:
        return ""
    return ast.unparse(call.func.value).split(".")[0].split("(")[0]


def test_every_named_room_knows_the_table() -> None:
    ignorant = [
        f"{room} knows no {model.__name__}"
        for label, model in _tables().items()
        for room in _policies()[label]["written by"].split(", ")
        if room != "nobody"
        and not any(
            "/".join(path.parts[:2]) == room and model.__name__ in read(path) for path in room_modules()
        )
    ]
    assert ignorant == []


def test_personal_data_is_encrypted_where_the_page_says_so() -> None:
    has_encrypted = {
        label: any(isinstance(field, EncryptedTextField) for field in model._meta.get_fields())
        for label, model in _tables().items()
    }
    said = {label: line["personal data"].startswith("encrypted") for label, line in _policies().items()}
    assert said == has_encrypted


def test_rows_are_append_only_where_the_page_says_so() -> None:
    protected = {
        model._meta.label
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pgtrigger.Protect)
        and {"UPDATE", "DELETE"} <= set(str(trigger.operation).split(" OR "))
    }
    said = {label for label, line in _policies().items() if line["changes"] == "append-only"}
    assert said == protected
