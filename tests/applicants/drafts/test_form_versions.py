"""The forms of a service in the wizard, and drafts that were begun on an earlier version of the form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from applicants.changes.change import FilingChange
from applicants.drafts.pages.frame import examine
from applicants.models import Draft
from registry.book.in_force import materials_in_force
from registry.book.revisions import get_revision, materials_of
from registry.models import Application
from registry.rules.particulars.completeness import checklist_items
from registry.rules.particulars.form_version import version_of, with_version
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.pages import SECTIONS, Desk, as_form, desk_at, error_texts, value_in
from tests.builders.materials import of_first_version
from tests.builders.register import MORNING, Cast, approve, filing_of, in_force, materials_for

pytestmark = pytest.mark.django_db

ACCOUNT = {"name": "样例公众号", "platform": "样例平台"}
NEW_DESCRIPTION = "样例：共识机制改为权威证明，节点由三个增至五个，分别部署在北京、上海、广州、成都和武汉。"
LATER = MORNING + timedelta(days=7)


def older_service(cast: Cast, **service: Any) -> dict[str, Any]:
    """Materials as they were filed on the first version of the form: an API beside the website stated nothing."""
    materials = of_first_version(materials_for(cast))
    kept = {name: given for name, given in materials["service"].items() if name not in ("apps", "apis")}
    materials["service"] = {
        **kept,
        "service_forms": ["website", "api"],
        "official_accounts": [ACCOUNT],
        **service,
    }
    return materials


def filed_before(cast: Cast, **service: Any) -> SampleCase:
    case = walk.submit(older_service(cast, **service), member=cast.member, at=MORNING)
    approve(cast, case, at=MORNING + timedelta(hours=1))
    return case


def begun_before(desk: Desk, service: dict[str, Any]) -> Draft:
    """An unsent draft as the version before saved it."""
    draft = desk.start()
    draft.materials = with_version({**draft.materials, "service": service}, 1)
    draft.save()
    assert version_of(Draft.objects.get(pk=draft.pk).materials) == 1
    return draft


def change_of(desk: Desk, case: SampleCase) -> Draft:
    assert desk.post("change", case.application.filing_id).status_code == 302
    return Draft.objects.filter(kind="change").latest("created_at")


def send_service(desk: Desk, draft: Draft, step: str = "stay", **answers: Any) -> str:
    """Saves the section on the service with these answers; gives the address it leads to."""
    draft.refresh_from_db()
    service = {**draft.materials["service"], **answers}
    return desk.save(draft, "service", as_form("service", {"service": service}), next_step=step)["location"]


def open_points(draft: Draft) -> set[str]:
    draft.refresh_from_db()
    return {point.key for point in examine(draft).points if point.step == "service"}


@pytest.mark.parametrize("section", SECTIONS)
def test_nothing_is_wrong_before_anything_was_typed(desk: Desk, section: str) -> None:
    draft = desk.start()
    page = desk.get("section", draft.pk, section).content.decode()
    assert error_texts(page) == []
    assert "error-summary" not in page
    assert "field--error" not in page
    assert [point.key for point in examine(draft).points if not point.is_missing] == []
    asked = desk.get("section", draft.pk, section, gaps="1").content.decode()
    assert error_texts(asked) != []


def test_an_api_alone_leaves_nothing_open_about_its_form(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    service = materials_for(cast)["service"]
    for name in ("websites", "apps", "official_accounts", "apis"):
        service.pop(name, None)
    draft.materials = {**draft.materials, "service": service}
    draft.save()
    send_service(desk, draft, service_forms=["api"])
    assert open_points(draft) == {"service.apis"}
    send_service(desk, draft, apis=[{"documentation_url": "https://docs.example.com/api"}])
    assert open_points(draft) == set()
    assert "websites" not in draft.materials["service"]


def test_a_draft_begun_before_goes_on_with_the_form_as_it_is_now_and_loses_nothing(desk: Desk) -> None:
    given = {"service_name": "样例服务", "service_forms": ["api"], "official_accounts": [ACCOUNT]}
    draft = begun_before(desk, given)
    page = desk.get("section", draft.pk, "service").content.decode()
    assert value_in(page, "form_version") == "3"
    assert 'id="group-apis"' in page
    send_service(desk, draft, service_forms=["api", "official_account"])
    draft.refresh_from_db()
    assert draft.materials["service"] == {**given, "service_forms": ["api", "official_account"]}
    assert version_of(draft.materials) == 3


def test_a_page_that_was_open_since_before_loses_nothing(desk: Desk) -> None:
    draft = begun_before(desk, {"service_forms": ["website"]})
    sent = as_form("service", {"service": {"service_forms": ["website"], "official_accounts": [ACCOUNT]}})
    fields = desk.page_fields(draft, "service")
    del fields["form_version"]
    desk.post("section", draft.pk, "service", data={**sent, **fields, "next_step": "stay"})
    draft.refresh_from_db()
    assert draft.materials["service"] == {
        "service_forms": ["website", "official_account"],
        "official_accounts": [ACCOUNT],
    }


@pytest.mark.parametrize("claimed", ["0", "1", "2", "4", "999999999", "x", ""])
def test_a_page_cannot_claim_a_version_that_the_draft_has_not(desk: Desk, claimed: str) -> None:
    draft = desk.start()
    sent = as_form("service", {"service": {"service_name": "样例服务"}})
    desk.save(draft, "service", sent, form_version=claimed)
    draft.refresh_from_db()
    assert version_of(draft.materials) == 3


def test_what_was_filed_before_keeps_its_version_its_checklist_and_its_materials(cast: Cast) -> None:
    case = filed_before(cast)
    older = materials_of(get_revision(case.application_id, 1))
    assert "form" not in older
    assert [key for key in checklist_items(older) if key in ("service.apis", "service.nodes")] == []
    assert materials_in_force(filing_of(case))["service"] == older["service"]
    newer = materials_of(get_revision(in_force(cast, seed=2).application_id, 1))
    assert newer["form"] == {"version": 3}


def test_a_change_of_something_else_asks_for_nothing_new(cast: Cast) -> None:
    case = filed_before(cast)
    with desk_at(LATER, cast) as desk:
        draft = change_of(desk, case)
        page = desk.get("section", draft.pk, "service").content.decode()
        assert value_in(page, "form_version") == "1"
        send_service(desk, draft, description=NEW_DESCRIPTION)
        assert open_points(draft) == set()
        assert version_of(draft.materials) == 1
        assert FilingChange(draft).changed(draft.materials) == ("service.description",)


def test_a_change_that_touches_the_forms_is_asked_for_what_is_new_and_comes_back_to_it(cast: Cast) -> None:
    case = filed_before(cast, service_forms=["website", "app"], apps=[{"name": "样例客户端"}])
    with desk_at(LATER, cast) as desk:
        draft = change_of(desk, case)
        location = send_service(desk, draft, step="forward", service_forms=["website", "app", "node"])
        assert location.endswith("/service/?gaps=1")
        page = desk.get("section", draft.pk, "service", gaps="1").content.decode()
        assert value_in(page, "form_version") == "3"
        # The app stands in the book as it is here; the account there has its form ticked.
        assert open_points(draft) == {"service.nodes"}
        draft.refresh_from_db()
        assert draft.materials["service"]["official_accounts"] == [ACCOUNT]
        node = {"chain": "样例链", "identity": "sample-node-1"}
        send_service(desk, draft, nodes=[node])
        assert open_points(draft) == set()
        draft.refresh_from_db()
        assert set(FilingChange(draft).changed(draft.materials)) == {"service.service_forms", "service.nodes"}
        send_service(desk, draft, apps=[{"name": "样例新客户端"}])
        assert open_points(draft) == {"service.apps.package_name", "service.apps.filing_number"}


def test_a_change_taken_back_goes_back_to_the_version_in_force(cast: Cast) -> None:
    case = filed_before(cast)
    with desk_at(LATER, cast) as desk:
        draft = change_of(desk, case)
        send_service(desk, draft, service_forms=["website", "node"])
        send_service(desk, draft, service_forms=["website", "api"])
        draft.refresh_from_db()
        assert version_of(draft.materials) == 1
        assert FilingChange(draft).changed(draft.materials) == ()


def test_a_copy_of_what_was_filed_before_is_on_the_form_as_it_is_now(cast: Cast) -> None:
    case = filed_before(cast)
    with desk_at(LATER, cast) as desk:
        assert desk.post("copy", case.application_id).status_code == 302
        draft = Draft.objects.filter(kind="initial").latest("created_at")
        assert version_of(draft.materials) == 3
        assert draft.materials["service"]["official_accounts"] == [ACCOUNT]
        assert {"service.apis", "service.service_name"} <= open_points(draft)


def test_another_service_of_an_applicant_known_from_before_is_asked_for_its_forms(cast: Cast) -> None:
    filed_before(cast, official_accounts=[])
    applicant = Application.objects.latest("submitted_at").applicant
    with desk_at(LATER, cast) as desk:
        draft = desk.start(applicant.pk)
        send_service(desk, draft, service_forms=["website", "api"])
        assert "service.apis" in open_points(draft)
