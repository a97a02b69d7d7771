"""No paper fails for a character: every paper is printed with every block of Unicode in what somebody wrote."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from fontTools.unicodedata import Blocks

from registry import clock
from registry.batches import files
from registry.book import numbering
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.documents import authenticity_statement, certificates, issuing
from registry.documents.case_files import office_case, own_case
from registry.documents.glyphs import with_substitutes
from registry.documents.objector_letters import objector_letter
from registry.models import IssuedDocument, JobFailure, Notice
from registry.rules.printable import is_printable
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from registry.storage.objection_parts import Statement
from registry.tasks import sweep_documents, sweep_notices
from review.review_forms.printing import review_form
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders import register as build
from tests.builders import striking_off as strike
from tests.builders.materials import TODAY
from tests.builders.objection import OBJECTING
from tests.builders.register import MORNING, Cast
from tests.builders.striking_off import STRIKING
from tests.registry.documents.reading import words_of

HOUR = timedelta(hours=1)
KINDS = IssuedDocument.Kind
# The first and the last character of each block that has any, as far as this Python knows them.
ENDS = [*Blocks.RANGES[1:], 0x110000]
BLOCKS = [
    (name, [chr(code) for code in range(first, end) if unicodedata.category(chr(code)) not in ("Cn", "Cs")])
    for name, first, end in zip(Blocks.VALUES, Blocks.RANGES, ENDS, strict=True)
    if name != "No_Block"
]
# Without U+0000, which no earlier version let in: PostgreSQL stores none.
SAMPLE = "".join(f"{found[0]}{found[-1]}" for _name, found in BLOCKS if found).replace("\0", "")


def code_points_of(text: str) -> list[str]:
    """The code points that a reader finds in place of the characters without a glyph."""
    return [f"U+{ord(each):04X}" for each in text if not is_printable(each)]


def test_every_block_is_sampled() -> None:
    assert len([name for name, found in BLOCKS if found]) > 300
    assert {"Emoticons", "Hebrew", "Private Use Area", "Specials", "Tags"} <= {
        name for name, _found in BLOCKS
    }


@pytest.mark.parametrize(("name", "found"), BLOCKS, ids=lambda each: each if isinstance(each, str) else "")
def test_each_character_is_printed_or_named_and_none_is_a_box(name: str, found: list[str]) -> None:
    for character in found[:200]:
        printed = with_substitutes(f"样{character}例")
        assert all(map(is_printable, printed)), name
        assert printed in (f"样{character}例", f"样〔U+{ord(character):04X}〕例")


@pytest.mark.django_db
def test_every_paper_is_printed_with_every_block_in_what_somebody_wrote(cast: Cast) -> None:
    service = f"样例{SAMPLE[:40]}\U0001f680平台"
    case = _written_with_every_block(cast, service)
    papers = [authenticity_statement(materials_of_case(case), today=TODAY), _review_form(case)]
    walk.act(case, Act.APPROVE, by=cast.national, at=MORNING + 2 * HOUR, text=f"样例{SAMPLE}")
    filing = build.filing_of(case)
    numbering.issue_number(filing.pk, at=MORNING + 3 * HOUR)
    papers.append(issuing.bytes_of(certificates.certificate_of(filing.pk)))
    papers += [issuing.bytes_of(each) for each in (own_case(case.application), office_case(case.application))]
    published = batches.published(cast)
    papers.append(files.bytes_of(published.files.get(format="pdf")))
    strike.struck_off(cast, filing, at=STRIKING)
    sweep_documents()
    issued = IssuedDocument.objects.filter(kind__in=(KINDS.RECEIPT, KINDS.DECISION))
    papers += [issuing.bytes_of(each) for each in issued]
    assert len(papers) == 9
    assert not JobFailure.objects.exists()
    for paper in papers:
        words = words_of(paper)
        assert [point for point in code_points_of(service) if point not in words] == []


@pytest.mark.django_db
def test_a_rejection_and_a_letter_are_printed_with_every_block(cast: Cast) -> None:
    case = _written_with_every_block(cast, f"样例{SAMPLE[40:80]}平台", recommends=Outcome.REJECTION)
    reason = {**SAMPLE_REASON, "text": f"样例{SAMPLE[:300]}", "remedy": f"样例{SAMPLE[300:600]}"}
    walk.act(
        case, Act.REJECT, by=cast.national, at=MORNING + 2 * HOUR, reasons=[reason], text=f"样例{SAMPLE}"
    )
    sweep_documents()
    (decision,) = IssuedDocument.objects.filter(kind=KINDS.DECISION)
    assert "U+1F600" in words_of(decision)
    batches.filings_in_force(cast, 1)
    day = clock.china_date(OBJECTING)
    listed = batches.published(cast)
    objection = objections.posted(cast, listed, posted_on=day, received_on=day, at=OBJECTING)
    sweep_notices()
    notice = Notice.objects.get(objection=objection, kind="objector_received")
    stated = Statement(name=f"样例{SAMPLE[:60]}", contact=f"样例{SAMPLE[60:120]}", facts=SAMPLE)
    assert "样例" in words_of(objector_letter(notice, addressee=stated))
    assert not JobFailure.objects.exists()


def _written_with_every_block(
    cast: Cast, service: str, *, recommends: Outcome = Outcome.APPROVAL
) -> SampleCase:
    """A forwarded application as an earlier version may have taken it: nothing in it was cleaned."""
    materials = build.materials_for(cast, seed=41)
    materials["service"]["service_name"] = service
    materials["service"]["description"] = f"样例区块链服务。{SAMPLE}"
    materials["service"]["complaint_channel"] = f"样例{SAMPLE[-150:]}"
    for entries in materials["attachments"].values():
        for file in entries:
            file["name"] = f"样例{SAMPLE[40:80]}\U0001f600.pdf"
    case = walk.submit(materials, member=cast.member, at=MORNING)
    build.forward(cast, case, at=MORNING + HOUR, recommends=recommends)
    return case


def materials_of_case(case: SampleCase) -> dict[str, Any]:
    row = case.application
    return materials_of(get_revision(row.pk, row.revision_number))


def _review_form(case: SampleCase) -> bytes:
    return issuing.bytes_of(review_form(case.application, calendar=current_calendar()))
