"""Logs: one line an event, nothing personal."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
import structlog

from filing_portal.logs import hide_personal_data, logging_config


@pytest.fixture(params=[True, False], ids=["json", "text"])
def lines(request: pytest.FixtureRequest) -> object:
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


def test_an_event_is_one_line_whatever_its_text_holds(lines: object) -> None:
    hostile = 'first\r\nlevel=critical event="forged"\nthird\x0b\x85\u2028last'
    structlog.get_logger("tests.portal").info("searched", text=hostile)
    logging.getLogger("tests.portal").info("plain %s", hostile)
    assert len(lines()) == 2  # type: ignore[operator]


def test_an_exception_is_one_line(lines: object) -> None:
    try:
        raise OSError("disk\nfull")
    except OSError:
        logging.getLogger("tests.portal").exception("failed")
    assert len(lines()) == 1  # type: ignore[operator]
    assert "Traceback" in lines()[0]  # type: ignore[operator]


@pytest.mark.parametrize(
    "personal",
    ["13800138000", "+8613800138000", "11010519491231002X", "someone.sample@example.cn"],
)
def test_mobiles_document_numbers_and_addresses_are_hidden(lines: object, personal: str) -> None:
    structlog.get_logger("tests.portal").info("event", given=f"value {personal}.", many=[personal])
    logging.getLogger("tests.portal").info("for %s", personal)
    assert personal.lstrip("+") not in "\n".join(lines())  # type: ignore[operator]
    assert "\n".join(lines()).count("[hidden]") == 3  # type: ignore[operator]


def test_what_is_public_stays_readable() -> None:
    event = {"number": "京网信备11010819638968820019号", "count": 3, "at": "2026-11-22T10:00:00Z"}
    assert hide_personal_data(None, "info", dict(event)) == event


def test_json_lines_are_json() -> None:
    formatter = dict(logging_config(as_json=True)["formatters"]["line"])
    factory = formatter.pop("()")
    record = logging.LogRecord("tests", logging.INFO, __file__, 1, "中文 %s", ("text",), None)
    assert json.loads(factory(**formatter).format(record))["event"] == "中文 text"
