"""The page of an act: its consequences, its form, and what has happened to the case meanwhile."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.book.act_request import Actor, Seen
from registry.book.examination import row_facts
from registry.documents.paper_settings import office_code_of, settings_of
from registry.errors import FilingError, IdempotencyConflict, NotFound, OutOfDate, TransitionNotAllowed
from registry.labels import particulars as words
from registry.labels.act_words import outcome_words
from registry.labels.date_format import moment
from registry.labels.paper_words import MISSING_BODIES
from registry.labels.states import label_of, refusal_message
from registry.presentation.kept_forms import forget_form, kept_form, without_errors
from registry.presentation.posted import posted_count
from registry.rules.particulars.materials import date_of
from registry.rules.workflow.guards import CHECKLIST_ANSWERED, FAULT_MARKED
from registry.rules.workflow.lifecycle import refusal_beforehand
from registry.rules.workflow.states import PROPOSALS, Act, Kind, Outcome, Role
from review.access import find_case, officer_of
from review.case.case import Case
from review.case.opened_documents import unopened
from review.decisions import decision as decisions
from review.decisions.asking import days_to_choose, suggested_day
from review.decisions.forms import ACT_FORMS, ACTS_WITH_REASONS, ActForm
from review.decisions.opinion import draft_opinions, suggested
from review.decisions.preview import PREVIEWED, preview_of
from review.decisions.reason_forms import BaseReasonFormSet, clear_errors, reason_formset, with_added_form
from review.decisions.said_before import said_in_round
from review.decisions.wording import consequences, done
from review.desk import unsent
from review.desk.actions import FINAL_ACTS, OFFICER_ACTS, action_label
from review.desk.consulted import awaited_about
from review.desk.refusals import desk_refusal
from review.desk.unsent import UnsentFormRefused, place_of_act
from review.own_texts import insertion
from review.queue.lists import way_back
from review.review_forms import signed_forms


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, application_id: uuid.UUID, act_name: str) -> HttpResponse:
    """Shows the form of one act and records it, bound to the revision and event the officer saw."""
    if act_name not in {each.value for each in OFFICER_ACTS}:
        raise NotFound("act_unknown")
    what = Act(act_name)
    officer = officer_of(request)
    case = Case(find_case(officer, application_id), officer, at=clock.now())
    if request.method == "POST":
        return _do(request, case, what)
    kept = kept_form(request)
    seen = _seen_in(request) or (_seen(kept) if kept is not None else None)
    if kept is None and (typed := case.unsent.get(place_of_act(what))) is not None:
        kept = typed.fields
    if seen is None:
        return redirect("review:case", application_id=application_id)
    if kept is not None:
        return _restored_page(request, case, what, kept=kept, seen=seen)
    drafted = suggested(_drafts(case, what), case.checklist)
    initial = _hidden(seen) | {"found": _found(case), "text": drafted, "drafted": drafted}
    if what is Act.ASK:
        initial["answer_by"] = suggested_day(case.application, today=case.today)
    form = _form(case, what, initial=initial)
    return _page(request, case, what, form=form, reasons=_reasons(case, what), seen=seen)


def _restored_page(
    request: HttpRequest, case: Case, what: Act, *, kept: QueryDict, seen: Seen
) -> HttpResponse:
    """The page with a form restored after a failed submission, to be checked and sent again."""
    data = kept.copy()
    data["revision"], data["event"] = str(seen.revision_number), str(seen.event_sequence)
    data["found"] = _found(case)
    data.setdefault("key", str(uuid.uuid4()))
    reasons = _reasons(case, what, data)
    if reasons is not None:
        clear_errors(reasons)
    form = without_errors(_form(case, what, data))
    return _page(request, case, what, form=form, reasons=reasons, seen=seen, is_restored=True)


def _do(request: HttpRequest, case: Case, what: Act) -> HttpResponse:
    form = _form(case, what, request.POST)
    reasons = _reasons(case, what, request.POST)
    if "keep" not in request.POST and (lacking := _lacking(case, what)):
        return _held_back(request, case, what, form=form, reasons=reasons, lacking=lacking)
    if "add_reason" in request.POST and reasons is not None:
        more = _reasons(case, what, with_added_form(request.POST))
        if more is not None:
            clear_errors(more)
        return _page(request, case, what, form=without_errors(form), reasons=more, seen=_posted(request))
    if insertion.is_asked(request.POST):
        return _with_own_texts(request, case, what)
    if "keep" in request.POST:
        return _keep(request, case, what)
    if "preview" in request.POST:
        return _page(request, case, what, form=without_errors(form), reasons=reasons, seen=_posted(request))
    is_valid = form.is_valid() and (reasons is None or reasons.is_valid())
    if not is_valid:
        return _page(request, case, what, form=form, reasons=reasons, seen=_posted(request), status=400)
    details: dict[str, Any] = form.details()
    if reasons is not None:
        details["points" if reasons.are_points else "reasons"] = reasons.reasons()
    try:
        decisions.decide(
            what,
            case.application.pk,
            officer=case.officer,
            seen=form.seen,
            deficient_seen=form.deficient_seen,
            details=details,
            idempotency_key=form.idempotency_key,
            at=clock.now(),
        )
    except (OutOfDate, TransitionNotAllowed, IdempotencyConflict) as refusal:
        return _refused(request, what, form=form, refusal=refusal, application_id=case.application.pk)
    forget_form(request)
    unsent.forget(case.application, place_of_act(what), officer=case.officer)
    messages.success(request, done(what, Kind(case.application.kind)))
    return redirect("review:case", application_id=case.application.pk)


def _keep(request: HttpRequest, case: Case, what: Act) -> HttpResponse:
    """Keeps what is typed so far, for a browser without scripts; with them it is kept while typing."""
    try:
        unsent.keep(case.application, place_of_act(what), request.POST, officer=case.officer, at=case.at)
    except UnsentFormRefused as refusal:
        messages.warning(request, desk_refusal(refusal))
    else:
        messages.success(request, _("Your draft is saved. Only you see it, until you send it."))
    seen = _posted(request)
    query = urlencode({"revision": seen.revision_number, "event": seen.event_sequence})
    return redirect(f"{reverse('review:act', args=[case.application.pk, what.value])}?{query}")


def _with_own_texts(request: HttpRequest, case: Case, what: Act) -> HttpResponse:
    """The form again, with one of the officer's own texts put in, or kept; nothing is recorded of the case."""
    place = insertion.place_of_act(what)
    data, said = insertion.answer(request.POST, case.officer, place, at=case.at)
    messages.info(request, said)
    reasons = _reasons(case, what, data)
    if reasons is not None:
        clear_errors(reasons)
    form = without_errors(_form(case, what, data))
    return _page(request, case, what, form=form, reasons=reasons, seen=_posted(request))


