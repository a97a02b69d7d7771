"""The composer's pages: the draft with its table of candidates, the preview, the proposal, and the standing text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from itertools import chain
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
from registry.batches.candidates import Candidate, as_rows
from registry.errors import FilingError, GlyphMissing, OutOfDate, TransitionNotAllowed
from registry.files.views import inert_answer
from registry.labels.date_format import moment
from registry.labels.list_words import LIST_ORDERS, file_name, list_title
from registry.models import Account
from registry.presentation.kept_forms import forget_form, kept_form, without_errors
from registry.presentation.posted import posted_version
from registry.presentation.versions import ShownVersion
from registry.rules.batches.lifecycle import ListKind, ListState
from review.access import national_head
from review.batches import corrigendum
from review.batches import draft as drafts
from review.batches.announcement import PLACES, required, save_standing_text, standing_text, versions_of
from review.batches.candidate_table import MOST_TYPED, candidate_table
from review.batches.corrigendum import Corrections
from review.batches.draft import Composed, Draft, MomentPassed
from review.batches.forms import (
    CompositionForm,
    Reasons,
    StandingTextForm,
    initial_of,
)
from review.batches.paging import asked_page, page_of
from review.batches.tables import table_of, what_of
from review.batches.wording import COMPOSE, NO_CANDIDATES, STANDING_TEXT, list_refusal

_SAID_ELSEWHERE = ("list_has_entries", "no_other_list_underway")
_PAGE_STEP = re.compile(r"page-(\d{1,6})", re.ASCII)


# ---------------------------------------------------------------- the draft


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """The draft of the next list, saved on every step; the candidates in pages, each with room for a reason."""
    head, at = national_head(request), clock.now()
    draft = drafts.current_draft(kind, at=at)
    if request.method == "POST":
        return _save(request, kind, draft, head)
    kept = kept_form(request)
    if kept is not None:
        form = without_errors(CompositionForm(kept, kind=kind))
        return _compose_page(request, kind, draft, form, typed=_posted(kind, kept), is_restored=True)
    form = CompositionForm(kind=kind, initial=initial_of(draft.content))
    typed = Corrections(draft.content.wanted).with_entry(request.GET.get("entry", ""))
    return _compose_page(request, kind, draft, form, typed=typed if kind is ListKind.CORRIGENDA else None)


def _save(request: HttpRequest, kind: ListKind, draft: Draft, head: Account) -> HttpResponse:
    form, typed = CompositionForm(request.POST, kind=kind), _posted(kind, request.POST)
    seen = posted_version(request.POST.get("version"))
    if not form.is_valid() or not typed.is_valid:
        # Said with the rest: mended, it would be refused for it.
        stale = drafts.saved_meanwhile(draft) if draft.version != seen else None
        return _compose_page(
            request, kind, draft, form, typed=typed, refusal=stale, status=HTTPStatus.BAD_REQUEST
        )
    content = form.content(
        held_back=typed.merged_into(draft.content.held_back) if isinstance(typed, Reasons) else {},
        wanted=typed.wanted if isinstance(typed, Corrections) else (),
    )
    try:
        drafts.save(content, seen_version=seen, by=head, at=clock.now())
    except OutOfDate as refusal:
        now = drafts.current_draft(kind, at=clock.now())
        return _compose_page(
            request, kind, now, form, typed=typed, refusal=refusal, status=HTTPStatus.CONFLICT
        )
    forget_form(request)
    step = request.POST.get("step", "")
    if step == "preview":
        return redirect(compose_url("preview_list", kind))
    place = "#candidates"
    if step == "save":
        messages.success(request, _("The draft is saved."))
        place = ""
    return HttpResponseRedirect(f"{compose_url('compose', kind)}{_query(request.POST, step)}{place}")


def _query(data: QueryDict, step: str) -> str:
    """The address of the part of the table that a step leads to."""
    found = _PAGE_STEP.fullmatch(step)
    page = found.group(1) if found else data.get("page", "1") if step == "save" else "1"
    asked = {"q": data.get("q", "").strip()[:MOST_TYPED], "show": data.get("show", ""), "page": page}
    kept = {name: value for name, value in asked.items() if value not in ("", "1")}
    return f"?{urlencode(kept)}" if kept else ""


def _compose_page(
    request: HttpRequest,
    kind: ListKind,
    draft: Draft,
    form: CompositionForm,
    *,
    typed: Reasons | Corrections | None = None,
    refusal: FilingError | None = None,
    is_restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    if isinstance(typed, Corrections) or kind is ListKind.CORRIGENDA:
        shown = typed if isinstance(typed, Corrections) else Corrections(draft.content.wanted)
        table = corrigendum.table(shown, asked=asked)
    else:
        table = candidate_table(request, kind, draft, typed, asked=asked, is_refused=refusal is not None)
    underway = lists.underway(kind)
    dropped = draft.batch_list
    context = (
        urls_of(kind)
        | table
        | {
            "kind": kind.value,
            "title": COMPOSE[kind],
            "nothing": NO_CANDIDATES[kind],
            "draft": draft,
            "form": form,
            "refusal": list_refusal(refusal) if refusal is not None else "",
            "refused_by": refusal.facts.get("by", "") if refusal is not None else "",
            "refused_at": refusal.facts.get("at") if refusal is not None else None,
            "stored": _stored(draft, form) if refusal is not None else [],
            "is_restored": is_restored,
            "underway": underway,
            "dropped": dropped if dropped is not None and dropped.state == ListState.DROPPED else None,
            "places": places_of(kind),
            "crumbs": _crumbs(kind, COMPOSE[kind]),
        }
    )
    return render(request, "review/batches/compose.html", context, status=status)


def _posted(kind: ListKind, data: QueryDict) -> Reasons | Corrections:
    """What the table of a kind's form sent."""
    return Corrections.posted(data) if kind is ListKind.CORRIGENDA else Reasons.posted(data)


