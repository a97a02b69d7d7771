"""Logs through structlog: one line an event, whatever the text holds, and no personal data.

Production writes all of them to standard error, for whatever collects them. The embedded set-up writes them to a
file for each kind of process, and shows on its terminal only what somebody who tries the portal out waits for.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from registry.clock import CHINA
from registry.gateways import terminal

# An embedded log is set aside when it is this large; with the older ones it takes five times as much.
LARGEST_BYTES = 5_000_000
OLDER_FILES = 4

_log = logging.getLogger("portal.logs")

# A mobile, an identity document or credit code, an e-mail address: what a log must never show.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+?86)?1[3-9]\d{9}|\d{17}[\dXx])(?![0-9A-Za-z])"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,}"
)
_HIDDEN = "[hidden]"
# Whatever a reader of logs might take for the end of a line, and a terminal for a command.
_CONTROLS = re.compile(r"[\x00-\x08\n-\x1f\x7f-\x9f\u2028\u2029]")
# gunicorn repeats the request itself: its address, its line, a header.
_REPEATED_REQUEST = re.compile(r"^(Error handling request|Invalid request[^'\"]*).*", re.DOTALL)


def hide_personal_data(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The event with whatever looks like a mobile, a document number or an e-mail address replaced."""
    for key, value in event.items():
        if key.startswith("_"):
            continue
        if isinstance(value, (int, float, bool)) or value is None:
            continue
        event[key] = _PERSONAL.sub(_HIDDEN, value if isinstance(value, str) else str(value))
    return event


def hide_addresses(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event of a request without the texts in its path: one may be a key, as of a calendar feed.

    Identifiers of rows stay: they open nothing by themselves.
    """
    record = event.get("_record")
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        readable = _readable_path(request)
        # Django escapes a path before it logs it; an exception may hold it as it is.
        written = {request.path, request.path.encode("unicode_escape").decode("ascii")} - {readable}
        for key in {"event", "exception"} & event.keys():
            for path in written:
                event[key] = str(event[key]).replace(path, readable)
    if getattr(record, "name", "") == "gunicorn.error":
        event["event"] = _REPEATED_REQUEST.sub(r"\1", str(event["event"]))
    return event


def _readable_path(request: HttpRequest) -> str:
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "an unknown address"
    path = request.path
    for name, value in (*enumerate(match.args), *match.kwargs.items()):
        if isinstance(value, str):
            path = path.replace(value, f"<{name}>")
    return path


def keep_on_one_line(_logger: Any, _method: str, line: str) -> str:
    """The rendered line with every line break and other control character in it written out."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found.group()):04x}", line)


def _shared_processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        hide_addresses,
        hide_personal_data,
    ]


def logging_config(*, as_json: bool) -> dict[str, Any]:
    """The dictConfig of all processes, on standard error; JSON lines, or key=value lines for reading."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
        )
    )
    structlog.configure(
        processors=[*_shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                    keep_on_one_line,
                ],
                "foreign_pre_chain": _shared_processors(),
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"level": "INFO"},
            # Its lines carry whole request paths, and with them what people searched for.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "WARNING"},
            "django.server": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            # gunicorn warns of every answer to HEAD that has a body to drop.
            "gunicorn.http.wsgi": {"level": "ERROR"},
            "gunicorn.access": {"level": "CRITICAL"},
            "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
            "httpx": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "celery.beat": {"level": "WARNING"},
            terminal.LOGGER_NAME: {"level": "WARNING"},
        },
    }


def embedded_logging_config(path: Path, *, tells: bool) -> dict[str, Any]:
    """The dictConfig of the embedded set-up: everything to a file, and to standard error what concerns a terminal.

    That is what goes wrong and, with `tells`, the sentences of `gateways.terminal`.
    """
    configuration = logging_config(as_json=False)
    configuration["formatters"]["terminal"] = {
        **configuration["formatters"]["line"],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            TerminalLine(path),
            keep_on_one_line,
        ],
    }
    configuration["handlers"] = {
        "file": {"()": SharedFile, "path": path, "formatter": "line"},
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "terminal",
            "filters": [concerns_the_terminal],
        },
    }
    for logger in (configuration["root"], configuration["loggers"]["gunicorn.error"]):
        logger["handlers"] = ["file", "stderr"]
    # What beat sends is little, and here nothing is kept but in files.
    configuration["loggers"]["celery.beat"] = {"level": "INFO"}
    if tells:
        configuration["loggers"][terminal.LOGGER_NAME] = {"level": "INFO"}
    return configuration


def concerns_the_terminal(record: logging.LogRecord) -> bool:
    """Whether whoever started the portal wants to see this: what is told to them, and the portal's own faults.

    An answer below 500 is the visitor's matter (no such page, a form that has expired, a wrong password, a
    malformed request), but for a name of the host that the settings do not allow. A page that lacks its line in
    the access table answers 404 and logs an error of its own.
    """
    if record.name in {terminal.LOGGER_NAME, "django.security.DisallowedHost"}:
        return True
    is_visitors = (
        record.name.startswith("axes")
        or getattr(record, "status_code", 500) < 500
        or str(record.msg).startswith("Invalid request")
    )
    return record.levelno >= logging.WARNING and not is_visitors


class TerminalLine:
    """Renders an event for the terminal: the time in China and a sentence, or what went wrong in short."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
        at = datetime.fromisoformat(event.pop("timestamp")).astimezone(CHINA)
        level, name = event.pop("level"), event.pop("logger")
        said = event.pop("event")
        if name == terminal.LOGGER_NAME:
            return f"{at:%H:%M} {said}"
        trace = event.pop("exception", "").rstrip()
        facts = "".join(f" {key}={value}" for key, value in event.items())
        line = f"{at:%H:%M} {level.upper()} {said}{facts}"
        if trace:
            reason = trace.splitlines()[-1]
            place = f"more in {terminal.readable_path(self.path)}"
            line += f" ({place})" if said in reason else f" ({reason}; {place})"
        return line


class SharedFile(logging.Handler):
    """Appends each line in one piece to a file that several processes share; nobody keeps the file open.

    So a full one is set aside by whichever process filled it, and loses no line of another. A file that cannot
    be written is said once and stops nothing.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._is_lost = False

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._append(f"{self.format(record)}\n".encode())
        except OSError as error:
            # Before it is said: the warning comes here as well.
            was_lost, self._is_lost = self._is_lost, True
            if not was_lost:
                name = terminal.readable_path(self.path)
                _log.warning("The log %s cannot be written (%s); work goes on.", name, error.strerror)
        except Exception:
            self.handleError(record)
        else:
            self._is_lost = False

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
            if os.fstat(descriptor).st_size >= LARGEST_BYTES:
                self._set_aside(descriptor)
        finally:
            os.close(descriptor)

    def _set_aside(self, descriptor: int) -> None:
        """Renames the full file to .1, .1 to .2 and so on; whoever comes second leaves it to the first."""
        with suppress(BlockingIOError, FileNotFoundError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), self.path.stat()):
                for number in range(OLDER_FILES, 0, -1):
                    with suppress(FileNotFoundError):
                        self._older(number - 1).replace(self._older(number))

    def _older(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path
