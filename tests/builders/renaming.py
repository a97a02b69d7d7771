"""Changes of names of filings in force, handed in and decided through the real ledger."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta

from registry import clock
from registry.book.in_force import materials_in_force
from registry.models import Applicant, Filing
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.builders import register as build
from tests.builders.register import Cast

HOUR = timedelta(hours=1)


def ask_service_name(cast: Cast, filing: Filing, name: str, *, at: datetime) -> SampleCase:
    """A change of the service's name, handed in."""
    materials = deepcopy(materials_in_force(filing))
    materials["service"]["service_name"] = name
    days = [{"key": "service.service_name", "changed_on": clock.china_date(at).isoformat()}]
    return walk.submit(
        materials,
        member=cast.member,
        at=at,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={"changes": days},
    )


def ask_applicant_name(cast: Cast, applicant: Applicant, name: str, *, at: datetime) -> SampleCase:
    """A change of the applicant's name, handed in."""
    return build.change_applicant(cast, applicant, {"applicant.name": name}, at=at)


def approve(cast: Cast, case: SampleCase, *, at: datetime) -> None:
    build.forward(cast, case, at=at)
    walk.act(case, Act.APPROVE, by=cast.national, at=at + HOUR, text="样例")


def reject(cast: Cast, case: SampleCase, *, at: datetime) -> None:
    build.forward(cast, case, at=at, recommends=Outcome.REJECTION)
    walk.act(case, Act.REJECT, by=cast.national, at=at + HOUR, reasons=[dict(SAMPLE_REASON)], text="样例")


def rename_service(cast: Cast, filing: Filing, name: str, *, at: datetime) -> None:
    """A change of the service's name, approved."""
    approve(cast, ask_service_name(cast, filing, name, at=at), at=at + HOUR)
    filing.refresh_from_db()


def rename_applicant(cast: Cast, filing: Filing, name: str, *, at: datetime) -> None:
    """A change of the name of the filing's applicant, approved."""
    applicant = Applicant.objects.get(pk=filing.applicant_id)
    approve(cast, ask_applicant_name(cast, applicant, name, at=at), at=at + HOUR)
    filing.refresh_from_db()
