"""A small cast and cases carried through the real ledger."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from registry import clock
from registry.book import numbering
from registry.book.act_request import Actor
from registry.book.in_force import applicant_materials_in_force, materials_in_force
from registry.models import Account, Applicant, Filing, Membership, Objection, StrikingOff
from registry.rules.particulars import required_slots
from registry.rules.particulars.evidence import former_proofs
from registry.rules.workflow.states import Act, Kind, Outcome, Role, Standing
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from registry.storage import attachments

BEIJING = "110000"
GUANGDONG = "440000"
BEIJING_DIVISION = "110108"
GUANGDONG_DIVISION = "440305"

# A Monday without holidays near it, 10:00 in China.
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@dataclass(slots=True)
class Cast:
    """One account for every role, each made when it is first asked for."""

    _made: dict[tuple[str, Role, str], Account] = field(default_factory=dict)

    def get(self, name: str, role: Role, province_code: str = "") -> Account:
        key = (name, role, province_code)
        if key not in self._made:
            self._made[key] = walk.sample_account(name, role, province_code=province_code)
        return self._made[key]

    @property
    def member(self) -> Account:
        return self.get("样例经办人", Role.APPLICANT)

    @property
    def stranger(self) -> Account:
        return self.get("样例旁人", Role.APPLICANT)

    @property
    def provincial(self) -> Account:
        return self.get("样例初审甲", Role.PROVINCIAL_REVIEWER, BEIJING)

    @property
    def provincial_second(self) -> Account:
        return self.get("样例初审乙", Role.PROVINCIAL_REVIEWER, BEIJING)

    @property
    def provincial_head(self) -> Account:
        return self.get("样例省级负责人", Role.PROVINCIAL_HEAD, BEIJING)

    @property
    def elsewhere(self) -> Account:
        return self.get("样例外省初审", Role.PROVINCIAL_REVIEWER, GUANGDONG)

    @property
    def national(self) -> Account:
        return self.get("样例复审甲", Role.NATIONAL_REVIEWER)

    @property
    def national_second(self) -> Account:
        return self.get("样例复审乙", Role.NATIONAL_REVIEWER)

    @property
    def national_head(self) -> Account:
        return self.get("样例国家级负责人", Role.NATIONAL_HEAD)

    @property
    def administrator(self) -> Account:
        return self.get("样例管理员", Role.ADMINISTRATOR)

    @property
    def auditor(self) -> Account:
        return self.get("样例审计员", Role.AUDITOR)


def one_scan_for_all_slots(materials: Mapping[str, Any], *, member: Account, at: datetime) -> dict[str, Any]:
    """Entries for every slot asked for, all of the same received file: quicker than one for each."""
    slots = required_slots(materials)
    upload = SimpleUploadedFile("sample.png", walk.sample_scan("scan"), "image/png")
    attachment = attachments.receive(
        draft_id=uuid.uuid4(), slot=slots[0], uploaded_by=member, file=upload, at=at
    )
    entry = attachments.entry_of(attachment)
    return {key.rsplit(".", 1)[1]: [entry] for key in slots}


def materials_for(
    cast: Cast,
    *,
    seed: int = 1,
    at: datetime = MORNING,
    nature: str = "organisation",
    division_code: str = BEIJING_DIVISION,
    files: Mapping[str, Any] | None = None,
    member: Account | None = None,
) -> dict[str, Any]:
    """Materials without a gap. `files` of an earlier call may be used again when its slots are the same."""
    member = member or cast.member
    materials = walk.complete_materials(
        seed, member=member, at=at, nature=nature, division_code=division_code, files={}
    )
    given = files or one_scan_for_all_slots(materials, member=member, at=at)
    entry = next(iter(given.values()))
    materials["attachments"] = {key.rsplit(".", 1)[1]: entry for key in required_slots(materials)}
    return materials


def submitted(cast: Cast, *, at: datetime = MORNING, **choices: Any) -> SampleCase:
    """A case in provincial review."""
    member = choices.get("member") or cast.member
    return walk.submit(materials_for(cast, at=at, **choices), member=member, at=at)


def forwarded(cast: Cast, *, at: datetime = MORNING, **choices: Any) -> SampleCase:
    """A case in national review, recommended for approval."""
    case = submitted(cast, at=at, **choices)
    forward(cast, case, at=at + timedelta(hours=1))
    return case


def forward(cast: Cast, case: SampleCase, *, at: datetime, recommends: Outcome = Outcome.APPROVAL) -> None:
    """The province's opinion."""
    walk.act(
        case, Act.FORWARD, by=cast.provincial, at=at, recommends=recommends.value, text="样例意见：均已核对"
    )


