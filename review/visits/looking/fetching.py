"""One look: an address is asked, and each that it sends on to, checked anew, until one answers or does not."""

from __future__ import annotations

import http.client
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from review.visits.looking.connection import (
    Deadline,
    Resolver,
    addresses_of,
    checked_addresses,
    connect,
    read_through,
)
from review.visits.looking.guard import Address, Rules, Target, joined, target_of
from review.visits.looking.limits import LOOK_SECONDS, MOST_PAGE_BYTES, MOST_REDIRECTS, MOST_URL
from review.visits.looking.page import Page, read_page
from review.visits.looking.problems import NoAnswer

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 65_536
_GZIP_OR_DEFLATE = 47
_MOST_TYPE = 100
_LARGEST_STATUS = 999


@dataclass(frozen=True, slots=True)
class Step:
    """One address that was asked: what it answered, or why there was no answer, in how many milliseconds.

    `leads_to` is where it sends on and `by` how: "redirect" or "page"; both empty if nowhere.
    """

    url: str
    status: int = 0
    address: str = ""
    milliseconds: int = 0
    problem: str = ""
    leads_to: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer of a look; `page` is None for one that is no text."""

    status: int
    content_type: str
    size_bytes: int
    is_cut: bool
    page: Page | None


Asked = tuple[Step, Answer | None]


@dataclass(frozen=True, slots=True)
class _Way:
    """What all addresses of one look have in common."""

    rules: Rules
    agent: str
    resolve: Resolver
    on_head: Callable[[Step], object]
    deadline: Deadline


def look(
    url: str,
    *,
    rules: Rules,
    agent: str,
    resolve: Resolver = addresses_of,
    on_head: Callable[[Step], object] = lambda _step: None,
) -> Iterator[Asked]:
    """Each address on the way, as soon as it is known, the last with its answer.

    The way ends with an answer, or a step that has a `problem`; circles and too many redirects are such.
    `on_head` is told of each answer before its body is read, which may end the process.
    """
    deadline = Deadline(LOOK_SECONDS)
    before: set[str] = set()
    current = url
    while True:
        started = time.monotonic()
        step = Step(current[:MOST_URL])
        try:
            target = target_of(current, rules=rules)
            if target.url in before:
                raise NoAnswer("goes_in_circles")
            if len(before) > MOST_REDIRECTS:
                raise NoAnswer("too_many_redirects")
            before.add(target.url)
            way = _Way(rules, agent, resolve, on_head, deadline)
            step, answer = _ask(target, step, way)
        except NoAnswer as reason:
            took = round((time.monotonic() - started) * 1000)
            yield Step(step.url, milliseconds=took, problem=reason.code), None
            return
        took = round((time.monotonic() - started) * 1000)
        step = Step(step.url, step.status, step.address, took, "", step.leads_to, step.by)
        if not step.leads_to:
            yield step, answer
            return
        yield step, None
        current = step.leads_to


def _ask(target: Target, step: Step, way: _Way) -> tuple[Step, Answer]:
    reason = NoAnswer("unreachable")
    found = checked_addresses(target, rules=way.rules, resolve=way.resolve, deadline=way.deadline)
    for address in found:
        try:
            return _ask_at(address, target, step, way)
        except NoAnswer as problem:
            reason = problem
            if problem.code not in {"connection_refused", "unreachable", "too_slow"}:
                break
    raise reason


def _ask_at(address: Address, target: Target, step: Step, way: _Way) -> tuple[Step, Answer]:
    with connect(address, target, deadline=way.deadline) as connection:
        connection.settimeout(way.deadline.within(way.deadline.seconds_left))
        try:
            connection.sendall(_request(target, way.agent))
        except OSError:
            raise NoAnswer("broke_off") from None
        wire = read_through(connection, way.deadline)
        response = http.client.HTTPResponse(wire, method="GET")  # type: ignore[arg-type]
        try:
            response.begin()
        except (http.client.HTTPException, ValueError, OverflowError):
            raise NoAnswer("no_web_answer") from None
        status = response.status if 100 <= response.status <= _LARGEST_STATUS else 0
        location = response.headers.get("location", "") if status in _REDIRECTS else ""
        if location:
            leads_to = joined(target.url, _text_of(location))
            return Step(step.url, status, str(address), 0, "", leads_to[:MOST_URL], "redirect"), _nothing(
                status
            )
        way.on_head(Step(step.url, status, str(address)))
        answer = _answer(response, status, lambda: wire.is_cut)
    page = answer.page
    if page is not None and page.refresh:
        leads_to = joined(target.url, page.refresh)
        if leads_to != target.url:
            return Step(step.url, status, str(address), 0, "", leads_to[:MOST_URL], "page"), answer
    return Step(step.url, status, str(address)), answer


def _request(target: Target, agent: str) -> bytes:
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.host_header}",
        f"User-Agent: {agent}",
        "Accept: text/html,application/xhtml+xml,*/*;q=0.5",
        "Accept-Language: zh-CN,zh;q=0.9,en;q=0.5",
        "Accept-Encoding: gzip, deflate",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii", errors="replace")


def _nothing(status: int) -> Answer:
    return Answer(status, "", 0, False, None)


def _answer(response: http.client.HTTPResponse, status: int, is_cut_short: Callable[[], bool]) -> Answer:
    content_type = response.headers.get("content-type", "").strip().lower()[:_MOST_TYPE]
    if content_type and not content_type.startswith(("text/", "application/xhtml", "application/xml")):
        size = response.headers.get("content-length", "")
        return Answer(
            status, content_type, int(size) if size.isdecimal() and len(size) < 12 else 0, False, None
        )
    encoding = response.headers.get("content-encoding", "").strip().lower()
    body, is_cut = _body(response, encoding)
    page = None if body is None else read_page(body, content_type=content_type)
    return Answer(status, content_type, len(body or b""), is_cut or is_cut_short(), page)


def _body(response: http.client.HTTPResponse, encoding: str) -> tuple[bytes | None, bool]:
    """The unpacked body as far as it is read, and whether there is more; None for one packed in another way."""
    if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        return None, False
    unpack = zlib.decompressobj(_GZIP_OR_DEFLATE) if encoding not in {"", "identity"} else None
    body = bytearray()
    while len(body) < MOST_PAGE_BYTES:
        try:
            received = response.read1(_CHUNK_BYTES)
            if not received:
                return bytes(body), False
            left = MOST_PAGE_BYTES - len(body)
            body += unpack.decompress(received, left) if unpack is not None else received[:left]
        except (NoAnswer, http.client.HTTPException, ValueError, zlib.error):
            # What came so far is what is to be seen.
            return bytes(body), True
        if unpack is not None and unpack.eof:
            return bytes(body), False
    return bytes(body), True


def _text_of(header: str) -> str:
    """A header as it is meant: servers send addresses in UTF-8, and the reader takes each byte for a letter."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
