"""The composer's table of candidates: searched, in pages, each with room for a reason to hold it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from registry.batches.candidates import Candidate
from registry.labels.province_words import full_name
from registry.presentation.posted import posted_version
from registry.rules.batches.lifecycle import ListKind
from review.batches import draft as drafts
from review.batches.draft import Draft
from review.batches.forms import Reasons, reason_name
from review.batches.paging import asked_page, page_of

MOST_TYPED = 120


def candidate_table(
    request: HttpRequest,
    kind: ListKind,
    draft: Draft,
    typed: Reasons | None,
    *,
    asked: QueryDict,
    is_refused: bool,
) -> dict[str, Any]:
    """The table as the page shows it; after a refusal with the reasons that the draft holds otherwise."""
    text, show = asked.get("q", "").strip()[:MOST_TYPED], asked.get("show", "")
    composed = drafts.compose(draft.content)
    found = [
        (position, each)
        for position, each in enumerate(composed.candidates, start=1)
        if _matches(each, text) and (show != "held" or each.filing_id in draft.content.held_back)
    ]
    number = asked_page(request) if request.method != "POST" else posted_version(request.POST.get("page"))
    page = page_of(found, number)
    reasons = typed.typed if typed is not None else {}
    faults = typed.faults if typed is not None else {}
    rows: list[dict[str, Any]] = [
        {
            "position": position,
            "candidate": each,
            "province": full_name(each.province_code),
            "name": reason_name(each.filing_id),
            "reason": reasons.get(each.filing_id, draft.content.held_back.get(each.filing_id, "")),
            "fault": faults.get(each.filing_id, ""),
            "stored": draft.content.held_back.get(each.filing_id, "") if is_refused else "",
        }
        for position, each in page.rows
    ]
    return {
        "table_template": "review/batches/includes/candidates.html",
        "rows": rows,
        "row_errors": [
            {
                "target": f"id_{row['name']}",
                "label": row["candidate"].number,
                "message": row["fault"],
            }
            for row in rows
            if row["fault"]
        ],
        "has_ended": kind is not ListKind.FILINGS,
        "page": page,
        "previous_step": f"page-{page.number - 1}" if page.number > 1 else "",
        "next_step": f"page-{page.number + 1}" if page.number < page.pages else "",
        "q": text,
        "show": "held" if show == "held" else "",
        "total": len(composed.candidates),
        "entry_count": len(composed.entries),
        "held_count": len(composed.held_back),
    }


def _matches(candidate: Candidate, text: str) -> bool:
    """Whether every word of a search is part of the number or of a name."""
    said = f"{candidate.number} {candidate.applicant_name} {candidate.service_name}".casefold()
    return all(word in said for word in text.casefold().split())
