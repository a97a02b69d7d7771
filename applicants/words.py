"""Texts of the applicant's pages: steps, reasons for questions, and messages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as particular_words

_REASONS: dict[str, Promise] = {
    "2": _("The Provisions also count as providers those who give technical support."),
    "3": _("It decides which office is responsible."),
    "5": _("A provider must have management systems for the security of content."),
    "7": _("A provider must publish its rules and agree them with its users."),
    "8": _("A provider must check the real identity of its users."),
    "17": _("A provider must keep content and logs for at least six months."),
    "18": _("A provider must offer a convenient channel for complaints."),
    "22": _("Filing late is a breach of the Provisions; the office weighs the reason given."),
}

STEP_LABELS: dict[str, Promise] = {
    "amendment": pgettext_lazy("step of a filing", "What is mended, and why"),
    "applicant": pgettext_lazy("step of a filing", "Applicant"),
    "person_in_charge": pgettext_lazy("step of a filing", "Person in charge"),
    "service": pgettext_lazy("step of a filing", "Service"),
    "content": pgettext_lazy("step of a filing", "Service content"),
    "attachments": pgettext_lazy("step of a filing", "Attachments"),
    "changes": pgettext_lazy("step of a filing", "What changed, and when"),
    "statement": pgettext_lazy("step of a filing", "Authenticity statement"),
    "check": pgettext_lazy("step of a filing", "Check and submit"),
}

STAGE_LABELS: dict[str, Promise] = {
    "province": pgettext_lazy("stage of an application", "Provincial review"),
    "nation": pgettext_lazy("stage of an application", "National review"),
}

STEP_LEADS: dict[str, Promise] = {
    "amendment": _("Only what has to change is open; everything else stays as the office has it."),
    "applicant": _("Who files: an organisation under its credit code, or an individual."),
    "person_in_charge": _("Who answers for the service, and how the office reaches them."),
    "service": _("What the service is, where it runs, and how it meets its duties."),
    "content": _("The categories of the service, with their main chains and what each states besides."),
    "attachments": _("Scans and documents. Which are asked for depends on the answers given before."),
    "changes": _("Everything that differs from what is in force, each with the day it changed (Art. 11)."),
    "statement": _("The applicant declares on paper, signed and sealed, that the materials are true."),
    "check": _("The whole filing as the office will see it."),
}

LATE_REASON_MISSING = _("The service is filed late: say why.")
START_TOO_EARLY = _("The start of the service lies too far back: check the date.")
STATEMENT_OUTDATED = _("Sign the authenticity statement anew: what it prints has changed since.")
FILE_WAITING = _("“%(label)s”: a file is still being checked. Send the filing when the check has ended.")
FILE_REFUSED = _("“%(label)s”: a file was refused. Replace it.")
DRAFT_CHANGED = _("The filing was changed after this page was opened. Look at it once more, then submit.")
APPLICANT_KNOWN = _(
    "An applicant with this document is in the register already, and this account does not act for it. "
    "Ask its owners to take this account in, or claim it at the provincial office; the draft is kept until then."
)
APPLICANT_DIFFERS = _(
    "The register knows this applicant already: its particulars have been taken from there. "
    "Look at the filing once more, then submit."
)

STEP_LOCKED = _("Locked: nothing was found wrong here")
STEP_OPEN = _("Open for changes")
EXPLANATION_MISSING = _("Say what is supplemented, and why.")
TEXT_TOO_LONG = _("Shorten the text to 2,000 characters.")
RESUBMISSION_OVER = _(
    "The 30 working days for submitting again have passed. "
    "The application lapses; copy it into a new draft then, and file anew."
)
BASE_SUPERSEDED = _(
    "Other materials were submitted for this application meanwhile. "
    "Look at them on its page, delete this draft, and begin again."
)
OFFICE_IS_DECIDING = _(
    "The office is confirming its decision and takes no materials now. What you have entered is kept: "
    "come back once the decision is there, or the case is back in review."
)
APPLICATION_ENDED = _("The application has been decided or has ended: it takes no more materials.")

STEP_AS_IN_FORCE = _("Begins with what is in force")
NOTHING_CHANGED = _("Nothing differs from what is in force. Change what has changed first.")
CHANGED_ON_MISSING = _("“%(label)s”: give the day it changed.")
CHANGED_ON_IN_FUTURE = _("“%(label)s”: the day lies in the future. File the change on or after that day.")
CHANGE_LATE_REASON = _("The change is filed late: say why.")
LATE_REASON_TOO_LONG = _("Shorten the reason to 1,000 characters.")
CHECK_READY = _("Everything is there: look at it once more, and submit.")
CHECK_NOT_READY = _("Shows what is missing, and the whole filing on one page.")


def answer_missing(number: int) -> str:
    """The message that a reason has no answer yet."""
    return gettext("Answer reason %(number)s.") % {"number": number}


def open_points(count: int) -> str:
    """The number of points still open in a step, as text."""
    return ngettext("%(count)s point open", "%(count)s points open", count) % {"count": count}


def why_asked(basis: str) -> Promise | str:
    """Why the form asks, by its article; empty for an article that only lists what is filed."""
    return _REASONS.get(basis, "")


def help_with_article(key: str, basis: str) -> SafeString:
    """The help text of a field, with its article unless the reason is shown beside it."""
    article = "" if why_asked(basis) else particular_words.article_of(key)
    if not article:
        return format_html("{}", particular_words.help_of(key))
    return format_html('{} <span class="field__basis">{}</span>', particular_words.help_of(key), article)
