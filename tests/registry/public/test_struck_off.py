"""A filing that was struck off, wherever the public meets it: record, API, register, badge, verify page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils.translation import override

from registry import clock
from registry.documents.badges import badge_svg
from registry.models import Filing
from registry.public.words import standing_sentence
from registry.publication import record
from registry.publication.record import Criteria, Found, PublicEvent
from registry.rules.end_grounds import EndGround
from registry.rules.workflow.states import Standing
from tests.builders import batch as batches
from tests.builders import striking_off as build
from tests.builders.register import Cast
from tests.builders.striking_off import HOUR, STRIKING

pytestmark = pytest.mark.django_db

_SHOWN = {EndGround.FALSE_MATERIALS: "Revoked", EndGround.APPLICANT_GONE: "Cancelled by the office"}


@pytest.fixture(autouse=True)
def _afterwards() -> Iterator[None]:
    with clock.stopped_at(STRIKING + HOUR):
        yield


def _get(path: str) -> str:
    return Client().get(path, headers={"Accept-Language": "en"}).content.decode()


def _look_up(filing: Filing) -> Found:
    found = record.look_up(str(filing.number))
    assert isinstance(found, Found)
    return found


@pytest.mark.parametrize("ground", EndGround)
def test_the_record_says_state_day_ground_and_basis(cast: Cast, ground: EndGround) -> None:
    filing = build.struck_off(cast, batches.filings_in_force(cast, 1)[0], ground=ground)
    found = _look_up(filing)
    assert (found.filing.standing, found.filing.end_ground) == (Standing.STRUCK_OFF, ground)
    assert found.filing.struck_off_on == date(2026, 5, 13)
    last = found.history[-1]
    assert (last.event, last.on, last.ground) == (PublicEvent.STRUCK_OFF, date(2026, 5, 13), ground)
    page = _get(f"/filings/{quote(str(filing.number))}/")
    for shown in (_SHOWN[ground], build.BASIS, "2026-05-13"):
        assert shown in page
    assert build.REASON not in page
    with override("en"):
        assert standing_sentence(found.filing) in page


def test_successor_and_predecessor_lead_to_each_other(cast: Cast) -> None:
    filing, other = batches.filings_in_force(cast, 2)
    build.struck_off(cast, filing, successor_number=other.number)
    assert _look_up(filing).filing.successor_number == other.number
    following = _look_up(other)
    assert following.filing.predecessor_numbers == (filing.number,)
    assert (following.history[-1].event, following.history[-1].number) == (PublicEvent.FOLLOWS, filing.number)
    for one, another in ((filing, other), (other, filing)):
        address = f"/filings/{quote(str(another.number))}/"
        assert _get(f"/filings/{quote(str(one.number))}/").count(address) >= 2


def test_the_api_has_the_same(cast: Cast) -> None:
    filing, other = batches.filings_in_force(cast, 2)
    build.struck_off(cast, filing, successor_number=other.number)
    first, second = (
        Client().get(f"/api/v1/filings/{quote(str(each.number))}/").json() for each in (filing, other)
    )
    assert {name: first[name] for name in _KEYS} == {
        "standing": "struck_off",
        "struck_off_on": "2026-05-13",
        "end_ground": "false_materials",
        "end_basis": build.BASIS,
        "successor_number": other.number,
        "predecessor_numbers": [],
    }
    assert first["history"][-1] | {"columns": [], "former": {}} == {
        "event": "struck_off",
        "on": "2026-05-13",
        "columns": [],
        "former": {},
        "batch": None,
        "list_kind": None,
        "number": other.number,
    }
    assert second["predecessor_numbers"] == [filing.number]


def test_the_register_is_filtered_by_standing_and_ground(cast: Cast) -> None:
    gone, false, _in_force = batches.filings_in_force(cast, 3)
    build.struck_off(cast, gone, ground=EndGround.APPLICANT_GONE)
    build.struck_off(cast, false)
    struck = record.search(Criteria(chosen={"standing": "struck_off"}))
    assert {each.number for each in struck.filings} == {gone.number, false.number}
    for ground, filing in ((EndGround.APPLICANT_GONE, gone), (EndGround.FALSE_MATERIALS, false)):
        found = record.search(Criteria(chosen={"ground": ground.value}))
        assert [each.number for each in found.filings] == [filing.number]
        listed = Client().get("/api/v1/filings/", {"ground": ground.value}).json()
        assert [each["number"] for each in listed["results"]] == [filing.number]
    assert struck.tally is not None
    assert struck.tally.by_facet["ground"] == {"applicant_gone": 1, "false_materials": 1}
    page = _get("/filings/?standing=struck_off")
    for label in _SHOWN.values():
        assert label in page


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_files_of_the_register_name_ground_and_basis(cast: Cast, kind: str) -> None:
    build.struck_off(cast, batches.filings_in_force(cast, 1)[0])
    response = Client().get(f"/filings.{kind}", headers={"Accept-Language": "en"})
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert build.BASIS in content
    assert ("false_materials" if kind == "json" else "False filing materials") in content


@pytest.mark.parametrize(
    ("ground", "words"), [(EndGround.FALSE_MATERIALS, "已撤销"), (EndGround.APPLICANT_GONE, "依职权注销")]
)
def test_the_badge_says_it(cast: Cast, ground: EndGround, words: str) -> None:
    filing = build.struck_off(cast, batches.filings_in_force(cast, 1)[0], ground=ground)
    badge = Client().get(f"/filings/{quote(str(filing.number))}/badge.svg").content
    assert words in badge.decode()
    assert badge == badge_svg(str(filing.number), Standing.STRUCK_OFF, ground)


_KEYS = (
    "standing",
    "struck_off_on",
    "end_ground",
    "end_basis",
    "successor_number",
    "predecessor_numbers",
)
