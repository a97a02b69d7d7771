"""What the forms ask, as data: every particular and every slot for files, in the order of the forms.

Completeness, forms, the reviewer's checklist, the authenticity statement and the public columns are all
made from these tables; a field that is not here is not asked.
"""

from __future__ import annotations

from registry.rules.particulars.attachments import (
    APPLICANT_SECTIONS,
    APPLICANT_SLOTS,
    IDENTITY_DOCUMENT_SLOTS,
    is_of_applicant,
)
from registry.rules.particulars.catalogue import (
    UnknownParticular,
    find_particular,
    find_slot,
    is_particular,
    is_slot,
    particulars,
    particulars_of,
    required_slots,
    sections,
    slots,
)
from registry.rules.particulars.definitions import AnswerKind, Particular, PersonalKind, Slot
from registry.rules.particulars.lists import INITIAL_LISTS, InitialEntry
from registry.rules.particulars.public import public_columns
from registry.rules.particulars.transformations import (
    changed_keys,
    clear_irrelevant,
    join_personal,
    printed_values,
    split_personal,
)

__all__ = [
    "APPLICANT_SECTIONS",
    "APPLICANT_SLOTS",
    "IDENTITY_DOCUMENT_SLOTS",
    "INITIAL_LISTS",
    "AnswerKind",
    "InitialEntry",
    "Particular",
    "PersonalKind",
    "Slot",
    "UnknownParticular",
    "changed_keys",
    "clear_irrelevant",
    "find_particular",
    "find_slot",
    "is_of_applicant",
    "is_particular",
    "is_slot",
    "join_personal",
    "particulars",
    "particulars_of",
    "printed_values",
    "public_columns",
    "required_slots",
    "sections",
    "slots",
    "split_personal",
]