def _held_back(
    request: HttpRequest,
    case: Case,
    what: Act,
    *,
    form: ActForm,
    reasons: BaseReasonFormSet | None,
    lacking: str,
) -> HttpResponse:
    """Keeps a form that cannot be sent because marks are missing, perhaps since it was opened, or the signed form."""
    with suppress(UnsentFormRefused):
        unsent.keep(case.application, place_of_act(what), request.POST, officer=case.officer, at=case.at)
    if reasons is not None:
        clear_errors(reasons)
    return _page(
        request,
        case,
        what,
        form=without_errors(form),
        reasons=reasons,
        seen=_posted(request),
        refusal=TransitionNotAllowed(lacking),
        status=409,
    )


def _refused(
    request: HttpRequest, what: Act, *, form: ActForm, refusal: FilingError, application_id: uuid.UUID
) -> HttpResponse:
    """The page with the refused form, its input kept, bound to the present state of the case."""
    officer = officer_of(request)
    case = Case(find_case(officer, application_id), officer, at=clock.now())
    data = request.POST.copy()
    now = case.seen
    data["revision"], data["event"] = str(now.revision_number), str(now.event_sequence)
    data["found"] = _found(case)
    if isinstance(refusal, IdempotencyConflict):
        data["key"] = str(uuid.uuid4())
    kept = _form(case, what, data)
    return _page(
        request,
        case,
        what,
        form=without_errors(kept),
        reasons=_reasons(case, what, data),
        seen=form.seen,
        refusal=refusal,
        status=409,
    )


