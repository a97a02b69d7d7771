"""Starts and copies drafts, saves their sections, and attaches, moves and removes their files.

A draft accepts any text in a field. A save is refused only when it would overwrite a newer one. Every change
locks the draft with its joint submission.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from applicants.drafts import joint, statement
from applicants.drafts.derived import as_before, with_derived
from applicants.drafts.forms.answers import same_answer, section_answers, without_unseen
from applicants.drafts.forms.section import Suggestion
from applicants.drafts.joint import file_ids, lock_services
from applicants.drafts.matter import matter_of
from applicants.drafts.parts import Part, keys_of_saves
from applicants.drafts.read_files import STANDING_BACK, is_unread, read_entries, without_file
from applicants.drafts.register_facts import state_who_acts, take_facts
from applicants.drafts.saves import count_save, is_stale, saved_meanwhile
from applicants.drafts.statement import SLOT as STATEMENT_SLOT
from applicants.drafts.steps import SHARED_SECTIONS, SHARED_SLOTS
from applicants.models import Draft
from registry import clock
from registry.book.applicants import known_answers
from registry.book.held_facts import with_answers
from registry.book.in_force import applicant_materials_in_force, materials_in_force
from registry.book.letters import FROM_THE_LETTER, with_agent_named, with_letter
from registry.book.letters import SLOT as LETTER
from registry.book.locks import lock_row
from registry.book.revisions import get_revision, materials_of
from registry.errors import AttachmentRefused, NotFound
from registry.lists import current_lists
from registry.models import Account, Applicant, Application, Attachment
from registry.models.applicant import indexes_of_identity
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars import (
    APPLICANT_SECTIONS,
    APPLICANT_SLOTS,
    clear_irrelevant,
    find_particular,
    find_slot,
    is_slot,
    particulars_of,
)
from registry.rules.particulars.form_version import FIRST_VERSION, carried_over, new_materials, with_version
from registry.rules.particulars.gaps import InvalidAnswer
from registry.rules.particulars.materials import files_of, value_of
from registry.rules.particulars.values import document_number
from registry.rules.workflow.states import Kind, Standing, State
from registry.storage import attachments, waiting

# Refused files of a place that are kept until they are seen.
MOST_UNSEEN = waiting.MOST_OF_AN_ACCOUNT
# Unlisted files older than this come from an interrupted upload, not from one still under way.
UPLOAD_TAKES_AT_MOST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SectionSave:
    """A submitted form of one section: its answers, and the version of the draft it was made from.

    `mentioned` are the names the form had controls for. `window` identifies the open page: an autosave of the
    same page is no conflict. An autosave (`is_autosave`) clears nothing in other sections, since a choice may
    be a slip. `form_version` is the version of the form that was on the page: it may have been open for long. Of a
    section that stands on several pages, `part` is the one that was sent; None stands for all of it.
    """

    section: str
    answers: Mapping[str, Any]
    mentioned: frozenset[str] = field(default_factory=frozenset)
    version: int = 0
    window: str = ""
    is_autosave: bool = False
    form_version: int = FIRST_VERSION
    part: Part | None = None

    @property
    def key(self) -> str:
        """What this save is counted under."""
        return self.section if self.part is None else self.part.key

    def own(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the section's answers that the page has."""
        return {
            name: answer for name, answer in answers.items() if self.part is None or name in self.part.names
        }


# To begin a second filing on purpose takes longer.
BEGUN_TWICE_WITHIN = timedelta(seconds=10)
_NEVER_SAVED = 1


@transaction.atomic
def begin_draft(
    account: Account,
    *,
    applicant: Applicant | None,
    at: datetime,
    stated: Mapping[str, Mapping[str, Any]] | None = None,
) -> Draft:
    """As `start_draft`; the button pressed twice begins one draft, whichever of the two requests comes first.

    `stated` are answers about an applicant that is not known yet, by section.
    """
    materials = _starting_materials(applicant)
    for section, answers in (stated or {}).items():
        materials[section] = {**materials[section], **answers}
    return _begun_once(_new_draft(account, applicant, materials, at=at))


