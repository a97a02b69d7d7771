"""Every error the register raises: one tree under FilingError, a code and facts; wording lives in labels."""

from __future__ import annotations

from registry.rules.errors import FilingError
from registry.rules.members.permissions import MemberActRefused
from registry.rules.workflow.lifecycle import TransitionNotAllowed

__all__ = [
    "ApplicantUnknown",
    "AttachmentRefused",
    "DecryptionFailed",
    "FilingError",
    "GlyphMissing",
    "IdempotencyConflict",
    "MaterialsIncomplete",
    "MemberActRefused",
    "NotFound",
    "OutOfDate",
    "RegisterIncomplete",
    "SequenceExhausted",
    "StorageFull",
    "TransitionNotAllowed",
]


class MaterialsIncomplete(FilingError):
    """The materials have gaps; `facts["gaps"]` holds them."""


class OutOfDate(FilingError):
    """The page the act was done from shows an earlier state; facts name what has happened since."""


class IdempotencyConflict(FilingError):
    """The same key came with another act or other content."""


class SequenceExhausted(FilingError):
    """An applicant has used all 999 sequences, or no free serial was drawn."""


class AttachmentRefused(FilingError):
    """An uploaded file is not accepted; the code says why."""


class StorageFull(FilingError):
    """A file cannot be kept at the moment: the disk or its quota is full."""


class GlyphMissing(FilingError):
    """A document would print a character that its fonts do not have; `facts["characters"]` names them."""


class DecryptionFailed(FilingError):
    """A stored ciphertext does not belong to this row, or its key is not configured."""


class ApplicantUnknown(FilingError):
    """The applicant named in the materials is not one this account may act for."""


class RegisterIncomplete(FilingError):
    """A row that the register must hold is missing."""


class NotFound(FilingError):
    """There is no such row, or this account may not see it."""
