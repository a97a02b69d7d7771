"""The templates of documents that a filing asks for, and what a reviewer looks for in each (Art. 5, 6 and 7).

Each text lies in `registry/data/texts/templates/`, in the grammar of articles: its title, the document with places to
fill in, and after a line of equals signs what a reviewer looks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from registry.rules.articles import Block, blocks_of, plain_text
from registry.rules.site_texts import read_text

_END_OF_DOCUMENT = "\n====\n"
# What the applicant fills in stands between these.
PLACE_OPENS, PLACE_CLOSES = "【", "】"


class DocumentTemplate(StrEnum):
    """The documents of which there is a template, in the order in which they are written."""

    MANAGEMENT_RULES = "management_rules"
    EMERGENCY_PLAN = "emergency_plan"
    USER_AGREEMENT = "user_agreement"


# The article that asks for each.
TEMPLATE_ARTICLES = {
    DocumentTemplate.MANAGEMENT_RULES: "5",
    DocumentTemplate.EMERGENCY_PLAN: "6",
    DocumentTemplate.USER_AGREEMENT: "7",
}


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A template in one language: its title, its blocks, and the lines of what a reviewer looks for."""

    title: str
    blocks: tuple[Block, ...]
    looked_for: tuple[str, ...]


@cache
def template_text(template: DocumentTemplate, *, english: bool) -> TemplateText:
    """The text of a template."""
    document, looked_for = read_text(f"templates/{template}", english=english).split(_END_OF_DOCUMENT)
    title, body = document.split("\n", 1)
    return TemplateText(
        title=title.strip(),
        blocks=blocks_of(body),
        looked_for=tuple(plain_text(line) for line in looked_for.strip().splitlines()),
    )