@transaction.atomic
def start_draft(account: Account, *, applicant: Applicant | None, at: datetime) -> Draft:
    """Creates a draft of a first filing, prefilled from the applicant's latest application."""
    draft = _new_draft(account, applicant, _starting_materials(applicant), at=at)
    draft.save(force_insert=True)
    return draft


def of_the_last_service(draft: Draft) -> dict[str, Suggestion]:
    """What another service of a registered applicant mostly has in common with the one that was filed last, by key."""
    if draft.applicant_id is None or matter_of(draft).base is not None:
        return {}
    latest = _latest_application(draft.applicant_id)
    return as_before(materials_of(get_revision(latest.pk, latest.revision_number))) if latest else {}


def may_be_copied(application: Application) -> bool:
    """Whether a draft can start as a copy of the application.

    It can for a first filing that was withdrawn or has lapsed, and for an approved application whose filing
    is in force.
    """
    has_ended = application.state in (State.WITHDRAWN, State.LAPSED)
    return (application.kind == Kind.INITIAL and has_ended) or _is_in_force(application)


@transaction.atomic
def copy_application(application: Application, *, account: Account, at: datetime) -> Draft:
    """Creates a draft with all materials of an application except the signed statement.

    Pressing the button twice makes one.

    The draft lists the same stored files. For a filing in force it takes the materials in force, without the
    service's name: the copy is for another service. Raises NotFound if the application may not be copied.
    """
    if not may_be_copied(application):
        raise NotFound("application_unknown", application=str(application.pk))
    if _is_in_force(application) and application.filing is not None:
        materials = materials_in_force(application.filing)
        materials["service"].pop("service_name", None)
    else:
        materials = materials_of(get_revision(application.pk, application.revision_number))
    materials["attachments"].pop(find_slot(STATEMENT_SLOT).name, None)
    return _begun_once(_new_draft(account, application.applicant, carried_over(materials), at=at))


def _is_in_force(application: Application) -> bool:
    filing = application.filing
    is_about_service = application.kind in (Kind.INITIAL, Kind.CHANGE)
    is_approved = is_about_service and application.state == State.APPROVED
    return is_approved and filing is not None and filing.standing == Standing.IN_FORCE


@transaction.atomic
def save_section(draft_id: uuid.UUID, save: SectionSave, *, at: datetime) -> Draft:
    """Saves the answers of one section.

    Raises OutOfDate("draft_saved_meanwhile") with `saved`, the stored answers, when another page has saved
    the section since this form was made.
    """
    save = replace(save, answers=save.own(without_unseen(save.section, save.answers)))
    draft, *others = lock_services(draft_id)
    materials = draft.materials
    _refuse_stale(draft, save, materials)
    before = section_answers(materials, save.section)
    elsewhere = {name: answer for name, answer in before.items() if name not in save.own(before)}
    answers = {**elsewhere, **save.answers}
    candidate = with_version({**materials, save.section: answers}, save.form_version)
    if draft.applicant is not None:
        # Before irrelevant answers are cleared: relevance depends on the applicant's nature, which no form sends.
        candidate = with_answers(candidate, known_answers(draft.applicant, kind=Kind(draft.kind)))
    if draft.letter_on_file is not None:
        candidate = with_letter(candidate, draft.letter_on_file)
    _keep_locked_answers(draft, candidate, save.section, at=at)
    candidate = matter_of(draft).on_its_form(candidate)
    if save.is_autosave:
        candidate[save.section] = _with_hidden_answers(candidate, materials, save)
    else:
        candidate = clear_irrelevant(candidate)
        if matter_of(draft).base is None:
            candidate = with_derived(candidate, account=draft.account, today=clock.china_date(at))
    draft.materials = candidate
    draft.province_code = _province(candidate)
    # A page and the section as a whole outdate each other, one page does not outdate another.
    also = keys_of_saves(save.section)[1:] if save.part is None else (save.section,)
    count_save(draft, save.key, at=at, window=save.window, also=also)
    if save.section == "applicant" and not save.is_autosave:
        _recognise_applicant(draft, at=at)
    draft.save()
    _update_other_services(
        draft, others, section=save.section, before=materials, at=at, clears=not save.is_autosave
    )
    return draft


