"""Takes sample applications through the real ledger, for the sample data, the demonstration and the tests.

Every state is reached by acts; nothing is assigned. All people and organisations are invented.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from registry import clock
from registry.book import ledger
from registry.book.act_request import SYSTEM, Actor, Request, Seen
from registry.book.applicants import enter_applicant, find_applicant
from registry.book.examination import latest_reasons
from registry.errors import RegisterIncomplete
from registry.models import Account, Applicant, Application, Event, Membership
from registry.rules.particulars import required_slots
from registry.rules.workflow.grounds import Marks
from registry.rules.workflow.states import Act, Kind, Outcome, Role
from registry.sample.agreements import agree_to_everything
from registry.sample.materials import individual_materials, organisation_materials
from registry.storage import attachments
from registry.streams.applications import latest_sequence


@dataclass(frozen=True, slots=True)
class SampleCase:
    """A sample application in the book, and the member who filed it."""

    application_id: uuid.UUID
    member: Account

    @property
    def application(self) -> Application:
        return Application.objects.select_related("filing").get(pk=self.application_id)


def sample_scan(label: str) -> bytes:
    """A small PNG that is clearly marked as a sample."""
    picture = Image.new("RGB", (640, 420), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, 627, 407), outline="#9aa7b5", width=2)
    draw.text((40, 40), f"SAMPLE\n{label}", fill="#33415c", font_size=36)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def sample_files(materials: Mapping[str, Any], *, member: Account, at: datetime) -> dict[str, Any]:
    """Attachment entries for every slot that these materials must fill, each file received and checked."""
    draft_id = uuid.uuid4()
    entries: dict[str, Any] = {}
    for key in required_slots(materials):
        slot = key.rsplit(".", 1)[1]
        upload = SimpleUploadedFile(f"{slot}.png", sample_scan(slot), "image/png")
        attachment = attachments.receive(draft_id=draft_id, slot=key, uploaded_by=member, file=upload, at=at)
        entries[slot] = [attachments.entry_of(attachment)]
    return entries


def complete_materials(
    seed: int,
    *,
    member: Account,
    at: datetime,
    nature: str = "organisation",
    division_code: str | None = None,
    files: Mapping[str, Any] | None = None,
    late_reason: str = "",
) -> dict[str, Any]:
    """Materials that have no gap on the day of `at`, files included."""
    make = organisation_materials if nature == "organisation" else individual_materials
    materials = make(seed=seed, today=clock.china_date(at), division_code=division_code)
    if late_reason:
        materials["service"]["late_reason"] = late_reason
    materials["attachments"] = (
        dict(files) if files is not None else sample_files(materials, member=member, at=at)
    )
    return materials


def sample_applicant(materials: Mapping[str, Any], *, member: Account, at: datetime) -> Applicant:
    """The applicant that the materials describe, with `member` as an owner; found or entered."""
    applicant = find_applicant(materials["applicant"])
    if applicant is None:
        return enter_applicant(materials, by=member, at=at)
    Membership.objects.get_or_create(
        applicant=applicant,
        account=member,
        revoked_at=None,
        defaults={"role": Membership.MemberRole.OWNER, "created_at": at},
    )
    return applicant


def submit(
    materials: Mapping[str, Any],
    *,
    member: Account,
    at: datetime,
    kind: Kind = Kind.INITIAL,
    filing_id: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
    idempotency_key: uuid.UUID | None = None,
    together_id: uuid.UUID | None = None,
) -> SampleCase:
    """Submits an application through the ledger. Raises what the ledger raises."""
    applicant = sample_applicant(materials, member=member, at=at)
    request = Request(
        materials=materials,
        details=details or {},
        declaration_accepted=True,
        idempotency_key=idempotency_key,
    )
    event = ledger.submit(
        kind,
        applicant_id=applicant.pk,
        filing_id=filing_id,
        together_id=together_id,
        actor=Actor.of(member),
        request=request,
        at=at,
    )
    if event.application_id is None:
        raise RegisterIncomplete("submission_without_application")
    return SampleCase(event.application_id, member)


def act(
    case: SampleCase,
    what: Act,
    *,
    by: Account | None,
    at: datetime,
    materials: Mapping[str, Any] | None = None,
    seen: Seen | None = None,
    marks: Marks | None = None,
    **details: Any,
) -> Event:
    """Records one act by `by` (None: the system), who has seen the latest state of the case unless `seen` is given.

    Unless `marks` are given, the office has marked every item, deficient those that the act speaks against.
    """
    row = Application.objects.get(pk=case.application_id)
    request = Request(
        details=details,
        materials=materials,
        declaration_accepted=True,
        marks=marks or Marks(is_answered=True, deficient=spoken_against(what, row, details)),
        seen=seen or Seen(row.revision_number, latest_sequence(row)),
    )
    actor = SYSTEM if by is None else Actor.of(by)
    return ledger.record(what, case.application_id, actor=actor, request=request, at=at)


def spoken_against(what: Act, row: Application, details: Mapping[str, Any]) -> tuple[str, ...]:
    """The items that an office has marked deficient before it acts so."""
    if what is Act.CONFIRM:
        details = {"reasons": latest_reasons(row) if row.proposal == Outcome.REJECTION else ()}
    if details.get("recommends") == Outcome.REJECTION:
        return (str(SAMPLE_REASON["key"]),)
    return tuple(str(each["key"]) for each in details.get("reasons") or ())


def sample_account(name: str, role: Role, *, province_code: str = "") -> Account:
    """An account that cannot sign in, for acts that need an account; found or created by name, role and province."""
    found = Account.objects.filter(name=name, role=role.value, province_code=province_code).first()
    if found is not None:
        return found
    account = Account.objects.create_account(
        name=name, password=None, role=role, province_code=province_code, is_sample=True
    )
    if role is Role.APPLICANT:
        agree_to_everything(account, at=clock.now())
    return account


SAMPLE_REASON: Mapping[str, Any] = {
    "id": "1",
    "key": "service.description",
    "code": "technical_description_vague",
    "article": "11",
    "remedy": "样例：请写明共识机制与节点部署地点。",
}
