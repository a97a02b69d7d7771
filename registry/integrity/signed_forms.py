"""Compares the signed review forms that were filed with their acts in the trail, and their scans with what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from registry.integrity.reading import FETCHED, SILENT, Progress
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Event, SignedForm
from registry.rules.office.events import OfficeAct, OfficeFacts
from registry.rules.workflow.states import StreamKind


def find_signed_form_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every signed form that is not what its act states, and every such act that has no form."""
    rows = SignedForm.objects.select_related("application", "event", "scan").order_by("pk")
    for row in progress.through(rows.iterator(FETCHED), "signed forms"):
        yield from _differences(row)
    filed = Event.objects.filter(stream_kind=StreamKind.OFFICE.value, act=OfficeAct.SIGNED_FORM_FILED.value)
    lost = filed.filter(~Exists(SignedForm.objects.filter(event=OuterRef("pk"))))
    for key in lost.order_by("pk").values_list("pk", flat=True):
        yield Violation("events_without_row", str(key), "signed_form")


def _differences(row: SignedForm) -> Iterator[Violation]:
    try:
        facts = OfficeFacts.of(row.event.payload)
    except MALFORMED as error:
        yield Violation("stream_does_not_fold", str(row.pk), type(error).__name__)
        return
    expected = {
        "receipt_number": row.application.receipt_number,
        "office_code": row.office_code,
        "signer_name": row.signer_name,
        "signer_title": row.signer_title,
        "signed_on": row.signed_on.isoformat(),
        "revision_number": row.revision_number,
        "scan_sha256": row.scan.received_sha256,
    }
    if row.event.act != OfficeAct.SIGNED_FORM_FILED or facts.key != str(row.application_id):
        yield Violation("row_differs_from_events", str(row.pk), "signed_form.event")
    for name, value in expected.items():
        if facts.after.get(name) != value:
            yield Violation("row_differs_from_events", str(row.pk), f"signed_form.{name}")