@transaction.atomic
def take_from_register(draft_id: uuid.UUID, *, at: datetime) -> Draft:
    """Links a draft to the registered applicant it names, as saving the applicant's section does. Raises NotFound."""
    draft, *others = lock_services(draft_id)
    before = draft.materials
    if draft.applicant is None:
        _recognise_applicant(draft, at=at)
    else:
        _put_facts(draft, draft.applicant)
    count_save(draft, "applicant", at=at)
    draft.save()
    _update_other_services(draft, others, section="applicant", before=before, at=at, clears=False)
    return draft


def _recognise_applicant(draft: Draft, *, at: datetime) -> None:
    """Links a draft to the applicant with the same document number, if the draft's account is a member of it.

    The register's values then replace the typed ones. Other applicants are not linked: that would reveal
    which document numbers are registered.
    """
    if draft.applicant is not None:
        return
    given = draft.materials["applicant"]
    kind = str(given.get("document_type") or "")
    try:
        number = document_number(
            str(given.get("document_number") or "").strip(), document_type=kind, today=clock.china_date(at)
        )
    except InvalidAnswer:
        return
    stated = {"document_type": kind, "document_number": number, "nationality": given.get("nationality")}
    draft.applicant = Applicant.objects.filter(
        document_index__in=indexes_of_identity(stated),
        memberships__account=draft.account_id,
        memberships__revoked_at__isnull=True,
    ).first()
    if draft.applicant is not None:
        _put_facts(draft, draft.applicant)


def _put_facts(draft: Draft, applicant: Applicant) -> None:
    draft.materials = with_answers(draft.materials, known_answers(applicant))
    take_facts([draft])
    if draft.letter_on_file is not None and not value_of(draft.materials, "applicant.agent_name"):
        draft.materials = with_agent_named(draft.materials, draft.letter_on_file)


def attach_file(
    draft_id: uuid.UUID,
    slot: str,
    *,
    file: Any,
    account: Account,
    at: datetime,
    sender: str = "",
    seen: Collection[uuid.UUID] = (),
) -> Draft:
    """Receives a file into a slot of the draft, where it waits for the decoder.

    `sender` is the address that it came from. `seen` are the refused files that were listed where this one was chosen:
    those go, and one of the same name. Raises AttachmentRefused, NotFound, UnknownParticular.

    In a slot for one file it takes the place of the present one, which comes back should the new one be refused. With
    a signed statement the values it prints are recorded, so that later changes to them are detected.
    """
    draft = Draft.objects.select_related("applicant").get(pk=draft_id)
    take_facts([draft])
    _refuse_locked_slot(draft, slot, at=at)
    _discard_superseded(draft)
    listed = {uuid.UUID(each) for each in file_ids(draft.materials)}
    attachments.discard_unlisted(draft_id, listed=listed, before=at - UPLOAD_TAKES_AT_MOST)
    in_slot = {"attachments": {"": list(files_of(draft.materials, slot))}}
    present = [uuid.UUID(each) for each in file_ids(in_slot)]
    attachment = attachments.quarantine(
        draft_id=draft_id,
        slot=slot,
        uploaded_by=account,
        file=file,
        applicant=draft.applicant,
        in_place_of=present if find_slot(slot).max_files == 1 else (),
        sender=sender,
        at=at,
    )
    _discard_answered(attachment, seen=seen)
    try:
        return _put_into_slot(draft_id, slot, attachment, at=at)
    except BaseException:
        # BaseException: a file that no slot lists would count against the limit of the next upload.
        attachments.discard(attachment)
        raise


