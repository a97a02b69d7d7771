"""A notice to who objects to an entry of a list as a letter, for those who gave no contact proved by a code."""

from __future__ import annotations

from registry import clock
from registry.documents.issuers import unnumbered_issuer
from registry.documents.printing import render
from registry.models import Notice
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.storage.objection_parts import Statement


def objector_letter(notice: Notice, *, addressee: Statement | None) -> bytes:
    """The letter as PDF, in the words of the notice.

    Without `addressee` name and address are left to be written by hand: only heads read who objects.
    """
    context = {
        "notice": notice,
        "addressee": addressee,
        "issuer": unnumbered_issuer(NATIONAL_OFFICE_CODE),
        "dated_on": clock.china_date(notice.created_at),
    }
    return render("documents/objector_letter.html", context)
