"""The decision to strike a filing off (撤销备案决定书, 依职权注销备案决定书), with its legal remedies."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.utils.translation import override

from registry.documents.issuers import issuer_of
from registry.documents.paper_settings import remedies_of, settings_of
from registry.documents.printing import LANGUAGE, render
from registry.errors import RegisterIncomplete
from registry.labels.ending_words import GROUNDS
from registry.models import Event, StrikingOff
from registry.publication.addresses import record_url
from registry.rules.end_grounds import EndGround
from registry.rules.office.papers import NATIONAL_OFFICE_CODE, PaperSeries
from registry.rules.particulars.applicant import INDIVIDUAL
from registry.rules.workflow.events import StruckOff

# Printed in Chinese alone, as all papers are.
_TITLES = {
    EndGround.FALSE_MATERIALS: "撤销备案决定书",
    EndGround.APPLICANT_GONE: "依职权注销备案决定书",
}
_DECIDED = {
    EndGround.FALSE_MATERIALS: "决定撤销该备案",
    EndGround.APPLICANT_GONE: "决定依职权注销该备案",
}


def striking_off_decision(event: Event) -> bytes:
    """The decision as PDF, from the event that struck the filing off."""
    with override(LANGUAGE):
        issuer = issuer_of(event, PaperSeries.STRIKING_OFF, office_code=NATIONAL_OFFICE_CODE)
        return render("documents/striking_off.html", striking_off_context(event) | {"issuer": issuer})


def striking_off_context(event: Event) -> dict[str, Any]:
    """The context of the decision's template, in the active language."""
    filing, struck = event.filing, StruckOff.of(event.payload)
    if filing is None or filing.number is None:
        raise RegisterIncomplete("event_without_subject", event=str(event.pk))
    proceeding = StrikingOff.objects.get(pk=struck.proceeding)
    return {
        "title": _TITLES[struck.ground],
        "decided": _DECIDED[struck.ground],
        "ground": GROUNDS[struck.ground],
        "proceeding": proceeding,
        "applicant_name": filing.applicant_name,
        "is_individual": filing.columns.get("applicant_nature") == INDIVIDUAL,
        "service_name": filing.service_name,
        "number": filing.number,
        "struck": struck,
        "record_address": unquote(record_url(filing.number)),
        "remedies": remedies_of(settings_of(NATIONAL_OFFICE_CODE)),
    }
