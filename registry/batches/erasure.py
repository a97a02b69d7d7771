"""Erases who made an objection, what they wrote and their files, once the time to keep them is over.

Events hold commitments and digests only, so their chain stays whole. The source of the time stands with the setting.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from registry import clock
from registry.models import Objection, ObjectionFile, ObjectionPart, StrikingOff
from registry.storage import attachments
from registry.storage.evidence import OBJECTION_FILES

FAILURES = "erase_objector"


def to_erase(at: datetime) -> list[uuid.UUID]:
    """The objections that ended long enough ago and are not erased yet, earliest first."""
    return list(_due(at).order_by("closed_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def erase(objection_id: uuid.UUID, *, at: datetime) -> bool:
    """Erases one objection's statement and files; False when there is nothing to erase, or not yet.

    The rows go before the files: an interruption leaves files without a row, which the sweep removes.
    """
    Objection.objects.select_for_update(no_key=True).get(pk=objection_id)
    if not _due(at).filter(pk=objection_id).exists():
        return False
    files = ObjectionFile.objects.filter(objection=objection_id).select_related("attachment")
    for file in list(files):
        transaction.on_commit(partial(OBJECTION_FILES.remove, file.pk))
        file.delete()
        if file.attachment is not None:
            attachments.discard(file.attachment)
    _statements().filter(objection=objection_id).delete()
    return True


def _due(at: datetime) -> QuerySet[Objection]:
    """What is kept too long: ended, with something left, and no open striking off rests on it."""
    last_day = clock.china_date(at) - timedelta(days=settings.OBJECTION_RETENTION_DAYS)
    own = {"objection": OuterRef("pk")}
    left = Exists(_statements().filter(**own)) | Exists(ObjectionFile.objects.filter(**own))
    needed = StrikingOff.objects.filter(closed_at__isnull=True, **own)
    return Objection.objects.filter(left, ~Exists(needed), closed_at__lt=clock.start_of(last_day))


def _statements() -> QuerySet[ObjectionPart]:
    return ObjectionPart.objects.filter(kind=ObjectionPart.Kind.STATEMENT.value)
