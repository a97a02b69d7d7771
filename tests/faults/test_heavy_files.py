"""No file stops the portal: whatever is sent and looked at, `/healthz` answers within a second."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applicants.drafts import store as drafts
from registry import clock
from registry.files import decoding
from registry.models import Account, Attachment
from registry.rules.workflow.states import Role
from registry.storage import attachments
from registry.storage.attachments import QUARANTINE
from registry.storage.checks import sandbox
from tests.builders.heavy_documents import curves
from tests.builders.odd_documents import document, doubling_forms
from tests.builders.register import MORNING, Cast
from tests.services.portal import DecoderProcess, WebProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("heavy")]

MOST_SECONDS = 1.0
WAIT_SECONDS = 240


@pytest.fixture
def cast(live_files: None) -> Cast:
    """Accounts whose files the processes find."""
    return Cast()


# Asks until its input ends; each line is the seconds that an answer took.
ASKER = """
import sys, threading, time
from urllib.request import urlopen

is_over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), is_over.set()), daemon=True).start()
while not is_over.wait(0.05):
    started = time.monotonic()
    with urlopen(sys.argv[1], timeout=60) as answer:
        answer.read()
    print(time.monotonic() - started, flush=True)
"""


@contextmanager
def watched(portal: WebProcess) -> Iterator[list[float]]:
    """While this lasts `/healthz` is asked again and again; gives, afterwards, the seconds that each answer took.

    By a process of its own: this one is busy with what it sends.
    """
    seconds: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", ASKER, f"{portal.url}/healthz"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as asker:
        yield seconds
        answers, _nothing = asker.communicate(timeout=120)
    assert asker.returncode == 0
    seconds += map(float, answers.split())
    assert seconds


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


SLOT = "product_introduction"
FILES_OF_A_DRAFT = 5
# Every so manieth is sent by a page without its script.
WITHOUT_SCRIPT = 10
MOST_TIMES = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """An upload that was accepted: after how long, and how often it was sent for that."""

    seconds: float
    times: int


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody signed in at the page of a draft's files."""

    draft_id: uuid.UUID
    cookies: str
    token: str

    @classmethod
    def of(cls, account: Account) -> Sender:
        draft = drafts.start_draft(account, applicant=None, at=clock.now())
        client = Client()
        client.force_login(account, backend="registry.accounts.backends.AccountBackend")
        page = client.get(f"/applicant/drafts/{draft.pk}/attachments/").content.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
        return cls(draft.pk, cookies, found[1])

    def send(self, portal: WebProcess, name: str, content: bytes, *, sends_again: bool) -> Sent:
        """Uploads a file, as the page's script does or as a page without it; gives what became of it."""
        line = uuid.uuid4().hex
        parts = (
            f'--{line}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n'
            f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = parts.encode() + content + f"\r\n--{line}--\r\n".encode()
        headers = {"Cookie": self.cookies, "Content-Type": f"multipart/form-data; boundary={line}"}
        if sends_again:
            headers["Prefer"] = "wait=0"
        path = f"/applicant/drafts/{self.draft_id}/attachments/"
        started = time.monotonic()
        with closing(HTTPConnection(portal.url.removeprefix("http://"), timeout=120)) as browser:
            for times in range(1, MOST_TIMES + 1):
                browser.request("POST", f"{path}{SLOT}/", body, headers)
                answer = browser.getresponse()
                said = answer.read().decode()
                if answer.status == HTTPStatus.FOUND:
                    browser.request("GET", path, headers={"Cookie": self.cookies})
                    page = browser.getresponse()
                    # What was accepted is listed, whatever the decoder says of it later.
                    assert name in page.read().decode()
                    assert page.status == HTTPStatus.OK
                    return Sent(time.monotonic() - started, times)
                assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
                assert ("<html" in said) is not sends_again
                time.sleep(int(answer.headers["Retry-After"]) * random.uniform(1, 1 + min(times, 4)))
        raise AssertionError(f"{name} was put off {MOST_TIMES} times.")


def upload_at_once(cast: Cast, portal: WebProcess, *, uploads: int, until_all: bool) -> None:
    accounts = [
        cast.get(f"样例上传人{number}", Role.APPLICANT) for number in range(uploads // FILES_OF_A_DRAFT)
    ]
    senders = [Sender.of(each) for each in accounts]
    content = curves()
    waits_still = Attachment.objects.filter(state=Attachment.State.WAITING)
    sent: list[Sent] = []

    def send(number: int) -> float:
        sender = senders[number % len(senders)]
        found = sender.send(portal, f"样例{number}.pdf", content, sends_again=number % WITHOUT_SCRIPT > 0)
        sent.append(found)
        return found.seconds

    with watched(portal) as seconds:
        all_at_once(uploads, send)
        stored = Counter(each.name for each in Attachment.objects.all())
        # One that was refused meanwhile makes room for the next one of its place, and stays until it was shown.
        assert stored == Counter(f"样例{number}.pdf" for number in range(uploads))
        deadline = time.monotonic() + uploads * WAIT_SECONDS
        while waits_still.count() > (0 if until_all else uploads - 3):
            assert time.monotonic() < deadline, "The decoder read nothing."
            time.sleep(0.5)
    states = Counter(Attachment.objects.values_list("state", "refusal_code"))
    print(
        f"{uploads} uploads of {len(content):,} bytes: sent {sum(each.times for each in sent)} times, the last stored"
        f" after {max(each.seconds for each in sent):.2f} s; afterwards {dict(states)};"
        f" /healthz {len(seconds)} times, longest {max(seconds):.2f} s"
    )
    assert max(seconds) < MOST_SECONDS
    # Refused with words: nobody could have read it.
    assert set(states) <= {("waiting", ""), ("refused", "file_too_complex")}
    if until_all:
        assert states == {("refused", "file_too_complex"): uploads}


def test_50_uploads_at_once_of_150000_curves_are_stored_once_each_and_leave_the_portal_alive(
    cast: Cast, live_portal: WebProcess, decoder: DecoderProcess
) -> None:
    upload_at_once(cast, live_portal, uploads=50, until_all=False)


@pytest.mark.proof
def test_50_uploads_at_once_of_150000_curves_are_all_refused_in_their_turn(
    cast: Cast, live_portal: WebProcess, decoder: DecoderProcess
) -> None:
    upload_at_once(cast, live_portal, uploads=50, until_all=True)


@pytest.fixture
def sent(cast: Cast, files_wait: None) -> Attachment:
    """A file that waits, and takes its child seconds."""
    draft = drafts.start_draft(cast.member, applicant=None, at=clock.now())
    file = SimpleUploadedFile("样例.pdf", curves(30_000))
    drafts.attach_file(draft.pk, f"attachments.{SLOT}", file=file, account=cast.member, at=clock.now())
    return Attachment.objects.get()


@contextmanager
def each_child_gets(signal_number: int) -> Iterator[list[int]]:
    """While this lasts every child that decodes a file gets this signal, once; gives the children."""
    hit: list[int] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            for child in children_that_decode(os.getpid()):
                if child not in hit:
                    os.kill(child, signal_number)
                    hit.append(child)
            is_over.wait(0.02)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield hit
    finally:
        is_over.set()
        thread.join()


def page_of(cast: Cast, attachment: Attachment) -> str:
    """The page of the draft's files, in Chinese."""
    client = Client()
    client.force_login(cast.member, backend="registry.accounts.backends.AccountBackend")
    return client.get(f"/applicant/drafts/{attachment.draft_id}/attachments/").content.decode()


def try_again(cast: Cast, attachment: Attachment) -> None:
    """The button is there, and does what it says."""
    client = Client()
    client.force_login(cast.member, backend="registry.accounts.backends.AccountBackend")
    address = f"/applicant/drafts/{attachment.draft_id}/files/{attachment.pk}/again/"
    assert address in page_of(cast, attachment)
    assert client.post(address).status_code == HTTPStatus.FOUND
    assert decoding.work_once("test")
    attachment.refresh_from_db()
    assert attachment.state == Attachment.State.CLEAN
    assert "文件可读取" in page_of(cast, attachment)


def test_a_child_killed_three_times_the_file_says_so_and_can_be_tried_again(
    cast: Cast, sent: Attachment
) -> None:
    with each_child_gets(signal.SIGKILL) as killed:
        while decoding.work_once("test"):
            pass
    assert len(killed) == 3
    assert "读取该文件时中断" in page_of(cast, sent)
    try_again(cast, sent)


def test_a_child_that_hangs_is_ended_and_the_file_can_be_tried_again(
    cast: Cast, sent: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with each_child_gets(signal.SIGSTOP), monkeypatch.context() as impatient:
        impatient.setattr(sandbox, "WALL_SECONDS", 3)
        assert decoding.work_once("test")
    sent.refresh_from_db()
    assert (sent.state, sent.refusal_code) == ("refused", "file_too_complex")
    assert children_that_decode(os.getpid()) == []
    try_again(cast, sent)


def test_a_child_out_of_memory_the_file_says_so_and_can_be_tried_again(cast: Cast, sent: Attachment) -> None:
    # Its first bytes are a PDF's: only the decoder can know.
    whole = QUARANTINE.read(sent.pk)
    QUARANTINE.write(sent.pk, document(doubling_forms))
    assert decoding.work_once("test")
    sent.refresh_from_db()
    assert (sent.state, sent.refusal_code) == ("refused", "file_too_complex")
    assert "所需时间或内存过多" in page_of(cast, sent)
    QUARANTINE.write(sent.pk, whole)
    try_again(cast, sent)


def children_that_decode(parent: int) -> list[int]:
    """The process ids of the children of a process that decode a file."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
            status = (path.parent / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"registry.storage.checks.worker" in words and int(status[1]) == parent:
            found.append(int(path.parent.name))
    return found
