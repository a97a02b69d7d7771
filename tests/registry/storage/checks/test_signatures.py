"""What is said of the signatures of a PDF, read in the confined child from documents signed in many ways."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from pikepdf import Dictionary, Name, Pdf, String
from PIL import Image
from pyhanko.sign.fields import MDPPerm

from registry.storage.checks import portable_documents, sandbox
from registry.storage.checks.pdf import ink, signatures
from tests.builders import odd_documents, producers
from tests.builders import signed_documents as documents
from tests.builders.odd_documents import document
from tests.builders.signed_documents import COMPANY, PERSON, SERVICE, certificate, signed

PDF = "application/pdf"
Facts = dict[str, Any]


def said_of(content: bytes) -> list[Facts]:
    """What the child says of the signatures."""
    return list(sandbox.normalise(content, PDF).signatures.get("each", ()))


def states_of(content: bytes) -> list[tuple[str, str]]:
    return [(each["state"], each.get("changed", "")) for each in said_of(content)]


def form(pdf: Pdf) -> None:
    """A text field on the first page."""
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("remark"),
            DA=String("/F1 10 Tf 0 g"),
            Rect=[20, 20, 200, 40],
            F=4,
            P=pdf.pages[0].obj,
        )
    )
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([field]))
    fonts = pdf.pages[0].obj.Resources.Font
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=[field], DR=Dictionary(Font=fonts)))


def test_who_signed_and_when_is_said_and_that_nothing_changed_since() -> None:
    (facts,) = said_of(signed(document(), by=certificate(PERSON, COMPANY)))
    at = facts.pop("at")
    assert facts == {
        "field": "Signature1",
        "kind": "signature",
        "state": "unchanged",
        "changed": "",
        "signer": PERSON,
        "organisation": COMPANY,
        "at_by": "signer",
        "digest": "sha256",
        "covers_all": True,
    }
    assert at.endswith("+00:00")


@pytest.mark.parametrize(
    "made",
    [
        lambda content: signed(content, by=certificate(kind="ec")),
        lambda content: signed(content, digest="sha512"),
        lambda content: signed(content, is_pades=True),
        lambda content: signed(content, is_visible=True),
        lambda content: signed(content, certifies=MDPPerm.NO_CHANGES),
        lambda content: signed(content, is_stamped=True),
    ],
    ids=["elliptic curve", "SHA-512", "PAdES", "visible", "certified", "stamped"],
)
def test_every_way_of_signing_that_is_readable_is_read(made: Callable[[bytes], bytes]) -> None:
    (facts,) = said_of(made(document()))
    assert (facts["state"], facts["signer"], facts["covers_all"]) == ("unchanged", COMPANY, True)


def test_the_time_of_a_timestamp_goes_before_the_signers_own() -> None:
    (facts,) = said_of(signed(document(), is_stamped=True))
    assert (facts["at"], facts["at_by"]) == ("2026-11-20T03:04:05+00:00", "service")


def test_a_timestamp_of_the_document_is_no_signature_and_no_change_to_one() -> None:
    first, stamp = said_of(documents.timestamped(signed(document())))
    assert (first["kind"], first["state"], first["covers_all"]) == ("signature", "unchanged", False)
    assert (stamp["kind"], stamp["state"], stamp["signer"]) == ("timestamp", "unchanged", SERVICE)
    assert (stamp["at"], stamp["at_by"]) == ("2026-11-20T03:04:05+00:00", "service")


def test_several_signatures_are_told_in_the_order_in_which_they_were_made() -> None:
    once = signed(document(), field="Z", by=certificate(COMPANY))
    twice = said_of(signed(once, field="A", by=certificate(PERSON)))
    assert [(each["signer"], each["state"]) for each in twice] == [
        (COMPANY, "added_to"),
        (PERSON, "unchanged"),
    ]


def test_filling_in_a_field_afterwards_is_no_alteration() -> None:
    filled = documents.with_field_filled(signed(document(form)), "sample")
    assert signatures.signatures_of(filled)[0]["state"] == "added_to"


def test_filling_in_a_field_of_a_document_that_was_certified_against_it_is_one() -> None:
    locked = signed(document(form), certifies=MDPPerm.NO_CHANGES)
    (facts,) = signatures.signatures_of(documents.with_field_filled(locked, "sample"))
    assert (facts["state"], facts["changed"]) == ("changed", "behind")


def test_a_page_drawn_over_after_signing_is_changed_behind_the_signature() -> None:
    assert states_of(documents.with_page_altered(signed(document()))) == [("changed", "behind")]


def test_of_two_signatures_the_one_over_the_alteration_is_whole() -> None:
    altered = signed(documents.with_page_altered(signed(document())), field="Second")
    assert states_of(altered) == [("changed", "behind"), ("unchanged", "")]


def test_bytes_altered_within_what_is_signed_are_changed() -> None:
    altered = documents.with_bytes_altered(
        signed(document()), b"/MediaBox [ 0 0 300 ", b"/MediaBox [ 0 0 290 "
    )
    assert states_of(altered) == [("changed", "within")]


def test_a_signature_value_that_is_not_the_certificates_is_changed() -> None:
    content = signed(document())
    found = documents.cms_of(content)
    signer = found["content"]["signer_infos"][0]
    signer["signature"] = bytes(reversed(signer["signature"].native))
    assert states_of(documents.with_cms(content, found)) == [("changed", "within")]


def test_a_signature_taken_from_another_document_is_changed() -> None:
    other = documents.cms_of(signed(document(pages=2)))
    assert states_of(documents.with_cms(signed(document()), other)) == [("changed", "within")]


def test_sm2_over_sm3_is_not_readable_here() -> None:
    (facts,) = said_of(documents.by_sm2(signed(document())))
    assert facts == {"field": "Signature1", "kind": "signature", "state": "unreadable"}


def _of_national_form(content: bytes) -> bytes:
    """The content type of GM/T 0010 in the place of the one of PKCS #7."""
    found = documents.cms_of(content).dump()
    pkcs7, national = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("060a2a811ccf550601040202")
    inner = found[found.index(pkcs7) + len(pkcs7) :]
    return documents.with_cms(
        content, b"\x30\x82" + (len(national) + len(inner)).to_bytes(2, "big") + national + inner
    )


