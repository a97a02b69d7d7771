"""What follows from an answer of a first filing is not asked again, and what may be left out stands behind the rest."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest

from applicants.changes.change import start_change
from applicants.drafts.parts import find_part
from applicants.models import Draft
from registry import clock
from tests.applicants.pages import Desk, as_form, text_in, value_in
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, materials_for
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

TICKED = 'name="mailing_address__same" id="id_mailing_address__same" value="yes" checked'
PLACES = {"node_places-TOTAL_FORMS": "1", "node_places-0-node_count": "4"}


def part(desk: Desk, draft: uuid.UUID, name: str) -> str:
    return str(desk.get("part", draft, "service", name).content.decode())


def save_part(desk: Desk, draft: uuid.UUID, name: str, sent: dict[str, str]) -> ClientResponse:
    found = find_part("service", name)
    assert found is not None
    page = (
        desk.get("section", draft, "service") if name == "forms" else desk.get("part", draft, "service", name)
    )
    own = {each: value_in(page.content.decode(), each) for each in ("version", "window", "form_version")}
    own |= {"part": name, "next_step": "forward"}
    if name == "forms":
        return desk.post("section", draft, "service", data={**own, **sent})
    return desk.post("part", draft, "service", name, data={**own, **sent})


def service(desk: Desk, draft: uuid.UUID) -> dict[str, object]:
    return dict(Draft.objects.get(pk=draft).materials["service"])


def test_a_website_is_called_as_the_service_unless_it_is_called_otherwise(desk: Desk) -> None:
    draft = desk.start().pk
    row = {
        "service_forms": "website",
        "websites-TOTAL_FORMS": "1",
        "websites-0-url": "https://a.example.com/",
    }
    save_part(desk, draft, "forms", {"service_name": "样例平台", **row})
    assert service(desk, draft)["websites"] == [{"name": "样例平台", "url": "https://a.example.com/"}]
    save_part(desk, draft, "forms", {"service_name": "样例平台", **row, "websites-0-name": "样例门户"})
    assert service(desk, draft)["websites"] == [{"name": "样例门户", "url": "https://a.example.com/"}]


@pytest.mark.parametrize(
    ("place", "abroad"),
    [
        ("北京市样例机房", False),
        ("贵州贵安新区", False),
        ("新加坡", True),
        ("中国香港", True),
        ("样例机房", None),
    ],
)
def test_whether_nodes_are_abroad_follows_from_their_places(
    desk: Desk, place: str, abroad: bool | None
) -> None:
    draft = desk.start().pk
    save_part(desk, draft, "chain", {**PLACES, "chain_kind": "consortium", "node_places-0-place": place})
    assert service(desk, draft).get("has_nodes_abroad") is abroad
    save_part(
        desk,
        draft,
        "chain",
        {**PLACES, "chain_kind": "consortium", "node_places-0-place": place, "has_nodes_abroad": "yes"},
    )
    assert service(desk, draft)["has_nodes_abroad"] is True


@pytest.mark.parametrize(
    ("country", "abroad"),
    [("中国", False), ("新加坡", True), ("全球", None), ("中国、爱沙尼亚", True), ("中国、其他", None)],
)
def test_of_a_public_chain_it_follows_from_the_countries(
    desk: Desk, country: str, abroad: bool | None
) -> None:
    draft = desk.start().pk
    row = {"node_countries-TOTAL_FORMS": "1", "node_countries-0-country": country}
    save_part(desk, draft, "chain", {"chain_kind": "public", **row})
    assert service(desk, draft).get("has_nodes_abroad") is abroad


def test_nobody_is_asked_who_runs_a_public_chain(desk: Desk) -> None:
    draft = desk.start().pk
    save_part(desk, draft, "chain", {"chain_kind": "public"})
    page = part(desk, draft, "chain")
    assert re.search('name="upstream" value="unfiled"[^>]* checked', page)
    assert "公有链由全体节点共同维护，没有可以备案的运营主体。" in page
    # Only usual: it counts once the page was sent with it.
    assert "upstream" not in service(desk, draft)
    save_part(desk, draft, "chain", {"chain_kind": "consortium"})
    assert not re.search('name="upstream"[^>]* checked', part(desk, draft, "chain"))


def test_the_first_server_stands_where_the_first_node_does(desk: Desk) -> None:
    draft = desk.start().pk
    save_part(desk, draft, "chain", {**PLACES, "node_places-0-place": "北京市样例机房"})
    assert 'name="server_addresses-0-place" value="北京市样例机房"' in part(desk, draft, "chain")


def test_the_place_of_an_individual_is_read_from_the_address_on_the_document(desk: Desk) -> None:
    draft = desk.start()
    desk.save(draft, "applicant", {"nature": "individual", "document_address": "北京市海淀区样例路1号"})
    draft.refresh_from_db()
    assert draft.materials["applicant"]["division_code"] == "110108"
    stated = {"nature": "individual", "document_address": "北京市海淀区样例路1号", "division_code": "110101"}
    desk.save(draft, "applicant", stated)
    draft.refresh_from_db()
    assert draft.materials["applicant"]["division_code"] == "110101"


def test_the_code_of_the_licence_counts_more_than_the_address(desk: Desk, cast: Cast) -> None:
    given = as_form("applicant", materials_for(cast))
    del given["division_code"]
    draft = desk.start()
    desk.save(draft, "applicant", {**given, "document_address": "广东省广州市天河区样例路1号"})
    draft.refresh_from_db()
    assert str(draft.materials["applicant"]["division_code"])[:2] == given["document_number"][2:4]


def test_the_mailing_address_is_mostly_the_one_on_the_document(desk: Desk) -> None:
    draft = desk.start()
    assert TICKED in desk.get("section", draft.pk, "applicant").content.decode()
    desk.save(draft, "applicant", {"nature": "organisation", "mailing_address": ""})
    # Whoever took the tick away and went on is not answered for.
    assert TICKED not in desk.get("section", draft.pk, "applicant").content.decode()


def test_the_person_in_charge_who_fills_in_says_so_with_a_tick(desk: Desk, cast: Cast) -> None:
    cast.member.mobile, cast.member.email = "+8619900001234", "reached@example.com"
    cast.member.mobile_verified_at = cast.member.email_verified_at = MORNING
    cast.member.save()
    draft = desk.start()
    desk.save(draft, "applicant", {"nature": "organisation", "filed_by_agent": "no"})
    assert 'name="own"' in desk.get("section", draft.pk, "person_in_charge").content.decode()
    desk.save(draft, "person_in_charge", {"own": "yes", "name": "", "mobile": "19900009999", "email": ""})
    draft.refresh_from_db()
    given = draft.materials["person_in_charge"]
    assert (given["name"], given["email"]) == (cast.member.name, "reached@example.com")
    # What was typed stands.
    assert given["mobile"] == "19900009999"


@pytest.mark.parametrize("who", ["agent", "individual"])
def test_the_tick_is_for_an_organisation_that_files_itself(desk: Desk, cast: Cast, who: str) -> None:
    draft = desk.start()
    sent = {"nature": "organisation", "filed_by_agent": "yes"}
    if who == "individual":
        sent = {"nature": "individual", "filed_by_agent": "no"}
    desk.save(draft, "applicant", sent)
    assert 'name="own"' not in desk.get("section", draft.pk, "person_in_charge").content.decode()
    desk.save(draft, "person_in_charge", {"own": "yes"})
    draft.refresh_from_db()
    assert "name" not in draft.materials["person_in_charge"]


def test_why_a_filing_is_late_is_asked_only_when_it_is(desk: Desk) -> None:
    draft = desk.start().pk
    today = clock.today()
    late_reason = re.compile('id="div_id_late_reason"[^>]* hidden')
    assert late_reason.search(part(desk, draft, "purpose"))
    save_part(desk, draft, "purpose", {"service_started_on": f"{today - timedelta(days=60):%Y-%m-%d}"})
    page = part(desk, draft, "purpose")
    assert not late_reason.search(page)
    assert "逾期说明 （必填）" in text_in(page)
    save_part(desk, draft, "purpose", {"service_started_on": f"{today:%Y-%m-%d}"})
    assert late_reason.search(part(desk, draft, "purpose"))


@pytest.mark.parametrize("is_given", [False, True])
def test_what_may_be_left_out_is_folded_until_it_is_given(desk: Desk, is_given: bool) -> None:
    draft = desk.start()
    sent = {"nature": "organisation", "home_page_url": "https://www.example.com/" if is_given else ""}
    desk.save(draft, "applicant", sent)
    page = desk.get("section", draft.pk, "applicant").content.decode()
    fold = page[page.index("data-more") :].partition("</details>")[0]
    assert fold.startswith("data-more open") is is_given
    assert {"home_page_url", "group_name"} <= set(re.findall('name="([a-z_]+)"', fold))
    assert 'name="name"' not in fold


def test_another_service_shows_what_the_one_before_has_in_common_with_it(desk: Desk, cast: Cast) -> None:
    case = build.in_force(cast)
    before = build.filing_of(case)
    draft = desk.start(before.applicant_id)
    assert draft.materials["service"].get("real_name_methods") is None
    duties = part(desk, draft.pk, "duties")
    assert "请核对，不同之处请更正" in duties
    assert re.search('name="real_name_methods" value="mobile_number"[^>]* checked', duties)
    assert 'name="published_rules_url" value=' not in duties
    forms = desk.get("section", draft.pk, "service").content.decode()
    assert 'name="service_name" value=' not in forms
    places = "(node_places-0-place|node_countries-0-country)"
    assert re.search(f'name="{places}" value="[^"]+"', part(desk, draft.pk, "chain"))
    content = desk.get("section", draft.pk, "content").content.decode()
    assert re.search('name="[a-z]+_service_types" value="[a-z_]+"[^>]* checked', content)
    # It is shown, not answered: the draft has nothing of it yet.
    draft.refresh_from_db()
    assert draft.materials["content"] == {}


def test_a_change_shows_nothing_of_another_service(desk: Desk, cast: Cast) -> None:
    draft = start_change(build.filing_of(build.in_force(cast)), account=cast.member, at=MORNING)
    assert "请核对，不同之处请更正" not in desk.get("section", draft.pk, "service").content.decode()