def _discard_answered(attachment: Attachment, *, seen: Collection[uuid.UUID]) -> None:
    """Discards the refused files of a place that its sender has seen, or sends anew; any other is still to be read.

    Of those that nobody has seen the newest stay, as many as may wait at once.
    """
    refused = [
        each
        for each in attachments.refused_files(attachment.draft_id)
        if each.slot == attachment.slot and each.pk != attachment.pk
    ]
    for number, each in enumerate(reversed(refused)):
        is_seen = each.pk in seen and each.uploaded_by_id == attachment.uploaded_by_id
        if is_seen or each.name == attachment.name or number >= MOST_UNSEEN:
            attachments.discard(each)


@transaction.atomic
def try_file_again(draft_id: uuid.UUID, attachment_id: uuid.UUID, *, sender: str, at: datetime) -> str:
    """Has the decoder try a refused file again, and gives its slot, into which it is put once more.

    Raises NotFound for a file that the draft has not, and AttachmentRefused.
    """
    draft = lock_services(draft_id)[0]
    refused = next((each for each in attachments.refused_files(draft_id) if each.pk == attachment_id), None)
    if refused is None:
        raise NotFound("file_unknown", file=str(attachment_id))
    slot = find_slot(f"attachments.{refused.slot}")
    _refuse_locked_slot(draft, slot.key, at=at)
    present = list(files_of(draft.materials, slot.key)) if slot.max_files == 1 else []
    in_place_of = [uuid.UUID(each) for each in file_ids({"attachments": {"": present}})]
    attachment = attachments.try_again(refused, in_place_of=in_place_of, sender=sender, at=at)
    _put_into_slot(draft_id, slot.key, attachment, at=at)
    return slot.key


@transaction.atomic
def remove_file(draft_id: uuid.UUID, attachment_id: uuid.UUID, *, at: datetime) -> str:
    """Removes a file from the draft and returns its slot; a file that was submitted stays stored.

    Raises NotFound when the draft has no such file.
    """
    draft, *others = lock_services(draft_id)
    before, materials = draft.materials, draft.materials
    for refused in attachments.refused_files(draft_id):
        if refused.pk == attachment_id:
            attachments.discard(refused)
            return f"attachments.{refused.slot}"
    slot = _slot_holding(materials, attachment_id)
    _refuse_locked_slot(draft, slot, at=at)
    name = find_slot(slot).name
    entries = without_file(materials["attachments"][name], attachment_id)
    materials["attachments"][name] = entries
    if not entries:
        del materials["attachments"][name]
    draft.materials = materials
    count_save(draft, "attachments", at=at)
    draft.save()
    if slot == STATEMENT_SLOT and not entries:
        joint.clear_signed_statement([draft, *others])
    _update_other_services(draft, others, section=name, before=before, at=at, clears=False)
    return slot


@transaction.atomic
def move_file_up(draft_id: uuid.UUID, attachment_id: uuid.UUID, *, at: datetime) -> str:
    """Moves a file one place up in its slot, and returns the slot; the first file stays. Raises NotFound."""
    draft, *others = lock_services(draft_id)
    before, materials = draft.materials, draft.materials
    slot = _slot_holding(materials, attachment_id)
    _refuse_locked_slot(draft, slot, at=at)
    entries = materials["attachments"][find_slot(slot).name]
    index = next(number for number, each in enumerate(entries) if each["id"] == str(attachment_id))
    if index > 0:
        entries[index - 1], entries[index] = entries[index], entries[index - 1]
        draft.materials = materials
        count_save(draft, "attachments", at=at)
        draft.save()
        _update_other_services(
            draft, others, section=find_slot(slot).name, before=before, at=at, clears=False
        )
    return slot


