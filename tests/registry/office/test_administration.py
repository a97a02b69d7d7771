"""The administrator's lists and office accounts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.lists import current_lists
from registry.models import Account, ListEntry
from registry.rules.workflow.states import Role
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db
FIELDS = ListEntry.ListName.APPLICATION_FIELDS.value
CHAINS = ListEntry.ListName.MAIN_CHAINS.value


@pytest.fixture
def administrator(client: Client, cast: Cast) -> Client:
    """The client, signed in as administrator."""
    client.force_login(cast.administrator, backend="registry.accounts.backends.AccountBackend")
    return client


def _codes(list_name: str) -> list[str]:
    return list(ListEntry.objects.filter(list_name=list_name).values_list("code", flat=True))


def test_an_entry_is_added_at_the_end_and_offered(administrator: Client) -> None:
    data = {
        "name_zh": "样例领域",
        "name_en": "Sample field",
        "code": "sample_field",
        "reason": "样例：写明理由",
    }
    response = administrator.post(reverse("office:list_entry_add", args=[FIELDS]), data)
    assert response["Location"] == reverse("office:list", args=[FIELDS])
    assert _codes(FIELDS)[-1] == "sample_field"
    assert "sample_field" in current_lists()[FIELDS]
    assert "样例领域" in administrator.get(response["Location"]).content.decode()


@pytest.mark.parametrize("code", ["finance", "Sample", "a b", ""])
def test_a_code_is_plain_and_new(administrator: Client, code: str) -> None:
    data = {"name_zh": "样例", "name_en": "Sample", "code": code, "reason": "样例：写明理由"}
    response = administrator.post(reverse("office:list_entry_add", args=[FIELDS]), data)
    assert list(response.context["form"].errors) == ["code"]


def test_a_chain_says_its_kind(administrator: Client) -> None:
    data = {
        "name_zh": "样例链",
        "name_en": "Sample chain",
        "code": "sample_chain",
        "reason": "样例：写明理由",
    }
    address = reverse("office:list_entry_add", args=[CHAINS])
    assert list(administrator.post(address, data).context["form"].errors) == ["kind"]
    administrator.post(address, data | {"kind": "consortium"})
    assert ListEntry.objects.get(code="sample_chain").kind == "consortium"


def test_names_change_and_the_code_stays(administrator: Client) -> None:
    entry = ListEntry.objects.filter(list_name=FIELDS).first()
    assert entry is not None
    data = {"name_zh": "新名", "name_en": "New name", "code": "changed", "reason": "样例：写明理由"}
    administrator.post(reverse("office:list_entry", args=[entry.pk]), data)
    changed = ListEntry.objects.get(pk=entry.pk)
    assert (changed.name_zh, changed.name_en, changed.code) == ("新名", "New name", entry.code)


def test_an_entry_moves_one_place_and_not_past_the_ends(administrator: Client) -> None:
    first, second, *rest = _codes(FIELDS)
    entry = ListEntry.objects.get(list_name=FIELDS, code=first)
    address = reverse("office:list_entry_move", args=[entry.pk])
    administrator.post(address, {"direction": "up"})
    assert _codes(FIELDS) == [first, second, *rest]
    administrator.post(address, {"direction": "down"})
    assert _codes(FIELDS) == [second, first, *rest]


def test_a_retired_entry_is_offered_no_more_and_can_come_back(administrator: Client) -> None:
    entry = ListEntry.objects.filter(list_name=FIELDS).first()
    assert entry is not None
    address = reverse("office:list_entry_retire", args=[entry.pk])
    administrator.post(address, {"act": "retire", "reason": "样例：写明理由"})
    assert entry.code not in current_lists()[FIELDS]
    administrator.post(address, {"act": "restore", "reason": "样例：写明理由"})
    assert entry.code in current_lists()[FIELDS]


def test_there_is_no_list_of_another_name(administrator: Client) -> None:
    assert administrator.get(reverse("office:list", args=["accounts"])).status_code == 404


def test_an_office_account_is_opened_and_its_link_shown_once(administrator: Client) -> None:
    data = {
        "name": "样例新审核员",
        "role": "provincial_reviewer",
        "province_code": "440000",
        "email": "fresh@example.com",
        "mobile": "",
    }
    page = administrator.post(reverse("office:account_add"), data).content.decode()
    link = re.search(r"http://testserver(/account/password/first/[^<\s]+)", page)
    assert link is not None
    path = link[1]
    officer = Account.objects.by_email("fresh@example.com")
    assert officer is not None
    assert (officer.role, officer.province_code) == ("provincial_reviewer", "440000")
    assert Client().get(path)["Location"] == reverse("account_choose_password")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"province_code": ""}, "province_code"),
        ({"role": "national_head"}, "province_code"),
        ({"role": "applicant"}, "role"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_a_wrong_combination_is_said_at_its_field(
    administrator: Client, changes: dict[str, str], field: str
) -> None:
    data = {
        "name": "样例新审核员",
        "role": "provincial_reviewer",
        "province_code": "440000",
        "email": "fresh@example.com",
    }
    response = administrator.post(reverse("office:account_add"), data | changes)
    assert list(response.context["form"].errors) == [field]


def test_an_officer_changes_office_and_is_closed_and_opened(administrator: Client, cast: Cast) -> None:
    officer = cast.provincial
    address = reverse("office:account", args=[officer.pk])
    administrator.post(
        address, {"role": "national_reviewer", "province_code": "", "reason": "样例：写明理由"}
    )
    officer.refresh_from_db()
    assert (officer.role, officer.province_code) == (Role.NATIONAL_REVIEWER.value, "")
    close = reverse("office:account_disable", args=[officer.pk])
    administrator.post(close, {"act": "disable", "reason": "样例：写明理由"})
    assert not Account.objects.get(pk=officer.pk).is_active
    administrator.post(close, {"act": "enable", "reason": "样例：写明理由"})
    assert Account.objects.get(pk=officer.pk).is_active


def test_the_administrator_cannot_touch_applicants_or_the_own_account(
    administrator: Client, cast: Cast
) -> None:
    for address in ("office:account", "office:account_disable", "office:account_invite"):
        response = administrator.post(
            reverse(address, args=[cast.member.pk]), {"act": "disable", "reason": "样例：写明理由"}
        )
        assert response.status_code in {302, 404}
    administrator.post(
        reverse("office:account_disable", args=[cast.administrator.pk]),
        {"act": "disable", "reason": "样例：写明理由"},
    )
    assert set(Account.objects.values_list("is_active", flat=True)) == {True}


def test_a_link_is_refused_for_an_officer_with_a_password(administrator: Client, cast: Cast) -> None:
    officer = cast.national
    officer.set_password("Another-lantern-43")
    officer.save()
    response = administrator.post(reverse("office:account_invite", args=[officer.pk]))
    assert response["Location"] == reverse("office:accounts")


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_accounts_takes_the_same_queries_for_any_number(
    administrator: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        Account.objects.create_account(
            name=f"样例{number}", password=None, email=f"a{number}@example.com", role=Role.AUDITOR
        )
    administrator.get(reverse("office:accounts"))
    with django_assert_num_queries(3):
        administrator.get(reverse("office:accounts"))


@pytest.mark.parametrize("name", ["office:lists", "office:accounts", "office:account_add"])
@pytest.mark.parametrize(
    "who", ["member", "provincial", "provincial_head", "national", "national_head", "auditor"]
)
def test_nobody_else_opens_the_administrators_pages(client: Client, cast: Cast, name: str, who: str) -> None:
    client.force_login(getattr(cast, who), backend="registry.accounts.backends.AccountBackend")
    assert client.get(reverse(name)).status_code == 404
