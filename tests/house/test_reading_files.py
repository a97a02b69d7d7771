"""No request waits for a file to be read: what decodes files is called by the decoder, and by what makes samples."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import room_modules, syntax_tree

CHECKS = "registry.storage.checks"
# Whoever calls one of these has the content of a file read, in a child or in the process itself.
READERS = {f"{CHECKS}.sandbox.{name}" for name in ("normalise", "draw", "draw_pages", "read", "looks_like")}
LIBRARIES = ("PIL", "pypdf", "pypdfium2", "pikepdf", "pillow_heif", "pyhanko")

# The decoder, what the desks ask it to examine (`set_examiner`), and what makes samples on the command line.
HAVE_FILES_READ = {
    "applicants.apps",
    "applicants.drafts.unsigned",
    "filing_portal.decoder",
    "filing_portal.demonstration.answers",
    "filing_portal.demonstration.journey",
    "registry.files.decoding",
    "registry.management.commands.sample_data",
    "registry.sample.register",
    "registry.sample.walk",
    "registry.storage.attachments",
    "registry.storage.pictures",
}
# They read no upload: they write the files of lists, draw badges and samples, and read what an operator imports on the
# command line.
USE_LIBRARIES = {
    "filing_portal.demonstration.answers",
    "registry.batches.files",
    "registry.batches.importing.printed_tables",
    "registry.documents.badges",
    "registry.sample.scans",
    "registry.sample.walk",
}


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _imports(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, with dots, wherever in the file it is imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.asname or each.name.partition(".")[0]: each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return found


def _dotted(node: ast.expr, imports: dict[str, str], module: str) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([imports.get(node.id, f"{module}.{node.id}"), *reversed(parts)])


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _uses() -> dict[str, set[str]]:
    """By each function what it names: called, or handed on to be called."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in room_modules():
        if path.is_relative_to("registry/storage/checks"):
            continue
        module, tree = _module(path), syntax_tree(path)
        imports = _imports(tree)
        for function in _functions(tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute | ast.Name):
                    found[f"{module}.{function.name}"].add(_dotted(node, imports, module))
    return found


def _that_have_files_read(uses: dict[str, set[str]]) -> set[str]:
    reading = set(READERS)
    while more := {name for name, named in uses.items() if named & reading} - reading:
        reading |= more
    return reading - READERS


def test_a_file_is_read_by_the_decoder_and_no_request_waits_for_it() -> None:
    modules = {name.rpartition(".")[0] for name in _that_have_files_read(_uses())}
    assert modules == HAVE_FILES_READ


def test_no_view_is_among_what_has_files_read() -> None:
    reading = _that_have_files_read(_uses())
    views = {
        f"{_module(path)}.{function.name}"
        for path in room_modules()
        for function in _functions(syntax_tree(path))
        if any(argument.arg == "request" for argument in function.args.args)
    }
    assert len(views) > 200
    assert views & reading == set()


def test_no_other_module_opens_files_by_itself() -> None:
    users = {
        _module(path)
        for path in room_modules()
        if not path.is_relative_to("registry/storage/checks")
        and any(each.partition(".")[0] in LIBRARIES for each in _imports(syntax_tree(path)).values())
    }
    assert users == USE_LIBRARIES


def test_a_view_that_has_a_file_read_would_be_found() -> None:
    uses = {
        "review.somewhere.note": {"registry.storage.anywhere.check"},
        "registry.storage.anywhere.check": {f"{CHECKS}.sandbox.normalise"},
    }
    assert _that_have_files_read(uses) == set(uses)
