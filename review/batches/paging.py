"""Pages of long lists of entries: how many there are, and the addresses of those beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest

from registry.presentation.posted import posted_count

ROWS_A_PAGE = 100

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows; `first` is the position of its first row among all `total`, from 1."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS_A_PAGE + 1

    def address(self, number: int) -> str:
        """The query of another page of the same address; empty where there is no such page."""
        return f"?{urlencode({'page': number})}#entries" if 1 <= number <= self.pages else ""

    @property
    def previous_url(self) -> str:
        return self.address(self.number - 1)

    @property
    def next_url(self) -> str:
        return self.address(self.number + 1)

    @property
    def first_url(self) -> str:
        return self.address(1) if self.number > 2 else ""


def page_of(rows: Sequence[Row], number: int) -> Page[Row]:
    """The page of this number, from 1; the last one for a number that is too high."""
    pages = Paginator(rows, ROWS_A_PAGE)
    shown = pages.get_page(max(1, number))
    return Page(rows[shown.start_index() - 1 : shown.end_index()], shown.number, pages.num_pages, pages.count)


def asked_page(request: HttpRequest) -> int:
    """The page that an address asks for; the first for anything else."""
    return posted_count(request.GET.get("page")) or 1
