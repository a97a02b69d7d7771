"""Pages of membership claims: the provincial office's list, and the decision on one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.book import head_claims, takeovers
from registry.errors import MemberActRefused
from registry.labels import particulars as particular_words
from registry.labels.office_words import PROPOSAL_REFUSALS, PROPOSAL_STATES
from registry.members import claims as membership_claims
from registry.members.words import refusal_text
from registry.models import Account, Attachment, MembershipClaim, OfficeProposal
from registry.presentation.kept_forms import forget_form, kept_form, sent_or_kept
from registry.rules.office.events import OfficeAct
from registry.rules.office.proposals import ProposalState
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.streams import office_proposals
from review.access import officer_of
from review.members.claims import proofs, registered_applicant, stated_head, unread_scans
from review.members.forms import ClaimDecisionForm
from review.members.takeover_forms import TakeoverStepForm

_DECIDED_SHOWN = 50


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """The open claims, oldest first, and those decided lately."""
    found = membership_claims.claims_within(officer_of(request))
    context = {
        "open_claims": list(found.filter(outcome="").order_by("created_at")),
        "decided": list(found.exclude(outcome="").order_by("-decided_at")[:_DECIDED_SHOWN]),
    }
    return render(request, "review/members/membership_claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """One claim: the proof beside the registered applicant, and what becomes of it.

    Granting is proposed by one officer and confirmed by another, who see who gains access and who loses it.
    """
    officer = officer_of(request)
    found = get_object_or_404(membership_claims.claims_within(officer), pk=claim_id)
    proposal = takeovers.takeover_of(found) if not found.outcome else None
    if proposal is not None:
        return _takeover_page(request, found, proposal)
    data = request.POST if request.method == "POST" else None
    kept = kept_form(request) if data is None else None
    has_members = found.applicant.memberships.filter(revoked_at__isnull=True).exists()
    options: dict[str, Any] = {
        "has_members": has_members,
        "scans": _scans(found),
        "may_grant": not (membership_claims.is_unread(found) or membership_claims.lacking(found)),
    }
    form = ClaimDecisionForm(data, **options)
    if kept is not None:
        form = ClaimDecisionForm(initial=kept.dict(), **options)
    refusal = ""
    if data is not None and form.is_valid():
        try:
            _decide(form, found, officer)
        except MemberActRefused as error:
            refusal = refusal_text(error)
            found.refresh_from_db()
        except TransitionNotAllowed as error:
            refusal = str(PROPOSAL_REFUSALS[error.code])
        else:
            forget_form(request)
            if form.is_declining:
                messages.success(request, _("The claim is decided; both sides are told."))
                return redirect("review:membership_claims")
            messages.success(request, _("The grant is proposed. Another officer of your office confirms it."))
            return redirect("review:membership_claim", found.pk)
    context = _context(found, officer, request) | {
        "form": form,
        "is_restored": kept is not None,
        "refusal": refusal,
        "typed": request.POST.get("reason", "") if refusal else "",
    }
    status = 409 if refusal else 400 if form.errors else 200
    return render(request, "review/members/membership_claim.html", context, status=status)


def _decide(form: ClaimDecisionForm, found: MembershipClaim, officer: Account) -> None:
    reason, at = form.cleaned_data["reason"], clock.now()
    if form.is_declining:
        head_claims.decide_claim(found.pk, form.chosen, reason=reason, officer=officer, at=at)
        return
    takeovers.propose_takeover(
        found.pk,
        form.chosen,
        reason=reason,
        proof_seen=form.cleaned_data["proof"],
        officer=officer,
        at=at,
    )


def _takeover_page(request: HttpRequest, found: MembershipClaim, proposal: OfficeProposal) -> HttpResponse:
    """A claim whose grant is proposed: who gains and who loses access, and what this officer may do."""
    officer = officer_of(request)
    form, is_restored = sent_or_kept(request, partial(TakeoverStepForm, scans=_scans(found)))
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            _take_step(request, found, form, officer)
        except MemberActRefused as error:
            refusal = refusal_text(error)
            found.refresh_from_db()
        except TransitionNotAllowed as error:
            refusal = str(PROPOSAL_REFUSALS[error.code])
            proposal.refresh_from_db()
        else:
            forget_form(request)
            return redirect("review:membership_claim", found.pk)
    effect = takeovers.effect_of(found, takeovers.outcome_of(proposal))
    open_acts = office_proposals.acts_open_on(proposal, officer, has_owners=bool(effect.owners))
    context = _context(found, officer, request) | {
        "form": form,
        "is_restored": is_restored,
        "refusal": refusal,
        "typed": request.POST.get("reason", "") if refusal else "",
        "proposal": proposal,
        "state_label": PROPOSAL_STATES[ProposalState(proposal.state)],
        "effect": effect,
        "steps": [
            {"act": act.value, "label": label, "is_grave": act in _GRAVE}
            for act, label in _STEPS.items()
            if act in open_acts
        ],
    }
    status = 409 if refusal else 400 if form.errors else 200
    return render(request, "review/members/membership_claim.html", context, status=status)


def _take_step(
    request: HttpRequest, found: MembershipClaim, form: TakeoverStepForm, officer: Account
) -> None:
    try:
        act = OfficeAct(request.POST.get("act", ""))
    except ValueError as error:
        # A decision on a claim whose grant was proposed after the page was shown.
        raise TransitionNotAllowed(
            "only_proposal", act=OfficeAct.CHANGE_PROPOSED.value, state="", role=officer.role
        ) from error
    reason, at = form.cleaned_data["reason"], clock.now()
    if act in (OfficeAct.CHANGE_DECLINED, OfficeAct.CHANGE_WITHDRAWN):
        takeovers.end_takeover(found.pk, act, reason=reason, officer=officer, at=at)
        messages.success(request, _("The proposal is ended; the claim is to be decided still."))
        return
    done = takeovers.confirm_takeover(
        found.pk,
        act,
        reason=reason,
        proof_seen=form.cleaned_data["proof"],
        digest=request.POST.get("digest", ""),
        officer=officer,
        at=at,
    )
    if done.state == ProposalState.WAITING:
        messages.success(request, _("Confirmed. The owners are told and may object before it takes effect."))
    else:
        messages.success(request, _("The claim is granted; both sides are told."))


def _scans(found: MembershipClaim) -> list[tuple[Attachment, Promise]]:
    return [
        (scan, particular_words.proof_label(scan.slot))
        for scan in membership_claims.proof_of(found)
        if scan.state == Attachment.State.CLEAN
    ]


def _context(found: MembershipClaim, officer: Account, request: HttpRequest) -> dict[str, Any]:
    return {
        "claim": found,
        "proofs": proofs(found, request.GET.dict()),
        "unread": unread_scans(found),
        "is_reading": membership_claims.is_unread(found),
        "lacking": [particular_words.proof_label(slot) for slot in membership_claims.lacking(found)],
        "stated": stated_head(found),
        "known": registered_applicant(found, officer=officer),
        "crumbs": [
            {"url": reverse("review:membership_claims"), "label": _("Claims to applicants")},
            {"url": "", "label": found.stated_name},
        ],
    }


_STEPS: Mapping[OfficeAct, Promise] = {
    OfficeAct.TAKEOVER_CONFIRMED: gettext_lazy("Confirm: tell the owners, who may object"),
    OfficeAct.CHANGE_CONFIRMED: gettext_lazy("Confirm: put it in effect"),
    OfficeAct.TAKEOVER_URGED: gettext_lazy("Put it in effect at once, as urgent"),
    OfficeAct.TAKEOVER_UPHELD: gettext_lazy("Carry it through over the objection"),
    OfficeAct.CHANGE_DECLINED: gettext_lazy("Do not grant it in this way"),
    OfficeAct.CHANGE_WITHDRAWN: gettext_lazy("Withdraw the proposal"),
}
_GRAVE = frozenset(
    {
        OfficeAct.TAKEOVER_CONFIRMED,
        OfficeAct.CHANGE_CONFIRMED,
        OfficeAct.TAKEOVER_URGED,
        OfficeAct.TAKEOVER_UPHELD,
    }
)
