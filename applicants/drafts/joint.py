"""Several services in one joint submission: drafts with the same `together_id`, one for each service.

Each draft holds all the materials it will submit. The applicant's part is the same in all of them: a change
in one draft is copied to the others in the same transaction. The drafts are locked in the order of their
numbers, and an added service takes the next higher number, so two transactions cannot deadlock.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from applicants.drafts.matter import matter_of
from applicants.drafts.read_files import STANDING_BACK
from applicants.drafts.register_facts import take_facts
from applicants.drafts.steps import SHARED_SECTIONS, SHARED_SLOTS
from applicants.models import Draft
from registry.errors import FilingError, NotFound
from registry.models import Account, Attachment
from registry.rules.particulars import clear_irrelevant
from registry.rules.particulars.consistency.catalogue import find_rule
from registry.rules.particulars.form_version import new_materials
from registry.rules.particulars.materials import ANSWERS
from registry.rules.workflow.states import Kind
from registry.storage import attachments

MOST_SERVICES = 20

# The service contact, usually the same for all services of an applicant: a new service starts with it.
_CONTACT = (
    "has_service_contact",
    "service_contact_name",
    "service_contact_mobile",
    "service_contact_email",
)


class TooManyServices(FilingError):
    """The joint submission already has the most services it may have."""


def joint_drafts(draft: Draft) -> list[Draft]:
    """All drafts of the joint submission this draft belongs to, itself included, in the order shown."""
    found = list(_of(draft.together_id).order_by("place", "number"))
    take_facts(found)
    return found


def other_drafts(draft: Draft) -> list[Draft]:
    """The other drafts of the joint submission; empty for a change, an amendment or a submitted draft."""
    if not may_add_services(draft):
        return []
    return [each for each in joint_drafts(draft) if each.pk != draft.pk]


def may_add_services(draft: Draft) -> bool:
    """Whether a service can be added to the draft: it is a first filing and not yet submitted."""
    return matter_of(draft).takes_services and draft.application_id is None


def lock_services(draft_id: uuid.UUID, *, submitted_too: bool = False) -> list[Draft]:
    """The draft, followed by the other drafts of its joint submission, all locked until the transaction ends.

    They have the facts in force of their applicant, which are saved with them.
    Raises NotFound for an unknown draft, and for a submitted one unless `submitted_too`.
    """
    together_id = Draft.objects.filter(pk=draft_id).values_list("together_id", flat=True).first()
    if together_id is None:
        raise NotFound("draft_unknown", draft=str(draft_id))
    list(_locked(together_id))
    # Read again: another transaction may have added a service while this one waited for the lock.
    found = sorted(_locked(together_id), key=lambda each: (each.place, each.number))
    own = next((each for each in found if each.pk == draft_id), None)
    if own is None or (own.application_id is not None and not submitted_too):
        raise NotFound("draft_unknown", draft=str(draft_id))
    take_facts(found)
    return [own, *(each for each in found if each.pk != draft_id)]


def lock_draft(draft_id: uuid.UUID) -> Draft:
    """The draft, locked together with its joint submission. Raises NotFound as `lock_services` does."""
    return lock_services(draft_id)[0]


def copy_shared_materials(draft: Draft, others: Sequence[Draft], *, at: datetime, clears: bool) -> None:
    """Copies the shared materials of one locked draft to the other drafts, and saves those.

    `clears` also drops the answers that the applicant's part has made irrelevant in them.
    """
    given = draft.materials
    for other in others:
        materials = merge_shared_materials(other.materials, given)
        other.materials = clear_irrelevant(materials) if clears else materials
        other.applicant, other.province_code = draft.applicant, draft.province_code
        shared_saves = {name: draft.section_saves[name] for name in _saved_shared(draft)}
        other.section_saves = {**other.section_saves, **shared_saves}
        other.version += 1
        other.saved_at = at
        other.save()


def merge_shared_materials(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The materials `own`, with their shared part replaced by that of `given`."""
    kept = {name: files for name, files in own["attachments"].items() if name not in SHARED_SLOTS}
    brought = {name: files for name, files in given["attachments"].items() if name in SHARED_SLOTS}
    sections = {name: given[name] for name in SHARED_SECTIONS}
    merged = {**own, **sections, "attachments": {**kept, **brought}}
    if answers := {**own.get(ANSWERS, {}), **_shared_answers(given)}:
        merged[ANSWERS] = answers
    return copy.deepcopy(merged)


