"""What an office sets for its papers: in force from another officer's confirmation on, for the papers made after it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from registry.documents.texts import document_text
from registry.errors import NotFound
from registry.models import Account, OfficeProposal, PaperNumber, PaperSetting
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.office.events import OfficeSubject
from registry.rules.office.papers import (
    NATIONAL_OFFICE_CODE,
    PaperSeries,
    PaperSettings,
    PaperSettingsRefused,
    default_mark,
    faults_of,
    mark_key,
)
from registry.rules.workflow.states import NATION, PROVINCE, Role
from registry.streams import office_proposals


def office_code_of(role: Role, province_code: str) -> str:
    """The key of the office where officers of a role work. Raises NotFound for a role of no office."""
    if role in PROVINCE:
        return province_code
    if role in NATION:
        return NATIONAL_OFFICE_CODE
    raise NotFound("not_found")


def settings_of(office_code: str) -> PaperSettings:
    """What is in force for an office now, as it set it or as holds for everybody."""
    newest = versions_of(office_code)[:1]
    return _settings(newest[0]) if newest else PaperSettings.default(office_code)


def versions_of(office_code: str) -> list[PaperSetting]:
    """Every version that an office put in force, newest first."""
    found = PaperSetting.objects.filter(office_code=office_code)
    return list(found.select_related("proposed_by", "confirmed_by").order_by("-version"))


def check_settings(office_code: str, settings: PaperSettings) -> None:
    """Raises PaperSettingsRefused with everything that is wrong."""
    faults = faults_of(settings, marks_of_others=_marks_of_others(office_code))
    if faults:
        raise PaperSettingsRefused(faults)


def propose_settings(settings: PaperSettings, *, reason: str, by: Account, at: datetime) -> OfficeProposal:
    """Proposes settings for the office of whoever proposes. Raises PaperSettingsRefused, TransitionNotAllowed."""
    office_code = office_code_of(by.acts_as, by.province_code)
    check_settings(office_code, settings)
    return office_proposals.propose(
        OfficeSubject.PAPER_SETTINGS,
        office_code,
        settings.as_content(),
        before=settings_of(office_code).as_content(),
        after=settings.as_content(),
        reason=reason,
        by=by,
        at=at,
        province_code=by.province_code if by.acts_as in PROVINCE else "",
    )


def confirm_settings(proposal_id: uuid.UUID, *, by: Account, at: datetime) -> OfficeProposal:
    """Puts proposed settings in force as another officer of the office.

    Raises NotFound, also for another office's; TransitionNotAllowed; PaperSettingsRefused where another office has
    meanwhile taken the same characters.
    """

    def put_in_force(proposal: OfficeProposal) -> bool:
        require_own(proposal, by)
        settings = proposed_settings(proposal)
        check_settings(proposal.key, settings)
        _save(proposal, settings, by=by, at=at)
        return True

    return office_proposals.confirm(
        proposal_id, put_in_force, subject=OfficeSubject.PAPER_SETTINGS, by=by, at=at
    )


def proposed_settings(proposal: OfficeProposal) -> PaperSettings:
    """The settings that a proposal would put in force."""
    return PaperSettings.of(proposal.content).completed(proposal.key)


def remedies_of(settings: PaperSettings) -> str:
    """How to challenge a decision, naming the bodies that the office has set and else what the law says in general.

    Administrative Reconsideration Law Art. 20, Administrative Litigation Law Art. 46.
    """
    body, court = settings.reconsideration_body, settings.court
    if not body and not court:
        return document_text("remedies")
    return document_text("remedies_named").format(
        review=f"向{body}申请行政复议" if body else "依法申请行政复议",
        suit=f"向{court}提起行政诉讼" if court else "依法向人民法院提起行政诉讼",
    )


def require_own(proposal: OfficeProposal, account: Account) -> None:
    """Raises NotFound unless the proposal is about the papers of the account's own office."""
    if proposal.key != office_code_of(account.acts_as, account.province_code):
        raise NotFound("proposal_unknown", proposal=str(proposal.pk))


@transaction.atomic
def _save(proposal: OfficeProposal, settings: PaperSettings, *, by: Account, at: datetime) -> PaperSetting:
    newest = PaperSetting.objects.select_for_update().filter(office_code=proposal.key).order_by("-version")
    last = newest.first()
    return PaperSetting.objects.create(
        office_code=proposal.key,
        version=last.version + 1 if last is not None else 1,
        proposed_by=proposal.proposed_by,
        confirmed_by=by,
        confirmed_at=at,
        **settings.as_content(),
    )


def _settings(row: PaperSetting) -> PaperSettings:
    return PaperSettings(
        office_name=row.office_name,
        marks={series: getattr(row, mark_key(series)) for series in PaperSeries},
        reconsideration_body=row.reconsideration_body,
        court=row.court,
        needs_signed_form=row.needs_signed_form,
    ).completed(row.office_code)


def _marks_of_others(office_code: str) -> frozenset[str]:
    """The characters that other offices number under, now or ever, or would as long as they have set none."""
    codes = {NATIONAL_OFFICE_CODE, *(province.code for province in PROVINCES)} - {office_code}
    marks = {default_mark(code, series) for code in codes for series in PaperSeries}
    names = [mark_key(series) for series in PaperSeries]
    for row in PaperSetting.objects.exclude(office_code=office_code).values_list(*names):
        marks.update(row)
    given = PaperNumber.objects.exclude(office_code=office_code).values_list("mark", flat=True)
    return frozenset(marks.union(given.distinct()))
