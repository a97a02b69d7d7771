"""Pages of invitations: answered by the account with the invited mobile or mailbox, withdrawn by an owner."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applicants import access
from applicants.drafts.pages.frame import account_of, crumbs
from registry import clock
from registry.errors import MemberActRefused, NotFound
from registry.members import invitations
from registry.members.words import refusal_text, role_text
from registry.models import Invitation


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """An invitation with its inviter, applicant and role; accepting or declining it."""
    account, at = account_of(request), clock.now()
    found = get_object_or_404(invitations.invitations_to(account), pk=invitation_id)
    error = ""
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "accept":
                invitations.accept(found.pk, account=account, at=at)
                messages.success(request, _("You now act for %(name)s.") % {"name": found.applicant.name})
                return redirect("applicants:members", found.applicant_id)
            if request.POST.get("answer") == "decline":
                invitations.decline(found.pk, account=account, at=at)
                messages.success(request, _("The invitation is declined."))
                return redirect("applicants:dashboard")
            error = _("Choose whether to accept or to decline.")
        except MemberActRefused as refusal:
            error = refusal_text(refusal)
    context = {
        "invitation": found,
        "role": role_text(found),
        "is_open": found.is_open(at),
        "is_offer": invitations.is_offer_of_ownership(found),
        "was_accepted": found.outcome == Invitation.Outcome.ACCEPTED and found.answered_by_id == account.pk,
        "error": error,
        "crumbs": crumbs(_("Invitation")),
    }
    return render(request, "applicants/members/invitation.html", context, status=409 if error else 200)


@require_POST
def withdraw_invitation(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Withdraws an unanswered invitation."""
    account = account_of(request)
    found = get_object_or_404(
        Invitation.objects.filter(applicant__in=access.applicants_of(account)), pk=invitation_id
    )
    try:
        invitations.withdraw(found.pk, by=account, at=clock.now())
    except MemberActRefused as refusal:
        if refusal.code == "not_this_role":
            raise NotFound("invitation_unknown") from refusal
        messages.warning(request, refusal_text(refusal))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("applicants:members", found.applicant_id)
