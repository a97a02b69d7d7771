"""What the pages of batch lists say: what is to be done, what an act brings about, why one was refused or failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from registry.labels.date_format import moment
from registry.labels.list_words import short_title
from registry.labels.states import refusal_message
from registry.models import Account, BatchList, JobFailure
from registry.rules.batches.lifecycle import ListAct, ListKind, ListState
from registry.rules.errors import FilingError

COMPOSE: Mapping[ListKind, Promise] = {
    ListKind.FILINGS: gettext_lazy("Compose a list"),
    ListKind.CANCELLED: gettext_lazy("Compose a list of cancelled filings"),
    ListKind.STRUCK_OFF: gettext_lazy("Compose a list of struck-off filings"),
    ListKind.CORRIGENDA: gettext_lazy("Compose a corrigendum"),
}
STANDING_TEXT: Mapping[ListKind, Promise] = {
    ListKind.FILINGS: gettext_lazy("Standing text of announcements"),
    ListKind.CANCELLED: gettext_lazy("Standing text of announcements: cancelled filings"),
    ListKind.STRUCK_OFF: gettext_lazy("Standing text of announcements: struck-off filings"),
    ListKind.CORRIGENDA: gettext_lazy("Standing text of announcements: corrigenda"),
}
_ENDED = gettext_lazy("Nothing ended up to this day that no list has announced.")
NO_CANDIDATES: Mapping[ListKind, Promise] = {
    ListKind.FILINGS: gettext_lazy("Nothing is in force up to this day that no list has named."),
    ListKind.CANCELLED: _ENDED,
    ListKind.STRUCK_OFF: _ENDED,
    ListKind.CORRIGENDA: gettext_lazy("Nothing is corrected yet."),
}

ACT_LABELS: Mapping[ListAct, Promise] = {
    ListAct.CONFIRM: pgettext_lazy("act on a batch list", "Confirm the list"),
    ListAct.SEND_BACK: pgettext_lazy("act on a batch list", "Send back"),
    ListAct.RECALL: pgettext_lazy("act on a batch list", "Recall the list"),
}

DONE: Mapping[ListAct, Promise] = {
    ListAct.CONFIRM: gettext_lazy("The list is confirmed. The system publishes it."),
    ListAct.SEND_BACK: gettext_lazy("The list is sent back and will not be published."),
    ListAct.RECALL: gettext_lazy("The list is recalled and will not be published."),
}

_REFUSALS: Mapping[str, Promise] = {
    "list_draft_saved_meanwhile": gettext_lazy(
        "The draft was saved meanwhile, in another window or by a colleague: yours was not saved over it."
    ),
    "announcement_text_saved_meanwhile": gettext_lazy(
        "A colleague saved another version since you opened the page. Yours stands below, not saved."
    ),
    "list_changed_since": gettext_lazy(
        "What the list would name has changed since the preview. Nothing was proposed; this is the preview as of now."
    ),
    "list_moved_on": gettext_lazy(
        "Somebody has acted on this list since you opened the page. Look at it as it is now, then decide again."
    ),
    "list_moment_passed": gettext_lazy("The set moment is over. Set one in the future, or publish at once."),
    "held_back_explained": gettext_lazy(
        "Say of every entry held back, in at least a sentence, why it is not listed yet."
    ),
    "list_announcement_given": gettext_lazy("The announcement is empty."),
    "corrections_hold": gettext_lazy(
        "A correction cannot be published as it stands: see what is said beside it."
    ),
    "list_has_entries": gettext_lazy("The list names nothing: there is nothing to publish."),
    "no_other_list_underway": gettext_lazy(
        "Another list is on its way to publication. This one can be proposed after that."
    ),
    "not_in_this_state": gettext_lazy("This step does not fit where the list stands now."),
    "glyph_missing": gettext_lazy(
        "The announcement or a correction has characters that no file can print: %(characters)s. "
        "Write them differently."
    ),
}

_FAILURES: Mapping[str, tuple[Promise, Promise]] = {
    "storage_full": (
        gettext_lazy("There is no room to store the files."),
        gettext_lazy("Tell the operator. The list goes on by itself once there is room."),
    ),
    "glyph_missing": (
        gettext_lazy("A name has a character that no font of the files has."),
        gettext_lazy(
            "Tell the operator: the fonts have to be completed. The list goes on by itself after that."
        ),
    ),
    "list_has_entries": (
        gettext_lazy("Nothing that the list names is in force any more."),
        gettext_lazy("A head recalls the list."),
    ),
}
_OTHER_FAILURE = (
    gettext_lazy("A step of the publication failed."),
    gettext_lazy("It is tried again every half minute. If it fails again, tell the operator."),
)


def list_refusal(error: FilingError) -> str:
    """Why an act on a list or its draft was refused, and what to do."""
    words = _REFUSALS.get(error.code)
    return refusal_message(error) if words is None else str(words) % error.facts


def unprintable_words(characters: str) -> str:
    """That something typed has characters that no file can print, which, and what to do."""
    return _("No font of the files has these characters: %(characters)s. Write them differently.") % {
        "characters": characters
    }


def failure_words(failure: JobFailure) -> tuple[str, str]:
    """Why a step of a list failed, and what to do about it."""
    codes = failure.last_error.split()[1:2]
    reason, remedy = _FAILURES.get(codes[0] if codes else "", _OTHER_FAILURE)
    return str(reason), str(remedy)


def to_do(batch_list: BatchList, *, officer: Account, at: datetime) -> str:
    """What is to be done about a list that is on its way, and by whom."""
    state = ListState(batch_list.state)
    if state is ListState.PROPOSED:
        if batch_list.proposer_id == officer.pk:
            return _("You proposed it: another officer of the national office confirms it or sends it back.")
        return _("Waits for a second officer, who may be you: confirm it or send it back.")
    if state is ListState.CONFIRMED and batch_list.publish_at is not None and batch_list.publish_at > at:
        return _("Waits for its moment: the system publishes it at %(moment)s, China time.") % {
            "moment": moment(batch_list.publish_at)
        }
    return _("The system freezes the entries, makes the files and shows the list.")


def consequences(
    act: ListAct, batch_list: BatchList, *, number: int, count: int, gone: int, at: datetime
) -> list[str]:
    """What an act brings about, line by line; `gone` of the proposed entries are no longer in force."""
    if act is ListAct.SEND_BACK:
        return [
            _("The proposal ends here: nothing is published and no number is used."),
            _("The draft stays as it was proposed: a head can change it and propose it again."),
            _("The office reads your explanation on the page of this list."),
        ]
    if act is ListAct.RECALL:
        return [
            _("The confirmed list is not published and no number is used."),
            _("What it named can be proposed again; the draft stays as it was proposed."),
            _("The office reads your explanation on the page of this list."),
        ]
    lines = [
        _when(batch_list, at),
        ngettext(
            "It is published as “%(list)s”, with %(count)s entry as it is then.",
            "It is published as “%(list)s”, with %(count)s entries as they are then.",
            count - gone,
        )
        % {"list": short_title(number, ListKind(batch_list.kind)), "count": count - gone},
        _("Page, PDF, CSV, XLSX, JSON and manifest appear in one step, and each applicant is told."),
        _("Anyone may object within 10 working days of publication. What is published is never edited.")
        if ListKind(batch_list.kind).has_window
        else _("What is published is never edited."),
    ]
    if batch_list.publish_at is not None and batch_list.publish_at <= at:
        lines.append(
            _(
                "A last day that was typed into the announcement was meant for that moment: "
                "look whether it still holds."
            )
        )
    if gone:
        lines.append(
            _("%(gone)s of the proposed entries are no longer in force and will be left out.")
            % {"gone": gone}
        )
    return lines


def _when(batch_list: BatchList, at: datetime) -> str:
    publish_at = batch_list.publish_at
    if publish_at is None:
        return _("The system publishes the list at once, usually within a minute.")
    if publish_at <= at:
        return _("The set moment, %(moment)s, is over: the system publishes the list at once.") % {
            "moment": moment(publish_at)
        }
    return _("The system publishes the list at %(moment)s, China time. Until then a head can recall it.") % {
        "moment": moment(publish_at)
    }
