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

ONLY_THE_LEDGER_WRITES = {"Filing", "Application", "Event"}
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
LEDGER = (Path("registry/book/ledger.py"), Path("registry/book/appending.py"))
WRITER_OF_OTHER_STREAMS = Path("registry/streams/writer.py")

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


def test_the_province_code_of_a_division_is_made_in_one_place() -> None:
    assert [
        str(path) for path in own_files(".py") if "[:2]}0000" in read(path) and path.parts[0] != "tests"
    ] == []


def test_posted_numbers_are_read_in_one_place() -> None:
    readers = [
        str(path)
        for path in room_modules()
        if any(".isdigit()" in line and "int(" in line for line in read(path).splitlines())
        or (".isascii()" in read(path) and ".isdigit()" in read(path))
    ]
    assert readers == ["registry/presentation/posted.py"]


def test_views_live_in_their_rooms() -> None:
    assert [str(path) for path in own_files(".py") if "views" in path.parts[:-1]] == []


def test_every_module_has_a_home() -> None:
    homeless = [str(path) for path in own_files(".py") if {*path.parts, path.stem} & NAMES_WITHOUT_MEANING]
    assert homeless == []


def test_only_the_ledger_writes_filings_applications_and_events() -> None:
    writes = [
        f"{path}: {ast.unparse(node.func)}"
        for path in room_modules()
        if path not in LEDGER
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call) and _writes_the_book(node)
    ]
    # Members and batch lists have streams of their own in the one table of events.
    assert writes == [f"{WRITER_OF_OTHER_STREAMS}: Event", f"{WRITER_OF_OTHER_STREAMS}: event.save"]


def test_the_writer_of_the_ledger_would_be_found_elsewhere() -> None:
    for text in (
        "Filing(name='x')",
        "models.Event(sequence=1)",
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
    if function == "threading.Event":
        # What threads wait for is no act.
        return False
    if function.rpartition(".")[2] in ONLY_THE_LEDGER_WRITES:
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITING_METHODS:
        return False
    subject = ast.unparse(call.func.value)
    first = subject.removeprefix("self.").split(".")[0].split("(")[0]
    rows = {"filing", "application", "event", "locked_filing", "locked_application"}
    return first in ONLY_THE_LEDGER_WRITES or first in rows


def test_views_change_no_row_themselves() -> None:
    modules = [path for path in room_modules() if _holds_views(path.stem, syntax_tree(path))]
    rooms = {path.parent.as_posix() for path in modules}
    assert {"applicants/deadlines", "registry/accounts", "registry/office", "registry/public"} <= rooms
    writes = [
        f"{path}:{call.lineno}: {ast.unparse(call.func)}"
        for path in modules
        for call in _calls_that_write(syntax_tree(path))
    ]
    assert writes == []


def test_a_view_that_changes_a_row_would_be_found() -> None:
    view = "from x import notes\ndef page(request: HttpRequest) -> HttpResponse | FileResponse:\n    "
    for text in (
        "PlannedEnd.objects.update_or_create(filing=filing)",
        "PlannedEnd.objects.filter(filing=filing).delete()",
        "_sessions(account).filter(session_key=key).delete()",
        "Account.objects.filter(pk=1).update(language='en')",
        "account.notification_settings.create(by_sms=True)",
        "Draft._default_manager.bulk_create(drafts)",
        "get_object_or_404(Draft, pk=1).save(update_fields=['notes'])",
        "draft.delete()",
    ):
        tree = ast.parse(view + text)
        assert _holds_views("pages", tree)
        assert [ast.unparse(call) for call in _calls_that_write(tree)] == [text]
    for text in (
        "context.update({'row': row})",
        "cache.delete('key')",
        "notes.save(draft)",
        "Draft.objects.filter(pk=1).first()",
    ):
        assert _calls_that_write(ast.parse(view + text)) == [], text
    assert _holds_views("views", ast.parse(""))
    assert _holds_views("api", ast.parse("class Filings(GenericViewSet[Filing]): ..."))
    assert not _holds_views("rows", ast.parse("def row(request: HttpRequest) -> Draft: ..."))


def _holds_views(name: str, tree: ast.Module) -> bool:
    """Whether a module is called after its views, or has a function or a class that answers web requests."""
    return name.endswith("views") or any(_is_view(node) for node in ast.walk(tree))


def _is_view(node: ast.AST) -> bool:
    if isinstance(node, ast.ClassDef):
        names = [ast.unparse(base).partition("[")[0] for base in node.bases]
        return any(each.endswith(("View", "ViewSet")) for each in names)
    if not isinstance(node, ast.FunctionDef) or node.returns is None:
        return False
    takes_request = any(
        argument.annotation is not None and ast.unparse(argument.annotation) in ("HttpRequest", "Request")
        for argument in node.args.args[:1]
    )
    return takes_request and "Response" in ast.unparse(node.returns)


def _calls_that_write(tree: ast.Module) -> list[ast.Call]:
    """The calls of a writing method on a model, its manager or a row.

    A function of an imported module may have such a name. A row's or a manager's `update` and `delete` take no
    positional argument, those of a dictionary or the cache do.
    """
    modules = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (alias.asname or alias.name).islower()
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITING_METHODS
        and not (node.func.attr in ("update", "delete") and node.args)
        and ast.unparse(node.func.value) not in modules
    ]


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
