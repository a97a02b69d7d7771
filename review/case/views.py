"""The case page, with its marks, notes, claims and revealed values."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from registry import clock
from registry.consultations.consultations import is_awaited, is_overdue
from registry.documents.papers import Paper, papers_of, whole_case
from registry.errors import FilingError, NotFound
from registry.labels import particulars as words
from registry.labels.date_format import time_of_day
from registry.models import Account, Application, IssuedDocument
from registry.presentation.kept_forms import forget_form, keep_form, kept_form, without_errors
from registry.presentation.posted import posted_count, posted_moment, posted_version
from registry.rules.particulars import is_particular
from registry.rules.workflow.states import Standing
from review.access import Office, find_case, is_at_desk, office_of, officer_of
from review.case.case import Case
from review.case.documents import DocumentViewer
from review.case.forms import NoteForm
from review.contacts.contacts import notes_on_applicant
from review.desk import checklist, claims, document_openings, notes, openings, unsent
from review.desk.checklist import MarkRefused
from review.desk.claims import ClaimRefused
from review.desk.consulted import shown
from review.desk.leave import leave_of
from review.desk.refusals import desk_refusal
from review.desk.unsent import UnsentFormRefused
from review.models import MarkVersion, OwnText
from review.own_texts import insertion
from review.queue.lists import way_back
from review.reveals import reveals
from review.reveals.forms import RevealForm
from review.reveals.reveals import RevealRefused
from review.review_forms.signed_forms import is_missing
from review.visits.evidence import sites_of

# In the place of a verdict: as it was before the newest mark.
_UNDO = "undo"


def _case(request: HttpRequest, application_id: uuid.UUID) -> Case:
    officer = officer_of(request)
    return Case(find_case(officer, application_id), officer, at=clock.now())


@require_safe
def case(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The case page: the particulars with their marks, the documents, and the possible acts.

    Notes that the officer has it open. Answers with the documents alone when htmx asks for them.
    """
    officer = officer_of(request)
    page = Case(
        find_case(officer, application_id),
        officer,
        at=clock.now(),
        compare_with=posted_version(request.GET["compare"]) if "compare" in request.GET else None,
    )
    viewer = page.viewer(
        file_id=request.GET.get("file", ""), page_number=posted_count(request.GET.get("page")) or 1
    )
    if request.method == "GET" and "file" in request.GET:
        _note_page(page, viewer)
    if request.headers.get("HX-Target") == "documents":
        return render(request, "review/case/includes/documents.html", {"viewer": viewer})
    openings.note_opening(page.application, officer, at=page.at)
    consulted = [shown(each, today=page.today) for each in page.consultations]
    context = {
        "case": page,
        "application": page.application,
        "viewer": viewer,
        "papers": _papers(page.application),
        "lacks_signed_form": is_at_desk(page.application, officer) and is_missing(page.application, officer),
        "sites": sites_of(page.application, page.materials, at=page.at),
        "strike_off_url": _strike_off_url(page.application, page.officer),
        "note_form": _note_form(page),
        "own_texts": insertion.offer_to(officer, OwnText.Place.REMARK),
        "claim_leave": leave_of(page.claim.officer, at=page.at) if page.claim is not None else None,
        "consultations": consulted,
        "contacts": page.contacts,
        "contacts_of_applicant": notes_on_applicant(page.application, officer),
        "awaited": [each for each in consulted if is_awaited(each.consultation)],
        "overdue": [each for each in consulted if is_overdue(each.consultation, today=page.today)],
        "consultation_begun_at": begun.saved_at if (begun := page.unsent.get(unsent.CONSULTATION)) else None,
        "opened": clock.iso_instant(page.at),
        "crumbs": [
            way_back(request),
            {"url": "", "label": page.application.receipt_number},
        ],
    }
    return render(request, "review/case/case.html", context)


def _note_page(page: Case, viewer: DocumentViewer) -> None:
    """Notes that the officer has the page of the document before him or her that the viewer shows."""
    if viewer.shown is not None and viewer.page is not None:
        document_openings.note_page(
            page.application,
            page.officer,
            file_id=uuid.UUID(viewer.shown.file.id),
            page_number=viewer.page.number,
            at=page.at,
        )


