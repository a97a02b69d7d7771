"""Pages of an applicant's members: invitations, roles, letters, revocation; and the choice of the applicant."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants import access, applicant_choice
from applicants.drafts.pages.frame import account_of, crumbs
from applicants.members.forms import InviteForm, LetterForm, RoleForm
from registry import clock
from registry.accounts.limits import LimitReached
from registry.accounts.refusals import refusal_text as limit_text
from registry.book import takeovers
from registry.book.applicants import mobile_of_person_in_charge
from registry.errors import AttachmentRefused, MemberActRefused
from registry.gateways.addresses import counted_address
from registry.labels.files import refusal_message as file_refusal
from registry.labels.membership_words import act_words
from registry.members import invitations
from registry.members import memberships as membership_book
from registry.members.authority import active_memberships, facts_of, membership_of
from registry.members.claims import claims_of
from registry.members.history import history_of
from registry.members.words import owners_view, recipient_text, refusal_text, role_text
from registry.models import Applicant, Attachment, Invitation, Membership
from registry.presentation.file_rows import asking_again
from registry.presentation.kept_forms import forget_form, kept_form
from registry.rules.members.permissions import LETTER_REMINDER_DAYS, MemberAct, MemberRole, Scope, refusal_of
from registry.storage.attachments import MAY_BE_TRIED_AGAIN

_HISTORY_SHOWN = 100


@require_POST
def choose_applicant(request: HttpRequest) -> HttpResponse:
    """Stores the chosen applicant, or the choice of all, and returns to the page of the form."""
    chosen = request.POST.get("applicant", "")
    of_account = access.applicants_of(account_of(request))
    applicant = get_object_or_404(of_account, pk=applicant_choice.parse_id(chosen)) if chosen else None
    applicant_choice.set_choice(request, applicant)
    wanted = request.POST.get("next", "")
    is_own_page = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if wanted and is_own_page else "applicants:dashboard")


@require_safe
def memberships(request: HttpRequest) -> HttpResponse:
    """The account's memberships, invitations and requests."""
    account, at = account_of(request), clock.now()
    own = (
        Membership.objects.filter(account=account, revoked_at__isnull=True)
        .select_related("applicant", "letter")
        .order_by("applicant__name", "id")
    )
    context = {
        "rows": _member_rows(own, poll_url=reverse("applicants:memberships"), at=at),
        "invitations": invitations.open_invitations_to(account, at=at),
        "claims": list(claims_of(account)),
        "crumbs": crumbs(_("Members")),
    }
    return render(request, "applicants/members/memberships.html", context)


