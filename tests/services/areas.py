"""The areas of the tests, and what each may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """Tests below some paths, and the processor seconds that one run of all of them may take."""

    name: str
    paths: tuple[str, ...]
    budget_seconds: int


# The first area with a path that fits: what is special stands above what is general.
AREAS = (
    Area("rules", ("tests/registry/rules/",), 45),
    Area("book", ("tests/registry/",), 400),
    Area("desks", ("tests/applicants/", "tests/review/"), 300),
    Area("access", ("tests/access/",), 200),
    Area("journeys", ("tests/journeys/",), 400),
    Area("faults", ("tests/faults/",), 60),
    Area("privacy", ("tests/privacy/",), 60),
    Area("house", ("tests/house/",), 15),
    Area("look", ("tests/look/",), 20),
    Area("portal", ("tests/",), 120),
)


def area_of(path: str) -> Area:
    """The area of a test, by its file relative to the repository."""
    return next(area for area in AREAS if path.startswith(area.paths))
