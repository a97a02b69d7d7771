"""Logs: one line an event, nothing personal; files and a quiet terminal in the embedded set-up."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

from filing_portal import logs
from filing_portal.logs import (
    OLDER_FILES,
    SharedFile,
    concerns_the_terminal,
    embedded_logging_config,
    hide_addresses,
    hide_personal_data,
    logging_config,
)
from tests.services.embedded import copy_prepared, embedded_environment

Lines = Callable[[], list[str]]


@pytest.fixture(params=[True, False], ids=["json", "text"])
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """What a process with this configuration writes."""
    stream = io.StringIO()
    configuration = logging_config(as_json=request.param)
    handler = logging.StreamHandler(stream)
    formatter = dict(configuration["formatters"]["line"])
    factory = formatter.pop("()")
    handler.setFormatter(factory(**formatter))
    logger = logging.getLogger("tests.portal")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: stream.getvalue().splitlines()
    logger.removeHandler(handler)


def test_an_event_is_one_line_whatever_its_text_holds(lines: Lines) -> None:
    hostile = 'first\r\nlevel=critical event="forged"\nthird\x0b\x85\u2028last'
    structlog.get_logger("tests.portal").info("searched", text=hostile)
    logging.getLogger("tests.portal").info("plain %s", hostile)
    assert len(lines()) == 2


def test_an_exception_is_one_line(lines: Lines) -> None:
    try:
        raise OSError("disk\nfull")
    except OSError:
        logging.getLogger("tests.portal").exception("failed")
    assert len(lines()) == 1
    assert "Traceback" in lines()[0]


@pytest.mark.parametrize(
    "personal",
    ["13800138000", "+8613800138000", "11010519491231002X", "someone.sample@example.cn"],
)
def test_mobiles_document_numbers_and_addresses_are_hidden(lines: Lines, personal: str) -> None:
    structlog.get_logger("tests.portal").info("event", given=f"value {personal}.", many=[personal])
    logging.getLogger("tests.portal").info("for %s", personal)
    assert personal.lstrip("+") not in "\n".join(lines())
    assert "\n".join(lines()).count("[hidden]") == 3


def test_what_is_public_stays_readable() -> None:
    event = {"number": "京网信备11010819638968820019号", "count": 3, "at": "2026-11-22T10:00:00Z"}
    assert hide_personal_data(None, "info", dict(event)) == event


def test_json_lines_are_json() -> None:
    formatter = dict(logging_config(as_json=True)["formatters"]["line"])
    factory = formatter.pop("()")
    record = logging.LogRecord("tests", logging.INFO, __file__, 1, "中文 %s", ("text",), None)
    assert json.loads(factory(**formatter).format(record))["event"] == "中文 text"


# Addresses --------------------------------------------------------------------------------------------------

TOKEN = "Vq3-secret-of-a-calendar-feed_8z"


def _log_failure(path: str, *, status: int = 500) -> None:
    """Logs a failed request as Django itself does; an exception repeats the path."""
    request = RequestFactory().get(path)
    response = HttpResponse(status=status)
    try:
        raise OSError(f"nothing to read for {request.path}")
    except OSError as error:
        arguments = ("%s: %s", response.reason_phrase, request.path)
        log_response(
            *arguments,
            response=response,
            request=request,
            logger=logging.getLogger("tests.portal"),
            exception=error,
        )


@pytest.mark.parametrize(
    ("path", "secret", "readable"),
    [
        (f"/applicant/deadlines/{TOKEN}.ics", TOKEN, "/applicant/deadlines/<token>.ics"),
        ("/filings/京网信备11010819638968820019号/", "19638968820019", "/filings/<number>/"),
        ("/no-such-page/of-somebody/", "somebody", "an unknown address"),
    ],
)
def test_a_failed_request_is_logged_without_the_texts_of_its_path(
    lines: Lines, path: str, secret: str, readable: str
) -> None:
    _log_failure(path)
    (line,) = lines()
    assert f"Internal Server Error: {readable}" in line
    assert f"nothing to read for {readable}" in line
    assert secret not in line


def test_rows_are_still_named_in_a_failed_request(lines: Lines) -> None:
    path = "/applicant/filings/5f0c1c6e-3c4e-4b5e-9a8d-0d9f3f1f7a11/"
    _log_failure(path)
    assert f"Internal Server Error: {path}" in lines()[0]


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (f"Error handling request GET /applicant/deadlines/{TOKEN}.ics?q={TOKEN}", "Error handling request"),
        (
            f"Invalid request from ip=127.0.0.1: Invalid HTTP Header: 'Cookie: sessionid={TOKEN}'",
            "Invalid request from ip=127.0.0.1: Invalid HTTP Header: ",
        ),
    ],
)
def test_gunicorn_does_not_repeat_a_request(message: str, kept: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, message, None, None)
    assert hide_addresses(None, "error", {"event": message, "_record": record})["event"] == kept


# Production -------------------------------------------------------------------------------------------------


def test_production_writes_json_lines_to_standard_error_only(tmp_path: Path) -> None:
    program = (
        "from logging.config import dictConfig; import structlog\n"
        "from filing_portal.settings import base\n"
        "dictConfig(base.LOGGING)\n"
        "structlog.get_logger('portal.request').info('request', status=200)\n"
        "from registry.gateways import terminal\n"
        "terminal.tell('Nobody watches a terminal.')\n"
    )
    answer = _run(
        program, DJANGO_SETTINGS_MODULE="filing_portal.settings.base", FILING_PORTAL_VAR_DIR=tmp_path
    )
    (line,) = map(json.loads, answer.stderr.splitlines())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "request", "status": 200, "level": "info", "logger": "portal.request"}
    assert answer.stdout == ""
    assert list(tmp_path.iterdir()) == []


def _run(program: str, **environment: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def _after_the_time(line: str) -> str:
    found = re.fullmatch(r"\d\d:\d\d (.+)", line)
    assert found is not None, line
    return found[1]


# The embedded set-up: files and the terminal ----------------------------------------------------------------


def test_the_terminal_is_told_of_numbers_and_messages_and_the_file_of_everything(tmp_path: Path) -> None:
    copy_prepared(tmp_path)
    program = (
        "import django; django.setup()\n"
        "import logging, structlog\n"
        "from django.core.mail import send_mail\n"
        "from registry.gateways.sms import send_sms\n"
        "from tests.builders.register import Cast, filing_of, in_force\n"
        "structlog.get_logger('portal.request').info('request', status=200)\n"
        "send_sms('+8619900000901', 'code', {'code': '246810'})\n"
        "send_mail('Code', 'It is 135791.', None, ['somebody.else@example.com'])\n"
        "print(filing_of(in_force(Cast())).number)\n"
        "structlog.get_logger('portal.jobs').warning('doorbell_unheard', reason='sample')\n"
        "try:\n"
        "    1 / 0\n"
        "except ZeroDivisionError:\n"
        "    logging.getLogger('portal.jobs').exception('It broke')\n"
    )
    answer = _run(program, **embedded_environment(tmp_path, FILING_PORTAL_PROCESS="worker"))
    number = answer.stdout.strip()
    told = answer.stderr.splitlines()
    assert [_after_the_time(line) for line in told] == [
        f"A text message for 199****0901 is in {tmp_path}/outbox/sms.jsonl (newest line at the end).",
        f"An e-mail for s***@example.com is in {tmp_path}/outbox/mail.jsonl (newest line at the end).",
        f"The filing number {number} was issued.",
        "WARNING doorbell_unheard reason=sample",
        f"ERROR It broke (ZeroDivisionError: division by zero; more in {tmp_path}/logs/worker.log)",
    ]
    logged = (tmp_path / "logs" / "worker.log").read_text(encoding="utf-8")
    for text in ("event=request", "199****0901", number, "doorbell_unheard", "Traceback"):
        assert text in logged
    for secret in ("246810", "135791", "19900000901", "somebody.else@"):
        assert secret not in logged
        assert secret not in answer.stderr
    assert (tmp_path / "outbox" / "sms.jsonl").read_text(encoding="utf-8").count("246810") == 2


def test_a_command_tells_the_terminal_only_what_went_wrong(tmp_path: Path) -> None:
    program = (
        "import django; django.setup()\n"
        "import structlog\n"
        "from registry.gateways.sms import send_sms\n"
        "send_sms('+8619900000901', 'code', {'code': '246810'})\n"
        "structlog.get_logger('portal.jobs').error('broken')\n"
    )
    answer = _run(program, **embedded_environment(tmp_path))
    assert [line[6:] for line in answer.stderr.splitlines()] == ["ERROR broken"]
    assert "event=sms" in (tmp_path / "logs" / "commands.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "level", "status", "is_shown"),
    [
        ("portal.terminal", logging.INFO, None, True),
        ("portal.request", logging.INFO, None, False),
        ("portal.request", logging.ERROR, None, True),
        ("celery.app.trace", logging.INFO, None, False),
        ("celery.app.trace", logging.ERROR, None, True),
        ("django.request", logging.ERROR, 500, True),
        ("django.request", logging.ERROR, 503, True),
        ("django.security.csrf", logging.WARNING, 403, False),
        ("django.security.SuspiciousFileOperation", logging.ERROR, 400, False),
        ("django.security.DisallowedHost", logging.ERROR, 400, True),
        ("axes.handlers.database", logging.WARNING, None, False),
    ],
)
def test_the_terminal_shows_faults_of_the_portal_and_none_of_its_visitors(
    name: str, level: int, status: int | None, is_shown: bool
) -> None:
    record = logging.LogRecord(name, level, __file__, 1, "text", None, None)
    if status is not None:
        record.status_code = status
    assert concerns_the_terminal(record) is is_shown


def test_a_malformed_request_is_no_fault_of_the_portal() -> None:
    message = "Invalid request from ip=127.0.0.1: Invalid HTTP method: 'get'"
    record = logging.LogRecord("gunicorn.error", logging.WARNING, __file__, 1, message, None, None)
    assert not concerns_the_terminal(record)


def test_a_terminal_is_sent_no_control_characters() -> None:
    formatter = dict(embedded_logging_config(Path("web.log"), tells=True)["formatters"]["terminal"])
    factory = formatter.pop("()")
    record = logging.LogRecord("tests", logging.ERROR, __file__, 1, "clear\x1b[2J\x9b\ngone", None, None)
    line = factory(**formatter).format(record)
    assert line[5:] == " ERROR clear\\u001b[2J\\u009b\\u000agone"


# The files themselves ---------------------------------------------------------------------------------------

WRITER = """
import logging, sys, time
from pathlib import Path
from filing_portal import logs
path, go, writer, are_locked = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4] == "locked"
logs.LARGEST_BYTES, logs.OLDER_FILES = 5_000, 400
if not are_locked:
    logs.fcntl.flock = lambda *_arguments: None
    logs.os.path.samestat = lambda *_arguments: True
