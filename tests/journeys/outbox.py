"""Reads the codes that the portal sent, where its file backends left them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

from registry.gateways.sms import KEY_CHARACTERS
from registry.models.account import email_index, mobile_index

_SIX_DIGITS = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
_WAIT_SECONDS = 10.0


class NothingArrived(AssertionError):
    """No message with a code came for this recipient."""


def code_by_sms(outbox: Path, mobile: str) -> str:
    """The code in the last message to a mobile in E.164. Raises NothingArrived."""
    return _last_code(outbox / "sms.jsonl", mobile_index(mobile)[:KEY_CHARACTERS])


def code_by_email(outbox: Path, address: str) -> str:
    """The code in the last message to an address. Raises NothingArrived."""
    return _last_code(outbox / "mail.jsonl", email_index(address)[:KEY_CHARACTERS])


def _last_code(path: Path, key: str) -> str:
    until = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < until:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        texts = [message["text"] for message in map(json.loads, lines) if message["key"] == key]
        if texts and (found := _SIX_DIGITS.findall(texts[-1])):
            return str(found[-1])
        time.sleep(0.1)
    raise NothingArrived(f"no code for {key} in {path}")
