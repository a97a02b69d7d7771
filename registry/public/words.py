"""The words of the public pages: standings with their dates, history, and why a text is no filing number."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from registry.labels import number_words
from registry.labels.act_words import outcome_words
from registry.labels.date_format import day
from registry.labels.ending_words import GROUNDS
from registry.labels.list_columns import CORRECTED
from registry.labels.list_words import number_in_text, short_title
from registry.labels.province_words import full_name
from registry.labels.public_words import column_label
from registry.publication.addresses import list_path
from registry.publication.lists import PublicCorrection
from registry.publication.record import (
    NotANumber,
    PublicChange,
    PublicEvent,
    PublicFiling,
    lacks_particulars,
)
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes.other_numbers import other_number_in
from registry.rules.end_grounds import EndGround
from registry.rules.particulars.public import PublicColumn, Shown, published_columns
from registry.rules.workflow.states import Kind, Outcome, Standing

STANDING_LABELS: Mapping[str, Promise] = {
    Standing.IN_FORCE: pgettext_lazy("standing of a filing", "In force"),
    Standing.CANCELLED: pgettext_lazy("standing of a filing", "Cancelled"),
    Standing.STRUCK_OFF: pgettext_lazy("standing of a filing", "Struck off by the office"),
}

_STRUCK_OFF_SENTENCES: Mapping[EndGround, Promise] = {
    EndGround.FALSE_MATERIALS: gettext_lazy(
        "The office revoked this filing on %(day)s, because its materials were false. The number is no longer in "
        "force, and is not given to any other service."
    ),
    EndGround.APPLICANT_GONE: gettext_lazy(
        "The office cancelled this filing on %(day)s, because its applicant was dissolved or has died. The number is "
        "no longer in force, and is not given to any other service."
    ),
}

_EVENT_LABELS: Mapping[PublicEvent, Promise] = {
    PublicEvent.NUMBERED: gettext_lazy("Filed, number issued"),
    PublicEvent.CHANGED: gettext_lazy("Change filed"),
    PublicEvent.APPLICANT_CHANGED: gettext_lazy("Change of the applicant filed"),
    PublicEvent.CANCELLATION_APPROVED: outcome_words(Kind.CANCELLATION, Outcome.APPROVAL).decided,
    PublicEvent.CANCELLATION_WITHDRAWN: gettext_lazy("Approved cancellation withdrawn"),
    PublicEvent.CANCELLED: gettext_lazy("Filing cancelled"),
    PublicEvent.STRUCK_OFF: gettext_lazy("Struck off by the office"),
    PublicEvent.FOLLOWS: gettext_lazy("Follows a filing that was struck off"),
    PublicEvent.LISTED: gettext_lazy("Entered in a batch list"),
    PublicEvent.ENDING_LISTED: gettext_lazy("Ending announced in a list"),
    PublicEvent.CORRECTED: gettext_lazy("Entry in a list corrected"),
    PublicEvent.SUPPLIED: gettext_lazy("Particulars supplied"),
    PublicEvent.IMPORTED: gettext_lazy("Published in a batch list, and taken over into the register from it"),
}


def standing_sentence(filing: PublicFiling) -> str:
    """The filing's standing in a sentence, with the day since when, and the day when the service ends."""
    match filing.standing:
        case Standing.CANCELLED if filing.cancelled_on is not None:
            return _(
                "This filing was cancelled on %(day)s. The number is not given to any other service."
            ) % {"day": day(filing.cancelled_on)}
        case Standing.CANCELLED:
            return _("This filing is cancelled. The number is not given to any other service.")
        case Standing.STRUCK_OFF if filing.struck_off_on is not None:
            facts = {"day": day(filing.struck_off_on)}
            return str(_STRUCK_OFF_SENTENCES[EndGround(filing.end_ground)]) % facts
        case Standing.STRUCK_OFF:
            return _("This filing was struck off by the office. The number is no longer in force.")
    since = _in_force(filing)
    if filing.ends_on is None:
        return since
    ends = _("The service ends on %(day)s, and the filing is cancelled then.") % {"day": day(filing.ends_on)}
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": since, "second": ends}


def _in_force(filing: PublicFiling) -> str:
    if filing.numbered_on is not None:
        return _("This filing has been in force since %(day)s.") % {"day": day(filing.numbered_on)}
    facts = {"number": number_in_text(filing.batch or 0)}
    if not lacks_particulars(filing):
        return _("This filing is in force as batch list %(number)s published it.") % facts
    return (
        _(
            "This filing is in force as batch list %(number)s published it. "
            "Its particulars have not been supplied to the register yet."
        )
        % facts
    )


def history_entry(change: PublicChange) -> dict[str, object]:
    """One entry of the history as input of `includes/timeline.html`."""
    text = ""
    altered = [column for column in published_columns() if column.name in change.columns]
    if altered:
        parts = [_with_former(column, change.former.get(column.name)) for column in altered]
        text = _("Altered: %(what)s") % {"what": _(", ").join(parts)}
    elif change.event in (PublicEvent.CHANGED, PublicEvent.APPLICANT_CHANGED):
        text = _("Nothing that is public was altered.")
    elif change.ground is not None:
        text = str(GROUNDS[change.ground])
    elif change.corrections:
        text = " ".join(correction_words(each) for each in change.corrections)
    tone = "bad" if change.event in (PublicEvent.CANCELLED, PublicEvent.STRUCK_OFF) else ""
    entry = {"title": _EVENT_LABELS[change.event], "on": change.on, "text": text, "tone": tone}
    if change.batch is not None:
        kind = change.list_kind or ListKind.FILINGS
        entry |= {"url": list_path(change.batch, kind), "link": short_title(change.batch, kind)}
    if change.number is not None:
        entry |= {"url": reverse("public:filing", args=[change.number]), "link": change.number}
    return entry


def correction_words(correction: PublicCorrection) -> str:
    """What a corrigendum says of an entry, in a sentence."""
    if correction.column is CorrectedColumn.ENTRY:
        return _("Withdrawn: %(reason)s") % {"reason": correction.reason}
    return _("%(column)s corrected: “%(before)s” is now “%(after)s”") % {
        "column": CORRECTED[correction.column],
        "before": correction.before,
        "after": correction.after,
    }


def _with_former(column: PublicColumn, former: object) -> str:
    """The label of an altered column, with its former value where that is a name."""
    label = str(column_label(column))
    if not column.tells_former or not isinstance(former, str) or not former:
        return label
    value = full_name(former) if column.shown is Shown.PROVINCE else former
    return _("%(label)s (formerly %(value)s)") % {"label": label, "value": value}


def number_of_another_register(text: str) -> str:
    """The sentence that says whose number stands in a text; empty where none of another register does."""
    other = other_number_in(text)
    return number_words.what_it_is(other) if other is not None else ""


def why_not(refused: NotANumber) -> str:
    """The sentence that says why a text cannot be a filing number."""
    return number_words.why_not(refused.code, refused.facts)
