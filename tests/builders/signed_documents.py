"""PDFs that are signed with certificates of our own making, whose names say that they are samples."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import algos, cms, keys
from asn1crypto import x509 as asn1_certificates
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import StreamObject, TextStringObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

COMPANY, PERSON, SERVICE = "样例科技有限公司", "样例负责人", "样例时间戳服务"
STAMPED_AT = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
_BEGINS, _ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
# GM/T 0006: SM3, and signatures by SM2 over it.
SM3, SM2_WITH_SM3 = "1.2.156.10197.1.401", "1.2.156.10197.1.501"
_BOX = (40, 40, 220, 100)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that signs itself, with its key."""

    certificate: asn1_certificates.Certificate
    key: keys.PrivateKeyInfo


@cache
def certificate(
    name: str = COMPANY, organisation: str = "", *, kind: str = "rsa", is_of_timestamps: bool = False
) -> Certificate:
    """A certificate of this name; `kind` is "rsa" or "ec"."""
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    names = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else []
    names += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), *names])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGINS)
        .not_valid_after(_ENDS)
    )
    if is_of_timestamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    signed = made.sign(key, hashes.SHA256())
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(
        asn1_certificates.Certificate.load(signed.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(plain),
    )


def signer_of(made: Certificate) -> signers.SimpleSigner:
    return signers.SimpleSigner(made.certificate, made.key, SimpleCertificateStore())


def timestamper() -> DummyTimeStamper:
    made = certificate(SERVICE, is_of_timestamps=True)
    return DummyTimeStamper(made.certificate, made.key, fixed_dt=STAMPED_AT)


def signed(
    content: bytes,
    *,
    by: Certificate | None = None,
    field: str = "Signature1",
    digest: str = "sha256",
    is_stamped: bool = False,
    certifies: MDPPerm | None = None,
    is_visible: bool = False,
    is_pades: bool = False,
) -> bytes:
    """The document with one more signature, added to it as an update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    if writer.prev.encrypted:
        writer.encrypt(b"")
    if is_visible:
        fields.append_signature_field(writer, SigFieldSpec(field, box=_BOX))
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest,
        certify=certifies is not None,
        docmdp_permissions=certifies or MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES if is_pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )
    style = TextStampStyle(stamp_text="SEAL OF THE SAMPLE COMPANY") if is_visible else None
    pen = signers.PdfSigner(
        metadata,
        signer=signer_of(by or certificate()),
        timestamper=timestamper() if is_stamped else None,
        stamp_style=style,
    )
    return _written(lambda: pen.sign_pdf(writer))


def timestamped(content: bytes) -> bytes:
    """The document with a timestamp of its own."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    stamps = signers.PdfTimeStamper(timestamper(), field_name="Stamp1")
    return _written(lambda: stamps.timestamp_pdf(writer, "sha256"))


def _written(sign: Callable[[], Any]) -> bytes:
    """What was signed. The library runs a loop of its own, and a test in the browser has one already in its thread."""
    with ThreadPoolExecutor(max_workers=1) as hands:
        return bytes(hands.submit(sign).result().getvalue())


def with_field_filled(content: bytes, value: str) -> bytes:
    """The document with its first text field filled in by an update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field[pdf_name("/V")] = TextStringObject(value)
    writer.update_container(field)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_page_altered(content: bytes, drawing: bytes = b"1 0 0 rg 20 20 80 80 re f") -> bytes:
    """The document with a drawing put on its first page by an update after it was signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    drawn = StreamObject(stream_data=page["/Contents"].data + b" " + drawing)
    page[pdf_name("/Contents")] = writer.add_object(drawn)
    writer.update_container(page)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_bytes_altered(content: bytes, old: bytes, new: bytes) -> bytes:
    """The document with bytes replaced within what is signed; both have the same length."""
    assert len(old) == len(new)
    assert old in content
    return content.replace(old, new, 1)


def with_cms(content: bytes, change: cms.ContentInfo | bytes) -> bytes:
    """The document with another signature in the room of its last one; the rest of it stays as it was."""
    start = content.rindex(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    made = change if isinstance(change, bytes) else change.dump(force=True)
    filled = made.hex().encode().ljust(end - start, b"0")
    assert len(filled) == end - start
    return content[:start] + filled + content[end:]


def cms_of(content: bytes) -> cms.ContentInfo:
    """The last signature of a document."""
    start = content.rindex(b"/Contents <") + len(b"/Contents <")
    return cms.ContentInfo.load(bytes.fromhex(content[start : content.index(b">", start)].decode()))


def by_sm2(content: bytes) -> bytes:
    """A signed document whose signature says that it was made by SM2 over SM3."""
    found = cms_of(content)
    signer = found["content"]["signer_infos"][0]
    signer["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": SM3})
    signer["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": SM2_WITH_SM3})
    return with_cms(content, found)


def with_empty_field(content: bytes) -> bytes:
    """The document with a field that is to be signed, and is not."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    fields.append_signature_field(writer, SigFieldSpec("ToSign", box=_BOX))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_script(content: bytes) -> bytes:
    """The document with a script that runs when it is opened."""
    with pikepdf.open(io.BytesIO(content)) as document:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('sample')")
        )
        written = io.BytesIO()
        document.save(written)
    return written.getvalue()
