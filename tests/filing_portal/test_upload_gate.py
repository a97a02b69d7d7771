"""Few large requests at once in a process; the others wait in a short line, or are told when to send again."""

from __future__ import annotations

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from filing_portal import upload_gate
from filing_portal.upload_gate import LARGE_BYTES, Gate, UploadGateMiddleware, gate_for

LARGE = b"x" * LARGE_BYTES


class Held:
    """A view that is at work until it is let go."""

    def __init__(self) -> None:
        self.is_within = threading.Event()
        self.may_go = threading.Event()
        self.lengths: list[int] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.is_within.set()
        assert self.may_go.wait(10)
        self.lengths.append(len(request.body))
        return HttpResponse("stored")


def sent(content: bytes = LARGE, **headers: str) -> HttpRequest:
    return RequestFactory().post("/", content, content_type="application/octet-stream", headers=headers)


@pytest.fixture
def held() -> Held:
    return Held()


def middleware_of(held: Held, *, places: int, line: int) -> UploadGateMiddleware:
    made = UploadGateMiddleware(held)
    made.gate = Gate(places=places, line=line)
    return made


def test_a_script_that_sends_again_is_told_when_and_never_waits(held: Held) -> None:
    middleware = middleware_of(held, places=1, line=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(middleware, sent())
        assert held.is_within.wait(10)
        refused = sent(Prefer="wait=0")
        answer = middleware(refused)
        assert (answer.status_code, answer.headers["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "1")
        assert answer.content == b""
        # Read to its end: a connection with unread bytes is closed over the sender's head.
        assert refused.read() == b""
        held.may_go.set()
        assert first.result(10).content == b"stored"
    assert middleware(sent(Prefer="wait=0")).content == b"stored"
    assert held.lengths == [LARGE_BYTES, LARGE_BYTES]


def test_a_page_without_script_waits_for_its_place_and_keeps_its_turn(held: Held) -> None:
    middleware = middleware_of(held, places=1, line=1)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(middleware, sent())
        assert held.is_within.wait(10)
        second = pool.submit(middleware, sent(LARGE + b"y"))
        until = time.monotonic() + 10
        while not middleware.gate._waiting:
            assert time.monotonic() < until
            time.sleep(0.01)
        held.may_go.set()
        assert [each.result(10).content for each in (first, second)] == [b"stored", b"stored"]
    assert held.lengths == [LARGE_BYTES, LARGE_BYTES + 1]


@pytest.mark.parametrize(
    ("language", "title", "what_to_do"),
    [
        ("zh-hans", "当前上传的文件较多", "刷新本页"),
        ("en", "Many files are being sent at this moment", "load this page again"),
    ],
)
def test_where_the_line_is_full_the_page_says_what_to_do_so_that_nothing_is_lost(
    held: Held, language: str, title: str, what_to_do: str
) -> None:
    middleware = middleware_of(held, places=1, line=0)
    with ThreadPoolExecutor(1) as pool, override(language):
        first = pool.submit(middleware, sent())
        assert held.is_within.wait(10)
        answer = middleware(sent())
        held.may_go.set()
        assert first.result(10).content == b"stored"
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["Retry-After"] == "1"
    page = answer.content.decode()
    assert title in page
    assert what_to_do in page


def test_who_waits_too_long_is_told_so(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_gate, "PATIENCE_SECONDS", 0.05)
    middleware = middleware_of(held, places=1, line=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(middleware, sent())
        assert held.is_within.wait(10)
        assert middleware(sent()).status_code == HTTPStatus.SERVICE_UNAVAILABLE
        held.may_go.set()
        first.result(10)


def test_small_requests_pass_beside_large_ones(held: Held) -> None:
    middleware = middleware_of(held, places=1, line=0)
    assert middleware.gate.enter(patience_seconds=0)
    held.may_go.set()
    assert middleware(sent(LARGE[1:])).content == b"stored"
    assert middleware(RequestFactory().get("/")).content == b"stored"


def test_a_sender_who_is_gone_is_no_error_of_the_portal() -> None:
    class Gone(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError

    middleware = UploadGateMiddleware(lambda _request: HttpResponse())
    middleware.gate = Gate(places=0, line=0)
    request = sent(Prefer="wait=0")
    request._stream = Gone()
    assert middleware(request).status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_a_view_that_fails_gives_its_place_back() -> None:
    def fail(_request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    middleware = UploadGateMiddleware(fail)
    middleware.gate = Gate(places=1, line=0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            middleware(sent())


def test_whoever_waits_comes_before_who_came_later() -> None:
    gate = Gate(places=1, line=1)
    assert gate.enter(patience_seconds=0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(gate.enter, patience_seconds=10)
        until = time.monotonic() + 10
        while not gate._waiting:
            assert time.monotonic() < until
            time.sleep(0.01)
        gate.leave()
        # Free or not: the place is that of whoever stands in line.
        assert not gate.enter(patience_seconds=0)
        assert waiting.result(10)


@pytest.mark.parametrize(
    ("threads", "places", "line"),
    [(1, 1, 0), (2, 1, 0), (3, 1, 1), (4, 1, 1), (8, 2, 2), (256, 64, 64)],
)
def test_of_the_threads_of_a_process_large_requests_take_half_at_most_and_leave_one(
    threads: int, places: int, line: int
) -> None:
    gate = gate_for(threads)
    assert (gate._places, gate._line) == (places, line)
    assert places + line < max(2, threads)