UNREADABLE: dict[str, Callable[[bytes], bytes]] = {
    "a form of GM/T 0010": _of_national_form,
    "nothing": lambda content: documents.with_cms(content, b""),
    "no structure": lambda content: documents.with_cms(content, b"sample" * 100),
    "cut": lambda content: documents.with_cms(content, documents.cms_of(content).dump()[:300]),
    "nobody's": lambda content: documents.with_cms(content, _without_certificates(content)),
}


def _without_certificates(content: bytes) -> cms.ContentInfo:
    found = documents.cms_of(content)
    found["content"]["certificates"] = cms.CertificateSet([])
    return found


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_is_no_readable_signature_says_so_and_refuses_nothing(name: str) -> None:
    assert states_of(UNREADABLE[name](signed(document()))) == [("unreadable", "")]


def test_one_that_is_unreadable_leaves_the_others_readable() -> None:
    assert states_of(documents.by_sm2(signed(signed(document()), field="Second"))) == [
        ("unreadable", ""),
        ("added_to", ""),
    ]


@pytest.mark.parametrize(
    "content", [document(), documents.with_empty_field(document())], ids=["plain", "empty"]
)
def test_a_document_that_nobody_signed_has_no_signatures(content: bytes) -> None:
    assert sandbox.normalise(content, PDF).signatures == {}


def test_a_field_left_empty_beside_a_signature_is_left_out() -> None:
    assert states_of(signed(documents.with_empty_field(document()))) == [("unchanged", "")]


def test_a_document_locked_against_editing_has_readable_signatures() -> None:
    locked = document(encryption=pikepdf.Encryption(owner="owner", user="", R=6))
    assert states_of(signed(locked)) == [("unchanged", "")]


