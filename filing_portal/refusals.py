"""The HTTP status of each error: 409 for a refused act, 400 for bad input, 404 without access."""

from __future__ import annotations

from http import HTTPStatus

from registry.errors import (
    ApplicantUnknown,
    AttachmentRefused,
    DecryptionFailed,
    FilingError,
    GlyphMissing,
    NotFound,
    RegisterIncomplete,
    StorageFull,
)
from registry.rules.errors import RuleError

_STATUS_BY_KIND: tuple[tuple[type[FilingError], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (ApplicantUnknown, HTTPStatus.NOT_FOUND),
    (AttachmentRefused, HTTPStatus.BAD_REQUEST),
    (RuleError, HTTPStatus.BAD_REQUEST),
    (GlyphMissing, HTTPStatus.UNPROCESSABLE_ENTITY),
    (StorageFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (DecryptionFailed, HTTPStatus.INTERNAL_SERVER_ERROR),
    (RegisterIncomplete, HTTPStatus.INTERNAL_SERVER_ERROR),
)


def status_of(error: FilingError) -> int:
    """The HTTP status for a request that ended in this error."""
    for kind, status in _STATUS_BY_KIND:
        if isinstance(error, kind):
            return int(status)
    return int(HTTPStatus.CONFLICT)