def _page(
    request: HttpRequest,
    case: Case,
    what: Act,
    *,
    form: ActForm,
    reasons: BaseReasonFormSet | None,
    seen: Seen,
    refusal: FilingError | None = None,
    status: int = 200,
    is_restored: bool = False,
) -> HttpResponse:
    offered = {action.act for action in case.actions.offered}
    since = decisions.updates_since(case.application, seen)
    is_offered = what in offered
    lacking = _lacking(case, what) if is_offered else ""
    if refusal is None and not is_offered:
        refusal = _refusal_of(case, what)
        status = 409
    application = case.application
    proposal = Outcome(application.proposal) if application.proposal else None
    label = action_label(Kind(application.kind), what, proposal)
    context = {
        "case": case,
        "application": application,
        "act": what.value,
        "label": label,
        "is_final": what in FINAL_ACTS,
        "is_offered": is_offered,
        "is_open": is_offered and not lacking,
        "unmarked": [section for section in case.sections if section.unanswered]
        if lacking == CHECKLIST_ANSWERED.name
        else [],
        "not_borne_out": [str(words.label_of(key)) for key in case.not_borne_out]
        if lacking == FAULT_MARKED.name
        else [],
        "lacks_signed_form": lacking == signed_forms.REFUSAL,
        "is_deciding": what in (*FINAL_ACTS, *PROPOSALS),
        "deficient": [str(words.label_of(mark.key)) for mark in case.checklist.deficient]
        if what in _MAY_APPROVE or proposal is Outcome.APPROVAL
        else [],
        "papers_lack": _bodies_missing(case, what, proposal),
        "approval_label": outcome_words(Kind(application.kind), Outcome.APPROVAL).decide,
        "consequences": consequences(what, application, today=case.today),
        "form": form,
        "reasons": reasons,
        "unopened": unopened(case.documents_with_openings, case.office, wanted=case.checklist.wanted)
        if decisions.rests_on_marks(what)
        else [],
        "claimed_by": case.claim.officer.name if case.claim is not None and not case.is_mine else "",
        "own_texts": insertion.offer_to(case.officer, insertion.place_of_act(what)),
        "said_before": said_in_round(case.timeline),
        "awaited": awaited_about(application, today=case.today),
        "kept": _kept(form, reasons),
        "is_restored": is_restored,
        "typed_url": unsent.address_of(application, place_of_act(what)),
        "typed_at": typed.saved_at if (typed := case.unsent.get(place_of_act(what))) is not None else None,
        "previewed": _previewed(case, what, form, reasons) if is_offered and not lacking else None,
        "since": since,
        "is_typed": form.is_bound and (reasons is not None or bool(form.visible_fields())),
        "refusal": _refusal_text(refusal, is_offered=is_offered),
        "crumbs": [
            way_back(request),
            {
                "url": reverse("review:case", args=[application.pk]),
                "label": application.receipt_number,
            },
            {"url": "", "label": label},
        ],
    }
    return render(request, "review/decisions/act.html", context, status=status)


def _bodies_missing(case: Case, what: Act, proposal: Outcome | None) -> list[Promise]:
    """What the office's papers do not name yet, where the act decides against the applicant; else nothing."""
    if what not in (Act.REJECT, Act.PROPOSE_REJECTION) and (
        what is not Act.CONFIRM or proposal is not Outcome.REJECTION
    ):
        return []
    officer = case.officer
    settings = settings_of(office_code_of(officer.acts_as, officer.province_code))
    return [MISSING_BODIES[name] for name in settings.missing]


def _lacking(case: Case, what: Act) -> str:
    """What the act waits for, as the code of its refusal; empty where it waits for nothing, or is not possible now.

    First items of the checklist that nobody of the office marked, then what a proposed rejection rests on and is not
    marked deficient, then the signed review form.
    """
    if all(action.act is not what for action in case.actions.offered):
        return ""
    if decisions.rests_on_marks(what) and not case.checklist.is_answered:
        return CHECKLIST_ANSWERED.name
    if what is Act.CONFIRM and case.not_borne_out:
        return FAULT_MARKED.name
    if signed_forms.lacks_signed_form(what, case.application, case.officer):
        return signed_forms.REFUSAL
    return ""


_MAY_APPROVE = frozenset({Act.FORWARD, Act.APPROVE, Act.PROPOSE_APPROVAL})


