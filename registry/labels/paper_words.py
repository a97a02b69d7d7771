"""The words of what an office sets for its papers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.rules.office.papers import PaperSeries

SERIES: Mapping[PaperSeries, Promise] = {
    PaperSeries.RECEIPT: _("Characters before the year: receipts"),
    PaperSeries.REQUEST: _("Characters before the year: requests to correct"),
    PaperSeries.DECISION: _("Characters before the year: decisions"),
    PaperSeries.STRIKING_OFF: _("Characters before the year: strikings off"),
    PaperSeries.CONSULTATION: _("Characters before the year: letters to other bodies"),
}
NUMBERS: Mapping[PaperSeries, Promise] = {
    PaperSeries.RECEIPT: _("Number of a receipt"),
    PaperSeries.REQUEST: _("Number of a request to correct"),
    PaperSeries.DECISION: _("Number of a decision or notice"),
    PaperSeries.STRIKING_OFF: _("Number of a striking off"),
    PaperSeries.CONSULTATION: _("Number of a letter to another body"),
}
MISSING_BODIES: Mapping[str, Promise] = {
    "reconsideration_body": _("the body for administrative reconsideration"),
    "court": _("the court for an action"),
}
SETTING_FAULTS: Mapping[str, Promise] = {
    "name_missing": _("Give the full official name of the office."),
    "name_too_long": _("At most 60 characters."),
    "name_not_printable": _("Holds a character that the papers cannot print."),
    "mark_malformed": _(
        "Two to sixteen Chinese characters, nothing else: year, brackets and serial follow by themselves."
    ),
    "mark_twice": _("Each kind of paper needs characters of its own, or two papers would have one number."),
    "mark_of_another": _("Another office numbers its papers under these characters."),
}
