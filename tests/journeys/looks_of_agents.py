"""What an agent and its clients see: the table of clients, a letter on file, ownership that is offered."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from applicants.drafts import store as drafts
from registry import clock
from registry.models import Account, Invitation, Membership
from registry.rules.workflow.states import Role
from registry.sample import walk
from tests.journeys.looks import Look

IN_CHARGE = "+8619955507777"


@dataclass(frozen=True, slots=True)
class AgentScene:
    """An agent that filed first for two clients, and the person in charge of one who is offered ownership."""

    agent: Account
    in_charge: Account
    applicant: uuid.UUID
    membership: uuid.UUID
    draft: uuid.UUID
    offer: uuid.UUID


def make_agent_scene() -> AgentScene:
    """Two clients of one agent: a letter that ends soon with an open offer, and one that runs."""
    now = clock.now()
    agent = walk.sample_account("样例代办员", Role.APPLICANT)
    in_charge = Account.objects.create_account(
        name="样例负责人", password=None, mobile=IN_CHARGE, mobile_verified_at=now
    )
    first = _filed(agent, seed=7_451, mobile=IN_CHARGE, days_left=20)
    _filed(agent, seed=7_452, mobile="+8619955507778", days_left=200)
    applicant = first.application.applicant
    return AgentScene(
        agent=agent,
        in_charge=in_charge,
        applicant=applicant.pk,
        membership=Membership.objects.get(applicant=applicant).pk,
        draft=drafts.start_draft(agent, applicant=applicant, at=now).pk,
        offer=Invitation.objects.get(applicant=applicant).pk,
    )


def _filed(agent: Account, *, seed: int, mobile: str, days_left: int) -> walk.SampleCase:
    at = clock.now()
    materials = walk.complete_materials(seed, member=agent, at=at, files={})
    materials["applicant"] |= {
        "filed_by_agent": True,
        "agent_name": "样例代办有限公司",
        "authority_scope": "代为办理备案的填报、提交、补正和查询（样例）。",
        "authority_expires_on": (clock.today() + timedelta(days=days_left)).isoformat(),
    }
    materials["person_in_charge"]["mobile"] = mobile
    materials["attachments"] = walk.sample_files(materials, member=agent, at=at)
    return walk.submit(materials, member=agent, at=at)


def agent_looks(scene: AgentScene) -> Iterator[Look]:
    """What the agent sees of its clients."""
    yield Look("clients", "/applicant/clients/")
    yield Look("clients-none-found", "/applicant/clients/?q=样例没有")
    yield Look("clients-nonsense", "/applicant/clients/?sort=nonsense", status=400)
    yield Look("dashboard-of-agent", "/applicant/")
    yield Look("deadlines-of-agent", "/applicant/deadlines/")
    yield Look("members-with-offer", f"/applicant/members/{scene.applicant}/")
    yield Look("member-own-letter", f"/applicant/members/of/{scene.membership}/")
    yield Look("section-with-letter", f"/applicant/drafts/{scene.draft}/applicant/")
    yield Look("attachments-with-letter", f"/applicant/drafts/{scene.draft}/attachments/")


def offered_looks(scene: AgentScene) -> Iterator[Look]:
    """What the person in charge sees who is offered ownership."""
    yield Look("invitation-to-own", f"/applicant/invitations/{scene.offer}/")