def _refusal_text(refusal: FilingError | None, *, is_offered: bool) -> str:
    """Why the act was refused; if a colleague was quicker, with name and time or with what was found."""
    if refusal is None:
        return ""
    if refusal.code == decisions.FOUND_SINCE:
        comma = pgettext("between the items of a list", ", ")
        return _(
            "%(name)s found this deficient since you opened this page: %(items)s. Look at it, then decide again."
        ) % {
            "name": comma.join(refusal.facts["names"]),
            "items": comma.join(str(words.label_of(key)) for key in refusal.facts["keys"]),
        }
    moved_at = refusal.facts.get("at")
    if isinstance(refusal, OutOfDate) and not is_offered and moved_at is not None:
        return _("%(name)s moved this case on at %(at)s. Your step is no longer possible.") % {
            "name": refusal.facts.get("by") or label_of(Role.SYSTEM),
            "at": moment(moved_at),
        }
    return refusal_message(refusal)


def _refusal_of(case: Case, what: Act) -> FilingError | None:
    """The lifecycle table's refusal of an act; None when it is allowed."""
    return refusal_beforehand(what, row_facts(case.application, actor=Actor.of(case.officer), at=case.at))


def _form(case: Case, what: Act, data: Any = None, **options: Any) -> ActForm:
    return ACT_FORMS[what](
        data,
        kind=Kind(case.application.kind),
        deficient=_deficient(case),
        drafts=_drafts(case, what),
        **({"days": days_to_choose(case.application, today=case.today)} if what is Act.ASK else {}),
        **options,
    )


def _found(case: Case) -> str:
    """What the page shows as marked deficient, as the form carries it."""
    return " ".join(_deficient(case))


def _deficient(case: Case) -> list[str]:
    return [mark.key for mark in case.checklist.deficient]


def _drafts(case: Case, what: Act) -> dict[Outcome, str]:
    return draft_opinions(what, Kind(case.application.kind), case.checklist, case.fault_names)


def _previewed(
    case: Case, what: Act, form: ActForm, reasons: BaseReasonFormSet | None
) -> dict[str, Any] | None:
    """The preview of the notices; None for an act that sends none, without texts while reasons are missing."""
    if what not in PREVIEWED:
        return None
    given = reasons.reasons_so_far() if reasons is not None else []
    if reasons is not None and not given:
        return {"notices": None, "can_be_asked": True}
    note = str(form["text"].value() or "").strip() if "text" in form.fields else ""
    answer_by = date_of(form["answer_by"].value()) if "answer_by" in form.fields else None
    found = preview_of(what, case.application, reasons=given, note=note, answer_by=answer_by, at=case.at)
    return {"notices": found, "can_be_asked": reasons is not None}


def _reasons(case: Case, what: Act, data: Any = None) -> BaseReasonFormSet | None:
    if what not in ACTS_WITH_REASONS:
        return None
    marks = case.checklist.deficient or case.other_checklist.deficient
    return reason_formset(
        case.checklist.items,
        data=data,
        marks=marks,
        deficient=_deficient(case),
        are_points=what is Act.ASK,
    )


def _kept(form: ActForm, reasons: BaseReasonFormSet | None) -> list[dict[str, str]]:
    """The texts typed into the form, to be copied when the act is no longer offered."""
    rows = [form, *(reasons.forms if reasons is not None else ())]
    return [
        {"label": str(field.label), "text": str(field.value())}
        for row in rows
        if row.is_bound
        for field in row
        if field.name in {"text", "question", "explanation", "remedy"} and str(field.value() or "").strip()
    ]


def _hidden(seen: Seen) -> dict[str, Any]:
    return {"revision": seen.revision_number, "event": seen.event_sequence, "key": uuid.uuid4()}


def _seen_in(request: HttpRequest) -> Seen | None:
    """The revision and event shown on the case page that linked here."""
    return _seen(request.GET)


def _posted(request: HttpRequest) -> Seen:
    return _seen(request.POST) or Seen(0, 0)


def _seen(query: QueryDict) -> Seen | None:
    revision, event = posted_count(query.get("revision")), posted_count(query.get("event"))
    return Seen(revision, event) if revision is not None and event is not None else None
