"""The composer's pages: the draft with its table of candidates, the preview, the proposal, and the standing text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.batches import files, lists
from registry.batches.candidates import Candidate
from registry.errors import FilingError, GlyphMissing, OutOfDate, TransitionNotAllowed
from registry.files.views import inert_answer
from registry.labels.date_format import moment
from registry.labels.list_words import LIST_ORDERS, file_name, list_title
from registry.models import Account
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.posted import posted_version
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind, ListOrder, ListState
from registry.rules.codes.jurisdictions import province_of
from review.access import national_head
from review.batches import draft as drafts
from review.batches.announcement import PLACES, REQUIRED, save_standing_text, standing_text, versions_of
from review.batches.draft import Composed, Draft, MomentPassed
from review.batches.forms import (
    CompositionForm,
    Reasons,
    StandingTextForm,
    initial_of,
    reason_name,
)
from review.batches.paging import asked_page, page_of
from review.batches.wording import list_refusal

KIND = ListKind.FILINGS
_PAGE_STEP = re.compile(r"page-(\d{1,6})", re.ASCII)
_MOST_TYPED = 120


# ---------------------------------------------------------------- the draft


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest) -> HttpResponse:
    """The draft of the next list, saved on every step; the candidates in pages, each with room for a reason."""
    head, at = national_head(request), clock.now()
    draft = drafts.current_draft(KIND, at=at)
    if request.method == "POST":
        return _save(request, draft, head)
    kept = kept_form(request)
    if kept is not None:
        form = CompositionForm(kept)
        form._errors = {}  # type: ignore[attr-defined]
        return _compose_page(request, draft, form, typed=Reasons.posted(kept), is_restored=True)
    return _compose_page(request, draft, CompositionForm(initial=initial_of(draft.content)))


def _save(request: HttpRequest, draft: Draft, head: Account) -> HttpResponse:
    form, typed = CompositionForm(request.POST), Reasons.posted(request.POST)
    if not form.is_valid() or typed.too_long:
        return _compose_page(request, draft, form, typed=typed, status=HTTPStatus.BAD_REQUEST)
    content = form.content(typed.merged_into(draft.content.held_back))
    seen = posted_version(request.POST.get("version"))
    try:
        drafts.save(KIND, content, seen_version=seen, by=head, at=clock.now())
    except OutOfDate as refusal:
        now = drafts.current_draft(KIND, at=clock.now())
        return _compose_page(request, now, form, typed=typed, refusal=refusal, status=HTTPStatus.CONFLICT)
    forget_form(request)
    step = request.POST.get("step", "")
    if step == "preview":
        return redirect("review:preview_list")
    place = "#candidates"
    if step == "save":
        messages.success(request, _("The draft is saved."))
        place = ""
    return HttpResponseRedirect(f"{reverse('review:compose')}{_query(request.POST, step)}{place}")


def _query(data: QueryDict, step: str) -> str:
    """The address of the part of the table that a step leads to."""
    found = _PAGE_STEP.fullmatch(step)
    page = found.group(1) if found else data.get("page", "1") if step == "save" else "1"
    asked = {"q": data.get("q", "").strip()[:_MOST_TYPED], "show": data.get("show", ""), "page": page}
    kept = {name: value for name, value in asked.items() if value not in ("", "1")}
    return f"?{urlencode(kept)}" if kept else ""


def _compose_page(
    request: HttpRequest,
    draft: Draft,
    form: CompositionForm,
    *,
    typed: Reasons | None = None,
    refusal: FilingError | None = None,
    is_restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    text, show = asked.get("q", "").strip()[:_MOST_TYPED], asked.get("show", "")
    composed = drafts.compose(KIND, draft.content)
    found = [
        (position, each)
        for position, each in enumerate(composed.candidates, start=1)
        if _matches(each, text) and (show != "held" or each.filing_id in draft.content.held_back)
    ]
    number = asked_page(request) if request.method != "POST" else posted_version(request.POST.get("page"))
    page = page_of(found, number)
    reasons = typed.typed if typed is not None else {}
    too_long = frozenset(typed.too_long if typed is not None else ())
    rows: list[dict[str, Any]] = [
        {
            "position": position,
            "candidate": each,
            "province": province_of(each.province_code).name,
            "name": reason_name(each.filing_id),
            "reason": reasons.get(each.filing_id, draft.content.held_back.get(each.filing_id, "")),
            "is_too_long": each.filing_id in too_long,
            "stored": draft.content.held_back.get(each.filing_id, "") if refusal is not None else "",
        }
        for position, each in page.rows
    ]
    underway = lists.underway(KIND)
    dropped = draft.batch_list
    context = {
        "draft": draft,
        "form": form,
        "rows": rows,
        "row_errors": [
            {
                "target": f"id_{row['name']}",
                "label": row["candidate"].number,
                "message": _("At most %(most)s characters.") % {"most": drafts.LONGEST_REASON},
            }
            for row in rows
            if row["is_too_long"]
        ],
        "longest_reason": drafts.LONGEST_REASON,
        "page": page,
        "previous_step": f"page-{page.number - 1}" if page.number > 1 else "",
        "next_step": f"page-{page.number + 1}" if page.number < page.pages else "",
        "q": text,
        "show": "held" if show == "held" else "",
        "total": len(composed.candidates),
        "entry_count": len(composed.entries),
        "held_count": len(composed.held_back),
        "refusal": list_refusal(refusal) if refusal is not None else "",
        "refused_by": refusal.facts.get("by", "") if refusal is not None else "",
        "refused_at": refusal.facts.get("at") if refusal is not None else None,
        "stored": _stored(draft, form) if refusal is not None else [],
        "is_restored": is_restored,
        "underway": underway,
        "dropped": dropped if dropped is not None and dropped.state == ListState.DROPPED else None,
        "places": _places(),
        "crumbs": _crumbs(_("Compose a list")),
    }
    return render(request, "review/batches/compose.html", context, status=status)


def _matches(candidate: Candidate, text: str) -> bool:
    """Whether every word of a search is part of the number or of a name."""
    said = f"{candidate.number} {candidate.applicant_name} {candidate.service_name}".casefold()
    return all(word in said for word in text.casefold().split())


def _stored(draft: Draft, form: CompositionForm) -> list[dict[str, str]]:
    """What the draft holds otherwise than the form that was refused."""
    content = draft.content
    typed = form.cleaned_data
    rows = [
        (form["cut_off_on"].label, content.cut_off_on.isoformat(), content.cut_off_on != typed["cut_off_on"]),
        (form["order"].label, str(LIST_ORDERS[content.order]), content.order.value != typed["order"]),
        (
            form["publish_at"].label,
            _("At once") if content.publish_at is None else moment(content.publish_at),
            content.publish_at != typed["publish_at"],
        ),
        (form["announcement"].label, content.announcement, content.announcement != typed["announcement"]),
    ]
    return [{"label": str(label), "text": text} for label, text, differs in rows if differs]


# ---------------------------------------------------------------- preview and proposal


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """The list as it would look if it were proposed now, and what is held back."""
    national_head(request)
    draft = drafts.current_draft(KIND, at=clock.now())
    if not draft.is_saved:
        return redirect("review:compose")
    return _preview_page(request, draft)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Proposes what the preview showed; refused with what has changed, the draft kept, the new preview shown."""
    head = national_head(request)
    if not drafts.current_draft(KIND, at=clock.now()).is_saved:
        return redirect("review:compose")
    seen = request.POST.get("numbers", "").split()
    try:
        batch_list = drafts.propose(
            KIND,
            seen_version=posted_version(request.POST.get("version")),
            seen=seen,
            by=head,
            at=clock.now(),
        )
    except (OutOfDate, TransitionNotAllowed, MomentPassed, GlyphMissing) as refusal:
        draft = drafts.current_draft(KIND, at=clock.now())
        return _preview_page(request, draft, refusal=refusal, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The list is proposed. A second officer confirms it or sends it back."))
    return redirect("review:batch", list_id=batch_list.pk)


@require_safe
def preview_pdf(request: HttpRequest) -> HttpResponse:
    """The PDF of the preview, marked as such. Raises GlyphMissing."""
    national_head(request)
    draft = drafts.current_draft(KIND, at=clock.now())
    composed = drafts.compose(KIND, draft.content)
    return pdf_answer(composed.entries, announcement=composed.composition.announcement)


def pdf_answer(entries: Sequence[Candidate], *, announcement: str) -> HttpResponse:
    """A list that is not published, printed as it would be, to be opened in the browser."""
    number = lists.next_number(KIND)
    content = files.preview(
        rows_of(entries), kind=KIND, number=number, announcement=announcement, dated_on=clock.today()
    )
    answer = inert_answer(content, "application/pdf")
    name = file_name(KIND, number, "pdf").replace(".pdf", "-preview.pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def rows_of(entries: Sequence[Candidate], *, first: int = 1) -> list[PublishedRow]:
    """Entries as a list prints them, numbered from `first`."""
    return [
        PublishedRow(position, each.applicant_name, each.service_name, each.number, each.province_code)
        for position, each in enumerate(entries, start=first)
    ]


def _preview_page(
    request: HttpRequest, draft: Draft, *, refusal: FilingError | None = None, status: int = 200
) -> HttpResponse:
    composed = drafts.compose(KIND, draft.content)
    page = page_of(rows_of(composed.entries), asked_page(request))
    facts: Mapping[str, Any] = refusal.facts if refusal is not None else {}
    context = {
        "draft": draft,
        "title": list_title(KIND, lists.next_number(KIND)),
        "paragraphs": composed.composition.announcement.splitlines(),
        "order": LIST_ORDERS[ListOrder(draft.content.order)],
        "page": page,
        "rows": [{"row": row, "province": province_of(row.province_code).name} for row in page.rows],
        "held_back": composed.held_back,
        "numbers": "\n".join(composed.numbers),
        "underway": lists.underway(KIND),
        "is_over": draft.content.publish_at is not None and draft.content.publish_at <= clock.now(),
        "refusal": list_refusal(refusal) if refusal is not None else "",
        "refused_by": facts.get("by", ""),
        "added": _named(composed, facts.get("added", ())),
        "gone": facts.get("gone", ()),
        "crumbs": _crumbs(_("Preview"), inner=True),
    }
    return render(request, "review/batches/preview.html", context, status=status)


def _named(composed: Composed, numbers: Iterable[str]) -> list[Candidate]:
    """The candidates with these numbers, in order."""
    wanted = frozenset(numbers)
    return [each for each in composed.candidates if each.number in wanted]


# ---------------------------------------------------------------- the standing text


@require_http_methods(["GET", "HEAD", "POST"])
def announcement_text(request: HttpRequest) -> HttpResponse:
    """Edits the text with which announcements begin, and goes back to the shipped one."""
    head = national_head(request)
    versions = versions_of(KIND)
    last = versions[0].version if versions else 0
    if request.method != "POST":
        kept = kept_form(request)
        initial = {"text": (kept.get("text") if kept is not None else None) or standing_text(KIND)}
        return _text_page(request, StandingTextForm(initial=initial), last, is_restored=kept is not None)
    is_shipped = request.POST.get("act") == "shipped"
    form = StandingTextForm(request.POST)
    if not is_shipped and not form.is_valid():
        return _text_page(request, form, last, status=HTTPStatus.BAD_REQUEST)
    try:
        save_standing_text(
            KIND,
            None if is_shipped else form.cleaned_data["text"],
            seen_version=posted_version(request.POST.get("version")),
            by=head,
            at=clock.now(),
        )
    except OutOfDate as refusal:
        newest = versions_of(KIND)[0].version
        if is_shipped:
            form = StandingTextForm(initial={"text": standing_text(KIND)})
        return _text_page(request, form, newest, refusal=refusal, status=HTTPStatus.CONFLICT)
    forget_form(request)
    messages.success(request, _("The standing text is saved. A draft that was begun keeps its own text."))
    return redirect("review:announcement_text")


def _text_page(
    request: HttpRequest,
    form: StandingTextForm,
    version: int,
    *,
    refusal: FilingError | None = None,
    is_restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    versions = versions_of(KIND)
    context = {
        "form": form,
        "version": version,
        "versions": versions,
        "is_changed": bool(versions and versions[0].text),
        "places": _places(),
        "refusal": list_refusal(refusal) if refusal is not None else "",
        "is_restored": is_restored,
        "crumbs": _crumbs(_("Standing text of announcements")),
    }
    return render(request, "review/batches/announcement_text.html", context, status=status)


def _places() -> list[dict[str, Any]]:
    return [{"name": name, "words": words, "is_required": name in REQUIRED} for name, words in PLACES.items()]


def _crumbs(label: str, *, inner: bool = False) -> list[dict[str, str]]:
    crumbs = [{"url": reverse("review:batches"), "label": _("Batch lists")}]
    if inner:
        crumbs.append({"url": reverse("review:compose"), "label": _("Compose a list")})
    return [*crumbs, {"url": "", "label": label}]