@require_safe
def members(request: HttpRequest, applicant_id: uuid.UUID) -> HttpResponse:
    """The members of an applicant; owners also see open invitations and requests, and the history."""
    applicant, own = _own(request, applicant_id)
    at = clock.now()
    is_owner = own.role == MemberRole.OWNER
    sent = Invitation.objects.filter(applicant=applicant, outcome="").select_related("letter")
    page_url = reverse("applicants:members", args=[applicant.pk])
    context: dict[str, Any] = {
        "applicant": applicant,
        "is_owner": is_owner,
        "own": own,
        "rows": _member_rows(active_memberships(applicant.pk), poll_url=page_url, at=at),
        "may_change_own": own.is_agent,
        "crumbs": crumbs(_("Members"), applicant.name),
    }
    if refusal_of(MemberAct.OFFER_OWNERSHIP, facts_of(own, today=clock.china_date(at))) is None:
        context["offer"] = _offer_row(applicant, at=at)
    if is_owner:
        context |= {
            "invitations": asking_again(
                [_invitation_row(each) for each in sent.order_by("-created_at") if each.is_open(at)],
                poll_url=page_url,
                poll_list="invitation-rows",
            ),
            "takeovers": takeovers.planned_for(applicant.pk),
            "requests": list(access.requests_to(account_of(request)).filter(applicant=applicant)),
            "history": [
                {"title": act_words(entry.act, entry.facts), "at": entry.at, **owners_view(entry)}
                for entry in history_of(applicant.pk)[:_HISTORY_SHOWN]
            ],
        }
    return render(request, "applicants/members/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, applicant_id: uuid.UUID) -> HttpResponse:
    """Invites a mobile or e-mail address; the answer never reveals whether it has an account."""
    applicant, _owner = _own(request, applicant_id, act=MemberAct.INVITE)
    at = clock.now()
    data = request.POST if request.method == "POST" else None
    kept = kept_form(request) if data is None else None
    form = InviteForm(data, request.FILES or None, today=clock.china_date(at))
    form.hold_for(request)
    if kept is not None:
        form = InviteForm(initial=kept.dict(), today=clock.china_date(at))
    if data is not None and form.is_valid():
        try:
            invitations.invite(
                applicant.pk,
                form.cleaned_data["recipient"],
                role=form.invited_role,
                letter=form.letter_given(),
                by=account_of(request),
                sender=counted_address(request),
                at=at,
            )
        except AttachmentRefused as refusal:
            form.add_error("letter", file_refusal(refusal))
        except LimitReached as refusal:
            form.add_error("recipient", limit_text(refusal))
        except MemberActRefused as refusal:
            form.add_error("recipient", refusal_text(refusal))
        else:
            forget_form(request)
            form.forget_files()
            messages.success(request, _("The invitation is on its way. It is valid for 14 days."))
            return redirect("applicants:members", applicant.pk)
    if data is not None:
        form.keep_files(request)
    context = {
        "applicant": applicant,
        "form": form,
        "is_restored": kept is not None,
        "crumbs": _member_crumbs(applicant, _("Invite")),
    }
    return render(request, "applicants/members/invite.html", context, status=400 if form.errors else 200)


@require_POST
def offer_ownership(request: HttpRequest, applicant_id: uuid.UUID) -> HttpResponse:
    """Offers ownership again to the person in charge, by the mobile that the application names."""
    applicant, _own_membership = _own(request, applicant_id)
    mobile = mobile_of_person_in_charge(applicant)
    try:
        invitations.offer_ownership(applicant.pk, mobile, by=account_of(request), at=clock.now())
    except LimitReached as refusal:
        messages.warning(request, limit_text(refusal))
    except MemberActRefused as refusal:
        messages.warning(request, refusal_text(refusal))
    else:
        messages.success(request, _("The offer is on its way. It is valid for 14 days."))
    return redirect("applicants:members", applicant.pk)


@require_safe
def member(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """One member, with the acts an owner may take."""
    target, own = _target(request, membership_id)
    return _show_member(request, target, own)


@require_POST
def change_role(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Makes a member owner or editor."""
    target, own = _target(request, membership_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = MemberRole(form.cleaned_data["role"])
        try:
            membership_book.change_role(target.pk, role, by=account_of(request), at=clock.now())
        except MemberActRefused as refusal:
            return _show_member(request, target, own, error=refusal_text(refusal), status=409)
        messages.success(request, _("The role of %(name)s is changed.") % {"name": target.account.name})
        return redirect("applicants:members", target.applicant_id)
    return _show_member(request, target, own, role_form=form, status=400)


@require_POST
def renew_letter(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Replaces an agent's letter of authority with a new one."""
    target, own = _target(request, membership_id)
    at = clock.now()
    form = LetterForm(request.POST, request.FILES, today=clock.china_date(at))
    form.hold_for(request)
    if form.is_valid():
        letter = form.given()
        try:
            membership_book.renew_letter(
                target.pk,
                file=letter.file,
                scope=letter.scope,
                valid_until=letter.valid_until,
                by=account_of(request),
                sender=counted_address(request),
                at=at,
            )
        except AttachmentRefused as refusal:
            form.add_error("letter", file_refusal(refusal))
        except MemberActRefused as refusal:
            return _show_member(request, target, own, error=refusal_text(refusal), status=409)
        else:
            form.forget_files()
            messages.success(
                request,
                _("The new letter of authority is on file. It is in force as soon as it has been read."),
            )
            return redirect("applicants:members", target.applicant_id)
    form.keep_files(request)
    return _show_member(request, target, own, letter_form=form, status=400)


@require_POST
def read_letter_again(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """Has a letter of authority read once more whose reading broke off."""
    letter = get_object_or_404(
        Attachment.objects.filter(applicant__in=access.applicants_of(account_of(request))), pk=letter_id
    )
    try:
        membership_book.read_letter_again(
            letter.pk, by=account_of(request), sender=counted_address(request), at=clock.now()
        )
    except AttachmentRefused as refusal:
        messages.warning(request, file_refusal(refusal))
    return redirect("applicants:members", letter.applicant_id)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_member(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Ends a membership at once after a confirmation; the account's own is left."""
    account = account_of(request)
    target, own = _target(request, membership_id)
    leaves = target.pk == own.pk
    error = ""
    if request.method == "POST":
        try:
            membership_book.revoke(target.pk, by=account, at=clock.now())
        except MemberActRefused as refusal:
            error = refusal_text(refusal)
        else:
            if leaves:
                messages.success(
                    request, _("You no longer act for %(name)s.") % {"name": target.applicant.name}
                )
                return redirect("applicants:memberships")
            messages.success(
                request, _("%(name)s no longer acts for the applicant.") % {"name": target.account.name}
            )
            return redirect("applicants:members", target.applicant_id)
    context = {
        "member": target,
        "applicant": target.applicant,
        "leaves": leaves,
        "error": error,
        "crumbs": _member_crumbs(target.applicant, _("Leave") if leaves else _("Revoke")),
    }
    return render(request, "applicants/members/revoke_member.html", context, status=409 if error else 200)


def _own(
    request: HttpRequest, applicant_id: uuid.UUID, *, act: MemberAct = MemberAct.READ
) -> tuple[Applicant, Membership]:
    """The applicant and the account's membership. Raises Http404 if it has none, or may not do `act`."""
    account = account_of(request)
    applicant = get_object_or_404(access.applicants_of(account), pk=applicant_id)
    own = membership_of(account.pk, applicant.pk)
    if own is None or refusal_of(act, facts_of(own, today=clock.today())) is not None:
        raise Http404
    return applicant, own


def _target(request: HttpRequest, membership_id: uuid.UUID) -> tuple[Membership, Membership]:
    """A member, and the account's own membership. Raises Http404 for another member unless the account is owner."""
    found = get_object_or_404(
        Membership.objects.select_related("account", "applicant", "letter"),
        pk=membership_id,
        revoked_at__isnull=True,
        applicant__in=access.applicants_of(account_of(request)),
    )
    _applicant, own = _own(request, found.applicant_id)
    if own.pk != found.pk and own.role != MemberRole.OWNER:
        raise Http404
    return found, own


def _show_member(
    request: HttpRequest,
    target: Membership,
    own: Membership,
    *,
    role_form: RoleForm | None = None,
    letter_form: LetterForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    today = clock.today()
    facts = facts_of(own, today=today, target=target)
    may_change = refusal_of(MemberAct.CHANGE_ROLE, facts) in (None, "owner_remains")
    may_renew = refusal_of(membership_book.renewal_of(target, by=own), facts) is None
    letter_start = {"scope": target.scope or Scope.ALL_ACTS.value}
    context = {
        "row": asking_again(
            [_member_row(target, at=clock.now())],
            poll_url=reverse("applicants:member", args=[target.pk]),
            poll_list="letter",
        )[0],
        "applicant": target.applicant,
        "is_self": target.pk == own.pk,
        "asks_owner_for_letter": target.is_agent and not may_renew,
        "role_form": (role_form or RoleForm(initial={"role": target.role})) if may_change else None,
        "letter_form": (letter_form or LetterForm(initial=letter_start, today=today)) if may_renew else None,
        "shown_form": letter_form or role_form,
        "error": error,
        "crumbs": _member_crumbs(target.applicant, target.account.name),
    }
    return render(request, "applicants/members/member.html", context, status=status)


def _member_row(membership: Membership, *, at: datetime) -> dict[str, Any]:
    """A member's row in the tables, with the validity of an agent's letter."""
    today, until = clock.china_date(at), membership.letter_valid_until
    tone, state = _reading_of(membership.letter)
    if until is not None and not state:
        if until < today:
            tone, state = "bad", _("expired")
        elif (until - today).days <= LETTER_REMINDER_DAYS:
            tone, state = "warning", _("ends soon")
        else:
            tone, state = "good", _("in force")
    return {
        "membership": membership,
        "role": role_text(membership),
        "scope": membership.get_scope_display() if membership.scope else "",
        "until": until,
        "letter_tone": tone,
        "letter_state": state,
        **_letter_facts(membership.letter),
    }


def _member_rows(members: Iterable[Membership], *, poll_url: str, at: datetime) -> list[dict[str, Any]]:
    rows = [_member_row(each, at=at) for each in members]
    return asking_again(rows, poll_url=poll_url, poll_list="member-rows")


def _reading_of(letter: Attachment | None) -> tuple[str, str]:
    """The badge of a letter that was not read yet, or could not be; both texts are empty for any other."""
    if letter is None or letter.state == Attachment.State.CLEAN:
        return "", ""
    if letter.state == Attachment.State.WAITING:
        return "waiting", _("being read")
    return "bad", _("could not be read")


def _letter_facts(letter: Attachment | None) -> dict[str, Any]:
    """What a row says of its letter: where it is opened, why it was refused, and where it is read once more."""
    is_refused = letter is not None and letter.state == Attachment.State.REFUSED
    found: dict[str, Any] = {
        "letter_id": letter.pk if letter is not None and letter.state == Attachment.State.CLEAN else None,
        "is_reading": letter is not None and letter.state == Attachment.State.WAITING,
        "letter_reason": file_refusal(letter.refusal) if letter is not None and is_refused else "",
        "again_url": "",
    }
    if letter is not None and is_refused and letter.refusal_code in MAY_BE_TRIED_AGAIN:
        found["again_url"] = reverse("applicants:read_letter_again", args=[letter.pk])
    return found


def _offer_row(applicant: Applicant, *, at: datetime) -> dict[str, Any]:
    """The latest offer of ownership, and what became of it."""
    latest = invitations.ownership_offers(applicant.pk).first()
    if latest is None:
        return {"state": "none"}
    is_declined = latest.outcome == Invitation.Outcome.DECLINED
    state = "open" if latest.is_open(at) else "declined" if is_declined else "over"
    return {"state": state, **_invitation_row(latest)}


def _invitation_row(invitation: Invitation) -> dict[str, Any]:
    tone, state = _reading_of(invitation.letter)
    return {
        "invitation": invitation,
        "recipient": recipient_text(invitation),
        "role": role_text(invitation),
        "letter_tone": tone,
        "letter_state": state,
        **_letter_facts(invitation.letter),
    }


def _member_crumbs(applicant: Applicant, label: str) -> list[dict[str, Any]]:
    found = crumbs(_("Members"), applicant.name, label)
    found[1]["url"] = reverse("applicants:memberships")
    found[2]["url"] = reverse("applicants:members", args=[applicant.pk])
    return found
