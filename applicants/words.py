"""Texts of the applicant's pages: steps, reasons for questions, and messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as particular_words
from registry.rules.particulars.materials import Materials

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
    "statement": _("The applicant declares, signed and sealed, that the materials are true."),
    "check": _("The whole filing as the office will see it."),
}

LATE_REASON_MISSING = _("The service is filed late: say why.")
START_TOO_EARLY = _("The start of the service lies too far back: check the date.")
STATEMENT_OUTDATED = _("Sign the authenticity statement anew: what it prints has changed since.")
QUESTIONS_OPEN = _("Answer every question on this page, or mend what it asks about.")
ANSWER_TOO_LONG = _("Shorten the answer to 1,000 characters.")
QUESTION_CHANGED = _("What the question is about was changed meanwhile: look at it again.")
FILE_WAITING = _(
    "“%(label)s”: a file is being read. This takes seconds, seldom a minute; then it can be submitted."
)
FILES_BEING_READ = _(
    "A file is still being read, so nothing was submitted yet. Wait a moment: this page goes on by itself. "
    "Then submit once more."
)
FILE_REFUSED = _("“%(label)s”: a file was refused. Replace it.")
DRAFT_CHANGED = _("Something was changed after this page was opened. Look at it once more, then submit.")
APPLICANT_KNOWN = _(
    "An applicant with this document is in the register already, and this account does not act for it. "
    "Ask its owners to take this account in, or claim it at the provincial office; the draft is kept until then."
)
APPLICANT_DIFFERS = _(
    "The register knows this applicant already: its particulars have been taken from there. "
    "Look at the filing once more, then submit."
)

LETTER_ENDED = _(
    "The letter of authority on file ended with %(day)s. A new one goes to the page of the membership, which says who "
    "puts it in; then this filing states it."
)
AGENT_IN_CHARGE = _(
    "The mobile of the person in charge is the one of your own account, and you file as an agent. Give the mobile of "
    "the person in charge, to whom ownership is offered; or, if that is you, say that no agent files."
)

STEP_LOCKED = _("Nothing to change here this time")
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
# Why a submission is refused, where the matter has no words of its own; other codes have the register's words.
REFUSALS: Mapping[str, Promise] = {
    "statement_outdated": STATEMENT_OUTDATED,
    "questions_open": QUESTIONS_OPEN,
    "files_being_read": FILES_BEING_READ,
    "draft_changed_since_check": DRAFT_CHANGED,
    "agent_in_charge": AGENT_IN_CHARGE,
}


_DECLARATION = _(
    "I declare that everything stated here is true, and that I know the consequences of false materials (Art. 22)."
)
_DECLARATION_OF_CHANGE = _(
    "I declare that the changes stated here and their days are true, that nothing else that has to be changed is left "
    "out, and that I know the consequences of false materials (Art. 22)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterWords:
    """The texts in which the pages of a matter differ from those of the others."""

    submit: Promise
    submit_title: Promise
    submit_note: Promise
    submitted: Promise
    not_submitted: Promise
    not_yet: Promise
    discard: Promise
    check_title: Promise = STEP_LABELS["check"]
    check_lead: Promise = STEP_LEADS["check"]
    due: Promise | str = ""
    unchanged: Promise | str = ""
    whole: Promise | str = ""
    is_mending: bool = False
    declaration: Promise = _DECLARATION
    leads: Mapping[str, Promise] = field(default_factory=dict)
    refusals: Mapping[str, Promise] = field(default_factory=dict)

    def points_left(self, count: int) -> str:
        """How many points are left: to be filled in before the first submission, to be mended after it."""
        if self.is_mending:
            text = ngettext("%(count)s point to correct", "%(count)s points to correct", count)
        else:
            text = ngettext("%(count)s field to complete", "%(count)s fields to complete", count)
        return text % {"count": count}


_PERIOD_BEGINS = _(
    "The office decides within 20 working days, counted from the day after submission (Art. 12)."
)
_RECEIPT_NUMBER = _("Submitted. Receipt number: %(number)s.")

_AS_IN_FORCE = _("Shown as it is in force: change only what has changed.")
_AS_HANDED_IN = _("Shown as the office has it: change only what is to be mended.")
_FORMS = ("applicant", "person_in_charge", "service", "content", "attachments")

FIRST_FILING = MatterWords(
    submit=_("Submit the filing"),
    submit_title=_("Submit"),
    submit_note=_PERIOD_BEGINS,
    submitted=_RECEIPT_NUMBER,
    not_submitted=_("Not submitted"),
    not_yet=_("The filing can be submitted once everything is filled in. The draft is kept until then."),
    discard=_("Delete this draft"),
    due=_("Filing due (Art. 11)"),
)
CHANGE = MatterWords(
    submit=_("Submit the change"),
    submit_title=_("Submit the change"),
    submit_note=_PERIOD_BEGINS,
    submitted=_RECEIPT_NUMBER,
    not_submitted=_("Not submitted"),
    not_yet=_(
        "It can be sent once something is changed and everything is filled in. "
        "What you have entered is kept until then."
    ),
    discard=_("Discard the change"),
    check_title=_("Compare and submit"),
    check_lead=_("What is in force, and what would be."),
    due=_("To be filed (Art. 11)"),
    declaration=_DECLARATION_OF_CHANGE,
    unchanged=NOTHING_CHANGED,
    whole=_("The whole filing as it would be"),
    leads=dict.fromkeys(_FORMS, _AS_IN_FORCE),
    refusals={"materials_changed": NOTHING_CHANGED, "text_too_long": LATE_REASON_TOO_LONG},
)
CANCELLATION = replace(
    FIRST_FILING,
    submit=_("Submit the cancellation"),
    submit_title=_("Submit the cancellation"),
)
BEGIN_ANEW = _(
    "What this application started from is no longer in force: another change has been approved since. It cannot be "
    "submitted again; begin anew from what is in force, with what you typed."
)
SUPPLY = replace(
    FIRST_FILING,
    submit=_("Submit the particulars"),
    submit_title=_("Submit the particulars"),
    not_yet=_("The particulars can be submitted once no point is left. The draft is kept until then."),
    discard=_("Discard the particulars"),
    due="",
)
SUPPLEMENT = MatterWords(
    submit=_("Send the supplement"),
    submit_title=_("Send the supplement"),
    submit_note=_("The day of receipt and the decision period stay as they are."),
    submitted=_("Sent. The office has the new materials."),
    not_submitted=_("Not sent"),
    not_yet=_(
        "It can be sent once something is changed and no point is left. What you have entered is kept until then."
    ),
    is_mending=True,
    discard=_("Discard what you mended"),
    check_title=_("Compare and send"),
    check_lead=_("What the office has, and what it would get."),
    unchanged=_("Nothing differs from what the office has. Change what is to be changed first."),
    whole=_("The whole filing as it would be sent"),
    leads=dict.fromkeys(_FORMS, _AS_HANDED_IN),
    refusals={
        "resubmission_not_ended": RESUBMISSION_OVER,
        "base_superseded": BASE_SUPERSEDED,
        "base_revision_in_force": BEGIN_ANEW,
        "text_too_long": TEXT_TOO_LONG,
    },
)
RESUBMISSION = replace(
    SUPPLEMENT,
    not_yet=_(
        "It can be submitted once every reason is answered and no point is left. "
        "What you have entered is kept until then."
    ),
    unchanged=_(
        "The materials stay as the office has them: it decides on your answers. "
        "Where something has to be mended, mend it first."
    ),
    submit=_("Submit again"),
    submit_title=_("Submit again"),
    submit_note=_(
        "A new round begins: from the day after submission the office has 20 working days to decide (Art. 12). "
        "Earlier rounds stay readable."
    ),
)
ANSWER = replace(
    SUPPLEMENT,
    submit=_("Send the corrections"),
    submit_title=_("Send the corrections"),
    submitted=_("Sent. The office has your corrections."),
    not_yet=_(
        "They can be sent once every point is answered and none is left. "
        "What you have entered is kept until then."
    ),
    unchanged=RESUBMISSION.unchanged,
)
CHECK_READY = _("Everything is there: look at it once more, and submit.")
CHECK_NOT_READY = _("Shows what is missing, and the whole filing on one page.")


def answer_missing(number: int) -> str:
    """The message that a reason has no answer yet."""
    return gettext("Answer reason %(number)s.") % {"number": number}


def answer_to_point_missing(number: int) -> str:
    """The message that a point the office asks about has no answer yet."""
    return gettext("Answer point %(number)s.") % {"number": number}


def open_points(count: int) -> str:
    """The number of points still open in a step, as text."""
    return ngettext("%(count)s point open", "%(count)s points open", count) % {"count": count}


def left_behind(page: Promise | str, count: int, *, url: str) -> SafeString:
    """What is said on the page that follows one with gaps: which one, how many, and the way back to it."""
    text = ngettext(
        "“%(page)s” still has %(count)s field to complete. You can do that later.",
        "“%(page)s” still has %(count)s fields to complete. You can do that later.",
        count,
    )
    said = text % {"page": page, "count": count}
    return format_html('{} <a href="{}">{}</a>', said, url, gettext("Complete it now"))


def open_questions(count: int) -> str:
    """The number of questions that wait for an answer, as text."""
    return ngettext("%(count)s question open", "%(count)s questions open", count) % {"count": count}


def why_asked(basis: str) -> Promise | str:
    """Why the form asks, by its article; empty for an article that only lists what is filed."""
    return _REASONS.get(basis, "")


def help_with_article(key: str, basis: str, materials: Materials | None = None) -> SafeString:
    """The help text of a field, with its article unless the reason is shown beside it.

    With `materials` it is that for this applicant's kind and documents.
    """
    text = particular_words.help_of(key, materials)
    article = "" if why_asked(basis) else particular_words.article_of(key)
    if not article:
        return format_html("{}", text)
    return format_html('{} <span class="field__basis">{}</span>', text, article)
