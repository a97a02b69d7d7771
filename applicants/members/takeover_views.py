"""The page on which an owner reads that an applicant is to be taken over, and objects."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applicants.drafts.pages.frame import account_of, crumbs
from registry import clock
from registry.book import takeovers
from registry.errors import MemberActRefused
from registry.labels.office_words import PROPOSAL_REFUSALS, PROPOSAL_STATES
from registry.labels.province_words import full_name
from registry.members.authority import facts_of, membership_of
from registry.members.words import refusal_text
from registry.models import OfficeProposal
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.text_fields import ProseField
from registry.rules.members.permissions import MemberAct, refusal_of
from registry.rules.office.events import OfficeSubject
from registry.rules.office.proposals import ProposalState
from registry.rules.workflow.lifecycle import TransitionNotAllowed


class ObjectionForm(forms.Form):
    """Why an owner objects to a takeover."""

    objection = ProseField(
        label=gettext_lazy("Why you object"),
        max_length=1000,
        help_text=gettext_lazy("The office reads it; the claimant does not."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Say why you object.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def takeover(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """What is to happen and until when an owner may object; an objection stops it at once."""
    account, at = account_of(request), clock.now()
    proposal = OfficeProposal.objects.filter(pk=proposal_id, subject=OfficeSubject.TAKEOVER.value).first()
    # Before a second officer has confirmed it, it concerns nobody outside the office.
    if proposal is None or proposal.state == ProposalState.PROPOSED:
        raise Http404
    claim = takeovers.claim_of(proposal)
    member = membership_of(account.pk, claim.applicant_id)
    if member is None or claim.account_id == account.pk:
        raise Http404
    kept = kept_form(request) if request.method != "POST" else None
    form = ObjectionForm(
        request.POST if request.method == "POST" else None, initial=kept.dict() if kept is not None else None
    )
    refusal = ""
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["objection"]
        try:
            takeovers.object_to_takeover(proposal.pk, text=text, by=account, at=at)
        except MemberActRefused as error:
            refusal = refusal_text(error)
        except TransitionNotAllowed as error:
            refusal = str(PROPOSAL_REFUSALS[error.code])
            proposal.refresh_from_db()
        else:
            forget_form(request)
            messages.success(request, _("Your objection is with the office. Nothing takes effect meanwhile."))
            return redirect("applicants:takeover", proposal.pk)
    may_object = proposal.state == ProposalState.WAITING and (
        refusal_of(MemberAct.ANSWER_REQUEST, facts_of(member, today=clock.china_date(at))) is None
    )
    context = {
        "proposal": proposal,
        "claim": claim,
        "applicant": claim.applicant,
        "province": full_name(claim.province_code),
        "is_replaced": takeovers.outcome_of(proposal) == "replaced",
        "state_label": PROPOSAL_STATES[ProposalState(proposal.state)],
        "may_object": may_object,
        "form": form,
        "refusal": refusal,
        "typed": request.POST.get("objection", "") if refusal else "",
        "is_restored": kept is not None,
        "crumbs": crumbs(_("Takeover"), claim.applicant.name),
    }
    status = HTTPStatus.OK
    if refusal:
        status = HTTPStatus.CONFLICT
    elif form.errors:
        status = HTTPStatus.BAD_REQUEST
    return render(request, "applicants/members/takeover.html", context, status=status)
