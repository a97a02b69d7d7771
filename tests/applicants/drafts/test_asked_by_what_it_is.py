"""What a service is follows from its types; its forms, places and servers are shown where they are known already."""

from __future__ import annotations

import re

import pytest

from applicants.changes.change import start_change
from applicants.models import Draft
from tests.applicants.drafts.test_asked_once import part, save_part, service
from tests.applicants.pages import Desk, as_form
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, materials_for

pytestmark = pytest.mark.django_db

ASKED = {"categories__by_types": "yes"}
APPLICATION = "application_operator"


def content(draft: Draft) -> dict[str, object]:
    draft.refresh_from_db()
    return dict(draft.materials["content"])


def page_of(desk: Desk, draft: Draft, section: str, **query: str) -> str:
    return str(desk.get("section", draft.pk, section, **query).content.decode())


def field_at(page: str, anchor: str) -> str:
    """From the field with this id to the end of its group of boxes."""
    return page.split(f'id="{anchor}"')[1].split("</fieldset>")[0]


def test_the_category_follows_from_the_types_that_are_ticked(desk: Desk) -> None:
    draft = desk.start()
    page = page_of(desk, draft, "content")
    assert 'name="categories"' not in page
    for types in ("infrastructure", "application", "technology"):
        assert f'type="checkbox" name="{types}_service_types"' in field_at(page, f"id_{types}_service_types")
    desk.save(draft, "content", {**ASKED, "application_service_types": ["wallet", "explorer"]})
    assert content(draft)["categories"] == [APPLICATION]
    both = {"application_service_types": "wallet", "infrastructure_service_types": "mining_pool"}
    desk.save(draft, "content", {**ASKED, **both})
    assert content(draft)["categories"] == ["infrastructure_provider", APPLICATION]
    assert page_of(desk, draft, "content").count('_service_types_0" checked') == 2
    # Nothing ticked is no category, whatever was ticked before.
    desk.save(draft, "content", ASKED)
    assert content(draft) == {}
    missing = page_of(desk, draft, "content", gaps="1")
    assert 'id="id_categories_error"' in missing


def test_what_a_type_asks_for_is_shown_by_its_box(desk: Desk) -> None:
    page = page_of(desk, desk.start(), "content")
    chains = re.search('data-repeat="application_main_chains"[^>]*data-applies-when="([^"]*)" hidden', page)
    assert chains is not None
    assert chains.group(1) == "application_service_types=wallet,explorer,other"
    url = re.search('id="div_id_explorer_url"[^>]*data-applies-when="([^"]*)" hidden', page)
    assert url is not None
    both = "application_service_types=wallet,explorer,other&amp;application_service_types=explorer"
    assert url.group(1) == both


def test_a_category_that_a_page_states_itself_stands(desk: Desk) -> None:
    """A page that was opened before says the categories, and nothing of the boxes."""
    draft = desk.start()
    desk.save(draft, "content", {"categories": APPLICATION, "application_service_types": "wallet"})
    assert content(draft)["categories"] == [APPLICATION]


def test_a_change_asks_category_and_types_as_they_were_filed(desk: Desk, cast: Cast) -> None:
    change = start_change(build.filing_of(build.in_force(cast)), account=cast.member, at=MORNING)
    page = page_of(desk, change, "content")
    assert 'name="categories"' in page
    assert "categories__by_types" not in page


def test_a_website_is_taken_for_its_form_until_somebody_says_otherwise(desk: Desk) -> None:
    draft = desk.start()
    ticked = 'name="service_forms" value="website"[^>]* checked'
    assert re.search(ticked, page_of(desk, draft, "service"))
    # It is shown, not answered, and its address is asked for.
    assert service(desk, draft.pk) == {}
    save_part(desk, draft.pk, "forms", {"service_name": "样例平台", "service_forms": "website"})
    assert 'group field--error" id="group-websites"' in page_of(desk, draft, "service", gaps="1")
    save_part(desk, draft.pk, "forms", {"service_name": "样例平台"})
    assert "service_forms" not in service(desk, draft.pk)
    assert not re.search(ticked, page_of(desk, draft, "service"))


@pytest.mark.parametrize(
    ("answers", "place"),
    [
        (
            {"document_address": "广东省深圳市南山区样例路1号", "division_code": "440305"},
            "广东省深圳市南山区",
        ),
        # The address says where it is; the code, which registrar entered it.
        ({"document_address": "北京市朝阳区样例路1号", "division_code": "110101"}, "北京市朝阳区"),
        ({"document_address": "样例路1号", "division_code": "110101"}, "北京市东城区"),
        ({"document_address": "样例路1号"}, ""),
    ],
)
def test_the_first_node_is_shown_where_the_applicant_is(
    desk: Desk, answers: dict[str, str], place: str
) -> None:
    draft = desk.start()
    desk.save(draft, "applicant", {"nature": "organisation", **answers})
    page = part(desk, draft.pk, "chain")
    assert (f'name="node_places-0-place" value="{place}"' in page) is bool(place)
    assert ("按备案人所在地填写" in page) is bool(place)
    # It counts once the page was sent, and what is typed stands.
    assert "node_places" not in service(desk, draft.pk)
    row = {
        "node_places-TOTAL_FORMS": "1",
        "node_places-0-place": "贵州省贵阳市",
        "node_places-0-node_count": "4",
    }
    save_part(desk, draft.pk, "chain", row)
    assert 'name="node_places-0-place" value="贵州省贵阳市"' in part(desk, draft.pk, "chain")


def test_servers_and_website_are_not_asked_twice(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    given = materials_for(cast)
    servers = [
        {"address": "93.184.216.34", "place": "样例甲机房"},
        {"address": "node.example.com", "place": "样例乙机房"},
    ]
    given["service"] |= {"server_addresses": servers, "websites": [{"url": "https://a.example.com/"}]}
    desk.save(draft, "service", as_form("service", given))
    page = page_of(desk, draft, "content")
    assert 'name="explorer_url" value="https://a.example.com/"' in page
    assert 'name="explorer_servers-0-ip_address" value="93.184.216.34"' in page
    assert 'name="explorer_servers-0-place" value="样例甲机房"' in page
    # A name is no IP address: the explorer's question is narrower.
    assert 'name="explorer_servers-1-ip_address"' not in page
    assert 'name="baas_machine_room_place" value="样例甲机房"' in page
    assert content(draft) == {}
