"""What the signatures of a signed PDF say, in the words that applicant and office both read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.labels.date_format import moment

GOOD, WARNING, BAD = "good", "warning", "bad"
# Digests for which two documents can be made that have the same.
_OUTDATED = {"md5": "MD5", "sha1": "SHA-1"}
# By kind and state.
_HOLDING: Mapping[tuple[str, str], Promise] = {
    ("signature", "unchanged"): gettext_lazy("Signed by %(signer)s on %(moment)s; unchanged since."),
    ("signature", "added_to"): gettext_lazy(
        "Signed by %(signer)s on %(moment)s; since then only fields were filled in or signatures added."
    ),
    ("timestamp", "unchanged"): gettext_lazy("Timestamp by %(signer)s of %(moment)s; unchanged since."),
    ("timestamp", "added_to"): gettext_lazy(
        "Timestamp by %(signer)s of %(moment)s; since then only fields were filled in or signatures added."
    ),
}
# By what was changed.
_CHANGED: Mapping[str, Promise] = {
    "within": gettext_lazy(
        "Changed after signing: the document no longer matches the signature by %(signer)s of %(moment)s."
    ),
    "behind": gettext_lazy(
        "Changed after signing: after the signature by %(signer)s of %(moment)s the document was altered or "
        "added to."
    ),
}
_UNREADABLE = gettext_lazy(
    "Signature not readable here: the portal does not know its algorithm (such as SM2 with SM3) or its form. "
    "The program that it was made with can verify it in the signed original."
)
_WEAK = gettext_lazy("It was made with %(digest)s, which is out of date and proves little.")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """What one signature says, and its tone: good, warning or bad."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class SaidOfSignatures:
    """What the signatures of a file say; `names_somebody` where a certificate was read: nobody verified it."""

    lines: list[SignatureLine] = field(default_factory=list)
    names_somebody: bool = False


def said_of(signatures: Sequence[Mapping[str, Any]]) -> SaidOfSignatures:
    """A line for each signature (see `registry.storage.checks.pdf.signatures`), in the order they were made."""
    return SaidOfSignatures(
        [_line(each) for each in signatures], any(each.get("state") != "unreadable" for each in signatures)
    )


def signer_of(signature: Mapping[str, Any]) -> str:
    """The name in the certificate, with the organisation where it is another name."""
    name, organisation = str(signature.get("signer", "")), str(signature.get("organisation", ""))
    if not name or not organisation or organisation in name:
        return name or organisation or _("somebody whom the certificate does not name")
    return _("%(name)s (%(organisation)s)") % {"name": name, "organisation": organisation}


def _line(signature: Mapping[str, Any]) -> SignatureLine:
    facts = {"signer": signer_of(signature), "moment": _moment(signature)}
    changed = _CHANGED.get(str(signature.get("changed")))
    if changed is not None:
        return SignatureLine(BAD, str(changed) % facts)
    holding = _HOLDING.get((str(signature.get("kind")), str(signature.get("state"))))
    if holding is None:
        return SignatureLine(WARNING, str(_UNREADABLE))
    outdated = _OUTDATED.get(str(signature.get("digest")))
    if outdated is None:
        return SignatureLine(GOOD, str(holding) % facts)
    return SignatureLine(WARNING, f"{str(holding) % facts} {str(_WEAK) % {'digest': outdated}}")


def _moment(signature: Mapping[str, Any]) -> str:
    stated = str(signature.get("at", ""))
    if not stated:
        return _("a day not stated")
    at = moment(datetime.fromisoformat(stated))
    if signature.get("at_by") == "service":
        return _("%(moment)s (time of a timestamp service)") % {"moment": at}
    return _("%(moment)s (time of the signer's device)") % {"moment": at}
