"""The steps of a filing with their periods, and the service guide, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from registry.rules.days.deadlines import Period
from registry.rules.provisions import NATIONAL_OFFICE, NATIONAL_OFFICE_EN, REGULATION, find_provision


def steps_of_filing() -> list[dict[str, str]]:
    """The steps from the start of a service to its filing number, each with its title, text and time."""
    return [
        {
            "title": _("Fill in and submit"),
            "text": _(
                "The applicant states who it is and what the service does, and attaches the documents."
            ),
            "time": _("within %(days)s of starting the service") % {"days": _days(Period.FILING)},
        },
        {
            "title": _("Provincial review"),
            "text": _(
                "The provincial office at the applicant's place of registration checks every particular."
            ),
            "time": "",
        },
        {
            "title": _("National review"),
            "text": _(
                "The national office decides. What is incomplete is not filed, and the reasons are given."
            ),
            "time": _("decision within %(days)s of receipt") % {"days": _days(Period.DECISION)},
        },
        {
            "title": _("Number and publication"),
            "text": _(
                "The filing gets its number and its public record page. The number is shown on site and app."
            ),
            "time": _("at once"),
        },
    ]


def guide_context() -> dict[str, Any]:
    """The context of the service guide: deadlines with their articles, and the names of law and office."""
    english = (get_language() or "").startswith("en")
    deadlines = [
        {
            "what": what,
            "days": _days(period),
            "basis": _citation(find_provision(period.article), english=english),
            "text": text,
        }
        for period, what, text in (
            (Period.FILING, _("First filing"), _("counted from the day after the service starts")),
            (Period.CHANGE, _("Change"), _("counted from the day after the change")),
            (Period.CANCELLATION, _("Cancellation"), _("to be submitted before the service ends")),
            (
                Period.DECISION,
                _("Decision of the office"),
                _("counted from the day after receipt of the materials"),
            ),
        )
    ]
    return {
        "deadlines": deadlines,
        "steps": steps_of_filing(),
        "law": REGULATION.name_en if english else REGULATION.name_zh,
        "law_issued_as": REGULATION.issued_as_en if english else REGULATION.issued_as_zh,
        "office": NATIONAL_OFFICE_EN if english else NATIONAL_OFFICE,
    }


def _days(period: Period) -> str:
    count = period.working_days
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def _citation(provision: Any, *, english: bool) -> str:
    return provision.citation_en if english else provision.citation_zh
