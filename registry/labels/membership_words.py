"""The acts of the history of members in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.rules.members.events import MembershipAct, MembershipFacts

MEMBERSHIP_ACTS: Mapping[MembershipAct, Promise] = {
    MembershipAct.FOUNDED: _("Entered the applicant, as its first owner"),
    MembershipAct.INVITED: _("Invited"),
    MembershipAct.INVITATION_ACCEPTED: _("Accepted the invitation"),
    MembershipAct.INVITATION_DECLINED: _("Declined the invitation"),
    MembershipAct.INVITATION_WITHDRAWN: _("Withdrew the invitation"),
    MembershipAct.ROLE_CHANGED: _("Changed the role"),
    MembershipAct.LETTER_RENEWED: _("Renewed the letter of authority"),
    MembershipAct.REVOKED: _("Revoked the membership"),
    MembershipAct.LEFT: _("Left"),
    MembershipAct.CLAIMED: _("Asked to act for the applicant"),
    MembershipAct.CLAIM_WITHDRAWN: _("Withdrew the request"),
    MembershipAct.CLAIM_GRANTED: _("Granted the request"),
    MembershipAct.CLAIM_DECLINED: _("Declined the request"),
}


def act_words(act: MembershipAct, facts: MembershipFacts) -> Promise:
    """What an act was: who entered the applicant under a letter is its agent."""
    if act is MembershipAct.FOUNDED and facts.letter:
        return _("Entered the applicant, as its agent")
    return MEMBERSHIP_ACTS[act]
