"""A real SMS gateway over HTTP, described by settings so that most providers need no code.

SMS_GATEWAY is a mapping:
  url           address; may hold placeholders
  method        POST (default) or GET
  headers       name -> text with placeholders
  body          any JSON value whose texts may hold placeholders; sent as JSON (POST) or as query (GET)
  success       dotted path into the JSON answer and the value it must have, `{"path": "code", "value": "OK"}`;
                without it any 2xx answer counts
  reference     dotted path of the provider's message id, optional
  signature     header that carries the HMAC-SHA256 signature, optional
  secret        signing secret, from the environment
  timeout_seconds  seconds to wait for the answer, 5 by default

Placeholders: {mobile} (13800138000, from outside the mainland +85291234567), {mobile_e164} (+8613800138000),
{template}, {text}, {parameters} (JSON), {parameter[code]} (one of them), {access_key}, {sign_name},
{timestamp}, {nonce}.

The signed text is `METHOD\\nurl\\ntimestamp\\nnonce\\nSHA-256 of the body in hexadecimal`; the signature is
hexadecimal too.

{text} begins with the sender's signature, 【…】 as FILING_PORTAL_SMS_SIGNATURE says. With `sign_name` the provider
is the one that puts it there, and {text} comes without.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

import httpx
from django.conf import settings

from registry import clock
from registry.gateways.sms import Handover, Message

_HIGHEST_SUCCESS = 299


class HttpGatewayBackend:
    """Hands messages to the gateway that settings.SMS_GATEWAY describes."""

    def __init__(self, configuration: Mapping[str, Any] | None = None) -> None:
        self.configuration = settings.SMS_GATEWAY if configuration is None else configuration

    def deliver(self, message: Message) -> Handover:
        given = self.configuration
        if not given:
            return Handover(sent=False, detail="gateway_not_configured")
        method = str(given.get("method", "POST")).upper()
        facts = self._facts(message)
        url = _fill(given["url"], facts)
        body = _fill(given.get("body", {}), facts)
        content = b"" if method == "GET" else json.dumps(body, ensure_ascii=False).encode()
        headers = {name: _fill(text, facts) for name, text in given.get("headers", {}).items()}
        if content:
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        if given.get("signature"):
            headers[given["signature"]] = self._sign(method, url, content, facts)
            headers.setdefault("X-Timestamp", facts["timestamp"])
            headers.setdefault("X-Nonce", facts["nonce"])
        try:
            answer = httpx.request(
                method,
                url,
                content=content or None,
                params=body if method == "GET" else None,
                headers=headers,
                timeout=float(given.get("timeout_seconds", 5)),
                follow_redirects=False,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Handover(sent=False, detail="gateway_unreachable")
        except httpx.HTTPError as error:
            return Handover(sent=False, detail=f"no_answer:{type(error).__name__}", is_known=False)
        return self._outcome(answer)

    def _facts(self, message: Message) -> dict[str, Any]:
        return {
            "mobile": message.mobile.removeprefix("+86"),
            "mobile_e164": message.mobile,
            "template": message.template_code,
            "text": message.unsigned_text if self.configuration.get("sign_name") else message.signed_text,
            "parameters": json.dumps(dict(message.parameters), ensure_ascii=False),
            "parameter": dict(message.parameters),
            "access_key": self.configuration.get("access_key", ""),
            "sign_name": self.configuration.get("sign_name", ""),
            "timestamp": str(int(clock.now().timestamp())),
            "nonce": secrets.token_hex(16),
        }

    def _sign(self, method: str, url: str, content: bytes, facts: Mapping[str, Any]) -> str:
        digest = hashlib.sha256(content).hexdigest()
        signed = "\n".join((method, url, facts["timestamp"], facts["nonce"], digest))
        key = str(self.configuration["secret"]).encode()
        return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()

    def _outcome(self, answer: httpx.Response) -> Handover:
        if not httpx.codes.OK <= answer.status_code <= _HIGHEST_SUCCESS:
            # A server's own error leaves open whether the message was taken over.
            known = answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR
            return Handover(sent=False, detail=f"status_{answer.status_code}", is_known=known)
        test, path = self.configuration.get("success"), self.configuration.get("reference")
        if not test and not path:
            return Handover(sent=True)
        try:
            content = answer.json()
        except ValueError:
            return Handover(sent=False, detail="answer_malformed", is_known=False)
        if test and str(_at(content, test["path"])) != str(test["value"]):
            return Handover(sent=False, detail=f"refused:{_at(content, test['path'])}"[:80])
        return Handover(sent=True, gateway_reference=str(_at(content, path) or "") if path else "")


def _fill(value: Any, facts: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return value.format_map(facts)
    if isinstance(value, Mapping):
        return {name: _fill(part, facts) for name, part in value.items()}
    if isinstance(value, list):
        return [_fill(part, facts) for part in value]
    return value


def _at(content: Any, path: str) -> Any:
    for name in path.split("."):
        content = content.get(name) if isinstance(content, Mapping) else None
    return content
