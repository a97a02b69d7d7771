"""The house of docs: who may import whom, who writes, who reads the clock, how long a file may be."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.sources import own_files, read, room_modules, syntax_tree

LINES_AT_MOST = 600
# Beside its rooms an app has few files of its own: entry points, and what all of its rooms stand on.
LOOSE_FILES_AT_MOST = {"registry": 7, "applicants": 9, "review": 8}
NAMES_WITHOUT_MEANING = {"utils", "util", "common", "helpers", "helper", "misc"}

ONLY_THE_LEDGER_WRITES = {"Filing", "Application", "FilingEvent"}
WRITING_METHODS = {
    "save",
    "delete",
    "create",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
LEDGER = Path("registry/book/ledger.py")

CLOCK = Path("registry/clock.py")
CLOCK_READERS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "timezone.localdate",
    "timezone.localtime",
    "time.time",
}


def test_imports_only_point_down_at_the_book(capsys: pytest.CaptureFixture[str]) -> None:
    before = list(sys.path)
    try:
        status = lint_imports(no_cache=True)
    finally:
        sys.path[:] = before
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_file_is_longer_than_600_lines() -> None:
    too_long = {
        str(path): lines
        for path in own_files(".py", ".html", ".js", ".css", ".sh", ".md")
        if (lines := read(path).count("\n")) > LINES_AT_MOST
    }
    assert too_long == {}


def test_few_files_lie_loose_at_the_root_of_an_app() -> None:
    loose = {
        app: sorted(
            path.name for path in own_files(".py") if path.parts[:-1] == (app,) and path.stem != "__init__"
        )
        for app in LOOSE_FILES_AT_MOST
    }
    assert {app: files for app, files in loose.items() if len(files) > LOOSE_FILES_AT_MOST[app]} == {}
    assert loose["registry"] == sorted(
        {"apps.py", "clock.py", "cursors.py", "encryption.py", "errors.py", "lists.py", "tasks.py"}
    )


def test_views_live_in_their_rooms() -> None:
    assert [str(path) for path in own_files(".py") if "views" in path.parts[:-1]] == []


def test_every_module_has_a_home() -> None:
    homeless = [str(path) for path in own_files(".py") if {*path.parts, path.stem} & NAMES_WITHOUT_MEANING]
    assert homeless == []


def test_only_the_ledger_writes_filings_applications_and_events() -> None:
    writes = [
        f"{path}:{node.lineno}: {ast.unparse(node.func)}"
        for path in room_modules()
        if path != LEDGER
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call) and _writes_the_book(node)
    ]
    assert writes == []


def test_the_writer_of_the_ledger_would_be_found_elsewhere() -> None:
    for text in (
        "Filing(name='x')",
        "models.FilingEvent(sequence=1)",
        "Application.objects.create(kind='initial')",
        "Filing.objects.filter(pk=1).update(standing='x')",
        "filing.save()",
        "self.application.delete()",
    ):
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert _writes_the_book(call), text


def _writes_the_book(call: ast.Call) -> bool:
    """A model of the book made, or a writing method called on the model, its manager or a row of that name."""
    function = ast.unparse(call.func)
    if function.rpartition(".")[2] in ONLY_THE_LEDGER_WRITES:
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITING_METHODS:
        return False
    subject = ast.unparse(call.func.value)
    first = subject.removeprefix("self.").split(".")[0].split("(")[0]
    rows = {"filing", "application", "filing_event", "locked_filing", "locked_application"}
    return first in ONLY_THE_LEDGER_WRITES or first in rows


def test_only_the_clock_module_reads_the_clock() -> None:
    reads = [
        f"{path}:{node.lineno}: {ast.unparse(node.func)}"
        for path in room_modules()
        if path != CLOCK
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call) and _reads_the_clock(node)
    ]
    assert reads == []


def test_a_reader_of_the_clock_would_be_found() -> None:
    for text in ("datetime.now(UTC)", "timezone.now()", "datetime.date.today()", "time.time()"):
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert _reads_the_clock(call), text


def _reads_the_clock(call: ast.Call) -> bool:
    """Whether the call asks the machine for the time; converting a given moment is no such question."""
    function = ast.unparse(call.func)
    short = ".".join(function.split(".")[-2:])
    if short == "timezone.localtime" and call.args:
        return False
    if short in CLOCK_READERS:
        return True
    return any(keyword.arg in {"auto_now", "auto_now_add"} for keyword in call.keywords)
