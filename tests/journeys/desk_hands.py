"""An officer with no mouse at the desk, whose keys, loads and seconds are counted for every case."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean

from playwright.sync_api import Page, expect

from tests.journeys.people import PATIENCE_MS

HEADER = f"{'':38}{'cases':>6}{'clicks':>8}{'keys':>7}{'typed':>7}{'loads':>7}{'seconds':>9}"
_MOST_STOPS = 100
_SECTIONS_TO_MARK = ".section-rest button"
_FIRST_ACT = ".decision-bar__acts a"


@dataclass
class Spent:
    """What one case took at one desk; `typed` are texts that were written, `clicks` those of a mouse."""

    kind: str
    keys: int = 0
    typed: int = 0
    loads: int = 0
    clicks: int = 0
    seconds: float = 0.0


@dataclass
class DeskHands:
    """Somebody who reads the queue and works on cases with the keyboard alone."""

    page: Page
    home: str
    spent: list[Spent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = Spent("")
        self.page.on("load", self._count)

    def _count(self, _page: Page) -> None:
        self.now.loads += 1

    def open_queue(self) -> None:
        self.page.goto(f"{self.home}/review/")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.now.keys += 1

    def go(self, key: str) -> None:
        """Presses a key that leads to another page, and waits for that page."""
        with self.page.expect_navigation(timeout=PATIENCE_MS):
            self.press(key)

    def write(self, selector: str, text: str) -> None:
        """Goes to the first empty text, from there with Tab to the field of this selector, and writes."""
        wanted = self.page.locator(selector).first
        if not self.now.typed:
            self.press("t")
        for _stop in range(_MOST_STOPS):
            if wanted.evaluate("element => element === document.activeElement"):
                break
            self.press("Tab")
        expect(wanted).to_be_focused()
        self.page.keyboard.insert_text(text)
        self.now.typed += 1

    def take_next(self) -> bool:
        """Takes the next case from the queue or from a case that is done; False where none waits."""
        button = self.page.locator('[data-key="n"]')
        if not button.count() or button.is_disabled():
            return False
        self.now, begun = Spent(""), time.monotonic()
        self.go("n")
        self._begun = begun
        return True

    def mark_rest(self) -> None:
        """Marks what remains of every section, and is led to the first act."""
        rest = self.page.locator(_SECTIONS_TO_MARK)
        expect(self.page.locator(_FIRST_ACT).first).to_be_visible(timeout=PATIENCE_MS)
        # Nobody presses a key before the page's scripts are there.
        self.page.wait_for_load_state()
        if rest.count():
            self.press("a")
        for left in range(rest.count() - 1, -1, -1):
            here = self.page.locator(f".particulars__section:has(:focus) {_SECTIONS_TO_MARK}")
            expect(here).to_have_count(1, timeout=PATIENCE_MS)
            self.press("a")
            expect(rest).to_have_count(left, timeout=PATIENCE_MS)

    def mark_first_as_deficient(self) -> None:
        """Marks the first line as deficient, for the first fault of the catalogue."""
        self.press("m")
        row = self.page.locator(".particular:has(:focus)").get_attribute("id")
        self.press("d")
        fault = self.page.locator(f'[id="{row}"] .remark select')
        expect(fault).to_be_focused(timeout=PATIENCE_MS)
        self.press("ArrowDown")
        expect(self.page.locator(f'[id="{row}"] .verdict__who')).to_contain_text(
            re.compile("已保存"), timeout=PATIENCE_MS
        )
        self.press("Escape")

    def lead_on(self) -> None:
        """The act that advances the case, with the first choice where one is to be made."""
        self.go("e")
        if self.page.locator('form[data-key-send] input[type="radio"]').count():
            self.press("1")
        self._record()

    def refuse(self, *, remedy: str, grounds: str) -> None:
        """The act that refuses, with what is to be done and the grounds."""
        self.go("x")
        for selector, text in (('[name="reasons-0-remedy"]', remedy), ('textarea[name="text"]', grounds)):
            if not self.page.locator(selector).input_value():
                self.write(selector, text)
        self._record()

    def _record(self) -> None:
        self.go("Control+Enter")
        expect(self.page).to_have_url(re.compile("/review/cases/[^/]+/$"), timeout=PATIENCE_MS)

    def note(self, kind: str) -> None:
        """The case is done at this desk."""
        self.now.kind, self.now.seconds = kind, time.monotonic() - self._begun
        self.spent.append(self.now)
        self.now = Spent("")


def table(spent: Iterable[Spent]) -> str:
    """The means of each kind of case, a line each."""
    spent = list(spent)
    lines = [HEADER]
    for kind in sorted({each.kind for each in spent}):
        of_kind = [each for each in spent if each.kind == kind]
        means = (
            fmean(getattr(each, name) for each in of_kind) for name in ("clicks", "keys", "typed", "loads")
        )
        clicks, keys, typed, loads = means
        seconds = fmean(each.seconds for each in of_kind)
        lines.append(
            f"{kind:38}{len(of_kind):6}{clicks:8.1f}{keys:7.1f}{typed:7.1f}{loads:7.1f}{seconds:9.1f}"
        )
    return "\n".join(lines)
