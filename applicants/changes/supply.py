"""The first change of an imported filing: it supplies the particulars, of which an earlier list gave the names alone.

Everything is asked that a first filing is asked; number and head stay, and nothing of it can be late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from applicants import words
from applicants.changes.change import is_supply
from applicants.drafts.matter import Matter
from applicants.drafts.prepared import Prepared
from applicants.drafts.steps import Point
from applicants.models import Draft
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.applicants import correct_applicant
from registry.book.in_force import applicant_materials_in_force, with_applicant_part
from registry.book.letters import with_agent_of
from registry.documents.statement import StatedChange, supplied_change
from registry.errors import NotFound
from registry.models import Account, Application, Filing
from registry.rules.days.deadlines import Deadline
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.date_rules import DateFinding
from registry.rules.workflow.states import Kind


class ParticularsSupply(Matter):
    """The particulars of one imported filing."""

    base = None
    texts = words.SUPPLY
    top = "applicants/changes/includes/supply_top.html"
    has_top_on_forms = True

    @classmethod
    def holds(cls, draft: Draft) -> bool:
        return is_supply(draft)

    def open_keys(self, prepared: Prepared) -> None:
        """Everything may be stated; what the register knows of the applicant is not asked in the first place."""

    def lateness(
        self, materials: Mapping[str, Any], *, today: date, calendar: Calendar
    ) -> tuple[DateFinding, Deadline | None]:
        return DateFinding(None, 0, None), None

    def points(self, materials: Mapping[str, Any], found: DateFinding, *, today: date) -> list[Point]:
        return []

    def submit(
        self, materials: dict[str, Any], *, account: Account, is_joint: bool, at: datetime
    ) -> Application:
        """Submits the particulars as a change, with the applicant as the register has it by now.

        Corrects the applicant's name and place while it is not established.
        """
        applicant = self.draft.applicant
        if applicant is None:
            raise NotFound("draft_unknown", draft=str(self.draft.pk))
        if facts := applicant_materials_in_force(applicant):
            materials = with_applicant_part(materials, with_agent_of(facts, materials))
        correct_applicant(applicant, materials["applicant"])
        event = ledger.submit(
            Kind.CHANGE,
            applicant_id=applicant.pk,
            filing_id=self.draft.filing_id,
            actor=Actor.of(account),
            request=Request(
                materials=materials, declaration_accepted=True, idempotency_key=self.draft.submission_key
            ),
            at=at,
        )
        return Application.objects.get(events=event)

    def stated_change(self, materials: Mapping[str, Any]) -> StatedChange:
        filing = Filing.objects.get(pk=str(self.draft.filing_id))
        return supplied_change(filing.applicant_id, filing)

    def context(self, materials: Mapping[str, Any], *, today: date) -> dict[str, Any]:
        """The filing whose particulars are supplied."""
        return {"filing": Filing.objects.get(pk=str(self.draft.filing_id))}
