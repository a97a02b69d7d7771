"""Logs through structlog: one line an event, whatever the text holds, and no personal data."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# A mobile, an identity document or credit code, an e-mail address: what a log must never show.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+?86)?1[3-9]\d{9}|\d{17}[\dXx])(?![0-9A-Za-z])"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,}"
)
_HIDDEN = "[hidden]"
# Whatever a reader of logs might take for the end of a line.
_LINE_BREAKS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


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


def keep_on_one_line(_logger: Any, _method: str, line: str) -> str:
    """The rendered line with every line break in it written out."""
    return _LINE_BREAKS.sub(lambda found: f"\\u{ord(found.group()):04x}", line)


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
        },
    }
