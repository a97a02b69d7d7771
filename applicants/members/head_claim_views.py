"""The claim over the filings of an earlier list: found by a number, stated, proved, and sent to the office."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.drafts.pages.frame import account_of, crumbs
from applicants.identity_consent import consent_url
from applicants.members.head_claim_form import HeadClaimForm
from registry import clock
from registry.accounts.limits import LimitReached
from registry.accounts.refusals import refusal_text as limit_text
from registry.book.head_claims import Head, head_of_number
from registry.errors import AttachmentRefused, MemberActRefused, NotFound
from registry.gateways.addresses import counted_address
from registry.labels.files import refusal_message as file_refusal
from registry.labels.number_words import why_not
from registry.labels.offices import office_label
from registry.labels.states import label_of
from registry.members import claims
from registry.members.authority import membership_of
from registry.members.words import refusal_text
from registry.models import Account, MembershipClaim
from registry.presentation.kept_forms import forget_form, kept_form
from registry.rules.errors import NotAFilingNumber
from registry.rules.workflow.states import Role, Standing

_LONGEST_NUMBER = 200


@require_http_methods(["GET", "HEAD", "POST"])
def claim_number(request: HttpRequest) -> HttpResponse:
    """The filings under the head of a number, and the form that claims all of them."""
    account = account_of(request)
    given = request.POST if request.method == "POST" else request.GET
    typed = given.get("number", "").strip()[:_LONGEST_NUMBER]
    context: dict[str, Any] = {"typed": typed, "crumbs": crumbs(_("Filings of an earlier list"))}
    if not typed:
        return _page(request, context)
    try:
        head = head_of_number(typed)
    except NotAFilingNumber as refusal:
        return _page(request, context | {"number_error": why_not(refusal.code, refusal.facts)}, status=400)
    except NotFound:
        return _page(request, context | {"is_unknown": True}, status=404)
    context |= _shown(head, account)
    if context["is_member"] or head.is_claimed:
        return _page(request, context, status=409 if request.method == "POST" else 200)
    return _claim(request, head, account, context)


def _claim(request: HttpRequest, head: Head, account: Account, context: dict[str, Any]) -> HttpResponse:
    if url := consent_url(request):
        return redirect(url)
    today = clock.today()
    kept = kept_form(request) if request.method != "POST" else None
    if request.method == "POST":
        form = HeadClaimForm(request.POST, request.FILES, today=today)
        form.hold_for(request)
        if (
            form.is_valid()
            and (made := _open(form, head, account, sender=counted_address(request))) is not None
        ):
            forget_form(request)
            form.forget_files()
            return redirect("applicants:claim_status", made.pk)
        form.keep_files(request)
    else:
        form = HeadClaimForm(initial=kept.dict() if kept is not None else {}, today=today)
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return _page(request, context | {"form": form, "is_restored": kept is not None}, status=status)


def _open(form: HeadClaimForm, head: Head, account: Account, *, sender: str) -> MembershipClaim | None:
    """Opens the claim; None when it is refused, with the reason in the form."""
    try:
        return claims.open_claim(
            head.applicant,
            account=account,
            way=MembershipClaim.Way.OFFICE,
            stated_name=form.stated_name(),
            explanation=form.cleaned_data["explanation"],
            draft_id=None,
            proof=form.proof(),
            identity=form.identity(),
            sender=sender,
            at=clock.now(),
        )
    except AttachmentRefused as refusal:
        form.add_error(refusal.facts["slot"], file_refusal(refusal))
    except LimitReached as refusal:
        form.add_error(None, limit_text(refusal))
    except MemberActRefused as refusal:
        field = claims.SECOND_SIDE if refusal.code == "second_side_missing" else None
        form.add_error(field, refusal_text(refusal))
    return None


def _shown(head: Head, account: Account) -> dict[str, Any]:
    """The head as the page shows it: its filings under their printed names, and what the account asked already."""
    return {
        "head": head,
        "filings": [
            {
                "number": filing.number,
                "applicant_name": filing.applicant_name,
                "service_name": filing.service_name,
                "standing": filing.standing,
                "standing_label": label_of(Standing(filing.standing)),
            }
            for filing in head.filings
        ],
        "office": office_label(Role.PROVINCIAL_REVIEWER, head.applicant.province_code),
        "asked": claims.claims_of(account).filter(applicant=head.applicant, outcome=""),
        "is_member": membership_of(account.pk, head.applicant.pk) is not None,
        "start_url": reverse("applicants:start"),
    }


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "applicants/members/claim_number.html", context, status=status)
