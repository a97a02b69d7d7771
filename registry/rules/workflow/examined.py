"""What an application is about, by its kind, and what the offices answer for in it one by one (Art. 12)."""

from __future__ import annotations

from registry.rules.particulars import is_of_applicant
from registry.rules.particulars.cancellation import stated_keys
from registry.rules.particulars.completeness import checklist_items
from registry.rules.particulars.materials import Materials
from registry.rules.workflow.states import Kind

# Signed for the application, whatever it is about.
_SIGNED = frozenset({"attachments.authenticity_statement", "attachments.letter_of_authority"})


def is_about(kind: Kind, key: str) -> bool:
    """Whether an application of this kind is about a particular or slot of its materials.

    A change of the applicant carries along the materials of one of its services, which it does not concern.
    """
    return kind is not Kind.APPLICANT_CHANGE or is_of_applicant(key) or key in _SIGNED


def examined_keys(kind: Kind, materials: Materials, *, is_late: bool) -> tuple[str, ...]:
    """The keys that an office marks before it decides, in the order of the forms.

    A cancellation repeats the materials in force, which were examined before: what it states itself is examined.
    """
    if kind is Kind.CANCELLATION:
        return stated_keys(is_late=is_late)
    return tuple(key for key in checklist_items(materials) if is_about(kind, key))
