"""The default set-up of `make run`: SQLite, a broker of files, and everything under the supervisor."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from registry.sample.logins import SAMPLE_PASSWORD
from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import PATIENCE_MS, Reviewer, Visitor, wait_for_number
from tests.services.embedded import copy_prepared, embedded_environment
from tests.services.processes import OwnedProcess, free_port

pytestmark = pytest.mark.browser


@dataclass
class Embedded:
    """A running portal with the sample logins and one case; `home` has no slash at its end."""

    home: str
    service_name: str


def _answers(home: str) -> bool:
    try:
        with urlopen(f"{home}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@pytest.fixture
def embedded(tmp_path: Path, repository: Path) -> Iterator[Embedded]:
    """The portal as `make run` starts it, in a directory of its own, with a small register."""
    copy_prepared(tmp_path)
    environment = embedded_environment(tmp_path, FILING_PORTAL_SAMPLE_DATA="yes")
    # The register of the first start is made by the case's program instead.
    (tmp_path / "sample_data.stamp").touch()
    module = [sys.executable, "-m"]
    made = subprocess.run(
        [*module, "tests.journeys.embedded_case"],
        cwd=repository,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    supervisor = OwnedProcess(
        [*module, "filing_portal.supervisor", "--port", str(port)],
        log=tmp_path / "supervisor.log",
        env=environment,
        cwd=repository,
    )
    try:
        supervisor.wait_until(lambda: _answers(home), seconds=60, what="The supervisor")
        yield Embedded(home, made.stdout.splitlines()[-1])
    finally:
        supervisor.stop(signal_number=signal.SIGTERM, seconds=10)


def test_a_sample_filing_gets_its_number_on_the_embedded_set_up(
    embedded: Embedded, open_browser: OpenBrowser
) -> None:
    home = embedded.home
    public = Visitor(open_browser(home).new_page(), home)
    public.open("/")
    expect(public.page.get_by_role("heading", level=1)).to_be_visible()
    expect(public.page.get_by_text("示例数据").first).to_be_visible()

    province = Reviewer(open_browser(home).new_page(), home)
    province.sign_in("beijing.one@example.com", SAMPLE_PASSWORD)
    province.open_case(embedded.service_name)
    province.claim()
    head = Visitor(open_browser(home).new_page(), home)
    head.sign_in("beijing.head@example.com", SAMPLE_PASSWORD)
    head.open("/review/overview/")
    # Who has what is read alike from both databases.
    expect(
        head.page.get_by_role("row").filter(has_text="样例审核员京一").get_by_role("link", name="1")
    ).to_be_visible()
    province.mark_all()
    province.forward("样例意见：材料齐全，建议予以备案。")

    nation = Reviewer(open_browser(home).new_page(), home)
    nation.sign_in("national.one@example.com", SAMPLE_PASSWORD)
    nation.open_case(embedded.service_name)
    nation.claim()
    nation.mark_all()
    nation.approve()

    member = Visitor(open_browser(home).new_page(), home)
    member.sign_in("applicant@example.com", SAMPLE_PASSWORD)
    member.page.get_by_role("link", name=embedded.service_name).first.click()
    number = wait_for_number(member.page)
    public.look_up(number)
    heading = public.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(embedded.service_name, timeout=PATIENCE_MS)
