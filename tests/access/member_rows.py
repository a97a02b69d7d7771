"""The rows of the access matrix about members, invitations and claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.members.claims import proof_of
from tests.access.member_scene import scan
from tests.access.rows import Row, button, form, page
from tests.access.scene import Scene
from tests.access.visitors import APPLICANTS, AUDITOR, MEMBER, NOBODY, PROVINCE, Visitor

_STRANGER = frozenset({Visitor.STRANGER})
_OFFICE = PROVINCE
_OFFICES = PROVINCE | {Visitor.ELSEWHERE}


def _applicant(scene: Scene) -> dict[str, Any]:
    return {"applicant_id": scene.members.applicant.pk}


def _editor(scene: Scene) -> dict[str, Any]:
    return {"membership_id": scene.members.editor.pk}


def _agent(scene: Scene) -> dict[str, Any]:
    return {"membership_id": scene.members.agent.pk}


def _asked(scene: Scene) -> dict[str, Any]:
    return {"claim_id": scene.members.asked.pk}


def _letter(_scene: Scene) -> dict[str, Any]:
    return {"scope": "all_acts", "letter": scan(), "letter_valid_until": "2027-03-31"}


def _proof(scene: Scene) -> dict[str, Any]:
    return {"attachment_id": scene.members.proof.pk}


ROWS_OF_MEMBERS: Mapping[str, tuple[Row, ...]] = {
    "applicants:choose_applicant": (button(APPLICANTS, writes=frozenset()),),
    "applicants:memberships": (page(APPLICANTS),),
    "applicants:clients": (page(APPLICANTS),),
    "applicants:clients_csv": (page(APPLICANTS),),
    "applicants:clients_xlsx": (page(APPLICANTS),),
    "applicants:members": (page(MEMBER, _applicant),),
    "applicants:invite": (
        form(
            MEMBER,
            _applicant,
            sends=lambda _: {"recipient": "sample.new.member@example.com", "role": "editor"},
            writes=MEMBER,
        ),
    ),
    # The scene's applicant has an owner: there is no ownership to offer.
    "applicants:offer_ownership": (button(MEMBER, _applicant, writes=NOBODY),),
    "applicants:member": (page(MEMBER, _editor),),
    "applicants:change_role": (button(MEMBER, _editor, sends=lambda _: {"role": "owner"}, writes=MEMBER),),
    "applicants:renew_letter": (button(MEMBER, _agent, sends=_letter, writes=MEMBER),),
    "applicants:read_letter_again": (
        button(MEMBER, lambda scene: {"letter_id": scene.members.unreadable_letter.pk}, writes=MEMBER),
    ),
    "applicants:revoke_member": (form(MEMBER, _editor, writes=MEMBER),),
    "applicants:invitation": (
        form(
            _STRANGER,
            lambda scene: {"invitation_id": scene.members.offered.pk},
            sends=lambda _: {"answer": "accept"},
            writes=_STRANGER,
        ),
    ),
    "applicants:withdraw_invitation": (
        button(MEMBER, lambda scene: {"invitation_id": scene.members.sent.pk}, writes=MEMBER),
    ),
    "applicants:claim": (
        form(
            _STRANGER,
            lambda scene: {"draft_id": scene.members.claiming_draft.pk},
            sends=lambda _: {"way": "owners", "explanation": "样例：写明理由"},
            writes=_STRANGER,
        ),
    ),
    # Nothing was imported in the scene: whatever number is sent, there is nothing to claim.
    "applicants:claim_number": (form(APPLICANTS, writes=NOBODY, posts=(200,)),),
    "applicants:claim_status": (page(_STRANGER, _asked),),
    "applicants:put_scan": (
        button(
            _STRANGER,
            lambda scene: {"claim_id": scene.members.unreadable.pk, "slot": "letter_of_authority"},
            sends=lambda _: {"letter_of_authority": scan()},
            writes=_STRANGER,
        ),
    ),
    "applicants:read_scan_again": (
        button(
            _STRANGER,
            lambda scene: {
                "claim_id": scene.members.unreadable.pk,
                "scan_id": scene.members.unreadable_scan.pk,
            },
            writes=_STRANGER,
        ),
    ),
    "applicants:withdraw_claim": (button(_STRANGER, _asked, writes=_STRANGER),),
    "applicants:answer_claim": (form(MEMBER, _asked, sends=lambda _: {"answer": "editor"}, writes=MEMBER),),
    "applicants:takeover": (
        form(
            MEMBER,
            lambda scene: {"proposal_id": scene.takeover.pk},
            sends=lambda _: {"objection": "样例"},
            writes=MEMBER,
        ),
    ),
    "review:membership_claims": (page(_OFFICES),),
    "review:membership_claim": (
        form(
            _OFFICE,
            lambda scene: {"claim_id": scene.members.claimed.pk},
            sends=lambda scene: {
                "outcome": "joined",
                "reason": "样例：写明理由",
                "proof": [str(scan.pk) for scan in proof_of(scene.members.claimed)],
            },
            writes=_OFFICE,
        ),
    ),
    "office:membership_events": (page(AUDITOR),),
}

# A claim's proof is read by the claimant and the office that decides, and by no member of the applicant.
PROOF_ROW = page(_STRANGER | _OFFICE, _proof)
