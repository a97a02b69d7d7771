"""What a first visit to a public page takes over the wire: at most 80 KB, with everything the page loads."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urljoin

import brotli
import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from filing_portal.access import ACCESS, Audience
from filing_portal.settings import base
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.registry.publication.conftest import make_filings

pytestmark = pytest.mark.django_db

MOST_BYTES = 80_000
A_FULL_PAGE = 25
_DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}
_ADDRESS_IN_STYLE = re.compile(r"""url\(["']?(?!data:)([^"')]+)""")


class _Linked(HTMLParser):
    """Collects the addresses of what a browser loads by itself for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and {"stylesheet", "icon", "preload"} & set(given["rel"].split()):
            self.addresses.add(given["href"])
        elif tag in {"script", "img", "iframe", "source"} and "src" in given:
            self.addresses.add(given["src"])
        elif tag == "use":
            self.addresses.add(given["href"].partition("#")[0])


@pytest.fixture
def _static_files_of_production(tmp_path: Path) -> Iterator[None]:
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES=base.STORAGES,
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def open_cold(path: str) -> ClientResponse:
    """The answer to a browser that was never here."""
    return Client().get(path, headers={"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "zh-CN"})


def sent(answer: ClientResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def weigh(path: str, answer: ClientResponse) -> dict[str, int]:
    """The bytes of a page and of all it loads, by address, with the headers as HTTP/1.1 sends them."""
    weights: dict[str, int] = {}
    waiting = {path: answer}
    while waiting:
        address, answer = waiting.popitem()
        body = sent(answer)
        headers = [
            *answer.items(),
            *(("Set-Cookie", each.OutputString()) for each in answer.cookies.values()),
        ]
        weights[address] = len(body) + sum(len(f"{name}: {value}\r\n") for name, value in headers)
        text = _DECODERS.get(answer.headers.get("Content-Encoding", ""), bytes)(body).decode()
        for linked in _loaded_by(text, answer.headers["Content-Type"]):
            whole = urljoin(address, linked)
            if whole not in weights and whole not in waiting:
                waiting[whole] = open_cold(whole)
                assert waiting[whole].status_code == HTTPStatus.OK, (address, whole)
    return weights


def _loaded_by(text: str, kind: str) -> Iterator[str]:
    if kind.startswith("text/html"):
        page = _Linked()
        page.feed(text)
        yield from page.addresses
    elif kind.startswith("text/css"):
        # A browser loads only the pictures of rules that apply: this counts all of them.
        yield from _ADDRESS_IN_STYLE.findall(text)


def _public_pages() -> Iterator[tuple[str, ClientResponse]]:
    """Every page that everybody may open and that needs no object."""
    for name, audience in ACCESS.items():
        if Audience.ANONYMOUS in audience:
            try:
                path = reverse(name)
            except NoReverseMatch:
                continue
            answer = open_cold(path)
            kind = answer.headers.get("Content-Type", "")
            if answer.status_code == HTTPStatus.OK and kind.startswith("text/html"):
                yield path, answer
            else:
                # An export is a file that would stay open: reading it to its end closes it.
                sent(answer)


@pytest.mark.usefixtures("_static_files_of_production")
def test_a_first_visit_to_any_public_page_takes_at_most_80_kb(cast: Cast) -> None:
    filing = make_filings(cast, A_FULL_PAGE)[0]
    pages = dict(_public_pages())
    assert {"/", "/filings/", "/deadlines/", "/help/", "/account/login/", "/account/signup/"} <= set(pages)
    for path in (
        f"/filings/{quote(str(filing.number))}/",
        "/deadlines/?period=decision&event_date=2026-12-18",
    ):
        pages[path] = open_cold(path)
        assert pages[path].status_code == HTTPStatus.OK
    weights = {path: weigh(path, answer) for path, answer in pages.items()}
    # A style sheet, a script and a picture of each page were weighed.
    assert [path for path, parts in weights.items() if len(parts) < 8] == []
    assert {
        path: sum(parts.values()) for path, parts in weights.items() if sum(parts.values()) > MOST_BYTES
    } == {}


@pytest.mark.usefixtures("_static_files_of_production")
def test_static_files_are_compressed_and_kept_for_ever() -> None:
    home = open_cold("/")
    files = [address for address in weigh("/", home) if address.endswith((".css", ".js"))]
    assert len(files) > 8
    for address in files:
        answer = open_cold(address)
        assert sent(answer) != b""
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        plain = Client().get(address, headers={"Accept-Encoding": "gzip"})
        assert (plain.headers["Content-Encoding"], gzip.decompress(sent(plain)) != b"") == ("gzip", True)
