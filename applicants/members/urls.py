"""URL patterns of memberships, invitations, letters of authority and claims."""

from __future__ import annotations

from django.urls import path

from applicants.members import claim_views as claims
from applicants.members import head_claim_views as head_claims
from applicants.members import invitation_views as invitations
from applicants.members import takeover_views as takeovers
from applicants.members import views as members

_MEMBERS = "members/<uuid:applicant_id>/"
_MEMBER = "members/of/<uuid:membership_id>/"

member_patterns = [
    path("on-behalf/", members.choose_applicant, name="choose_applicant"),
    path("members/", members.memberships, name="memberships"),
    path(_MEMBERS, members.members, name="members"),
    path(f"{_MEMBERS}invite/", members.invite, name="invite"),
    path(f"{_MEMBERS}offer/", members.offer_ownership, name="offer_ownership"),
    path(_MEMBER, members.member, name="member"),
    path(f"{_MEMBER}role/", members.change_role, name="change_role"),
    path(f"{_MEMBER}letter/", members.renew_letter, name="renew_letter"),
    path("members/letters/<uuid:letter_id>/again/", members.read_letter_again, name="read_letter_again"),
    path(f"{_MEMBER}revoke/", members.revoke_member, name="revoke_member"),
    path("invitations/<uuid:invitation_id>/", invitations.invitation, name="invitation"),
    path(
        "invitations/<uuid:invitation_id>/withdraw/",
        invitations.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("drafts/<uuid:draft_id>/claim/", claims.claim, name="claim"),
    path("takeovers/<uuid:proposal_id>/", takeovers.takeover, name="takeover"),
    path("claims/number/", head_claims.claim_number, name="claim_number"),
    path("claims/<uuid:claim_id>/", claims.claim_status, name="claim_status"),
    path(
        "claims/<uuid:claim_id>/scans/<uuid:scan_id>/again/", claims.read_scan_again, name="read_scan_again"
    ),
    path("claims/<uuid:claim_id>/scans/<slug:slot>/", claims.put_scan, name="put_scan"),
    path("claims/<uuid:claim_id>/withdraw/", claims.withdraw_claim, name="withdraw_claim"),
    path("claims/<uuid:claim_id>/answer/", claims.answer_claim, name="answer_claim"),
]
