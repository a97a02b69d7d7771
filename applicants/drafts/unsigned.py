"""Refuses what is certainly no signed statement: the one that the portal made, given back as it was, or a blank page.

Only what is certain is refused. A scan or photograph has no text of ours; what was written, sealed or stamped on the
PDF shows on its pages; an electronic signature may show nowhere, and is looked for beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from applicants.drafts.joint import other_drafts
from applicants.drafts.matter import matter_of
from applicants.drafts.prepared import Prepared
from applicants.drafts.register_facts import take_facts
from applicants.models import Draft
from registry import clock
from registry.documents import authenticity_statement, statement_code
from registry.errors import AttachmentRefused
from registry.lists import current_lists
from registry.models import Attachment
from registry.rules.particulars.definitions import PDF
from registry.rules.particulars.materials import date_of
from registry.storage.checks import sandbox
from registry.storage.checks.sandbox import Normalised

# The line at the foot of the statement, without the white space that the layout puts into it.
_ORIGIN = re.compile(
    r"于(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})按填报内容生成.*?核对码：?"
    r"(?P<code>[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4})"
)


def refuse_unsigned(attachment: Attachment, read: Normalised) -> None:
    """Raises AttachmentRefused where a file read as statement is blank, or the portal's own without a signature.

    Raises it as well where the text of the file is that of a statement about other particulars. The decoder asks it
    of every statement; the statement lists all services of the joint submission.
    """
    if read.signatures:
        return
    pages = sandbox.read(read.content, read.content_type)
    if all(page.is_blank for page in pages):
        raise AttachmentRefused("statement_blank")
    if read.content_type != PDF or any(page.has_pictures for page in pages):
        return
    made = _ORIGIN.search("".join("".join(page.text for page in pages).split()))
    day = date_of(made["day"]) if made is not None else None
    draft = Draft.objects.select_related("applicant").filter(pk=attachment.draft_id).first()
    if made is None or day is None or draft is None:
        return
    take_facts([draft])
    services = [draft, *other_drafts(draft)]
    first, *further = (each.materials for each in _in_order(services, at=clock.now()))
    if made["code"] != statement_code(first, further=further):
        raise AttachmentRefused("statement_of_other_particulars")
    own = statement_for(draft, first, further, today=day)
    if sandbox.looks_like(own, read.content):
        raise AttachmentRefused("statement_unsigned")


def statement_for(
    draft: Draft, first: Mapping[str, Any], further: Sequence[Mapping[str, Any]], *, today: date
) -> bytes:
    """The statement of a draft as PDF, in the words of its kind; `further` are the other services that it lists."""
    matter = matter_of(draft)
    return authenticity_statement(
        first,
        today=today,
        further=further,
        change=matter.stated_change(first),
        receipt_number=matter.receipt_number,
    )


def _in_order(drafts: Sequence[Draft], *, at: datetime) -> list[Prepared]:
    lists = current_lists()
    return [
        matter_of(each).prepare(at=at, lists=lists) for each in sorted(drafts, key=lambda each: each.place)
    ]
