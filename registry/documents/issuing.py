"""Issued documents: made once from an event, kept encrypted with their digest, served unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from registry import clock
from registry.documents.printing import LANGUAGE
from registry.errors import RegisterIncomplete
from registry.models import Event, Filing, IssuedDocument
from registry.rules.workflow.effects import EffectKind
from registry.storage.encrypted_files import FileStore
from registry.streams import effects

STORE = FileStore("DOCUMENT_ROOT", IssuedDocument._meta.db_table)


def issue(
    kind: IssuedDocument.Kind,
    event: Event,
    make: Callable[[], bytes],
    *,
    edition: str = "",
    filing: Filing | None = None,
    effect: EffectKind | None = None,
) -> IssuedDocument:
    """The document of this kind from this event: the existing one, or a new one from `make`.

    When two callers make it at the same time, the unique constraint keeps one and both get that one. Give `filing`
    when the event has none, and the `effect` of the event that is done with the document. Call outside a transaction:
    making a document takes long. Raises what `make` raises, and StorageFull.
    """
    found = find(kind, event, edition=edition)
    if found is not None:
        if effect is not None:
            # The version before made documents without settling their effects.
            effects.settle(event.pk, effect, at=found.created_at)
        return found
    if event.applicant_id is None:
        raise RegisterIncomplete("event_without_applicant", event=str(event.pk))
    content = make()
    document = IssuedDocument(
        kind=kind,
        event=event,
        edition=edition,
        application_id=event.application_id,
        filing_id=filing.pk if filing is not None else event.filing_id,
        applicant_id=event.applicant_id,
        province_code=event.province_code,
        language=LANGUAGE,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=clock.now(),
    )
    try:
        STORE.write(document.pk, content)
        with transaction.atomic():
            document.save(force_insert=True)
            if effect is not None:
                effects.settle(event.pk, effect, at=document.created_at)
    except IntegrityError:
        STORE.remove(document.pk)
        kept = find(kind, event, edition=edition)
        if kept is None:
            raise
        return kept
    except BaseException:
        STORE.remove(document.pk)
        raise
    return document


def find(kind: IssuedDocument.Kind, event: Event, *, edition: str = "") -> IssuedDocument | None:
    """The document of this kind issued from this event, or None."""
    return IssuedDocument.objects.filter(kind=kind, event=event, edition=edition).first()


def bytes_of(document: IssuedDocument) -> bytes:
    """The document as it was issued. Raises RegisterIncomplete when its file is missing or was altered."""
    content = STORE.read(document.pk)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise RegisterIncomplete("document_altered", document=str(document.pk))
    return content


def remove_orphans(*, now: datetime) -> int:
    """Removes document files at least a day old whose row was never committed; gives how many."""
    return STORE.remove_orphans(
        lambda ids: set(IssuedDocument.objects.filter(pk__in=ids).values_list("pk", flat=True)), now=now
    )
