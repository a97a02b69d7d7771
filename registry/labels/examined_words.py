"""How particulars were examined, in words: by officers, by software, or not anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.rules.particulars.proven import Proof
from registry.rules.workflow.examined import Examined

PROOF_LABELS: Mapping[Proof, Promise] = {
    Proof.CHECK_CHARACTER: _("The check character is right, so this is a credit code."),
    Proof.CODE_SAYS_SO: _("The credit code says the same."),
    Proof.PLACE_IN_CODE: _("The credit code names the same place."),
    Proof.ORDER_OF_DAYS: _("The days are in their lawful order as of the day of receipt."),
    Proof.LEGAL_MINIMUM: _("It reaches what the law asks at least."),
}

_EXAMINED = pgettext_lazy("who examined what", "Examined: %(parts)s")
_BY_OFFICERS = pgettext_lazy("items examined", "by officers %(count)s")
_BY_SOFTWARE = pgettext_lazy("items examined", "by software %(count)s")
_UNCHANGED = pgettext_lazy("items examined", "unchanged since the last check %(count)s")
_NOT_GIVEN = pgettext_lazy("items examined", "optional and not given %(count)s")


def examined_line(examined: Examined) -> str:
    """Who examined what before an act, as one line; what officers marked and what software has proven stand apart."""
    return str(_EXAMINED) % {"parts": " · ".join(examined_parts(examined))}


def examined_parts(examined: Examined) -> Iterator[str]:
    """Each way of examination with its number of items: officers always, the others where there are any."""
    yield str(_BY_OFFICERS) % {"count": examined.by_officers}
    yield from unmarked_parts(examined)


def unmarked_parts(examined: Examined) -> Iterator[str]:
    """The items that needed no officer's mark and have none, by way of examination."""
    for label, count in (
        (_BY_SOFTWARE, len(examined.software)),
        (_UNCHANGED, examined.unchanged),
        (_NOT_GIVEN, examined.not_given),
    ):
        if count:
            yield str(label) % {"count": count}
