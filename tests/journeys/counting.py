"""Counts what a way through the portal costs the person who walks it: screens, answers, clicks, files and time.

It listens to the browser's own acts, whichever helper calls them, so that the same way can be counted before and after
the pages change. What a page shows already is neither typed nor chosen again, as a person would leave it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Locator, Page

_LONGEST_TYPED = 40


@dataclass
class Counts:
    """The costs of one way. A place of three linked lists is three answers.

    A screen is a page that the browser loaded, a step an address that it showed: pages of the form take each other's
    place without a load where scripts run, and are read one by one all the same. `given` names each answer by the
    control that took it. `clicks` are buttons, links, boxes, lists and file dialogs; typing is none.

    `prepared_minutes` is an estimate for a person who has every paper at hand: so many seconds for each step, answer,
    character, click and file. A text of more than forty characters is pasted.
    """

    SECONDS_PER: ClassVar[dict[str, float]] = {
        "step": 15.0,
        "answer": 8.0,
        "character": 0.8,
        "pasted text": 10.0,
        "click": 1.3,
        "file": 20.0,
    }

    loaded: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    given: list[str] = field(default_factory=list)
    clicks: int = 0
    files: int = 0
    characters: int = 0
    pasted: int = 0
    seconds: float = 0.0

    @property
    def screens(self) -> int:
        """Pages that were loaded; one that came back with a message counts once."""
        return len(self.loaded)

    @property
    def steps(self) -> int:
        """Addresses that were shown, those that took the place of another without a load among them."""
        return len(self.shown)

    @property
    def answers(self) -> int:
        return len(self.given)

    @property
    def prepared_minutes(self) -> float:
        amounts = {
            "step": self.steps,
            "answer": self.answers,
            "character": self.characters,
            "pasted text": self.pasted,
            "click": self.clicks,
            "file": self.files,
        }
        return sum(self.SECONDS_PER[name] * amount for name, amount in amounts.items()) / 60

    def type(self, name: str, text: str) -> None:
        self.given.append(name)
        if len(text) > _LONGEST_TYPED:
            self.pasted += 1
        else:
            self.characters += len(text)

    def row(self, name: str) -> str:
        """A row of the table of counts."""
        cells = (
            self.screens,
            self.steps,
            self.answers,
            self.clicks,
            self.files,
            f"{self.prepared_minutes:.1f}",
        )
        return f"| {name} | {' | '.join(map(str, cells))} | {self.seconds:.0f} |"


HEADER = (
    "| way | screens | steps | answers | clicks | files | minutes, prepared | seconds of the machine |\n"
    "|---|---|---|---|---|---|---|---|"
)


@contextmanager
def counting(page: Page) -> Iterator[Counts]:
    """Counts what happens on a page until the block ends; the page shown at its beginning is a screen of it."""
    counts = Counts()
    began = time.monotonic()

    def shown(frame: Frame) -> None:
        if frame == page.main_frame:
            counts.shown.add(urlsplit(frame.url).path)

    def loaded(page: Page) -> None:
        counts.loaded.add(urlsplit(page.url).path)

    if page.url.startswith("http"):
        shown(page.main_frame)
        loaded(page)
    page.on("framenavigated", shown)
    page.on("domcontentloaded", loaded)
    with pytest.MonkeyPatch.context() as patch:
        for name, instead in _acts(page, counts).items():
            patch.setattr(Locator, name, instead)
        yield counts
    page.remove_listener("framenavigated", shown)
    page.remove_listener("domcontentloaded", loaded)
    counts.seconds = time.monotonic() - began


def _acts(page: Page, counts: Counts) -> dict[str, Callable[..., Any]]:
    """The acts of a locator, each counted before it happens and left out where it would change nothing."""
    fill, check, choose = Locator.fill, Locator.check, Locator.select_option
    uncheck = Locator.uncheck
    click, double_click, upload = Locator.click, Locator.dblclick, Locator.set_input_files

    @wraps(fill)
    def counted_fill(control: Locator, value: str, **options: Any) -> None:
        if control.page == page:
            if control.input_value() == value:
                return
            counts.type(_name_of(control), value)
        fill(control, value, **options)

    @wraps(check)
    def counted_check(control: Locator, **options: Any) -> None:
        if control.page == page:
            if control.is_checked():
                return
            counts.given.append(_name_of(control))
            counts.clicks += 1
        check(control, **options)

    @wraps(uncheck)
    def counted_uncheck(control: Locator, **options: Any) -> None:
        if control.page == page and control.is_checked():
            counts.given.append(_name_of(control))
            counts.clicks += 1
        uncheck(control, **options)

    @wraps(choose)
    def counted_choice(control: Locator, value: Any = None, **options: Any) -> list[str]:
        if control.page == page:
            if control.input_value() == value:
                return [value]
            counts.given.append(_name_of(control))
            counts.clicks += 1
        return choose(control, value, **options)

    @wraps(click)
    def counted_click(control: Locator, **options: Any) -> None:
        counts.clicks += control.page == page
        click(control, **options)

    @wraps(double_click)
    def counted_double_click(control: Locator, **options: Any) -> None:
        counts.clicks += 2 * (control.page == page)
        double_click(control, **options)

    @wraps(upload)
    def counted_upload(control: Locator, files: Any, **options: Any) -> None:
        if control.page == page:
            counts.files += 1
            counts.clicks += 1
        upload(control, files, **options)

    return {
        "fill": counted_fill,
        "check": counted_check,
        "uncheck": counted_uncheck,
        "select_option": counted_choice,
        "click": counted_click,
        "dblclick": counted_double_click,
        "set_input_files": counted_upload,
    }


def _name_of(control: Locator) -> str:
    """The page and the control's name there, as the list of answers says them."""
    page = urlsplit(control.page.url).path.rstrip("/").rsplit("/", 1)[-1]
    return f"{page}: {control.get_attribute('name') or control.get_attribute('id') or ''}"
