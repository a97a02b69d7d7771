"""A first filing: nothing of the service is in the book yet, and the applicant may be new to it as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from applicants import words
from applicants.drafts.matter import Matter
from applicants.drafts.prepared import Prepared
from applicants.drafts.register_facts import says_by_agent
from applicants.drafts.steps import Point, missing_point, wrong_point
from applicants.models import Draft
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.applicants import correct_applicant, enter_applicant, find_applicant, known_answers
from registry.errors import ApplicantUnknown, RegisterIncomplete
from registry.models import Account, Applicant, Application, Membership
from registry.models.account import mobile_index
from registry.rules.days.deadlines import Deadline, filing_due
from registry.rules.days.working_days import Calendar
from registry.rules.particulars.materials import date_of, value_of
from registry.rules.workflow.date_rules import DateFinding, check_event_date
from registry.rules.workflow.states import Kind

APPLICANT_KNOWN = "applicant_known"
APPLICANT_DIFFERS = "applicant_differs"
START_OUT_OF_RANGE = "event_date_out_of_range"


class FirstFiling(Matter):
    """The first filing of a service; several of them can be submitted jointly."""

    takes_services = True
    in_parts = True
    base = None
    texts = words.FIRST_FILING

    @classmethod
    def holds(cls, draft: Draft) -> bool:
        return draft.amends_application_id is None and draft.kind == Kind.INITIAL

    def open_keys(self, prepared: Prepared) -> None:
        """Everything may be changed; what the register has of the applicant is not asked in the first place."""

    def lateness(
        self, materials: Mapping[str, Any], *, today: date, calendar: Calendar
    ) -> tuple[DateFinding, Deadline | None]:
        return start_of_service(materials, today=today, calendar=calendar)

    def points(self, materials: Mapping[str, Any], found: DateFinding, *, today: date) -> list[Point]:
        points = start_points(self.draft, found, in_parts=self.in_parts)
        if says_by_agent(materials) and is_own_mobile(materials, account=self.draft.account):
            points.append(
                wrong_point(self.draft.pk, "person_in_charge.mobile", words.AGENT_IN_CHARGE, in_parts=True)
            )
        return points

    def submit(
        self, materials: dict[str, Any], *, account: Account, is_joint: bool, at: datetime
    ) -> Application:
        """Enters the applicant if the register does not know it, and opens the filing.

        Raises ApplicantUnknown("applicant_known") for a document number whose applicant the account does not act
        for, and ApplicantUnknown("applicant_differs") when the register has other particulars of the applicant.
        Refuses an agent that names itself as the person in charge, TransitionNotAllowed("agent_in_charge").
        """
        draft = self.draft
        if says_by_agent(materials) and is_own_mobile(materials, account=account):
            raise self.refusal("agent_in_charge")
        materials = _with_stored_facts(materials, draft)
        draft.applicant = _applicant_for(draft, materials, account=account, at=at)
        event = ledger.submit(
            Kind.INITIAL,
            applicant_id=draft.applicant.pk,
            actor=Actor.of(account),
            request=Request(
                materials=materials, declaration_accepted=True, idempotency_key=draft.submission_key
            ),
            filing_id=draft.filing_id,
            together_id=draft.together_id if is_joint else None,
            at=at,
        )
        return Application.objects.get(events=event)


def is_own_mobile(materials: Mapping[str, Any], *, account: Account) -> bool:
    """Whether the mobile of the person in charge is that of this account."""
    mobile = str(value_of(materials, "person_in_charge.mobile") or "")
    return bool(mobile) and mobile_index(mobile) == account.mobile_index


def start_of_service(
    materials: Mapping[str, Any], *, today: date, calendar: Calendar
) -> tuple[DateFinding, Deadline | None]:
    """The finding of the date rule on the start of the service, and the filing deadline (Art. 11).

    A day before the first calendar is out of range and has no deadline.
    """
    started_on = date_of(value_of(materials, "service.service_started_on"))
    if started_on is not None and started_on < calendar.first_day:
        return DateFinding(None, 0, START_OUT_OF_RANGE), None
    finding = check_event_date(Kind.INITIAL, materials, {}, today, calendar)
    if started_on is None or started_on > today:
        return finding, None
    return finding, filing_due(started_on, calendar)


def start_points(draft: Draft, found: DateFinding, *, in_parts: bool = False) -> list[Point]:
    """The points of the date rule on the start of the service."""
    if found.refusal == "late_reason_required":
        return [missing_point(draft.pk, "service.late_reason", words.LATE_REASON_MISSING, in_parts=in_parts)]
    if found.refusal == START_OUT_OF_RANGE:
        return [
            missing_point(draft.pk, "service.service_started_on", words.START_TOO_EARLY, in_parts=in_parts)
        ]
    return []


def _with_stored_facts(materials: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """The materials with the facts of a registered applicant as stored, where the canonical form altered them."""
    if draft.applicant is None:
        return materials
    for key, answer in known_answers(draft.applicant).items():
        if answer is not None and value_of(draft.materials, key) == answer:
            section, name = key.split(".")
            materials = {**materials, section: {**materials[section], name: answer}}
    return materials


def _applicant_for(
    draft: Draft, materials: Mapping[str, Any], *, account: Account, at: datetime
) -> Applicant:
    """The applicant the materials name: the registered one, or a new one with this account as its first member."""
    given = materials["applicant"]
    applicant = find_applicant(given)
    if applicant is None:
        if draft.applicant is not None:
            raise ApplicantUnknown(APPLICANT_DIFFERS)
        try:
            with transaction.atomic():
                return enter_applicant(materials, by=account, at=at)
        except IntegrityError:
            # Another account has just registered the same document.
            applicant = find_applicant(given)
    if applicant is None:
        raise RegisterIncomplete("applicant_missing")
    is_member = Membership.objects.filter(
        applicant=applicant, account=account, revoked_at__isnull=True
    ).exists()
    if not is_member:
        raise ApplicantUnknown(APPLICANT_KNOWN)
    if any(value_of(materials, key) != answer for key, answer in known_answers(applicant).items()):
        raise ApplicantUnknown(APPLICANT_DIFFERS)
    correct_applicant(applicant, given)
    return applicant
