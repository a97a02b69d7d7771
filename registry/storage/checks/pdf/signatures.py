"""What the electronic signatures of a PDF say: by whom, when, and whether the document was changed since.

Read by pyHanko from the bytes as they were sent, without any network. Who issued a certificate is not verified: the
names are those that the certificates bear. A signature that cannot be read, for want of its algorithm (SM2 and SM3) or
of its form, is said to be so; it never refuses the file.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import resource
import signal
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Any

import pypdfium2

from registry.storage.checks.limits import MOST_SIGNATURES, SIGNATURE_CPU_SECONDS
from registry.storage.checks.pdf.names import plain

if TYPE_CHECKING:
    from asn1crypto import cms
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

# What became of the document since: nothing; fields filled in or further signatures; something else; not known.
UNCHANGED, ADDED_TO, CHANGED, UNREADABLE = "unchanged", "added_to", "changed", "unreadable"
# What was changed: what the signature covers, or what lies behind it.
WITHIN, BEHIND = "within", "behind"
SIGNATURE, TIMESTAMP = "signature", "timestamp"
BY_SIGNER, BY_SERVICE = "signer", "service"

# A signature says which bytes it covers, and that cannot be packed.
_MARK = b"/ByteRange"
# The check code that the portal prints on its papers.
_CODE = re.compile(r"\b[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}\b")
_MOST_CODES, _MOST_PAGES_READ = 5, 20


class _TookTooLong(BaseException):
    """The processor time for reading signatures is spent; no library takes it for a fault of the document."""


def signatures_of(content: bytes) -> list[dict[str, Any]]:
    """The signatures of a PDF, in the order in which they were made; none for a document without.

    Each has `field` (its name), `kind` (SIGNATURE or TIMESTAMP), `state` (UNCHANGED, ADDED_TO, CHANGED, UNREADABLE)
    and, unless unreadable: `changed` (WITHIN or BEHIND, empty otherwise), `signer` and `organisation` (as in the
    certificate), `at` (ISO 8601 in UTC, empty where not stated), `at_by` (BY_SIGNER or BY_SERVICE), `digest` (the
    algorithm's name) and `covers_all` (whether nothing lies behind it). Fields that nobody signed are left out.
    """
    if _MARK not in content:
        return []
    try:
        with _at_most(SIGNATURE_CPU_SECONDS):
            return _read(content)
    except (Exception, _TookTooLong):
        # Whatever a document of another maker, or a hostile one, makes of it: the file itself is checked apart.
        return [_unreadable("")]


def codes_in(content: bytes) -> list[str]:
    """The check codes that stand in the text of a PDF, each once; papers of the portal are short."""
    document = pypdfium2.PdfDocument(content)
    found: dict[str, None] = {}
    for place in range(min(len(document), _MOST_PAGES_READ)):
        text = document[place].get_textpage().get_text_range()
        found |= dict.fromkeys(_CODE.findall(unicodedata.normalize("NFKC", text)))
    return list(found)[:_MOST_CODES]


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Raises _TookTooLong in this process once it has used that much more processor time."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGXCPU, stop)
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
        signal.signal(signal.SIGXCPU, before)


def _read(content: bytes) -> list[dict[str, Any]]:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypted:
        # Locked against editing only: what opens with a password is refused elsewhere.
        reader.decrypt(b"")
    found: list[tuple[int, dict[str, Any]]] = []
    for name, value, field in enumerate_sig_fields(reader):
        if value is None:
            continue
        if len(found) == MOST_SIGNATURES:
            break
        found.append(_facts(reader, str(name), field))
    return [facts for _revision, facts in sorted(found, key=lambda each: each[0])]


def _facts(reader: Any, name: str, field: Any) -> tuple[int, dict[str, Any]]:
    """The revision that a signature was made in, and what it says."""
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    try:
        embedded = EmbeddedPdfSignature(reader, field, name)
        return embedded.signed_revision, _said(embedded, name)
    except Exception:
        return 0, _unreadable(name)


def _said(embedded: EmbeddedPdfSignature, name: str) -> dict[str, Any]:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    is_timestamp = embedded.sig_object_type == "/DocTimeStamp"
    stamped = None
    if is_timestamp:
        stamped = _stamped_at(embedded.signed_data, embedded.compute_digest())
        holds = stamped is not None
    else:
        holds = _holds(embedded.signer_info, embedded.signed_data, "data", embedded.compute_digest())
        with suppress(Exception):
            stamped = _timestamp_on(embedded)
    embedded.compute_integrity_info(skip_diff=not holds)
    subject = embedded.signer_cert.subject.native
    at = stamped
    if at is None and not is_timestamp:
        at = embedded.self_reported_timestamp
    state, changed = _state(embedded) if holds else (CHANGED, WITHIN)
    return {
        "field": plain(name),
        "kind": TIMESTAMP if is_timestamp else SIGNATURE,
        "state": state,
        "changed": changed,
        "signer": plain(subject.get("common_name")),
        "organisation": plain(subject.get("organization_name")),
        "at": _in_utc(at),
        "at_by": BY_SERVICE if stamped is not None else BY_SIGNER,
        "digest": embedded.md_algorithm,
        "covers_all": embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE,
    }


def _state(embedded: Any) -> tuple[str, str]:
    """What was added behind a signature that holds."""
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return UNCHANGED, ""
    found = embedded.diff_result
    is_whole = embedded.coverage == SignatureCoverageLevel.ENTIRE_REVISION
    allowed = embedded.summarise_integrity_info()["docmdp_ok"]
    if not is_whole or not isinstance(found, DiffResult) or not allowed:
        return CHANGED, BEHIND
    if found.modification_level <= ModificationLevel.LTA_UPDATES:
        # Timestamps, and what is needed to verify the signature later.
        return UNCHANGED, ""
    return ADDED_TO, ""


def _holds(signer: cms.SignerInfo, signed: cms.SignedData, content_type: str, digest: bytes) -> bool:
    """Whether a signature is that of its certificate over this digest. Raises for an unknown algorithm."""
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity

    certificate = extract_certs_for_validation(signed).signer_cert
    intact, valid = validate_sig_integrity(signer, certificate, content_type, digest)
    return intact and valid


def _timestamp_on(embedded: EmbeddedPdfSignature) -> datetime | None:
    """When a timestamp service saw the signature; None without a timestamp that holds."""
    for attribute in embedded.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]
            algorithm = _imprint(token)["hash_algorithm"]["algorithm"].native
            seen = hashlib.new(algorithm, embedded.signer_info["signature"].native)
            return _stamped_at(token, seen.digest())
    return None


def _stamped_at(token: cms.SignedData, digest: bytes) -> datetime | None:
    """When a timestamp was made over this digest; None where it does not hold."""
    from pyhanko.sign.general import extract_signer_info

    if _imprint(token)["hashed_message"].native != digest:
        return None
    signer, content = extract_signer_info(token), token["encap_content_info"]["content"]
    own = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    return content.parsed["gen_time"].native if _holds(signer, token, "tst_info", own) else None


def _imprint(token: cms.SignedData) -> Any:
    return token["encap_content_info"]["content"].parsed["message_imprint"]


def _unreadable(name: str) -> dict[str, Any]:
    return {"field": plain(name), "kind": SIGNATURE, "state": UNREADABLE}


def _in_utc(at: datetime | None) -> str:
    if at is None:
        return ""
    known = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return known.astimezone(UTC).replace(microsecond=0).isoformat()
