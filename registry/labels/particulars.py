"""The words of the forms: label, help text and article per particular and slot, choices, and gaps."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.labels import applicant_words, attachment_words, content_words, service_words
from registry.labels.choice_words import CHOICE_LABELS
from registry.labels.consistency_words import consistency_text
from registry.labels.country_words import COUNTRY_NAMES, by_name
from registry.labels.gap_words import GAP_MESSAGES, PROBLEM_MESSAGES, ROW_MESSAGE
from registry.rules.particulars import UnknownParticular, cancellation, find_particular, find_slot, is_slot
from registry.rules.particulars.completeness import Gap
from registry.rules.particulars.consistency.catalogue import find_rule
from registry.rules.particulars.consistency.definitions import Contradiction
from registry.rules.particulars.materials import Materials, value_of

SECTION_LABELS: dict[str, Promise] = {
    "applicant": pgettext_lazy("section of the forms", "Applicant"),
    "person_in_charge": pgettext_lazy("section of the forms", "Person in charge"),
    "service": pgettext_lazy("section of the forms", "Service"),
    "content": pgettext_lazy("section of the forms", "Service content"),
    "attachments": pgettext_lazy("section of the forms", "Attachments"),
    cancellation.SECTION: pgettext_lazy("section of the forms", "Cancellation"),
}

_ANY_CERTIFICATE = _("Business licence, or certificate of the organisation")

_ARTICLE_LABELS: dict[str, Promise] = {
    "2": _("Art. 2"),
    "3": _("Art. 3"),
    "5": _("Art. 5"),
    "7": _("Art. 7"),
    "8": _("Art. 8"),
    "11(1)": _("Art. 11, para. 1"),
    "12": _("Art. 12"),
    "17": _("Art. 17"),
    "18": _("Art. 18"),
    "22": _("Art. 22"),
}

_YES = _("Yes")
_NO = _("No")

_LABELS: dict[str, Promise] = {
    **applicant_words.LABELS,
    **service_words.LABELS,
    **content_words.LABELS,
    **attachment_words.LABELS,
}
_ROW_LABELS: dict[str, Promise] = {**service_words.ROW_LABELS, **content_words.ROW_LABELS}
# What a cancellation states beside the forms.
_STATED_BY_CANCELLATION: dict[str, Promise] = {
    cancellation.ENDS_ON: _("The service ends on"),
    cancellation.ARRANGEMENT: _("Arrangement for the users"),
    cancellation.LATE_REASON: _("Why it comes late"),
}
_HELP_TEXTS: dict[str, Promise] = {
    **applicant_words.HELP_TEXTS,
    **service_words.HELP_TEXTS,
    **content_words.HELP_TEXTS,
    **attachment_words.HELP_TEXTS,
}


def section_label(section: str) -> Promise:
    """The heading of a section; raises UnknownParticular."""
    return _word(SECTION_LABELS, section)


def label_of(key: str) -> Promise:
    """The label of a particular, a group's field, a slot or what a cancellation states; raises UnknownParticular."""
    return _word(_STATED_BY_CANCELLATION if key in _STATED_BY_CANCELLATION else _LABELS, key)


def proof_label(slot: str) -> Promise:
    """What a scan that proves a claim shows, by its slot: whoever claims says no type of organisation.

    Raises UnknownParticular.
    """
    return _ANY_CERTIFICATE if slot == "business_licence" else label_of(f"attachments.{slot}")


def row_label_of(key: str) -> Promise:
    """What one row of a group is called, before its number; raises UnknownParticular."""
    return _word(_ROW_LABELS, key)


def help_of(key: str, materials: Materials | None = None) -> Promise | str:
    """Why a particular or slot is asked and how to answer it; "" for a field that its label explains.

    With `materials` what is read off a document is said of the document that this applicant has.
    """
    if materials is not None:
        by_nature = applicant_words.HELP_BY_NATURE.get(str(value_of(materials, "applicant.nature")), {})
        if key in by_nature:
            return by_nature[key]
        if key in attachment_words.HELP_BY_DOCUMENT:
            stated_in, texts = attachment_words.HELP_BY_DOCUMENT[key]
            return texts.get(str(value_of(materials, stated_in)), _HELP_TEXTS[key])
    return _HELP_TEXTS.get(key, "")


def article_of(key: str) -> Promise | str:
    """The article that a particular or slot is asked under, "" where only the form asks."""
    return article_label(find_slot(key).basis if is_slot(key) else find_particular(key).basis)


def article_label(basis: str) -> Promise | str:
    """An article by its number, such as "11(1)"; "" for none."""
    return _ARTICLE_LABELS.get(basis, "")


def choice_label(key: str, code: str) -> Promise | str:
    """The label of a fixed choice, or the code itself where an administrator's list names it."""
    return CHOICE_LABELS.get(key, {}).get(code, code)


def in_reading_order(key: str, codes: Sequence[str]) -> Sequence[str]:
    """The fixed choices of a particular in the order in which a form offers them: countries by their names."""
    return by_name(codes) if CHOICE_LABELS.get(key) is COUNTRY_NAMES else codes


def yes_no_label(*, answer: bool) -> Promise:
    return _YES if answer else _NO


def gap_message(gap: Gap) -> str:
    """What to do about a gap, in the language now active; a gap in a group's row says which row."""
    if find_rule(gap.code) is not None:
        return _in_row(gap, consistency_text(gap.code, gap.facts, label=label_of(gap.key)))
    facts = {**gap.facts, "label": label_of(gap.key)}
    if "changed" in gap.facts:
        facts["changed"] = label_of(gap.facts["changed"])
    more = PROBLEM_MESSAGES.get((gap.code, str(gap.facts.get("problem", ""))))
    return _in_row(gap, str(more if more is not None else _word(GAP_MESSAGES, gap.code)) % facts)


def contradiction_message(contradiction: Contradiction) -> str:
    """What a rule of consistency found, to applicant and reviewer alike; an error in the words of its gap."""
    found = contradiction.found
    return gap_message(Gap(found.key, contradiction.rule.name, found.facts, found.row))


def _in_row(gap: Gap, message: str) -> str:
    if gap.row is None or is_slot(gap.key):
        return message
    return str(ROW_MESSAGE) % {"number": gap.row + 1, "message": message}


def _word(words: dict[str, Promise], key: str) -> Promise:
    try:
        return words[key]
    except KeyError:
        raise UnknownParticular("no_words", key=key) from None
