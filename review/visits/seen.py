"""What a visitor saw at an address: read from what the looking process answered, of which nothing is trusted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from review.visits.looking.limits import MOST_NUMBERS, MOST_REDIRECTS, MOST_TITLE, MOST_URL

# When nobody who looked lived to say what it saw, and when the answer of a site could not be read.
BROKE_OFF = "looking_broke_off"
NOT_READ = "page_not_read"
_LONGEST_CODE = 40
_LONGEST_NUMBER = 60
_LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class Step:
    """An address that was asked: its status, or `problem`; `leads_to` where it sends on, `by` redirect or page."""

    url: str
    status: int
    milliseconds: int
    problem: str
    leads_to: str
    by: str


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What stood on the page that opened; `has_text` tells a page that says nothing without its scripts."""

    title: str
    encoding: str
    icp_numbers: tuple[str, ...]
    filing_numbers: tuple[str, ...]
    names_service: bool
    names_applicant: bool
    has_text: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: the way, step by step, and the page at its end, if it came to one.

    `content_type` and `size_bytes` are those of the last answer, `is_cut` whether more came than was read. `problem`
    is why the look itself came to no end; empty for one that did.
    """

    url: str
    steps: tuple[Step, ...]
    content_type: str = ""
    size_bytes: int = 0
    is_cut: bool = False
    page: SeenPage | None = None
    problem: str = ""

    @property
    def status(self) -> int:
        """The status of the last answer; 0 where there was none."""
        return self.steps[-1].status if self.steps and not self.failure else 0

    @property
    def failure(self) -> str:
        """Why no page opened; empty where something answered."""
        return (self.steps[-1].problem if self.steps else "") or (self.problem if not self._ended else "")

    @property
    def last_url(self) -> str:
        """The address at which the way ended."""
        return self.steps[-1].url if self.steps else self.url

    @property
    def _ended(self) -> bool:
        return bool(self.steps) and self.steps[-1].status > 0 and not self.steps[-1].leads_to


def read_answer(answer: bytes, *, url: str) -> Seen:
    """What a looking process answered; what it says out of its form is left out. An empty answer broke off."""
    steps: list[Step] = []
    last: Mapping[str, Any] = {}
    page: SeenPage | None = None
    head: Step | None = None
    for line in _lines(answer):
        if isinstance(given := line.get("head"), Mapping):
            head = _step(given)
        elif isinstance(step := line.get("step"), Mapping) and len(steps) <= MOST_REDIRECTS + 1:
            steps.append(_step(step))
            head = None
        elif isinstance(found := line.get("answer"), Mapping):
            last = found
        elif isinstance(found := line.get("page"), Mapping):
            page = _page(found)
    if head is not None:
        # Its page was never read to the end.
        steps.append(head)
    seen = Seen(
        url,
        tuple(steps),
        _text(last.get("content_type"), 100),
        _number(last.get("size_bytes")),
        last.get("is_cut") is True,
        page,
    )
    if not steps or (steps[-1].leads_to and not steps[-1].problem):
        return _with_problem(seen, BROKE_OFF)
    is_text = not seen.content_type or seen.content_type.startswith(("text/", "application/xhtml"))
    if not seen.failure and page is None and is_text:
        return _with_problem(seen, NOT_READ)
    return seen


def broken_off(url: str) -> Seen:
    """A look that came to nothing."""
    return Seen(url, (), problem=BROKE_OFF)


def as_json(seen: Seen) -> str:
    """A look as it is kept."""
    return json.dumps(asdict(seen), ensure_ascii=False)


def from_json(text: str) -> Seen:
    """A look that was kept by `as_json`."""
    kept = json.loads(text)
    page = kept.pop("page")
    steps = tuple(Step(**each) for each in kept.pop("steps"))
    if page is not None:
        lists = ("icp_numbers", "filing_numbers")
        facts: dict[str, Any] = {
            name: tuple(value) if name in lists else value for name, value in page.items()
        }
        page = SeenPage(**facts)
    return Seen(steps=steps, page=page, **kept)


def _with_problem(seen: Seen, problem: str) -> Seen:
    return Seen(seen.url, seen.steps, seen.content_type, seen.size_bytes, seen.is_cut, seen.page, problem)


def _lines(answer: bytes) -> Iterable[Mapping[str, Any]]:
    for line in answer.split(b"\n"):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, Mapping):
            yield found


def _step(given: Mapping[str, Any]) -> Step:
    return Step(
        _text(given.get("url"), MOST_URL),
        _number(given.get("status")),
        _number(given.get("milliseconds")),
        _text(given.get("problem"), _LONGEST_CODE),
        _text(given.get("leads_to"), MOST_URL),
        _text(given.get("by"), _LONGEST_CODE),
    )


def _page(given: Mapping[str, Any]) -> SeenPage:
    words = given.get("words")
    found = [each is True for each in words] if isinstance(words, list) else []
    return SeenPage(
        _text(given.get("title"), MOST_TITLE),
        _text(given.get("encoding"), _LONGEST_CODE),
        _texts(given.get("icp_numbers")),
        _texts(given.get("filing_numbers")),
        names_service=found[:1] == [True],
        names_applicant=found[1:2] == [True],
        has_text=given.get("has_text") is True,
    )


def _texts(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else []
    return tuple(text for each in given[:MOST_NUMBERS] if (text := _text(each, _LONGEST_NUMBER)))


def _text(value: object, length: int) -> str:
    """A text without characters that show nothing or turn the line around."""
    if not isinstance(value, str):
        return ""
    return "".join(each for each in value[:length] if each.isprintable())


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST else 0
