"""Long lists in pages: the order of a list, and cursors, which are texts for the row beside which a page begins.

Pages follow by keyset: rows that come or go between two requests make no page skip or repeat another row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from registry.rules.errors import RuleError

# Longer than any cursor; a text beyond it is not even read.
MAXIMUM_LENGTH = 200
PARAMETER = "after"

Row = TypeVar("Row")
AnyModel = TypeVar("AnyModel", bound=Model)


class CursorInvalid(RuleError):
    """The text is no cursor, or not one of this list."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a kind of value is written in a cursor, without "_", and read back; `read` may raise ValueError."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    is_yes_or_no: bool = False


def _write_moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_yes_or_no(text: str) -> bool:
    return bool(("0", "1").index(text))


MOMENT = Spelling(_write_moment, lambda text: datetime.fromisoformat(text).astimezone(UTC))
DAY = Spelling(date.isoformat, date.fromisoformat)
ID = Spelling(str, uuid.UUID)
YES_OR_NO = Spelling(lambda answer: str(int(answer)), _read_yes_or_no, is_yes_or_no=True)


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order."""

    column: str
    spelling: Spelling
    falls: bool = False

    def order(self, *, backwards: bool) -> str:
        return f"-{self.column}" if self.falls is not backwards else self.column

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        """The rows whose value comes after this one in the order."""
        falls = self.falls is not backwards
        if self.spelling.is_yes_or_no:
            return Q(**{self.column: not falls}) if value is falls else Q(pk__in=[])
        return Q(**{f"{self.column}__{'lt' if falls else 'gt'}": value})

    def from_here(self, value: Any, *, backwards: bool) -> Q:
        """The rows whose value is this one or comes after it, as one range of an index."""
        falls = self.falls is not backwards
        if self.spelling.is_yes_or_no:
            return Q() if value is falls else Q(**{self.column: value})
        return Q(**{f"{self.column}__{'lte' if falls else 'gte'}": value})


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; a cursor is empty where no page follows, or none comes before.

    `is_start_instead` says that the cursor asked for was refused, and that this is the first page.
    """

    rows: list[Row]
    next_cursor: str = ""
    previous_cursor: str = ""
    is_start_instead: bool = False


@dataclass(frozen=True, slots=True)
class Keyset:
    """The order of a list, by columns of which the last is unique.

    A cursor holds the values of these columns, or, where they are not for the reader's eyes, that of the unique
    column `mark` instead. `name` is in every cursor, so that one of another list is refused.
    """

    name: str
    keys: tuple[Key, ...]
    mark: Key | None = None

    def page(
        self, rows: QuerySet[AnyModel, Row], cursor: str, *, size: int, among: QuerySet[Any] | None = None
    ) -> Page[Row]:
        """The page that the cursor asks for; an empty one asks for the first. Raises CursorInvalid.

        The rows have the columns of the order as attributes or as keys. A mark is looked up `among` these rows, or
        else in the list itself.
        """
        values, backwards = self._read(cursor, rows if among is None else among) if cursor else (None, False)
        if values is not None:
            rows = rows.filter(self._beyond(values, backwards=backwards))
        found = list(self.ordered(rows, backwards=backwards)[: size + 1])
        shown = found[:size][::-1] if backwards else found[:size]
        has_more = len(found) > size
        has_next = bool(shown) and (backwards or has_more)
        has_previous = bool(shown) and (has_more if backwards else values is not None)
        return Page(
            shown,
            self._write("after", shown[-1]) if has_next else "",
            self._write("before", shown[0]) if has_previous else "",
        )

    def ordered(self, rows: QuerySet[AnyModel, Row], *, backwards: bool = False) -> QuerySet[AnyModel, Row]:
        """The rows in this order."""
        return rows.order_by(*(key.order(backwards=backwards) for key in self.keys))

    def page_or_start(self, rows: QuerySet[AnyModel, Row], cursor: str, *, size: int) -> Page[Row]:
        """The page that the cursor asks for, or the first one in place of a cursor that is refused."""
        try:
            return self.page(rows, cursor, size=size)
        except CursorInvalid:
            return replace(self.page(rows, "", size=size), is_start_instead=True)

    def _write(self, direction: str, row: object) -> str:
        keys = (self.mark,) if self.mark is not None else self.keys
        return (
            f"{direction}-{self.name}-{'_'.join(key.spelling.write(_value(row, key.column)) for key in keys)}"
        )

    def _read(self, cursor: str, among: QuerySet[Any, Any]) -> tuple[tuple[Any, ...], bool]:
        """The values of the order's columns in the row of the cursor, and whether the page lies before that row."""
        if len(cursor) > MAXIMUM_LENGTH or not cursor.isascii():
            raise CursorInvalid("cursor_invalid")
        direction, _, rest = cursor.partition("-")
        name, _, body = rest.partition("-")
        keys = (self.mark,) if self.mark is not None else self.keys
        texts = body.split("_")
        if direction not in {"after", "before"} or name != self.name or len(texts) != len(keys):
            raise CursorInvalid("cursor_invalid")
        values = tuple(_read_value(key.spelling, text) for key, text in zip(keys, texts, strict=True))
        if self.mark is not None:
            columns = [key.column for key in self.keys]
            found = list(among.filter(**{self.mark.column: values[0]}).values_list(*columns)[:1])
            if not found:
                raise CursorInvalid("cursor_invalid")
            values = tuple(found[0])
        return values, direction == "before"

    def _beyond(self, values: tuple[Any, ...], *, backwards: bool) -> Q:
        """The rows after these values: beyond the first, or equal in it and beyond the second, and so on."""
        found, equal = Q(), Q()
        for key, value in zip(self.keys, values, strict=True):
            found |= equal & key.beyond(value, backwards=backwards)
            equal &= Q(**{key.column: value})
        # The first condition lets the database begin at the right place of an index.
        return self.keys[0].from_here(values[0], backwards=backwards) & found


def links(request: HttpRequest, page: Page[Any]) -> dict[str, str | bool]:
    """What `includes/pagination.html` and `includes/start_instead.html` show of a page at this address.

    The other parameters of the address stay as they are.
    """
    query = request.GET.copy()
    was_further = query.pop(PARAMETER, [""])[-1] != "" and not page.is_start_instead
    kept = query.urlencode()
    following = urlencode({PARAMETER: page.next_cursor})
    return {
        "next_url": f"?{kept}{'&' if kept else ''}{following}" if page.next_cursor else "",
        "first_url": f"?{kept}" if was_further else "",
        "is_start_instead": page.is_start_instead,
    }


def _value(row: object, column: str) -> Any:
    return row[column] if isinstance(row, Mapping) else getattr(row, column)


def _read_value(spelling: Spelling, text: str) -> Any:
    """The value written as the text, which must be written exactly as this module writes it."""
    try:
        value = spelling.read(text)
        if spelling.write(value) == text:
            return value
    except (ValueError, OverflowError, RuleError) as error:
        raise CursorInvalid("cursor_invalid") from error
    raise CursorInvalid("cursor_invalid")