def test_names_in_certificates_are_one_line_that_everybody_sees() -> None:
    name = "样例\u202e科\n技\u200b公司"
    (facts,) = said_of(signed(document(), by=certificate(name)))
    assert facts["signer"] == "样例科 技公司"


def test_a_certificate_without_a_name_is_read() -> None:
    (facts,) = said_of(signed(document(), by=certificate("", COMPANY)))
    assert (facts["signer"], facts["organisation"]) == ("", COMPANY)


def test_too_much_work_leaves_the_signature_unread_and_the_file_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def endless(_content: bytes) -> list[Facts]:
        while True:
            try:
                sum(range(1000))
            except Exception:  # a library may take everything for a fault of the document
                continue

    monkeypatch.setattr(signatures, "_read", endless)
    monkeypatch.setattr(signatures, "SIGNATURE_CPU_SECONDS", 1)
    assert [each["state"] for each in signatures.signatures_of(signed(document()))] == ["unreadable"]


@pytest.mark.parametrize(
    "maker",
    [
        producers.by_reportlab,
        producers.by_pypdf,
        producers.by_qpdf,
        producers.by_pdfium,
        producers.by_pillow,
        producers.by_weasyprint,
    ],
    ids=lambda each: each.__name__,
)
def test_documents_of_several_producers_are_signed_and_read(maker: Callable[[], Mapping[str, bytes]]) -> None:
    made = list(maker().items())
    for name, content in (made[0], made[-1]):
        assert states_of(signed(content, is_visible=True)) == [("unchanged", "")], name


# ---------------------------------------------------------------- the readable copy


def picture(content: bytes) -> Image.Image:
    """The first page as another program shows it, with what stands in its fields."""
    command = ["pdftoppm", "-r", "100", "-png", "-singlefile", "-"]
    made = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(made))


def test_the_copy_shows_the_seal_and_holds_no_signature() -> None:
    content = signed(document(), is_visible=True)
    copy, _pages = portable_documents.normalise(content)
    assert (b"/ByteRange" in copy, b"/Sig" in copy) == (False, False)
    shown = subprocess.run(
        ["pdftotext", "-", "-"], input=copy, capture_output=True, check=True
    ).stdout.decode()
    assert "SEAL OF THE SAMPLE COMPANY" in shown
    assert ink.difference(picture(content), picture(copy)) <= ink.TOLERANCE


def test_what_acts_in_the_original_is_told_and_absent_from_the_copy() -> None:
    acting = sandbox.normalise(signed(documents.with_script(document())), PDF)
    assert (acting.signatures["acts"], b"JavaScript" in acting.content) == (True, False)


@pytest.mark.parametrize(
    ("change", "acts"),
    [
        (odd_documents.open_launch, True),
        (odd_documents.page_action, True),
        (lambda pdf: None, False),
        (lambda pdf: setattr(pdf.Root, "OpenAction", pikepdf.Array([pdf.pages[0].obj, Name.Fit])), False),
    ],
    ids=["a program", "a page's script", "nothing", "a first view"],
)
def test_only_what_runs_or_is_carried_along_is_warned_of(change: Callable[[Pdf], None], acts: bool) -> None:
    assert sandbox.normalise(signed(document(change)), PDF).signatures["acts"] is acts


def test_the_check_codes_of_the_text_are_read() -> None:
    def code(pdf: Pdf) -> None:
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b"BT /F1 14 Tf 20 100 Td (Code: 12AB-34CD-56EF) Tj ET")

    assert sandbox.normalise(signed(document(code)), PDF).signatures["codes"] == ["12AB-34CD-56EF"]
    assert sandbox.normalise(signed(document()), PDF).signatures["codes"] == []


def test_signed_documents_written_to_disk_are_as_other_programs_read_them(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(document()))
    found = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, check=False).stdout.decode()
    assert "Signature is Valid" in found
    with pikepdf.open(io.BytesIO(path.read_bytes())) as opened:
        assert opened.Root.AcroForm.SigFlags == 3
