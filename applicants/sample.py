"""Sample drafts and sample members for trying out the portal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from applicants.drafts.joint import add_service
from applicants.drafts.store import SectionSave, save_section, start_draft
from applicants.members.samples import make_sample_members
from registry import clock
from registry.models import Account, Applicant
from registry.sample.materials import organisation_materials

_SEED = 308
_SEED_OF_SECOND = 311
_ANSWERED = ("service_name", "service_forms", "websites", "application_fields", "chain_kind", "consensus")


def make_sample_drafts(accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Creates a joint submission of the sample organisation with two half-filled services, and sample members."""
    account = accounts["applicant"]
    at = now - timedelta(minutes=50)
    applicant = (
        Applicant.objects.filter(memberships__account=account, memberships__role="owner")
        .order_by("created_at")
        .first()
    )
    draft = start_draft(account, applicant=applicant, at=at)
    second = add_service(draft.pk, new_id=uuid.uuid4(), account=account, at=at)
    for service, seed in ((draft, _SEED), (second, _SEED_OF_SECOND)):
        given = organisation_materials(seed=seed, today=clock.china_date(at))["service"]
        answers = {name: given[name] for name in _ANSWERED}
        at += timedelta(minutes=8)
        save_section(service.pk, SectionSave("service", answers, frozenset(answers)), at=at)
    make_sample_members(accounts, now=now)
