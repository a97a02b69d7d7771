"""Requests to act for a registered applicant, and the owners' answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants import access
from applicants.drafts import steps
from applicants.drafts.pages.frame import account_of, crumbs, draft_or_404, name_of
from applicants.identity_consent import with_identity_consent
from applicants.members.forms import AnswerForm, ClaimForm, ScanForm
from applicants.members.known_applicant import claimable_applicant
from registry import clock
from registry.accounts.limits import LimitReached
from registry.accounts.refusals import refusal_text as limit_text
from registry.book.head_claims import filings_under
from registry.errors import AttachmentRefused, MemberActRefused
from registry.gateways.addresses import counted_address
from registry.labels.files import refusal_message as file_refusal
from registry.labels.particulars import proof_label
from registry.members import claims
from registry.members.words import refusal_text
from registry.models import Attachment, MembershipClaim
from registry.presentation.file_rows import asking_again, file_row
from registry.presentation.kept_forms import forget_form, kept_form


@require_http_methods(["GET", "HEAD", "POST"])
@with_identity_consent
def claim(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """A request to act for the registered applicant a draft names: to the owners, or to the office with proof."""
    account, at = account_of(request), clock.now()
    draft = draft_or_404(request, draft_id)
    applicant = claimable_applicant(draft, account=account, at=at)
    if applicant is None:
        raise Http404
    stated_name = str(draft.materials["applicant"].get("name") or "")
    data = request.POST if request.method == "POST" else None
    kept = kept_form(request) if data is None else None
    form = ClaimForm(data, request.FILES or None, applicant=applicant)
    if kept is not None:
        form = ClaimForm(initial=kept.dict(), applicant=applicant)
    form.hold_for(request)
    if data is not None and form.is_valid():
        try:
            made = claims.open_claim(
                applicant,
                account=account,
                way=MembershipClaim.Way(form.cleaned_data["way"]),
                stated_name=stated_name,
                explanation=form.cleaned_data["explanation"],
                draft_id=draft.pk,
                proof=form.proof(),
                sender=counted_address(request),
                at=at,
            )
        except AttachmentRefused as refusal:
            form.add_error(refusal.facts["slot"], file_refusal(refusal))
        except LimitReached as refusal:
            form.add_error("way", limit_text(refusal))
        except MemberActRefused as refusal:
            field = claims.SECOND_SIDE if refusal.code == "second_side_missing" else "way"
            form.add_error(field, refusal_text(refusal))
        else:
            forget_form(request)
            form.forget_files()
            return redirect("applicants:claim_status", made.pk)
    if data is not None:
        form.keep_files(request)
    context = {
        "draft": draft,
        "stated_name": stated_name,
        "form": form,
        "is_restored": kept is not None,
        "asked": claims.claims_of(account).filter(applicant=applicant, outcome=""),
        "check_url": steps.step_url(draft.pk, "check"),
        "crumbs": crumbs(name_of(draft), _("Act for a known applicant")),
    }
    return render(request, "applicants/members/claim.html", context, status=400 if form.errors else 200)


@require_safe
def claim_status(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """The outcome of the account's own request, without naming the applicant's members; how far its proof is."""
    return _show_status(request, get_object_or_404(claims.claims_of(account_of(request)), pk=claim_id))


@require_POST
@with_identity_consent
def put_scan(request: HttpRequest, claim_id: uuid.UUID, slot: str) -> HttpResponse:
    """Takes a scan in the place of one that could not be read, or of the second side that is missing."""
    account = account_of(request)
    found = get_object_or_404(claims.claims_of(account), pk=claim_id)
    form = ScanForm(request.POST, request.FILES, slot=slot)
    if form.is_valid():
        try:
            claims.put_scan(
                found.pk,
                slot,
                file=form.cleaned_data[slot],
                account=account,
                sender=counted_address(request),
                at=clock.now(),
            )
        except AttachmentRefused as refusal:
            form.add_error(slot, file_refusal(refusal))
        except MemberActRefused as refusal:
            messages.warning(request, refusal_text(refusal))
            return redirect("applicants:claim_status", found.pk)
        else:
            return redirect("applicants:claim_status", found.pk)
    return _show_status(request, found, sent={slot: form}, status=400)


@require_POST
def read_scan_again(request: HttpRequest, claim_id: uuid.UUID, scan_id: uuid.UUID) -> HttpResponse:
    """Has a scan read once more whose reading broke off."""
    try:
        claims.read_scan_again(
            claim_id, scan_id, account=account_of(request), sender=counted_address(request), at=clock.now()
        )
    except AttachmentRefused as refusal:
        messages.warning(request, file_refusal(refusal))
    except MemberActRefused as refusal:
        messages.warning(request, refusal_text(refusal))
    return redirect("applicants:claim_status", claim_id)


def _show_status(
    request: HttpRequest,
    found: MembershipClaim,
    *,
    sent: Mapping[str, ScanForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a request; `sent` are the forms for scans that were refused, by slot."""
    drafts = access.drafts_of(account_of(request))
    draft = drafts.filter(pk=found.draft_id).first() if found.draft_id is not None else None
    stated = claims.stated_in(found)
    filings = filings_under(stated.applicant) if stated is not None else ()
    context = {
        "claim": found,
        "filings": filings,
        "is_granted": found.outcome in (MembershipClaim.Outcome.JOINED, MembershipClaim.Outcome.REPLACED),
        "is_declined": found.outcome == MembershipClaim.Outcome.DECLINED,
        "files": asking_again(
            [_scan_row(found, each) for each in claims.proof_of(found)],
            poll_url=reverse("applicants:claim_status", args=[found.pk]),
            poll_list="claim-proof",
        ),
        "is_reading": claims.is_unread(found),
        "scan_forms": _scan_forms(found, sent or {}),
        "sent_form": next(iter((sent or {}).values()), None),
        "check_url": steps.step_url(draft.pk, "check") if draft is not None else "",
        "claim_url": reverse("applicants:claim", args=[draft.pk]) if draft is not None else "",
        "crumbs": crumbs(_("Members"), _("Request")),
    }
    return render(request, "applicants/members/claim_status.html", context, status=status)


