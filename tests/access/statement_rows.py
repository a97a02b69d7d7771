"""The rows of the access matrix about the portal's own statements, and about what accounts agree to."""

from __future__ import annotations

from collections.abc import Mapping

from tests.access.rows import Row, form, page
from tests.access.visitors import APPLICANTS, EVERYBODY, NOBODY

ROWS_OF_STATEMENTS: Mapping[str, tuple[Row, ...]] = {
    "public:templates": (page(EVERYBODY),),
    "public:template_docx": (page(EVERYBODY, lambda _: {"name": "emergency_plan", "language": "zh"}),),
    "public:reasons": (page(EVERYBODY),),
    "public:privacy": (page(EVERYBODY),),
    "public:privacy_version": (page(EVERYBODY, lambda _: {"version": 1}),),
    "public:identity_documents": (page(EVERYBODY),),
    "public:identity_documents_version": (page(EVERYBODY, lambda _: {"version": 1}),),
    "public:accessibility": (page(EVERYBODY),),
    # The applicants of the scene have agreed before: agreeing again adds nothing.
    "account_privacy": (form(APPLICANTS, sends=lambda _: {"version": "1"}, writes=NOBODY),),
    "applicants:identity_consent": (
        form(APPLICANTS, sends=lambda _: {"version": "1", "consent": "yes"}, writes=NOBODY),
    ),
}
