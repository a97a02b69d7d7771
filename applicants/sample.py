"""A sample draft, half filled, and sample members, for whoever tries the portal out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from applicants.drafts import SectionSave, save_section, start_draft
from applicants.sample_members import make_sample_members
from registry import clock
from registry.models import Account, Applicant
from registry.sample.materials import organisation_materials

_SEED = 308
_ANSWERED = ("service_name", "service_forms", "websites", "application_fields", "chain_kind", "consensus")


def make_sample_papers(accounts: Mapping[str, Account], *, now: datetime) -> None:
    """A further service of the sample organisation: known about the applicant, begun about the service."""
    account = accounts["applicant"]
    at = now - timedelta(minutes=50)
    applicant = (
        Applicant.objects.filter(memberships__account=account, memberships__role="owner")
        .order_by("created_at")
        .first()
    )
    draft = start_draft(account, applicant=applicant, at=at)
    given = organisation_materials(seed=_SEED, today=clock.china_date(at))["service"]
    answers = {name: given[name] for name in _ANSWERED}
    save_section(draft.pk, SectionSave("service", answers, frozenset(answers)), at=at + timedelta(minutes=8))
    make_sample_members(accounts, now=now)