def _scan_row(claim: MembershipClaim, scan: Attachment) -> dict[str, Any]:
    return file_row(
        scan,
        label=str(proof_label(scan.slot)),
        try_again_url=""
        if claim.outcome
        else reverse("applicants:read_scan_again", args=[claim.pk, scan.pk]),
    )


def _scan_forms(claim: MembershipClaim, sent: Mapping[str, ScanForm]) -> list[dict[str, Any]]:
    """A form for each scan that the claimant has to hand in again, once all of the others were read."""
    if claim.outcome or claims.is_unread(claim):
        return []
    return [
        {
            "form": sent.get(slot) or ScanForm(slot=slot),
            "url": reverse("applicants:put_scan", args=[claim.pk, slot]),
        }
        for slot in claims.lacking(claim)
    ]


@require_POST
def withdraw_claim(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Withdraws the account's request."""
    try:
        claims.withdraw_claim(claim_id, account=account_of(request), at=clock.now())
    except MemberActRefused as refusal:
        messages.warning(request, refusal_text(refusal))
    else:
        messages.success(request, _("The request is withdrawn."))
    return redirect("applicants:claim_status", claim_id)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_claim(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """An owner's answer to a request of another account."""
    account = account_of(request)
    owned = access.owned_by(account)
    found = get_object_or_404(
        MembershipClaim.objects.select_related("applicant", "account"),
        pk=claim_id,
        way=MembershipClaim.Way.OWNERS,
        applicant__in=owned,
    )
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data)
    error = ""
    if data is not None and form.is_valid():
        try:
            claims.answer_request(found.pk, role=form.role, by=account, at=clock.now())
        except MemberActRefused as refusal:
            error = refusal_text(refusal)
        else:
            messages.success(request, _("Your answer is sent."))
            return redirect("applicants:members", found.applicant_id)
    status = 409 if error else 400 if form.errors else 200
    context = {
        "claim": found,
        "applicant": found.applicant,
        "form": form,
        "error": error,
        "crumbs": crumbs(_("Members"), found.applicant.name, _("Request")),
    }
    return render(request, "applicants/members/answer_claim.html", context, status=status)
