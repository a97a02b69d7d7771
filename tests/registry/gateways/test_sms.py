"""Handing messages over: to a file, to the console, and to a gateway that answers in every way."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from filing_portal.settings.environment import sms_gateway
from registry.gateways.sms import Handover, Message, send_sms
from registry.gateways.sms_gateway import HttpGatewayBackend
from tests.registry.accounts.journey import MOBILE, begin_sign_up, sms_to

MESSAGE = Message("+8619900000901", "code", {"code": "246810"}, "Your code is 246810")
SECRET = "gateway-secret-for-tests"


class FakeGateway(ThreadingHTTPServer):
    """A gateway that answers as told and remembers what it was sent."""

    mode = "ok"
    received: list[dict[str, Any]]
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    server: FakeGateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append({"headers": dict(self.headers), "body": body, "path": self.path})
        mode = self.server.mode
        if mode == "hang":
            time.sleep(1.5)
        answers = {
            "ok": (200, b'{"status": {"code": "OK"}, "id": "m-17"}'),
            "refused": (200, b'{"status": {"code": "BLACKLISTED"}}'),
            "error": (500, b"oops"),
            "forbidden": (403, b"{}"),
            "malformed": (200, b"<html>not json"),
            "hang": (200, b"{}"),
        }
        status, content = answers[mode]
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            return

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    server = FakeGateway(("127.0.0.1", 0), _Handler)
    server.received = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def _configuration(server: FakeGateway, **changes: Any) -> dict[str, Any]:
    return {
        "url": f"http://127.0.0.1:{server.server_address[1]}/v1/messages/{{template}}",
        "headers": {"Authorization": "Key {access_key}"},
        "access_key": "sample-key",
        "sign_name": "样例签名",
        "body": {
            "to": ["{mobile_e164}"],
            "sign": "{sign_name}",
            "template": "{template}",
            "values": {"code": "{parameter[code]}"},
            "count": 1,
        },
        "success": {"path": "status.code", "value": "OK"},
        "reference": "id",
        "signature": "X-Signature",
        "secret": SECRET,
        "timeout_seconds": 0.5,
        **changes,
    }


def test_the_gateway_is_sent_what_its_settings_describe(gateway: FakeGateway) -> None:
    outcome = HttpGatewayBackend(_configuration(gateway)).deliver(MESSAGE)
    assert outcome == Handover(sent=True, gateway_reference="m-17")
    request = gateway.received[0]
    assert request["path"] == "/v1/messages/code"
    assert request["headers"]["Authorization"] == "Key sample-key"
    assert json.loads(request["body"]) == {
        "to": ["+8619900000901"],
        "sign": "样例签名",
        "template": "code",
        "values": {"code": "246810"},
        "count": 1,
    }


def test_the_request_is_signed_with_the_secret(gateway: FakeGateway) -> None:
    configuration = _configuration(gateway)
    HttpGatewayBackend(configuration).deliver(MESSAGE)
    request = gateway.received[0]
    headers = request["headers"]
    signed = "\n".join(
        (
            "POST",
            configuration["url"].replace("{template}", "code"),
            headers["X-Timestamp"],
            headers["X-Nonce"],
            hashlib.sha256(request["body"]).hexdigest(),
        )
    )
    expected = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == expected


@pytest.mark.parametrize(
    ("mode", "detail", "is_known"),
    [
        ("refused", "refused:BLACKLISTED", True),
        ("forbidden", "status_403", True),
        ("error", "status_500", False),
        ("malformed", "answer_malformed", False),
        ("hang", "no_answer:ReadTimeout", False),
    ],
)
def test_every_bad_answer_has_an_outcome_of_its_own(
    gateway: FakeGateway, mode: str, detail: str, is_known: bool
) -> None:
    gateway.mode = mode
    outcome = HttpGatewayBackend(_configuration(gateway)).deliver(MESSAGE)
    assert outcome == Handover(sent=False, detail=detail, is_known=is_known)


def test_an_unreachable_gateway_has_an_outcome_of_its_own(gateway: FakeGateway) -> None:
    configuration = _configuration(gateway, url="http://127.0.0.1:9/")
    assert HttpGatewayBackend(configuration).deliver(MESSAGE) == Handover(
        sent=False, detail="gateway_unreachable"
    )


@pytest.mark.django_db
def test_a_refused_message_is_reported_to_the_person_who_asked_for_it(
    client: Client, gateway: FakeGateway, settings: Settings
) -> None:
    settings.SMS_BACKEND = "registry.gateways.sms_gateway.HttpGatewayBackend"
    settings.SMS_GATEWAY = _configuration(gateway)
    gateway.mode = "forbidden"
    response = begin_sign_up(client)
    assert response.context["form"].non_field_errors() == ["消息未能发送，请一分钟后再试。"]
    assert client.get(reverse("account_sign_up_codes"))["Location"] == reverse("account_signup")


def test_the_file_masks_the_recipient() -> None:
    send_sms("+8619900000901", "code", {"code": "135790"})
    line = sms_to(MOBILE)[-1]
    assert (line["to"], line["template"], line["parameters"]) == ("199****0901", "code", {"code": "135790"})
    assert "135790" in str(line["text"])


def test_the_console_masks_the_recipient(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SMS_BACKEND = "registry.gateways.sms.ConsoleBackend"
    send_sms("+8619900000901", "code", {"code": "135790"})
    written = capsys.readouterr().out
    assert "135790" in written
    assert "19900000901" not in written


@pytest.mark.parametrize("text", ["{", "[]", '{"url": "https://x", "secret": "s"}', '{"method": "GET"}'])
def test_a_wrong_description_of_a_gateway_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        sms_gateway(text, "secret")


SIGNATURE = "【样例签名】"


@pytest.mark.parametrize("text", ["Your code is 246810", f"{SIGNATURE}Your code is 246810"])
def test_every_text_message_bears_the_signature_once(
    gateway: FakeGateway, settings: Settings, text: str
) -> None:
    """Before the text; where the carrier adds its `sign_name`, the text comes without."""
    settings.SMS_SIGNATURE = "样例签名"
    message = Message("+8619900000901", "code", {"code": "246810"}, text)
    body = {"text": "{text}", "sign": "{sign_name}"}
    HttpGatewayBackend(_configuration(gateway, body=body, sign_name="")).deliver(message)
    HttpGatewayBackend(_configuration(gateway, body=body)).deliver(message)
    assert [json.loads(each["body"])["text"] for each in gateway.received] == [
        f"{SIGNATURE}Your code is 246810",
        "Your code is 246810",
    ]


def test_the_file_and_the_console_show_the_signature(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMS_SIGNATURE = "样例签名"
    send_sms("+8619900000901", "no_account", {})
    settings.SMS_BACKEND = "registry.gateways.sms.ConsoleBackend"
    send_sms("+8619900000901", "no_account", {})
    for text in (str(sms_to(MOBILE)[-1]["text"]), capsys.readouterr().out):
        assert text.count(SIGNATURE) == 1