def _shared_answers(materials: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to questions about nothing but the shared part."""
    given = materials.get(ANSWERS, {})
    return {name: answer for name, answer in given.items() if is_shared_rule(name)}


def is_shared_rule(name: str) -> bool:
    """Whether a rule of consistency compares nothing but what all services of a joint submission share."""
    rule = find_rule(name)
    return rule is not None and all(
        key.split(".")[0] in SHARED_SECTIONS or key.split(".")[-1] in SHARED_SLOTS for key in rule.compares
    )


def record_signed_statement(services: Sequence[Draft], *, at: datetime) -> None:
    """Records in every draft the values that the newly signed statement prints, and the services it lists."""
    listed = [str(each.pk) for each in services]
    for draft in services:
        draft.printed_on_statement = matter_of(draft).prepare(at=at).printed
        draft.statement_services = listed
        draft.save(update_fields=["statement_values", "statement_services"])


def clear_signed_statement(services: Iterable[Draft]) -> None:
    """Records in every draft that there is no signed statement any more."""
    for draft in services:
        draft.printed_on_statement, draft.statement_services = None, []
        draft.save(update_fields=["statement_values", "statement_services"])


def discard_unlisted_files(ids: Iterable[str], *, of: Iterable[Draft], kept_by: Sequence[Draft]) -> None:
    """Discards those of these files that no draft lists any more.

    `of` are the drafts that own the files. A file that another draft in `kept_by` still lists is handed over
    to that draft. Files of an earlier application belong to none of these drafts and are left alone.
    """
    owners = [draft.pk for draft in of]
    listed = {draft.pk: file_ids(draft.materials) for draft in kept_by}
    for attachment in Attachment.objects.filter(pk__in=list(ids), draft_id__in=owners):
        heirs = [draft_id for draft_id, known in listed.items() if str(attachment.pk) in known]
        if not heirs:
            attachments.discard(attachment)
        elif attachment.draft_id not in heirs:
            attachment.draft_id = heirs[0]
            attachment.save(update_fields=["draft_id"])


def file_ids(materials: Mapping[str, Any]) -> set[str]:
    """The ids of all files that the materials list, and of those that stand back for one that is being read."""
    entries = [entry for found in materials["attachments"].values() for entry in found]
    return {each["id"] for entry in entries for each in (entry, *entry.get(STANDING_BACK, ()))}


def contact_of(materials: Mapping[str, Any]) -> dict[str, Any]:
    """The answers about the service contact, which are offered to a new service."""
    service = materials.get("service", {})
    return {name: service[name] for name in _CONTACT if name in service}


@transaction.atomic
def add_service(draft_id: uuid.UUID, *, new_id: uuid.UUID, account: Account, at: datetime) -> Draft:
    """Adds a service to a draft's joint submission, with the applicant's part and the service contact.

    `new_id` was made with the page: a repeated request gives the same draft. Raises NotFound, TooManyServices.
    """

    def initial_materials(source: Draft) -> dict[str, Any]:
        materials = merge_shared_materials(new_materials(), source.materials)
        materials["service"] = contact_of(source.materials)
        return materials

    return _add(draft_id, initial_materials, new_id=new_id, account=account, at=at)


@transaction.atomic
def copy_service(draft_id: uuid.UUID, *, new_id: uuid.UUID, account: Account, at: datetime) -> Draft:
    """Adds a service with every answer and file of a draft except the service's name; see `add_service`.

    Both drafts list the same stored files, which are kept as long as one of them does.
    """

    def initial_materials(source: Draft) -> dict[str, Any]:
        materials = copy.deepcopy(source.materials)
        materials["service"].pop("service_name", None)
        return materials

    return _add(draft_id, initial_materials, new_id=new_id, account=account, at=at)


@transaction.atomic
def move_service(draft_id: uuid.UUID, *, to: int) -> None:
    """Moves a service to place `to`, counted from 1, in its joint submission; to the end if `to` is larger."""
    moved, *services = sorted(lock_services(draft_id), key=lambda each: (each.pk != draft_id, each.place))
    services.insert(max(to - 1, 0), moved)
    for place, draft in enumerate(services, start=1):
        if draft.place != place:
            draft.place = place
            draft.save(update_fields=["place"])


@transaction.atomic
def remove_service(draft_id: uuid.UUID) -> Draft | None:
    """Deletes one service with the files that no other service lists; returns a remaining draft, if any."""
    draft, *others = lock_services(draft_id)
    _delete(draft, kept_by=others)
    return others[0] if others else None


@transaction.atomic
def remove_all(draft_id: uuid.UUID) -> None:
    """Deletes all drafts of a joint submission, with their files that were never submitted."""
    for draft in lock_services(draft_id):
        _delete(draft, kept_by=())


def hand_over(draft: Draft, *, to: Draft) -> None:
    """Deletes a locked draft whose materials another has taken; files that the other lists become its own."""
    _delete(draft, kept_by=[to])


def _delete(draft: Draft, *, kept_by: Sequence[Draft]) -> None:
    own = Attachment.objects.filter(draft_id=draft.pk).values_list("pk", flat=True)
    discard_unlisted_files([str(each) for each in own], of=[draft], kept_by=kept_by)
    draft.delete()


def _add(
    draft_id: uuid.UUID,
    initial_materials: Callable[[Draft], dict[str, Any]],
    *,
    new_id: uuid.UUID,
    account: Account,
    at: datetime,
) -> Draft:
    services = lock_services(draft_id)
    source = services[0]
    existing = Draft.objects.filter(pk=new_id).first()
    if existing is not None:
        if existing.together_id != source.together_id:
            raise NotFound("draft_unknown", draft=str(new_id))
        return existing
    if not may_add_services(source):
        raise NotFound("draft_unknown", draft=str(draft_id))
    if len(services) >= MOST_SERVICES:
        raise TooManyServices("too_many_services", maximum=MOST_SERVICES)
    signed = source.printed_on_statement is not None
    draft = Draft(
        id=new_id,
        kind=Kind.INITIAL.value,
        account=account,
        applicant=source.applicant,
        province_code=source.province_code,
        section_saves={name: source.section_saves[name] for name in _saved_shared(source)},
        together_id=source.together_id,
        number=max(each.number for each in services) + 1,
        place=max(each.place for each in services) + 1,
        statement_services=(source.statement_services or [str(source.pk)]) if signed else [],
        created_at=at,
        saved_at=at,
    )
    draft.materials = initial_materials(source)
    draft.printed_on_statement = {} if signed else None
    draft.save(force_insert=True)
    return draft


def _saved_shared(draft: Draft) -> list[str]:
    return [name for name in SHARED_SECTIONS if name in draft.section_saves]


def _of(together_id: uuid.UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(together_id=together_id).select_related("applicant", "account")


def _locked(together_id: uuid.UUID) -> QuerySet[Draft]:
    return _of(together_id).select_for_update(of=("self",)).order_by("number")
