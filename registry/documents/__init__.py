"""Documents made by the portal, as tagged PDF with selectable text and fonts of our own.

They are Chinese papers whatever language the page is in. Most are issued: made from an event, kept with their
digest (`issuing`), and handed out again as they were.
"""

from registry.documents.glyphs import require_glyphs
from registry.documents.printing import ForbiddenAsset, render
from registry.documents.statement import authenticity_statement, statement_code

__all__ = [
    "ForbiddenAsset",
    "authenticity_statement",
    "render",
    "require_glyphs",
    "statement_code",
]
