"""Pages of membership claims: the provincial office's list, and the decision on one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.book import head_claims
from registry.errors import MemberActRefused
from registry.members import claims as membership_claims
from registry.members.words import refusal_text
from registry.models import MembershipClaim
from registry.presentation.kept_forms import forget_form, kept_form
from review.access import officer_of
from review.members.claims import proofs, registered_applicant, stated_head
from review.members.forms import ClaimDecisionForm

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
    """One claim: the proof beside the registered applicant, and the decision with its reason."""
    officer = officer_of(request)
    found = get_object_or_404(membership_claims.claims_within(officer), pk=claim_id)
    data = request.POST if request.method == "POST" else None
    kept = kept_form(request) if data is None else None
    has_members = found.applicant.memberships.filter(revoked_at__isnull=True).exists()
    form = ClaimDecisionForm(data, has_members=has_members)
    if kept is not None:
        form = ClaimDecisionForm(initial=kept.dict(), has_members=has_members)
    refusal = ""
    if data is not None and form.is_valid():
        try:
            head_claims.decide_claim(
                found.pk,
                MembershipClaim.Outcome(form.cleaned_data["outcome"]),
                reason=form.cleaned_data["reason"],
                officer=officer,
                at=clock.now(),
            )
        except MemberActRefused as error:
            refusal = refusal_text(error)
            found.refresh_from_db()
        else:
            forget_form(request)
            messages.success(request, _("The claim is decided; both sides are told."))
            return redirect("review:membership_claims")
    context = {
        "claim": found,
        "proofs": proofs(found, request.GET.dict()),
        "stated": stated_head(found),
        "known": registered_applicant(found, officer=officer_of(request)),
        "form": form,
        "is_restored": kept is not None,
        "refusal": refusal,
        "typed": request.POST.get("reason", "") if refusal else "",
        "crumbs": [
            {"url": reverse("review:membership_claims"), "label": _("Claims to applicants")},
            {"url": "", "label": found.stated_name},
        ],
    }
    status = 409 if refusal else 400 if form.errors else 200
    return render(request, "review/members/membership_claim.html", context, status=status)
