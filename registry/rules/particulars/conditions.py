"""When a particular is asked: small conditions over the answers, which can also be written out as data.

A condition is called with the materials, or with one row for a field of a group. `as_data` gives the same
condition as plain JSON, so that a page can show and hide fields by the very rule the server applies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from registry.rules.particulars.materials import files_of, is_given, value_of

Answers = Mapping[str, Any]


class Condition(Protocol):
    """A question about the answers given so far."""

    def __call__(self, answers: Answers) -> bool: ...

    def as_data(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Always:
    """Holds whatever was answered."""

    def __call__(self, answers: Answers) -> bool:  # noqa: ARG002 -- the protocol's argument
        return True

    def as_data(self) -> dict[str, Any]:
        return {"always": True}


@dataclass(frozen=True, slots=True)
class Never:
    """Holds for no answers."""

    def __call__(self, answers: Answers) -> bool:  # noqa: ARG002 -- the protocol's argument
        return False

    def as_data(self) -> dict[str, Any]:
        return {"always": False}


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer at `key` is one of `values`; where several may be chosen, one of them is."""

    key: str
    values: tuple[str | bool | int, ...]

    def __call__(self, answers: Answers) -> bool:
        answer = value_of(answers, self.key)
        chosen = answer if isinstance(answer, list) else [answer]
        # 1 == True in Python; a count of one is no yes.
        return any(type(one) is type(value) and one == value for one in chosen for value in self.values)

    def as_data(self) -> dict[str, Any]:
        return {"key": self.key, "in": list(self.values)}


@dataclass(frozen=True, slots=True)
class AnsweredOtherThan:
    """At least one choice at `key` is given that is not among `values`."""

    key: str
    values: tuple[str, ...]

    def __call__(self, answers: Answers) -> bool:
        answer = value_of(answers, self.key)
        chosen = answer if isinstance(answer, list) else [answer]
        return any(is_given(one) and one not in self.values for one in chosen)

    def as_data(self) -> dict[str, Any]:
        return {"key": self.key, "other_than": list(self.values)}


@dataclass(frozen=True, slots=True)
class Given:
    """Something is given at `key`; a group counts once it has a row."""

    key: str

    def __call__(self, answers: Answers) -> bool:
        return is_given(value_of(answers, self.key))

    def as_data(self) -> dict[str, Any]:
        return {"key": self.key, "given": True}


@dataclass(frozen=True, slots=True)
class Pages:
    """The files in a slot have at least so many pages together; a picture has one."""

    key: str
    at_least: int

    def __call__(self, answers: Answers) -> bool:
        pages = [file.get("page_count") for file in files_of(answers, self.key)]
        return sum(count if type(count) is int else 1 for count in pages) >= self.at_least

    def as_data(self) -> dict[str, Any]:
        return {"key": self.key, "pages": self.at_least}


@dataclass(frozen=True, slots=True)
class AnyRow:
    """The condition holds in at least one row of the group at `key`."""

    key: str
    condition: Condition

    def __call__(self, answers: Answers) -> bool:
        rows = value_of(answers, self.key)
        if not isinstance(rows, list):
            return False
        return any(self.condition(row) for row in rows if isinstance(row, Mapping))

    def as_data(self) -> dict[str, Any]:
        return {"key": self.key, "any_row": self.condition.as_data()}


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def __call__(self, answers: Answers) -> bool:
        return all(condition(answers) for condition in self.conditions)

    def as_data(self) -> dict[str, Any]:
        return {"all": [condition.as_data() for condition in self.conditions]}


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def __call__(self, answers: Answers) -> bool:
        return any(condition(answers) for condition in self.conditions)

    def as_data(self) -> dict[str, Any]:
        return {"any": [condition.as_data() for condition in self.conditions]}


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition

    def __call__(self, answers: Answers) -> bool:
        return not self.condition(answers)

    def as_data(self) -> dict[str, Any]:
        return {"not": self.condition.as_data()}


ALWAYS = Always()
NEVER = Never()


def answered(key: str, *values: str | bool | int) -> Condition:
    return Answered(key, values)


def all_of(*conditions: Condition) -> Condition:
    return AllOf(conditions)


def any_of(*conditions: Condition) -> Condition:
    return AnyOf(conditions)


IS_ORGANISATION = answered("applicant.nature", "organisation")
IS_INDIVIDUAL = answered("applicant.nature", "individual")
# Personal data unless it is certain that an organisation answers: a half-filled draft may not say yet.
MAY_BE_A_PERSON = Not(IS_ORGANISATION)
