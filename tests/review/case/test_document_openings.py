"""Which documents were opened on a case is kept with it: who, when, which pages; for the office, and for heads."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from registry import clock
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.access import Office
from review.case.case import Case
from review.desk.document_openings import note_page, openings_on, page_ranges
from review.models import DocumentOpening
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast, forwarded
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def case(cast: Cast) -> SampleCase:
    """A case with a scan of its own in every slot."""
    materials = walk.complete_materials(1, member=cast.member, at=MORNING, division_code=BEIJING_DIVISION)
    return walk.submit(materials, member=cast.member, at=MORNING)


def files(case: SampleCase, cast: Cast) -> list[str]:
    viewer = Case(case.application, cast.provincial, at=MORNING).viewer()
    return [each.file.id for each in viewer.documents]


def kept() -> list[tuple[str, str, int]]:
    rows = DocumentOpening.objects.order_by("at", "page_number").select_related("officer")
    return [(row.officer.name, str(row.file_id), row.page_number) for row in rows]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([], ""), ([1], "1"), ([2, 1], "1–2"), ([5, 1, 3, 2, 3], "1–3, 5"), ([10, 8, 9, 1], "1, 8–10")],
)
def test_pages_are_named_once_and_runs_drawn_together(numbers: list[int], said: str) -> None:
    assert page_ranges(numbers) == said


def test_the_document_that_the_viewer_shows_is_kept_once_with_who_and_when(
    cast: Cast, case: SampleCase
) -> None:
    first, second = files(case, cast)[:2]
    client, who = sign_in(cast.provincial), cast.provincial.name
    with clock.stopped_at(MORNING + MINUTE):
        client.get(url("case", case))
        # It came with the case: nobody looked at it yet.
        assert kept() == []
        client.get(url("case", case), {"file": first})
    assert kept() == [(who, first, 1)]
    with clock.stopped_at(MORNING + 2 * MINUTE):
        client.get(url("case", case), {"file": second, "page": "1"}, headers={"HX-Target": "documents"})
        client.get(url("case", case))
        client.head(url("case", case), {"file": files(case, cast)[2]})
    assert kept() == [(who, first, 1), (who, second, 1)]
    moments = [row.at for row in DocumentOpening.objects.order_by("at")]
    assert moments == [MORNING + MINUTE, MORNING + 2 * MINUTE]


@pytest.mark.parametrize(
    ("file", "page"),
    [("first", "99"), ("first", "0"), ("first", "x"), ("other", "1"), ("", "1"), ("not-an-id", "1")],
)
def test_a_page_that_the_case_does_not_have_is_not_kept(
    cast: Cast, case: SampleCase, file: str, page: str
) -> None:
    named = {"first": files(case, cast)[0], "other": str(uuid.uuid4())}.get(file, file)
    client = sign_in(cast.provincial)
    answer = client.post(url("viewing", case), {"state": "page", "file": named, "page": page})
    assert (answer.status_code, kept()) == (200, [])
    client.post(url("viewing", case), {"state": "page", "file": files(case, cast)[0], "page": "1"})
    assert kept() == [(cast.provincial.name, files(case, cast)[0], 1)]


def test_another_province_finds_no_case_and_leaves_nothing(cast: Cast, case: SampleCase) -> None:
    client = sign_in(cast.elsewhere)
    assert client.get(url("case", case)).status_code == 404
    sent = {"state": "page", "file": files(case, cast)[0], "page": "1"}
    assert client.post(url("viewing", case), sent).status_code == 404
    assert kept() == []


def test_the_row_and_the_section_say_what_was_opened_by_whom(cast: Cast, case: SampleCase) -> None:
    client, second = sign_in(cast.provincial), files(case, cast)[1]
    client.get(url("case", case), {"file": second, "page": "1"})
    page = Case(case.application, cast.provincial_second, at=clock.now())
    attachments = next(each for each in page.sections if each.key == "attachments")
    assert (attachments.documents.opened, attachments.documents.total) == (1, len(files(case, cast)))
    row = page.row(page.viewer().documents[1].slot)
    assert row is not None
    assert [each.name for each in row.form.opened] == [cast.provincial.name]
    shown = text_of(sign_in(cast.provincial_second).get(url("case", case)))
    total = len(files(case, cast))
    assert f"Documents of this section that your office has opened: 1 of {total}" in shown
    assert f"Opened: {cast.provincial.name} · p. 1 ·" in shown


def test_a_head_sees_every_document_with_who_opened_it_and_which_nobody_did(
    cast: Cast, case: SampleCase
) -> None:
    sign_in(cast.provincial).get(url("case", case), {"file": files(case, cast)[0]})
    head = text_of(sign_in(cast.provincial_head).get(url("case", case)))
    assert "Documents opened" in head
    assert "nobody yet" in head
    assert "nobody yet" not in text_of(sign_in(cast.provincial).get(url("case", case)))
    found = Case(case.application, cast.provincial_head, at=clock.now()).documents_with_openings
    assert [bool(each.openings) for each in found] == [True] + [False] * (len(found) - 1)


def test_a_province_knows_its_own_openings_and_the_nation_both_offices(cast: Cast) -> None:
    case = forwarded(cast)
    file_id = uuid.UUID(files(case, cast)[0])
    for officer in (cast.provincial, cast.national):
        note_page(case.application, officer, file_id=file_id, page_number=1, at=MORNING + 5 * HOUR)
    seen = {
        officer.name: [each.office for each in openings_on(case.application, officer)[str(file_id)]]
        for officer in (cast.provincial_head, cast.national_head)
    }
    assert seen == {
        cast.provincial_head.name: [Office.PROVINCE],
        cast.national_head.name: [Office.PROVINCE, Office.NATION],
    }
