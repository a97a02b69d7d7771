"""The facets of a search as its page shows them: what is chosen, and what more may be, each as a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.labels.date_format import day
from registry.public.filters import RegisterFilters
from registry.publication.record import Tally
from registry.rules.facets import FACETS

# Of each facet; the others are behind one more click.
SHOWN_AT_FIRST = 6

# The address of this search with one parameter changed.
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A code that may be chosen, with the number of filings that would be left."""

    label: str
    filings: int
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """A facet that nothing is chosen of, with its codes, most filings first."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in use; `url` is the search without it."""

    label: str
    value: str
    url: str


def groups_of(form: RegisterFilters, tally: Tally, *, address: Address) -> list[Group]:
    """The facets by which this search may be narrowed further; one whose codes part nothing is left out."""
    found = []
    for facet in FACETS:
        counted = tally.by_facet[facet.name]
        if form.cleaned_data[facet.name]:
            continue
        choices = [
            Choice(label, counted[code], address(**{facet.name: code}))
            for code in sorted(counted, key=lambda code: (-counted[code], code))
            if (label := form.words_of(facet.name, code))
        ]
        if len(choices) > 1 or any(choice.filings < tally.filings for choice in choices):
            label = str(form[facet.name].label)
            first, rest = tuple(choices[:SHOWN_AT_FIRST]), tuple(choices[SHOWN_AT_FIRST:])
            found.append(Group(facet.name, label, first, rest))
    return found


def chosen_in(form: RegisterFilters, *, address: Address) -> list[Chosen]:
    """The filters in use, each with the search without it."""
    given = form.cleaned_data
    found = [
        Chosen(str(form[facet.name].label), form.words_of(facet.name, code), address(**{facet.name: ""}))
        for facet in FACETS
        if (code := given[facet.name])
    ]
    found += [
        Chosen(str(form[name].label), day(given[name]), address(**{name: ""}))
        for name in ("numbered_from", "numbered_to")
        if given[name]
    ]
    if given["applicant"]:
        found.append(Chosen(_("Applicant"), given["applicant"], address(applicant="")))
    return found
