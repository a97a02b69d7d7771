"""Documents that the portal produces, as tagged PDF with selectable text and embedded fonts.

They are Chinese, whatever the language of the page. Most are issued (`issuing`): made once from an event, kept with
their digest, and served unchanged from then on.
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
