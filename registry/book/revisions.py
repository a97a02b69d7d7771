"""Revisions: snapshots of an application's materials, as they are taken, read and verified."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from registry.encryption import commitment
from registry.errors import RegisterIncomplete
from registry.models import Application, Attachment, PersonalParticulars, Revision, RevisionFile
from registry.rules.particulars import join_personal, split_personal
from registry.rules.workflow.hash_chain import canonical_json, content_digest

_COMMITMENT_KEY_BYTES = 32


def prepare_revision(
    application: Application, *, number: int, materials: Mapping[str, Any], at: datetime
) -> tuple[Revision, PersonalParticulars]:
    """An unsaved revision and its erasable personal part, for the ledger to save together."""
    public_part, personal_part = split_personal(materials)
    content = canonical_json(personal_part)
    key = secrets.token_bytes(_COMMITMENT_KEY_BYTES)
    revision = Revision(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        number=number,
        public_part=public_part,
        personal_commitment=commitment(content, key=key),
        created_at=at,
    )
    revision.content_hash = revision_hash(revision)
    personal = PersonalParticulars(
        revision=revision,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
    )
    personal.content = content.decode()
    personal.commitment_key = base64.b64encode(key).decode()
    return revision, personal


def save_revision(revision: Revision, personal: PersonalParticulars, materials: Mapping[str, Any]) -> None:
    """Saves a prepared revision and its files, which become the applicant's; call in the ledger's transaction."""
    revision.save(force_insert=True)
    personal.save(force_insert=True)
    uses = [
        RevisionFile(
            revision=revision,
            attachment_id=uuid.UUID(entry["id"]),
            slot=slot,
            position=position,
        )
        for slot, entries in materials.get("attachments", {}).items()
        for position, entry in enumerate(entries)
    ]
    RevisionFile.objects.bulk_create(uses)
    Attachment.objects.filter(pk__in=[use.attachment_id for use in uses], applicant__isnull=True).update(
        applicant=revision.applicant_id, province_code=revision.province_code
    )


def revision_hash(revision: Revision) -> str:
    """The digest of a revision's number, public part (with every file's SHA-256) and personal commitment."""
    return content_digest(
        {
            "number": revision.number,
            "personal_commitment": revision.personal_commitment,
            "public_part": revision.public_part,
        }
    )


def materials_of(revision: Revision) -> dict[str, Any]:
    """The materials of a revision with the personal data decrypted; erased data is absent."""
    personal = personal_part_of(revision)
    personal_part = json.loads(personal.content) if personal is not None else {}
    return join_personal(revision.public_part, personal_part)


def personal_part_of(revision: Revision) -> PersonalParticulars | None:
    """The personal part of a revision; None when it was erased. A query, unless it was loaded with the revision."""
    try:
        return revision.personal_particulars
    except PersonalParticulars.DoesNotExist:
        return None


def revisions_at(homes: Collection[tuple[uuid.UUID, int]]) -> dict[tuple[uuid.UUID, int], Revision]:
    """The revisions with these application ids and numbers, with their personal parts; absent ones are left out."""
    found = Revision.objects.filter(application_id__in=[application_id for application_id, _number in homes])
    return {
        (row.application_id, row.number): row
        for row in found.select_related("personal_particulars")
        if (row.application_id, row.number) in homes
    }


def get_revision(application_id: uuid.UUID, number: int) -> Revision:
    """The revision of an application with this number. Raises RegisterIncomplete."""
    revision = Revision.objects.filter(application_id=application_id, number=number).first()
    if revision is None:
        raise RegisterIncomplete("revision_missing", application=str(application_id), number=number)
    return revision


def personal_part_matches(revision: Revision, personal: PersonalParticulars) -> bool:
    """Whether the personal part is the one that the revision's commitment was made from."""
    key = base64.b64decode(personal.commitment_key)
    return commitment(personal.content.encode(), key=key) == revision.personal_commitment
