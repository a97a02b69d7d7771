"""The areas of the tests, and what each may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """Tests below some paths, and the processor seconds that one run of all of them may take."""

    name: str
    paths: tuple[str, ...]
    budget_seconds: int


# The first area with a path that fits: what is special stands above what is general. The budgets are a run on two
# cores and about a third more; they are raised when tests are worth it, not when they became slow.
AREAS = (
    Area("rules", ("tests/registry/rules/",), 45),
    Area("book", ("tests/registry/",), 250),
    Area("desks", ("tests/applicants/", "tests/review/"), 160),
    Area("access", ("tests/access/",), 115),
    Area("journeys", ("tests/journeys/",), 430),
    Area("faults", ("tests/faults/",), 80),
    Area("privacy", ("tests/privacy/",), 45),
    Area("house", ("tests/house/",), 15),
    Area("look", ("tests/look/",), 5),
    Area("portal", ("tests/",), 140),
)


def area_of(path: str) -> Area:
    """The area of a test, by its file relative to the repository."""
    return next(area for area in AREAS if path.startswith(area.paths))
