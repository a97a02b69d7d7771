"""The certificate of filing information (备案信息凭证): the public record on paper, with the record's address."""

from __future__ import annotations

import uuid
from urllib.parse import unquote

from django.db import transaction
from django.utils.translation import override

from registry import clock
from registry.documents.issuing import issue
from registry.documents.printing import LANGUAGE, Asset, render
from registry.errors import NotFound
from registry.labels.list_words import short_title
from registry.models import Event, Filing, IssuedDocument
from registry.presentation.materials import public_sections
from registry.publication.addresses import qr_svg, record_url
from registry.publication.verification import CERTIFICATE_CHANGES
from registry.rules.codes.jurisdictions import province_of
from registry.rules.workflow.states import Act, Standing

_QR = "qr.svg"


def has_certificate(filing: Filing) -> bool:
    """Whether the filing has a certificate: only a filing in force does, and only if its particulars are known."""
    return filing.standing == Standing.IN_FORCE and filing.in_force_application_id is not None


def certificate_of(filing_id: uuid.UUID) -> IssuedDocument:
    """The certificate of a filing in force, issued from the event that last changed its content.

    Raises NotFound when the filing is not in force, StorageFull.
    """
    with transaction.atomic():
        # The lock keeps row and event consistent: every change of the filing locks its row first.
        filing = Filing.objects.select_for_update(no_key=True).filter(pk=filing_id).first()
        if filing is None or not has_certificate(filing):
            raise NotFound("not_found")
        event = Event.objects.filter(CERTIFICATE_CHANGES, filing=filing).latest("sequence")
    return issue(IssuedDocument.Kind.CERTIFICATE, event, lambda: certificate(filing, event), filing=filing)


def certificate(filing: Filing, event: Event) -> bytes:
    """The certificate as PDF. Raises NotFound for a filing without a number."""
    if filing.number is None or filing.numbered_at is None:
        raise NotFound("not_found")
    with override(LANGUAGE):
        context = {
            "filing": filing,
            "rows": [row for section in public_sections(filing.columns) for row in section.rows],
            "province": province_of(filing.province_code).name,
            # When an imported number was issued is not known.
            "numbered_on": None if filing.is_imported else clock.china_date(filing.numbered_at),
            "list_title": short_title(filing.list_number or 0),
            "changed_on": clock.china_date(event.at) if event.act != Act.ISSUE_NUMBER else None,
            "record_address": unquote(record_url(filing.number)),
            "qr": _QR,
        }
        assets = {_QR: Asset(qr_svg(filing.number), "image/svg+xml")}
        return render("documents/certificate.html", context, assets=assets)