def _stored(draft: Draft, form: CompositionForm) -> list[dict[str, str]]:
    """What the draft holds otherwise than the form that was refused."""
    content = draft.content
    typed = form.cleaned_data
    held = {
        "cut_off_on": (content.cut_off_on.isoformat(), content.cut_off_on != typed.get("cut_off_on")),
        "order": (str(LIST_ORDERS[content.order]), content.order.value != typed.get("order")),
        "publish_at": (
            _("At once") if content.publish_at is None else moment(content.publish_at),
            content.publish_at != typed.get("publish_at"),
        ),
        "announcement": (content.announcement, content.announcement != typed.get("announcement")),
    }
    return [
        {"label": str(form[name].label), "text": text}
        for name, (text, differs) in held.items()
        if differs and name in form.fields
    ]


# ---------------------------------------------------------------- preview and proposal


@require_safe
def preview(request: HttpRequest, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """The list as it would look if it were proposed now, and what is held back."""
    head = national_head(request)
    draft = drafts.current_draft(kind, at=clock.now())
    if not draft.is_saved:
        return redirect(compose_url("compose", kind))
    return _preview_page(request, kind, draft, head)


@require_POST
def propose(request: HttpRequest, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """Proposes what the preview showed; refused with what has changed, the draft kept, the new preview shown."""
    head = national_head(request)
    if not drafts.current_draft(kind, at=clock.now()).is_saved:
        return redirect(compose_url("compose", kind))
    seen = request.POST.get("numbers", "").split()
    try:
        batch_list = drafts.propose(
            kind,
            seen_version=posted_version(request.POST.get("version")),
            seen=seen,
            by=head,
            at=clock.now(),
        )
    except (OutOfDate, TransitionNotAllowed, MomentPassed, GlyphMissing) as refusal:
        draft = drafts.current_draft(kind, at=clock.now())
        return _preview_page(request, kind, draft, head, refusal=refusal, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The list is proposed. A second officer confirms it or sends it back."))
    return redirect("review:batch", list_id=batch_list.pk)


@require_safe
def preview_pdf(request: HttpRequest, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """The PDF of the preview, marked as such."""
    national_head(request)
    draft = drafts.current_draft(kind, at=clock.now())
    composed = drafts.compose(draft.content)
    return pdf_answer(kind, composed.entries, announcement=composed.announcement)


def pdf_answer(kind: ListKind, entries: Sequence[Candidate], *, announcement: str) -> HttpResponse:
    """A list that is not published, printed as it would be, to be opened in the browser."""
    number = lists.next_number(kind)
    content = files.preview(
        as_rows(entries), kind=kind, number=number, announcement=announcement, dated_on=clock.today()
    )
    answer = inert_answer(content, "application/pdf")
    name = file_name(kind, number, "pdf").replace(".pdf", "-preview.pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _preview_page(
    request: HttpRequest,
    kind: ListKind,
    draft: Draft,
    head: Account,
    *,
    refusal: FilingError | None = None,
    status: int = 200,
) -> HttpResponse:
    composed = drafts.compose(draft.content)
    refused = drafts.refusals_of(draft, composed, by=head, at=clock.now())
    page = page_of(as_rows(composed.entries), asked_page(request))
    facts: Mapping[str, Any] = refusal.facts if refusal is not None else {}
    context = urls_of(kind) | {
        "kind": kind.value,
        "draft": draft,
        "title": list_title(kind, lists.next_number(kind)),
        "paragraphs": composed.announcement.splitlines(),
        "what": what_of(kind, cut_off_on=draft.content.cut_off_on, order=draft.content.order),
        "page": page,
        "table": table_of(kind, page.rows),
        "held_back": composed.held_back,
        "numbers": "\n".join(composed.numbers),
        "underway": lists.underway(kind),
        "may_be_proposed": not refused,
        "to_mend": _to_mend(refused, composed),
        "refusal": list_refusal(refusal) if refusal is not None else "",
        "refused_by": facts.get("by", ""),
        "added": _named(composed, facts.get("added", ())),
        "gone": facts.get("gone", ()),
        "crumbs": _crumbs(kind, _("Preview"), inner=True),
    }
    return render(request, "review/batches/preview.html", context, status=status)


def _to_mend(refused: Iterable[FilingError], composed: Composed) -> list[str]:
    """What has to be mended before the list can be proposed; corrections that cannot be published one by one.

    A list without entries, and one that waits for another, say so where they are.
    """
    found = [each for each in refused if each.code not in _SAID_ELSEWHERE]
    said = [
        corrigendum.faults_of(composed.entries) if each.code == "corrections_hold" else [list_refusal(each)]
        for each in found
    ]
    return [*chain.from_iterable(said)]


def _named(composed: Composed, numbers: Iterable[str]) -> list[Candidate]:
    """The candidates with these numbers, in order."""
    wanted = frozenset(numbers)
    return [each for each in composed.candidates if each.number in wanted]


# ---------------------------------------------------------------- the standing text


@require_http_methods(["GET", "HEAD", "POST"])
def announcement_text(request: HttpRequest, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """Edits the text with which announcements begin, and goes back to the shipped one."""
    head = national_head(request)
    versions = versions_of(kind)
    last = versions[0].version if versions else 0
    if request.method != "POST":
        kept = kept_form(request)
        initial = {"text": (kept.get("text") if kept is not None else None) or standing_text(kind)}
        form = StandingTextForm(kind=kind, initial=initial)
        return _text_page(request, kind, form, last, is_restored=kept is not None)
    is_shipped = request.POST.get("act") == "shipped"
    form = StandingTextForm(request.POST, kind=kind)
    if not is_shipped and not form.is_valid():
        return _text_page(request, kind, form, last, status=HTTPStatus.BAD_REQUEST)
    try:
        save_standing_text(
            kind,
            None if is_shipped else form.cleaned_data["text"],
            seen_version=posted_version(request.POST.get("version")),
            by=head,
            at=clock.now(),
        )
    except OutOfDate as refusal:
        newest = versions_of(kind)[0].version
        if is_shipped:
            form = StandingTextForm(kind=kind, initial={"text": standing_text(kind)})
        return _text_page(request, kind, form, newest, refusal=refusal, status=HTTPStatus.CONFLICT)
    forget_form(request)
    messages.success(request, _("The standing text is saved. A draft that was begun keeps its own text."))
    return redirect(compose_url("announcement_text", kind))


def _text_page(
    request: HttpRequest,
    kind: ListKind,
    form: StandingTextForm,
    version: int,
    *,
    refusal: FilingError | None = None,
    is_restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    versions = versions_of(kind)
    context = urls_of(kind) | {
        "title": STANDING_TEXT[kind],
        "form": form,
        "version": version,
        "versions": [
            ShownVersion(each.version, each.changed_at, each.changed_by.name, each.text) for each in versions
        ],
        "is_changed": bool(versions and versions[0].text),
        "places": places_of(kind),
        "refusal": list_refusal(refusal) if refusal is not None else "",
        "is_restored": is_restored,
        "crumbs": _crumbs(kind, STANDING_TEXT[kind]),
    }
    return render(request, "review/batches/announcement_text.html", context, status=status)


def places_of(kind: ListKind) -> list[dict[str, Any]]:
    """The places that the announcement of a kind of list may have."""
    return [
        {"name": name, "words": words, "is_required": name in required(kind)}
        for name, words in PLACES[kind].items()
    ]


def compose_url(name: str, kind: ListKind) -> str:
    """The address of one of the composer's pages for a kind of list."""
    return reverse(f"review:{name}", args=[] if kind is ListKind.FILINGS else [kind])


def urls_of(kind: ListKind) -> dict[str, Any]:
    """The addresses of the composer's pages, for their templates."""
    names = ("compose", "preview_list", "preview_list_pdf", "propose_list", "announcement_text")
    return {f"{name}_url": compose_url(name, kind) for name in names}


def _crumbs(kind: ListKind, label: object, *, inner: bool = False) -> list[dict[str, Any]]:
    crumbs: list[dict[str, Any]] = [{"url": reverse("review:batches"), "label": _("Batch lists")}]
    if inner:
        crumbs.append({"url": compose_url("compose", kind), "label": COMPOSE[kind]})
    return [*crumbs, {"url": "", "label": label}]
