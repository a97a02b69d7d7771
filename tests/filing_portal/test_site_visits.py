"""The visits and the visitor as processes: what one sees the other keeps, and whoever is killed leaves the work."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from filing_portal.site_visits import AT_ONCE
from registry import clock
from registry.sample.walk import SampleCase
from review.models import SiteVisit, WaitingVisit
from review.visits import visiting, waiting
from review.visits.addresses import FiledAddress
from review.visits.seen import NOT_READ, Seen, from_json, read_answer
from tests.builders.register import Cast, submitted
from tests.builders.web_sites import Manner, Site, hangs, says, site
from tests.services.portal import VisitorProcess, VisitsProcess, WebProcess, portal_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("visits")]

WAIT_SECONDS = 90
PAGE = "<title>样例存证平台</title><p>样例服务 京ICP备12345678号</p>".encode()


@pytest.fixture
def path() -> Iterator[Path]:
    """Where the visitor listens: the address of a socket is short."""
    folder = Path(tempfile.mkdtemp(prefix="visitor-"))
    yield folder / "socket"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def case(live_files: None) -> SampleCase:
    return submitted(Cast())


def ask(case: SampleCase, *addresses: str) -> None:
    filed = [FiledAddress("service.websites.url", each) for each in addresses]
    waiting.ask(case.application, filed, words=("样例服务", "样例公司"), asked_by=None, at=clock.now())


def wait_for(count: int, *, watching: Callable[[], object] = lambda: None) -> list[Seen]:
    """Waits until so many looks are kept; gives what was seen, by address."""
    deadline = time.monotonic() + WAIT_SECONDS
    while SiteVisit.objects.count() < count:
        assert time.monotonic() < deadline, "Nothing more was looked at."
        watching()
        time.sleep(0.1)
    return sorted((from_json(each.seen) for each in SiteVisit.objects.all()), key=lambda seen: seen.url)


def test_what_the_visitor_sees_is_kept_with_the_case(case: SampleCase, path: Path) -> None:
    with site(says(PAGE, headers="Content-Type: text/html; charset=utf-8\r\n")) as shown:
        visitor, visits = VisitorProcess(path, ports=[shown.port]), VisitsProcess(path)
        try:
            ask(case, shown.url(), "https://no.example/", "http://10.0.0.1/", "http://127.0.0.1:22/")
            seen = wait_for(4)
            deadline = time.monotonic() + WAIT_SECONDS
            while not visiting.is_alive(at=clock.now()):
                assert time.monotonic() < deadline, "The visits did not say that they live."
                time.sleep(0.1)
        finally:
            visits.stop(seconds=5)
            visitor.stop(seconds=5)
    by_host = {each.url.split("/")[2].partition(":")[0]: each for each in seen if each.url.endswith("/")}
    assert by_host["no.example"].failure == "name_unknown"
    assert by_host["10.0.0.1"].failure == "address_refused"
    assert sorted(each.failure for each in seen) == ["", "address_refused", "name_unknown", "port_other"]
    page = next(each.page for each in seen if each.url == shown.url())
    assert page is not None
    assert (page.title, page.icp_numbers) == ("样例存证平台", ("京ICP备12345678号",))
    assert (page.names_service, page.names_applicant) == (True, False)
    assert (
        "User-Agent: Mozilla/5.0 (compatible; FilingPortalVisitor/1.0; +https://portal.example.cn)"
        in shown.heads[0]
    )
    assert not WaitingVisit.objects.exists()
    assert not path.exists()


def test_fifty_sites_that_hang_hold_nothing_else(
    case: SampleCase, path: Path, live_portal: WebProcess
) -> None:
    with site(hangs(2), host="0.0.0.0") as slow:
        visitor, visits = VisitorProcess(path, ports=[slow.port]), VisitsProcess(path)
        try:
            # Two addresses of each host, and fifty hosts.
            ask(case, *(slow.url(page, host=f"127.0.0.{n}") for n in range(2, 52) for page in ("/a", "/b")))
            slowest, hosts = 0.0, 0
            ends_at = time.monotonic() + 12
            while time.monotonic() < ends_at:
                started = time.monotonic()
                with urlopen(f"{live_portal.url}/healthz", timeout=10) as answer:
                    assert answer.status == 200
                slowest = max(slowest, time.monotonic() - started)
                taken = list(WaitingVisit.objects.exclude(taken_by="").values_list("host", flat=True))
                assert len(taken) == len(set(taken)) <= AT_ONCE
                hosts = max(hosts, len(taken))
                time.sleep(0.1)
        finally:
            visits.stop(seconds=5)
            visitor.stop(seconds=5)
    assert slowest < 1
    assert hosts == AT_ONCE
    assert slow.most_at_once <= AT_ONCE
    assert SiteVisit.objects.count() > 3


def test_visits_that_are_asked_to_stop_end_at_once_and_the_next_go_on(case: SampleCase, path: Path) -> None:
    with site(hangs(15)) as slow:
        visitor, visits = VisitorProcess(path, ports=[slow.port]), VisitsProcess(path)
        try:
            ask(case, slow.url())
            visits.wait_until(lambda: bool(slow.paths), seconds=WAIT_SECONDS, what="A look")
            started = time.monotonic()
            visits.process.send_signal(signal.SIGTERM)
            assert visits.process.wait(timeout=5) == 0
            assert time.monotonic() - started < 3
        finally:
            visits.stop(seconds=5)
            visitor.stop(seconds=5)
    assert WaitingVisit.objects.values_list("taken_by", "attempts").get() == ("", 0)
    assert not SiteVisit.objects.exists()


def test_visits_that_are_killed_leave_an_address_that_is_looked_at_once(case: SampleCase, path: Path) -> None:
    with site(hangs(15)) as slow:
        visitor, visits = VisitorProcess(path, ports=[slow.port]), VisitsProcess(path)
        try:
            ask(case, slow.url())
            visits.wait_until(lambda: bool(slow.paths), seconds=WAIT_SECONDS, what="A look")
            os.kill(visits.pid, signal.SIGKILL)
            visits.process.wait(timeout=5)
            slow.manner = says(PAGE)
            with clock.stopped_at(clock.now() + waiting.SILENT_AFTER + timedelta(seconds=1)):
                row = waiting.take("the next one")
                assert row is not None
                assert row.attempts == 2
                waiting.set_free(row, was_begun=False)
            visits = VisitsProcess(path)
            [seen] = wait_for(1)
        finally:
            visits.stop(seconds=5)
            visitor.stop(seconds=5)
    assert seen.status == 200
    assert SiteVisit.objects.count() == 1


def test_a_visitor_that_is_killed_in_the_middle_leaves_the_address_for_the_next(
    case: SampleCase, path: Path
) -> None:
    with site(hangs(15)) as slow:
        visitor, visits = VisitorProcess(path, ports=[slow.port]), VisitsProcess(path)
        try:
            ask(case, slow.url())
            visits.wait_until(lambda: bool(slow.paths), seconds=WAIT_SECONDS, what="A look")
            os.kill(visitor.pid, signal.SIGKILL)
            visitor.process.wait(timeout=5)
            visits.wait_until(
                lambda: WaitingVisit.objects.filter(taken_by="").exists(), seconds=30, what="A free address"
            )
            assert not SiteVisit.objects.exists()
            slow.manner = says(PAGE)
            visitor = VisitorProcess(path, ports=[slow.port])
            [seen] = wait_for(1)
        finally:
            visits.stop(seconds=5)
            visitor.stop(seconds=5)
    assert seen.status == 200


# ---------------------------------------------------------------- the child


def looked_at(manner: Manner, *, path: str = "/") -> tuple[Seen, float]:
    """What a child answers, and in how many seconds."""
    with site(manner) as shown:
        order = {
            "url": shown.url(path),
            "words": ["样例服务", "样例公司"],
            "agent": "test",
            "ports": [shown.port],
            "refused": [],
            "let_through": ["127.0.0.0/8"],
        }
        started = time.monotonic()
        child = subprocess.run(
            [sys.executable, "-E", "-s", "-B", "-m", "review.visits.looking.worker"],
            input=json.dumps(order).encode(),
            capture_output=True,
            env={"PATH": os.environ["PATH"]},
            timeout=60,
            check=False,
        )
        return read_answer(child.stdout, url=shown.url(path)), time.monotonic() - started


def test_a_page_made_to_be_slow_ends_its_child_and_what_was_seen_before_is_kept() -> None:
    seen, _seconds = looked_at(says(b"<!" * 700_000))
    assert seen.status == 200
    assert seen.problem in {"", NOT_READ}


def test_a_child_looks_with_every_wall_around_it() -> None:
    seen, seconds = looked_at(says(PAGE, headers="Content-Type: text/html; charset=gbk\r\n"))
    assert seen.page is not None
    assert seconds < 10
    waits: list[int] = []

    def manner(connection: socket.socket, _path: str) -> None:
        mine = [
            int(each.parent.name)
            for each in Path("/proc").glob("[0-9]*/cmdline")
            if b"review.visits.looking.worker" in _read(each)
        ]
        waits.extend(each for each in mine if b"Seccomp:\t2" in _read(Path(f"/proc/{each}/status")))
        says(PAGE)(connection, _path)

    looked_at(manner)
    assert waits


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


# ---------------------------------------------------------------- the visitor alone


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FILING_PORTAL_VISITOR_PORTS", "80,web"),
        ("FILING_PORTAL_VISITOR_PORTS", "0"),
        ("FILING_PORTAL_VISITOR_REFUSED", "10.0.0.0/99"),
        ("FILING_PORTAL_VISITOR_SOCKET", "socket"),
        ("FILING_PORTAL_VISITOR_SOCKET", "/" + "long/" * 30 + "socket"),
    ],
)
def test_a_visitor_does_not_start_with_a_variable_that_says_nothing(
    variable: str, value: str, repository: Path
) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "filing_portal.visitor"],
        cwd=repository,
        env={"PATH": os.environ["PATH"], variable: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 1
    assert variable in answer.stdout


@pytest.mark.parametrize(
    "order", [b"", b"nonsense\n", b"[]\n", b'{"url": 5}\n', b'{"url": "x"}\n', b"x" * 100_000]
)
def test_what_is_no_order_is_answered_with_nothing(order: bytes, path: Path) -> None:
    visitor = VisitorProcess(path, ports=[])
    try:
        with closing(socket.socket(socket.AF_UNIX)) as asking:
            asking.settimeout(10)
            asking.connect(str(path))
            try:
                asking.sendall(order)
                asking.shutdown(socket.SHUT_WR)
                assert asking.recv(100) == b""
            except OSError:
                pass
        assert visitor.is_running()
    finally:
        visitor.stop(seconds=5)


def test_asked_whether_they_live_both_answer_by_their_exit_status(case: SampleCase, path: Path) -> None:
    environment = portal_environment(FILING_PORTAL_VISITOR_SOCKET=str(path))

    def answer(module: str) -> int:
        command = [sys.executable, "-m", f"filing_portal.{module}", "--is-alive"]
        return subprocess.run(command, env=environment, check=False, timeout=60).returncode

    assert (answer("visitor"), answer("site_visits")) == (1, 1)
    visitor = VisitorProcess(path, ports=[])
    try:
        visiting.say_alive(at=clock.now())
        assert (answer("visitor"), answer("site_visits")) == (0, 1)
    finally:
        visitor.stop(seconds=5)


def test_the_site_of_a_test_is_none_of_the_public_network() -> None:
    """The control of all tests here: without the option for tests nothing of this machine is looked at."""
    with closing(Site(says(PAGE))) as shown:
        order = {
            "url": shown.url(),
            "words": [],
            "agent": "test",
            "ports": [shown.port],
            "refused": [],
            "let_through": [],
        }
        child = subprocess.run(
            [sys.executable, "-m", "review.visits.looking.worker"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert read_answer(child.stdout, url=shown.url()).failure == "address_refused"
        assert shown.paths == []
