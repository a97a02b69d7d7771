"""What other answers and the account give is filled in, shown as such, and can be corrected; nothing else is."""

from __future__ import annotations

import pytest

from applicants.changes.change import start_change
from applicants.models import Draft
from registry.models import Account
from tests.applicants.pages import Desk, as_form
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, materials_for

pytestmark = pytest.mark.django_db

CHAINS = "application_main_chains"
MOBILE, EMAIL = "+8619900001234", "reached@example.com"


def reached(account: Account, *, verified: bool = True) -> None:
    """Gives the account a mobile and a mail address."""
    account.mobile, account.email = MOBILE, EMAIL
    account.mobile_verified_at = account.email_verified_at = MORNING if verified else None
    account.save()


def content(**row: str) -> dict[str, str]:
    sent = {f"{CHAINS}-0-{name}": answer for name, answer in row.items()}
    return {"categories": "application_operator", f"{CHAINS}-TOTAL_FORMS": "1", **sent}


def chain_of(draft: Draft) -> dict[str, str]:
    draft.refresh_from_db()
    [row] = draft.materials["content"][CHAINS]
    return dict(row)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"chain": "bitcoin"}, "public"),
        ({"chain": "conflux"}, "public"),
        ({"chain": "chainmaker"}, "consortium"),
        ({"chain": "other", "other_chain_name": "莱特币"}, "public"),
        # Of a chain that nobody knows the service has said what it is.
        ({"chain": "other", "other_chain_name": "样例链"}, "private"),
    ],
)
def test_the_kind_of_a_chain_follows_from_the_chain(desk: Desk, given: dict[str, str], kind: str) -> None:
    draft = desk.start()
    desk.save(draft, "service", {"chain_kind": "private"})
    desk.save(draft, "content", content(**given))
    assert chain_of(draft)["kind"] == kind
    # What was chosen stands: software of one name runs chains of several kinds.
    desk.save(draft, "content", content(**given, kind="consortium"))
    assert chain_of(draft)["kind"] == "consortium"


def test_the_kind_of_an_unknown_chain_is_asked(desk: Desk) -> None:
    draft = desk.start()
    desk.save(draft, "content", content(chain="other", other_chain_name="样例链"))
    assert "kind" not in chain_of(draft)


def test_an_individual_who_files_in_person_is_reached_as_the_account_is(desk: Desk, cast: Cast) -> None:
    reached(cast.member)
    given = as_form("applicant", materials_for(cast, nature="individual"))
    draft = desk.start()
    desk.save(draft, "applicant", given)
    draft.refresh_from_db()
    contact = draft.materials["person_in_charge"]
    assert contact == {"mobile": MOBILE, "email": EMAIL}
    assert (
        desk.get("section", draft.pk, "person_in_charge").content.decode().count("取自您账号中已验证的信息")
        == 2
    )
    desk.save(draft, "person_in_charge", {"mobile": "19900001111", "email": "other@example.com"})
    assert "取自您账号" not in desk.get("section", draft.pk, "person_in_charge").content.decode()


@pytest.mark.parametrize("who", ["agent", "organisation", "unverified"])
def test_nobody_elses_contact_is_taken_from_the_account(desk: Desk, cast: Cast, who: str) -> None:
    nature = "organisation" if who == "organisation" else "individual"
    given = as_form("applicant", materials_for(cast, nature=nature))
    if who == "agent":
        given["filed_by_agent"] = "yes"
    reached(cast.member, verified=who != "unverified")
    draft = desk.start()
    desk.save(draft, "applicant", given)
    draft.refresh_from_db()
    assert not draft.materials["person_in_charge"]


def test_the_same_address_is_a_tick(desk: Desk) -> None:
    draft = desk.start()
    sent = {"nature": "organisation", "document_address": "样例路 1 号"}
    desk.save(draft, "applicant", {**sent, "mailing_address": "", "mailing_address__same": "yes"})
    draft.refresh_from_db()
    assert draft.materials["applicant"]["mailing_address"] == "样例路 1 号"
    ticked = 'name="mailing_address__same" id="id_mailing_address__same" value="yes" checked'
    assert ticked in desk.get("section", draft.pk, "applicant").content.decode()
    # Without scripts the box stands beside the tick: what is typed into it is meant.
    typed = {**sent, "mailing_address": "样例街 2 号", "mailing_address__same": "yes"}
    desk.save(draft, "applicant", typed)
    draft.refresh_from_db()
    assert draft.materials["applicant"]["mailing_address"] == "样例街 2 号"
    assert ticked not in desk.get("section", draft.pk, "applicant").content.decode()


def test_what_is_mostly_so_counts_once_its_page_was_sent(desk: Desk) -> None:
    draft = desk.start()
    desk.save(draft, "applicant", {"nature": "organisation", "organisation_type": "enterprise"})
    page = desk.get("section", draft.pk, "person_in_charge").content.decode()
    assert page.count("已按通常情形预填") == 2
    draft.refresh_from_db()
    assert draft.materials["person_in_charge"] == {}
    sent = {"capacity": "legal_representative", "document_type": "resident_id"}
    desk.save(draft, "person_in_charge", sent)
    assert "已按通常情形预填" not in desk.get("section", draft.pk, "person_in_charge").content.decode()


def test_a_change_and_an_amendment_fill_in_nothing(desk: Desk, cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    draft = start_change(filing, account=cast.member, at=MORNING)
    materials = draft.materials
    materials["content"][CHAINS] = [{"chain": "bitcoin"}]
    draft.materials = materials
    draft.save()
    desk.save(draft, "content", content(chain="bitcoin"))
    assert "kind" not in chain_of(draft)