def _note_form(page: Case) -> NoteForm:
    """The form of a note, with what the officer began to write."""
    begun = page.unsent.get(unsent.NOTE)
    return NoteForm(auto_id="note_%s", initial=begun.fields.dict() if begun is not None else None)


def _notes_context(page: Case, form: NoteForm, *, said: str = "") -> dict[str, Any]:
    """What the panel of the notes shows, for the place it has on the page of the case."""
    return {
        "notes": page.notes,
        "form": form,
        "application": page.application,
        "typed_url": page.note_typed_url,
        "begun_at": page.note_begun_at,
        "owner": page.officer.pk,
        "own_texts": insertion.offer_to(page.officer, OwnText.Place.REMARK),
        "said": said,
    }


@require_POST
def viewing(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Notes that the page of the case is in view still, or was left; answers with the moment that counts from now on.

    The page that is left names the moment that it was given, so that one opened since stays open. The page of a
    document that the viewer turned to is noted too, if the case has it.
    """
    officer = officer_of(request)
    application, at = find_case(officer, application_id), clock.now()
    if request.POST.get("state") == "page":
        page, number = Case(application, officer, at=at), posted_count(request.POST.get("page"))
        viewer = page.viewer(file_id=request.POST.get("file", ""), page_number=number or 1)
        if viewer.shows(request.POST.get("file", ""), number):
            _note_page(page, viewer)
    if request.POST.get("state") == "left":
        opened_at = posted_moment(request.POST.get("opened", ""))
        if opened_at is not None:
            openings.end_opening(application, officer, opened_at=opened_at)
    else:
        openings.note_opening(application, officer, at=at)
    return HttpResponse(clock.iso_instant(at), content_type="text/plain")


def _strike_off_url(application: Application, officer: Account) -> str:
    """Where the national office proposes to strike the case's filing off; empty while it is not in force."""
    filing = application.filing
    if filing is None or filing.standing != Standing.IN_FORCE or office_of(officer) is not Office.NATION:
        return ""
    return reverse("review:strike_off", args=[filing.pk])


def _papers(application: Application) -> list[Paper]:
    """The papers of a case: the review form, the printable case file, and the issued documents."""
    form = IssuedDocument.Kind.REVIEW_FORM
    return [
        Paper(form.label, reverse("review:review_form", args=[application.pk])),
        whole_case(application),
        *papers_of(application),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Marks one item fine or deficient, or takes the mark back; a refused remark is shown again."""
    page = _case(request, application_id)
    if request.method != "POST":
        return _kept_mark(request, page)
    key = request.POST.get("key", "")
    try:
        _mark(request, page, key)
    except MarkRefused as refusal:
        if refusal.code == "marked_meanwhile" and request.headers.get("HX-Request") == "true":
            return _outdone(request, application_id, key, refusal)
        has_words = bool(request.POST.get("remark", "").strip())
        if has_words and keep_form(request, account_id=str(page.officer.pk)):
            return _refused(request, refusal, to=request.path)
        return _refused(request, refusal, to=_url(application_id))
    forget_form(request)
    unsent.forget(page.application, unsent.place_of_remark(key), officer=page.officer)
    if request.headers.get("HX-Request") != "true":
        return _to_row(application_id, key)
    page = _case(request, application_id)
    context = {"case": page, "row": page.row(key), "section": page.section_of(key)}
    return render(request, "review/case/includes/marked_row.html", context)


def _mark(request: HttpRequest, page: Case, key: str) -> None:
    """Does what the form of a mark says. Raises MarkRefused, and NotFound for a form that is none of the page's."""
    verdict = request.POST.get("verdict", "")
    seen: dict[str, Any] = {
        "revision_number": posted_version(request.POST.get("revision")),
        "officer": page.officer,
        "at": page.at,
        "facts_seen": request.GET.get("facts"),
        "versions_seen": {key: posted_version(request.POST["version"])}
        if "version" in request.POST
        else None,
    }
    if verdict == _UNDO:
        checklist.undo(page.application, key, **seen)
        return
    if verdict not in MarkVersion.Verdict.values:
        raise NotFound("verdict_unknown")
    # What was said of a fault goes with the mark that says there is one.
    is_deficient = verdict == MarkVersion.Verdict.DEFICIENT
    checklist.mark(
        page.application,
        [key],
        verdict=MarkVersion.Verdict(verdict),
        remark=request.POST.get("remark", "") if is_deficient else "",
        code=request.POST.get("code", "") if is_deficient else "",
        **seen,
    )


def _outdone(request: HttpRequest, application_id: uuid.UUID, key: str, refusal: MarkRefused) -> HttpResponse:
    """The row as it is marked now, with what was to be said of it, in the place of the one that was open."""
    page = _case(request, application_id)
    row = page.row(key)
    if row is None or row.form is None:
        return _refused(request, refusal, to=_url(application_id))
    typed = {name: request.POST.get(name, "").strip() for name in ("code", "remark")}
    if not any(typed.values()):
        # Nothing was to be said of it: what is said there stays.
        typed = {"code": row.form.code, "remark": row.form.remark}
    row.form = row.form.with_input(**typed, refusal=desk_refusal(refusal))
    context = {"case": page, "row": row, "section": page.section_of(key)}
    response = render(request, "review/case/includes/marked_row.html", context)
    response.headers["HX-Retarget"] = f'[id="row-{key}"]'
    response.headers["HX-Reswap"] = "outerHTML"
    response.headers["HX-Reselect"] = "unset"
    return response


@require_POST
def mark_section(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Marks the unmarked items of one section as fine."""
    page = _case(request, application_id)
    section = request.POST.get("section", "")
    if section not in {each.key for each in page.sections}:
        raise NotFound("section_unknown")
    before = page.checklist.marks
    try:
        checklist.mark_rest_of_section(
            page.application,
            section,
            revision_number=posted_version(request.POST.get("revision")),
            officer=page.officer,
            at=page.at,
            facts_seen=request.GET.get("facts"),
        )
    except MarkRefused as refusal:
        return _refused(request, refusal, to=_url(application_id))
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{_url(application_id)}#section-{section}")
    page = _case(request, application_id)
    shown = next(each for each in page.sections if each.key == section)
    # What was marked before stands on the page already, perhaps with a remark that is being typed.
    marked = [row for row in shown.rows if row.key in page.checklist.marks and row.key not in before]
    context = {"case": page, "section": shown, "rows": marked}
    return render(request, "review/case/includes/marked_section.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Adds an internal note; a refused note is shown again."""
    page = _case(request, application_id)
    kept = kept_form(request) if request.method != "POST" else None
    if kept is None and unsent.NOTE in page.unsent:
        kept = page.unsent[unsent.NOTE].fields
    is_in_place = request.headers.get("HX-Request") == "true"
    data: QueryDict = request.POST
    is_asked, said = insertion.is_asked(data), ""
    if is_asked:
        data, said = insertion.answer(request.POST, page.officer, OwnText.Place.REMARK, at=page.at)
    form = NoteForm(
        data if request.method == "POST" else None,
        initial=kept.dict() if kept is not None else None,
        auto_id="note_%s" if is_in_place else "id_%s",
    )
    if is_asked:
        form = without_errors(form)
    elif request.method == "POST" and form.is_valid():
        notes.write_note(page.application, form.cleaned_data["text"], officer=page.officer, at=page.at)
        forget_form(request)
        unsent.forget(page.application, unsent.NOTE, officer=page.officer)
        if is_in_place:
            page = _case(request, application_id)
            return render(request, "review/case/includes/notes.html", _notes_context(page, _note_form(page)))
        messages.success(request, _("The note is added."))
        return redirect(f"{_url(application_id)}#notes")
    if is_in_place:
        return render(request, "review/case/includes/notes.html", _notes_context(page, form, said=said))
    if said:
        messages.info(request, said)
    context = {
        "case": page,
        "application": page.application,
        "form": form,
        "own_texts": insertion.offer_to(page.officer, OwnText.Place.REMARK),
        "is_restored": kept is not None and request.method != "POST",
        "crumbs": _crumbs(request, page.application, _("Write a note")),
    }
    return render(request, "review/case/note.html", context, status=400 if form.errors else 200)


@require_POST
def typed(request: HttpRequest, application_id: uuid.UUID, place: str) -> HttpResponse:
    """Keeps what the officer is typing into a form of the case; answers with the time as JSON."""
    page = _case(request, application_id)
    if not unsent.is_place(place, page.checklist.items):
        raise NotFound("form_unknown")
    try:
        kept = unsent.keep(page.application, place, request.POST, officer=page.officer, at=page.at)
    except UnsentFormRefused as refusal:
        return JsonResponse({"detail": desk_refusal(refusal)}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return JsonResponse({"saved_at": time_of_day(page.at) if kept is not None else ""})


@require_POST
def claim(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Claims the case for the officer, or its whole joint submission."""
    officer = officer_of(request)
    try:
        if request.POST.get("together") == "yes":
            claimed = claims.claim_joint_submission(application_id, officer=officer, at=clock.now())
            text = _("You now work on %(count)s cases that were submitted together.")
            messages.success(request, text % {"count": len(claimed)})
        else:
            claims.claim(application_id, officer=officer, at=clock.now())
    except ClaimRefused as refusal:
        messages.warning(request, desk_refusal(refusal))
    return redirect(_url(application_id))


@require_POST
def release(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Releases the officer's claim: the case returns to the queue."""
    claims.release(application_id, officer=officer_of(request), at=clock.now())
    return redirect(_url(application_id))


@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, application_id: uuid.UUID, key: str) -> HttpResponse:
    """Asks for a reason, records it, and shows a masked value on the case page for a limited time."""
    page = _case(request, application_id)
    if not is_particular(key) or key not in reveals.masked_keys(page.application):
        raise NotFound("nothing_masked")
    kept = kept_form(request) if request.method != "POST" else None
    form = RevealForm(
        request.POST if request.method == "POST" else None,
        initial=kept.dict() if kept is not None else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            reveals.reveal(
                page.application,
                key,
                reason=form.cleaned_data["reason"],
                officer=page.officer,
                at=page.at,
            )
        except RevealRefused as refusal:
            form.add_error("reason", desk_refusal(refusal))
        else:
            forget_form(request)
            return _to_row(application_id, key)
    context = {
        "application": page.application,
        "label": words.label_of(key),
        "form": form,
        "is_restored": kept is not None,
        "minutes": int(reveals.SHOWN_FOR.total_seconds() // 60),
        "crumbs": _crumbs(request, page.application, _("Show in full")),
    }
    return render(request, "review/case/reveal.html", context, status=400 if form.errors else 200)


def _crumbs(request: HttpRequest, application: Application, here: Promise | str) -> list[dict[str, object]]:
    return [
        way_back(request),
        {"url": _url(application.pk), "label": application.receipt_number},
        {"url": "", "label": here},
    ]


def _url(application_id: uuid.UUID) -> str:
    return reverse("review:case", args=[application_id])


def _to_row(application_id: uuid.UUID, key: str) -> HttpResponse:
    return redirect(f"{_url(application_id)}#row-{key}")


def _kept_mark(request: HttpRequest, page: Case) -> HttpResponse:
    """The remark page with a refused remark, beside the item as it is now."""
    kept = kept_form(request)
    row = page.row(kept.get("key", "")) if kept is not None else None
    if kept is None or row is None:
        return redirect(_url(page.application.pk))
    if not (kept.get("remark", "").strip() or kept.get("code")):
        # A form without text needs no page of its own: the officer can mark the row again.
        forget_form(request)
        return _to_row(page.application.pk, row.key)
    control = page.control_of(row.key).with_input(code=kept.get("code", ""), remark=kept.get("remark", ""))
    row.form_template = ""
    context = {
        "case": page,
        "application": page.application,
        "row": row,
        "control": control,
        "crumbs": _crumbs(request, page.application, row.label),
    }
    return render(request, "review/case/remark.html", context)


def _refused(request: HttpRequest, refusal: FilingError, *, to: str) -> HttpResponse:
    """Redirects to a page of the case with a message that explains the refusal."""
    messages.warning(request, desk_refusal(refusal))
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(to)
    return redirect(to)