@transaction.atomic
def _put_into_slot(draft_id: uuid.UUID, slot: str, attachment: Attachment, *, at: datetime) -> Draft:
    draft, *others = lock_services(draft_id)
    before, materials = draft.materials, draft.materials
    # One that is tried again may stand there still.
    entries = without_file(files_of(materials, slot), attachment.pk)
    name, most = find_slot(slot).name, find_slot(slot).max_files
    entry = attachments.entry_of(attachment)
    is_signed_anew = slot == STATEMENT_SLOT and _is_signed_anew(draft, others, at=at)
    if is_signed_anew:
        # The first scan of a newly signed statement replaces the scans of the old one.
        entries = []
    elif attachments.is_sent_twice(attachment, listed=[str(entry["id"]) for entry in entries]):
        attachments.discard(attachment)
        return draft
    elif most == 1:
        if is_unread(entry):
            entry[STANDING_BACK] = read_entries(entries)
        entries = []
    elif len(entries) >= most:
        raise AttachmentRefused("too_many_files", maximum=most)
    materials["attachments"][name] = [*entries, entry]
    draft.materials = materials
    count_save(draft, "attachments", at=at)
    draft.save()
    _update_other_services(draft, others, section=name, before=before, at=at, clears=False)
    if slot == STATEMENT_SLOT and not entries:
        joint.record_signed_statement([draft, *others], at=at)
    return draft


def _discard_superseded(draft: Draft) -> None:
    """Discards the files whose successors have been read, unless another service still lists them."""
    if draft.superseded_files:
        services = joint.joint_drafts(draft)
        joint.discard_unlisted_files(draft.superseded_files, of=services, kept_by=services)


def _is_signed_anew(draft: Draft, others: Sequence[Draft], *, at: datetime) -> bool:
    """Whether a scan uploaded now belongs to a newly signed statement rather than to the stored one."""
    lists = current_lists()
    own, *further = [(each, matter_of(each).prepare(at=at, lists=lists)) for each in (draft, *others)]
    state = statement.state_of(*own, others=further)
    return state.is_outdated or draft.printed_on_statement is None


def _update_other_services(
    draft: Draft,
    others: Sequence[Draft],
    *,
    section: str,
    before: Mapping[str, Any],
    at: datetime,
    clears: bool,
) -> None:
    """Copies a saved shared section or slot to the other services, and discards files no service lists."""
    gone = file_ids(before) - file_ids(draft.materials)
    if section in SHARED_SECTIONS or section in SHARED_SLOTS:
        listed = {each for other in others for each in file_ids(other.materials)}
        joint.copy_shared_materials(draft, others, at=at, clears=clears)
        gone |= listed - {each for other in others for each in file_ids(other.materials)}
    services = [draft, *others]
    joint.discard_unlisted_files(gone, of=services, kept_by=services)


def fixed_keys(draft: Draft) -> frozenset[str]:
    """The particulars whose answers come from the register and are not typed."""
    known = known_answers(draft.applicant, kind=Kind(draft.kind)) if draft.applicant is not None else {}
    return frozenset(known) | (FROM_THE_LETTER if draft.letter_on_file is not None else frozenset())


def has_fixed_facts(draft: Draft) -> bool:
    """Whether the applicant's facts come from the register: then only a change of the applicant alters them."""
    return "applicant.name" in fixed_keys(draft)


