"""The keys of an event's payload stand in seven modules alone, one for each kind of stream."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import room_modules, syntax_tree

# The only modules that may know a key.
HOMES = tuple(
    Path("registry/rules") / room / "events.py"
    for room in (
        "workflow",
        "members",
        "batches",
        "objections",
        "endings",
        "consultations",
        "quality",
        "office",
    )
)
_LOOKUP = "payload__"


def _is_payload(node: ast.expr) -> bool:
    """Whether an expression is a payload by its name: `payload`, `x.payload` or `x["payload"]`."""
    match node:
        case (
            ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name)))
        ):
            return name == "payload" or name.endswith("_payload")
    return False


def _has_keys(node: ast.AST | None) -> bool:
    """Whether an expression writes keys of its own: a display of a dictionary anywhere in it."""
    return node is not None and any(
        isinstance(part, ast.Dict) and any(key is not None for key in part.keys) for part in ast.walk(node)
    )


def _is_offence(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(value=read) | ast.Attribute(value=read, attr="get" | "pop" | "setdefault"):
            return _is_payload(read)
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[asked]):
            return _is_payload(asked)
        case ast.Dict(keys=keys, values=values):
            spread = [value for key, value in zip(keys, values, strict=True) if key is None]
            return any(_is_payload(value) for value in spread)
        case ast.Assign(targets=[target], value=written) | ast.AugAssign(target=target, value=written):
            return _is_payload(target) and _has_keys(written)
        case ast.AnnAssign(target=target, value=written):
            return _is_payload(target) and _has_keys(written)
        case ast.keyword(arg=str(name), value=written):
            return name.startswith(_LOOKUP) or (name == "payload" and _has_keys(written))
        case ast.FunctionDef(name=name):
            return "payload" in name and _has_keys(node)
        case ast.Constant(value=str(text)):
            return _LOOKUP in text
    return False


def _offences(tree: ast.AST) -> Iterator[int]:
    return (getattr(node, "lineno", 0) for node in ast.walk(tree) if _is_offence(node))


def test_no_key_of_a_payload_is_read_or_written_elsewhere() -> None:
    found = [
        f"{path}:{line}"
        for path in room_modules()
        if path not in HOMES
        for line in _offences(syntax_tree(path))
    ]
    assert sorted(found) == []


@pytest.mark.parametrize(
    "offender",
    [
        'event.payload["number"]',
        'row["payload"]["number"]',
        'payload.get("outcome")',
        'payload["clock"] = clock',
        '"applicant" in event.payload',
        'Q(payload__outcome="approval")',
        'events.values("payload__desk")',
        '{**payload, "clock": clock}',
        'payload = {"number": number}',
        'payload |= {"number": number}',
        'payload: dict[str, str] = {"number": number}',
        'Entry(act, payload={"number": number})',
        'def _facts_payload(row):\n    return {"columns": row.columns}',
    ],
)
def test_an_offender_would_be_found(offender: str) -> None:
    assert list(_offences(ast.parse(offender))) != []


def test_a_payload_may_be_handed_on() -> None:
    innocent = (
        'Entry(act, payload=submitted(kind=kind))\nnumber_of(event.payload)\n{"payload": event.payload}'
    )
    assert list(_offences(ast.parse(innocent))) == []
