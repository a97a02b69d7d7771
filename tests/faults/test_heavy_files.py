"""No file stops the portal: whatever is sent and looked at, `/healthz` answers within a second."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener, urlopen

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.models import Account, Attachment
from registry.storage import attachments
from tests.builders.heavy_documents import curves
from tests.builders.odd_documents import document
from tests.builders.register import MORNING, Cast
from tests.services.portal import DecoderProcess, WebProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("heavy")]

MOST_SECONDS = 1.0
WAIT_SECONDS = 240


@pytest.fixture
def cast(live_files: None) -> Cast:
    """Accounts whose files the processes find."""
    return Cast()


@pytest.fixture
def decoder(live_portal: WebProcess) -> Iterator[DecoderProcess]:
    """A decoder beside the portal."""
    process = DecoderProcess()
    yield process
    process.stop(seconds=5)


@contextmanager
def watched(portal: WebProcess) -> Iterator[list[float]]:
    """While this lasts `/healthz` is asked again and again; gives the seconds that each answer took."""
    seconds: list[float] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            started = time.monotonic()
            with urlopen(f"{portal.url}/healthz", timeout=60) as answer:
                answer.read()
            seconds.append(time.monotonic() - started)
            is_over.wait(0.05)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield seconds
    finally:
        is_over.set()
        thread.join()


def browser_of(account: Account) -> OpenerDirector:
    """Somebody who is signed in, by cookie."""
    client = Client()
    client.force_login(account, backend="registry.accounts.backends.AccountBackend")
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    name = settings.SESSION_COOKIE_NAME
    opener.addheaders = [("Cookie", f"{name}={client.cookies[name].value}")]
    return opener


def heavy_file(cast: Cast, content: bytes) -> Attachment:
    """As a version kept it that drew nothing on receipt."""
    attachment = attachments.receive(
        draft_id=uuid.uuid4(),
        slot="product_introduction",
        uploaded_by=cast.member,
        file=SimpleUploadedFile("样例.pdf", document()),
        at=MORNING,
    )
    attachments.STORE.remove(attachment.pk)
    attachments.STORE.write(attachment.pk, content)
    return attachment


def all_at_once(count: int, act: Callable[[int], float]) -> list[float]:
    """The results of so many acts that begin together."""
    together = threading.Barrier(count)

    def begin(number: int) -> float:
        together.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def view_at_once(cast: Cast, portal: WebProcess, *, views: int, files: int) -> None:
    heavy = [heavy_file(cast, curves()) for _ in range(files)]
    assert len(curves()) > 1_800_000
    browser = browser_of(cast.member)

    def view(number: int) -> float:
        started = time.monotonic()
        attachment = heavy[number % files]
        with browser.open(Request(f"{portal.url}/files/{attachment.pk}/pages/1/"), timeout=60) as answer:
            assert answer.headers["Content-Type"] in {"image/svg+xml", "image/png", "image/jpeg"}
            answer.read()
        return time.monotonic() - started

    with watched(portal) as seconds:
        views_took = all_at_once(views, view)
        deadline = time.monotonic() + WAIT_SECONDS
        while Attachment.objects.filter(drawn_at__isnull=True).exists():
            assert time.monotonic() < deadline, "The decoder drew nothing."
            time.sleep(0.2)
        later = all_at_once(views, view)
    print(
        f"{views} views of {files} files of {len(curves()):,} bytes: longest {max(views_took):.2f} s while they are"
        f" drawn, {max(later):.2f} s afterwards; /healthz {len(seconds)} times, longest {max(seconds):.2f} s"
    )
    assert max(seconds) < MOST_SECONDS


def test_16_views_at_once_of_a_file_of_150000_curves_leave_the_portal_alive(
    cast: Cast, live_portal: WebProcess, decoder: DecoderProcess
) -> None:
    view_at_once(cast, live_portal, views=16, files=1)


@pytest.mark.proof
def test_64_views_at_once_of_eight_files_of_150000_curves_leave_the_portal_alive(
    cast: Cast, live_portal: WebProcess, decoder: DecoderProcess
) -> None:
    view_at_once(cast, live_portal, views=64, files=8)