def differing_names(section: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The names of the particulars of a section whose answers differ, in the order of the form."""
    return [
        each.name
        for each in particulars_of(section)
        if not same_answer(one.get(each.name), other.get(each.name))
    ]


def _begun_once(draft: Draft) -> Draft:
    """Saves a new draft, unless the account has just begun the same and not touched it: then gives that one."""
    lock_row(Account, draft.account_id)
    begun = Draft.objects.filter(
        kind=draft.kind,
        account=draft.account_id,
        applicant=draft.applicant_id,
        created_at__gt=draft.created_at - BEGUN_TWICE_WITHIN,
        version=_NEVER_SAVED,
    )
    for each in begun.order_by("-created_at"):
        if each.materials == draft.materials:
            return each
    draft.save(force_insert=True)
    return draft


def _new_draft(
    account: Account, applicant: Applicant | None, materials: dict[str, Any], *, at: datetime
) -> Draft:
    draft = Draft(kind=Kind.INITIAL.value, account=account, applicant=applicant, created_at=at, saved_at=at)
    draft.materials = materials
    if applicant is not None:
        state_who_acts(draft)
        take_facts([draft])
        draft.materials = with_answers(draft.materials, known_answers(applicant))
    draft.province_code = _province(draft.materials)
    return draft


def _starting_materials(applicant: Applicant | None) -> dict[str, Any]:
    return new_materials() if applicant is None else _prefilled_materials(applicant)


def _prefilled_materials(applicant: Applicant) -> dict[str, Any]:
    """The applicant's part and the service contact of the applicant's latest application.

    The documents of a registered applicant are those of its facts in force: a change may await its decision.
    """
    materials = new_materials()
    latest = _latest_application(applicant.pk)
    if latest is None:
        return materials
    given = materials_of(get_revision(latest.pk, latest.revision_number))
    for section in APPLICANT_SECTIONS:
        materials[section] = dict(given[section])
    materials["service"] = joint.contact_of(given)
    proofs = (applicant_materials_in_force(applicant) or given)["attachments"]
    materials["attachments"] = {name: files for name, files in proofs.items() if name in APPLICANT_SLOTS}
    return materials


def _latest_application(applicant_id: uuid.UUID) -> Application | None:
    return Application.objects.filter(applicant=applicant_id).order_by("-submitted_at").first()


def _keep_locked_answers(draft: Draft, candidate: dict[str, Any], section: str, *, at: datetime) -> None:
    """Puts the office's answers back wherever an amendment or a change may not alter them."""
    may_change = _open_keys(draft, at=at)
    if may_change is None:
        return
    before: Mapping[str, Any] = draft.materials[section]
    for particular in particulars_of(section):
        if particular.key in may_change:
            continue
        candidate[section].pop(particular.name, None)
        if particular.name in before:
            candidate[section][particular.name] = before[particular.name]


def _refuse_locked_slot(draft: Draft, slot: str, *, at: datetime) -> None:
    """Raises NotFound for a slot that may not be altered, as that of a letter on file: its page has no such form."""
    if not is_slot(slot):
        return
    if draft.letter_on_file is not None and find_slot(slot).key == LETTER:
        raise NotFound("slot_locked", slot=slot)
    may_change = _open_keys(draft, at=at)
    if may_change is not None and find_slot(slot).key not in may_change:
        raise NotFound("slot_locked", slot=slot)


def _open_keys(draft: Draft, *, at: datetime) -> frozenset[str] | None:
    """The particulars and slots that an amendment or a change may alter; None for a first filing: all of them."""
    matter = matter_of(draft)
    if matter.base is None:
        return None
    return matter.open_keys(matter.prepare(at=at))


def _refuse_stale(draft: Draft, save: SectionSave, materials: dict[str, Any]) -> None:
    if not is_stale(draft, save.key, version=save.version, window=save.window, is_autosave=save.is_autosave):
        return
    answers = save.own(section_answers(materials, save.section))
    if not save.is_autosave and not differing_names(save.section, answers, save.answers):
        return
    raise saved_meanwhile(draft, save.key, answers)


def _with_hidden_answers(
    candidate: dict[str, Any], materials: dict[str, Any], save: SectionSave
) -> dict[str, Any]:
    """The section's answers, with the stored answers of fields that a choice on the page has just hidden."""
    hidden = {
        name: answer
        for name, answer in section_answers(materials, save.section).items()
        if name not in save.mentioned and not find_particular(f"{save.section}.{name}").applies(candidate)
    }
    return {**hidden, **candidate[save.section]}


def _province(materials: Mapping[str, Any]) -> str:
    return province_code_of(value_of(materials, "applicant.division_code"))


def _slot_holding(materials: Mapping[str, Any], attachment_id: uuid.UUID) -> str:
    for name, entries in materials["attachments"].items():
        if any(entry["id"] == str(attachment_id) for entry in entries):
            return f"attachments.{name}"
    raise NotFound("file_unknown", file=str(attachment_id))
