"""The words of the reasons for not filing: what is wrong, where, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as words
from registry.rules.reasons import WHOLE

WHOLE_LABEL = _("The materials as a whole")

FAULT_LABELS: Mapping[str, Promise] = {
    "particular_missing": _("Not given, or given in part"),
    "particular_untrue": _("Not true, or not proved"),
    "particulars_contradict": _("Contradicts other particulars or the documents"),
    "file_missing": _("Document missing"),
    "file_unreadable": _("Document unreadable or cut off"),
    "file_does_not_match": _("Document does not match what was filled in"),
    "technical_description_vague": _("Technical description too vague"),
    "site_without_icp_filing": _("Website without an ICP filing"),
    "site_cannot_be_opened": _("Address cannot be opened"),
    "site_of_somebody_else": _("Website or app is not the applicant's"),
    "contact_not_reachable": _("Contact cannot be reached"),
    "contact_not_the_representative": _("Contact is not the legal representative or principal"),
    "prior_approval_ticked_wrongly": _("Prior-approval matter ticked wrongly"),
    "prior_approval_licence_missing": _("Licence for a prior-approval matter missing"),
    "statement_not_on_template": _("Authenticity statement not on the template"),
    "statement_not_signed_or_sealed": _("Authenticity statement not signed or not sealed"),
    "service_not_running": _("Service not yet running"),
    "management_system_missing_or_generic": _("Management system missing or only generic"),
    "emergency_plan_missing": _("Emergency plan missing or only generic"),
    "rules_or_agreement_missing_or_generic": _("Rules, convention or user agreement missing or only generic"),
    "nodes_abroad_unexplained": _("Nodes abroad not explained"),
    "other": _("Something else, as described"),
}


def fault_label(code: str) -> Promise | str:
    """What is wrong; the code itself for a fault the catalogue no longer has."""
    return FAULT_LABELS.get(code, code)


def place_label(key: str) -> Promise:
    """Where it is wrong: the label of a particular or slot, or the whole."""
    return WHOLE_LABEL if key == WHOLE else words.label_of(key)


def reason_line(reason: Mapping[str, Any]) -> str:
    """A reason in one line, as timelines and notices show it: place, fault, article, what to do."""
    parts = {
        "place": place_label(str(reason.get("key", WHOLE))),
        "fault": fault_label(str(reason.get("code", ""))),
        "article": reason.get("article", ""),
        "remedy": reason.get("remedy", ""),
    }
    line = str(_("%(place)s: %(fault)s (Art. %(article)s). To do: %(remedy)s")) % parts
    text = str(reason.get("text") or "").strip()
    return f"{line} {text}".strip()
