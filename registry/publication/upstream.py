"""The filings that services run on, and those that run on one: looked up in the public register, both ways."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from registry.models import Filing
from registry.rules.particulars.consistency.definitions import Registered
from registry.rules.workflow.states import PUBLIC_STANDINGS, Standing

# So many are named on a page; how many there are is said beside them.
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class BuildingOn:
    """The filings in force that run on one, from every province: the first `MOST_NAMED`, and how many there are.

    Only what the public register has of each may be shown of it: number, service and applicant.
    """

    shown: tuple[Filing, ...]
    count: int

    @property
    def are_not_all_shown(self) -> bool:
        return self.count > len(self.shown)


def registered(numbers: Collection[str]) -> dict[str, Registered]:
    """What the public register has under these numbers, each written as it is published; the others are left out."""
    found = Filing.objects.filter(number__in=numbers, standing__in=PUBLIC_STANDINGS)
    return {
        str(each.number): Registered(
            applicant_name=each.applicant_name,
            service_name=each.service_name,
            has_ended=each.standing != Standing.IN_FORCE,
            ends_on=each.ends_on,
        )
        for each in found
    }


def count_building_on(number: str) -> int:
    """How many filings in force run on the one with this number: the public is told no more."""
    return building_on(number).count()


def building_on(number: str) -> QuerySet[Filing]:
    """The filings in force that state a number as that of the chain or platform they run on, by their own numbers."""
    stating = Filing.objects.exclude(upstream_numbers="").filter(standing=Standing.IN_FORCE.value)
    # A number is as long as any other: none is a part of another.
    return stating.filter(upstream_numbers__contains=number).order_by("number")


def named_building_on(number: str | None) -> BuildingOn:
    """Those that run on the filing with this number, by name; none on one that has no number yet."""
    if not number:
        return BuildingOn((), 0)
    found = building_on(number)
    shown = tuple(found[: MOST_NAMED + 1])
    count = len(shown) if len(shown) <= MOST_NAMED else found.count()
    return BuildingOn(shown[:MOST_NAMED], count)