def approved(cast: Cast, *, at: datetime = MORNING, **choices: Any) -> SampleCase:
    """An approved case that awaits its number."""
    case = forwarded(cast, at=at, **choices)
    walk.act(case, Act.APPROVE, by=cast.national, at=at + timedelta(hours=2), text="样例")
    return case


def in_force(cast: Cast, *, at: datetime = MORNING, **choices: Any) -> SampleCase:
    """A case whose filing has its number."""
    case = approved(cast, at=at, **choices)
    numbering.issue_number(filing_of(case).pk, at=at + timedelta(hours=3))
    return case


def filing_of(case: SampleCase) -> Filing:
    """The filing of the case as it stands in the book now."""
    filing = case.application.filing
    assert filing is not None
    return filing


def member_of(about: Objection | StrikingOff) -> Actor:
    """A member of the applicant that an objection or a proceeding is about."""
    found = Membership.objects.filter(applicant=about.applicant_id, revoked_at__isnull=True)
    return Actor.of(found.select_related("account").order_by("pk")[0].account)


def change_asked(
    cast: Cast, filing: Filing | None = None, *, at: datetime = MORNING + timedelta(days=1)
) -> SampleCase:
    """A change of the description of a filing in force, handed in."""
    filing = filing or filing_of(in_force(cast))
    materials = materials_in_force(filing)
    description = materials["service"]["description"] + "样例"
    changed_on = clock.china_date(at).isoformat()
    return walk.submit(
        {**materials, "service": {**materials["service"], "description": description}},
        member=cast.member,
        at=at,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={"changes": [{"key": "service.description", "changed_on": changed_on}]},
    )


def rejected(cast: Cast, *, at: datetime = MORNING, **choices: Any) -> SampleCase:
    """A case rejected by the nation on the province's recommendation."""
    case = submitted(cast, at=at, **choices)
    forward(cast, case, at=at + timedelta(hours=1), recommends=Outcome.REJECTION)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.REJECT, by=cast.national, at=at + timedelta(hours=2), reasons=reasons, text="样例")
    return case


def approve(cast: Cast, case: SampleCase, *, at: datetime) -> None:
    """Both offices approve, and the number is issued where one is awaited."""
    provincial = cast.elsewhere if case.application.province_code == GUANGDONG else cast.provincial
    walk.act(case, Act.FORWARD, by=provincial, at=at, recommends="approval", text="样例意见：均已核对")
    walk.act(case, Act.APPROVE, by=cast.national, at=at + timedelta(minutes=1), text="样例")
    filing = case.application.filing
    if filing is not None and filing.standing == Standing.AWAITING_NUMBER:
        numbering.issue_number(filing.pk, at=at + timedelta(minutes=2))


def new_proofs(
    before: Mapping[str, Any], after: Mapping[str, Any], *, member: Account, at: datetime
) -> dict[str, Any]:
    """New scans for the slots whose scans show what a change of the applicant has replaced."""
    found: dict[str, Any] = {}
    for gap in former_proofs(before, after):
        scan = SimpleUploadedFile("new.png", walk.sample_scan(f"new {at.isoformat()}"), "image/png")
        received = attachments.receive(
            draft_id=uuid.uuid4(), slot=gap.key, uploaded_by=member, file=scan, at=at
        )
        found[gap.key.rsplit(".", 1)[1]] = [attachments.entry_of(received)]
    return found


def change_applicant(
    cast: Cast,
    applicant: Applicant,
    values: Mapping[str, Any],
    *,
    at: datetime,
    member: Account | None = None,
) -> SampleCase:
    """A change of the applicant, begun from its facts in force and submitted."""
    materials = deepcopy(applicant_materials_in_force(applicant))
    for key, value in values.items():
        section, name = key.split(".")
        materials[section][name] = value
    member, before = member or cast.member, applicant_materials_in_force(applicant)
    materials["attachments"] |= new_proofs(before, materials, member=member, at=at)
    days = [{"key": key, "changed_on": clock.china_date(at).isoformat()} for key in values]
    return walk.submit(materials, member=member, at=at, kind=Kind.APPLICANT_CHANGE, details={"changes": days})