handler = logs.SharedFile(path)
print("ready", flush=True)
while not go.exists():
    time.sleep(0.001)
for number in range(1_500):
    text = f"{writer} {number} {'x' * (number % 300)}"
    handler.emit(logging.LogRecord("tests", logging.INFO, "", 1, text, None, None))
"""


def _lines_of_four_writers(directory: Path, manner: str) -> list[str]:
    """Everything that four processes left in one log and its older files, sorted."""
    directory.mkdir()
    go = directory.with_suffix(".go")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(directory / "web.log"), str(go), str(writer), manner],
            stdout=subprocess.PIPE,
        )
        for writer in range(4)
    ]
    assert [writer.stdout and writer.stdout.readline() for writer in writers] == [b"ready\n"] * 4
    go.touch()
    for writer in writers:
        writer.communicate(timeout=120)
    assert len(list(directory.iterdir())) > 10
    return sorted(line for file in directory.iterdir() for line in file.read_text().splitlines())


def test_several_processes_share_a_log_and_set_it_aside_without_losing_a_line(tmp_path: Path) -> None:
    written = sorted(
        f"{writer} {number} {'x' * (number % 300)}" for writer in range(4) for number in range(1_500)
    )
    assert len(_lines_of_four_writers(tmp_path / "unlocked", "unlocked")) < len(written)
    assert _lines_of_four_writers(tmp_path / "locked", "locked") == written


def test_a_log_is_private_and_the_oldest_lines_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST_BYTES", 10)
    path = tmp_path / "logs" / "web.log"
    handler = SharedFile(path)
    for number in range(20):
        handler.emit(logging.LogRecord("tests", logging.INFO, "", 1, f"line {number:5}", None, None))
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == [f"web.log.{number}" for number in range(1, OLDER_FILES + 1)]
    assert files[0].read_text() == "line    19\n"
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_log_that_cannot_be_written_is_said_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "web.log"
    handler = SharedFile(path)

    def write(text: str) -> None:
        handler.handle(logging.LogRecord("tests", logging.INFO, "", 1, text, None, None))

    path.symlink_to("/dev/full")
    write("lost")
    write("lost as well")
    said = f"The log {path} cannot be written (No space left on device); work goes on."
    assert [record.getMessage() for record in caplog.records] == [said]
    path.unlink()
    write("kept")
    assert path.read_text() == "kept\n"
    path.unlink()
    path.mkdir()
    write("lost again")
    assert len(caplog.records) == 2
