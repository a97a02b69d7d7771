"""The list of office accounts is searched by name, address, role, office and standing."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Account
from registry.rules.workflow.states import Role
from tests.builders.register import Cast
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

PAGE = "/office/accounts/"


def officer(name: str, role: Role, **more: object) -> Account:
    return Account.objects.create_account(
        name=name,
        password=str(more.pop("password", "Sample-lantern-88")),
        role=role,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return sign_in(cast.get("样例管理员", Role.ADMINISTRATOR))


def names(client: Client, **query: str) -> set[str]:
    return {line["account"].name for line in client.get(PAGE, query).context["lines"]}


def test_each_filter_narrows_the_list(administrator: Client) -> None:
    officer("样例甲一", Role.PROVINCIAL_REVIEWER, province_code="110000", email="jia@example.com")
    officer("样例甲二", Role.PROVINCIAL_HEAD, province_code="110000")
    officer("样例乙一", Role.PROVINCIAL_REVIEWER, province_code="440000", is_active=False)
    officer("样例丙一", Role.NATIONAL_REVIEWER)
    Account.objects.create_account(name="样例丁一", password=None, role=Role.AUDITOR)
    everybody = {"样例甲一", "样例甲二", "样例乙一", "样例丙一", "样例丁一"}
    assert everybody <= names(administrator)
    for query, found in (
        ({"q": "甲"}, {"样例甲一", "样例甲二"}),
        ({"q": "JIA@example.com"}, {"样例甲一"}),
        ({"q": "jia@"}, set()),
        ({"role": "provincial_reviewer"}, {"样例甲一", "样例乙一"}),
        ({"role": "provincial_reviewer", "office": "440000"}, {"样例乙一"}),
        ({"office": "110000"}, {"样例甲一", "样例甲二"}),
        ({"office": "national"}, {"样例丙一"}),
        ({"standing": "closed"}, {"样例乙一"}),
        ({"standing": "invited", "q": "样例丁"}, {"样例丁一"}),
        ({"standing": "open", "q": "一"}, {"样例甲一", "样例丙一"}),
    ):
        assert names(administrator, **query) == found, query


def test_nothing_found_says_so_and_what_is_not_understood_is_refused(administrator: Client) -> None:
    assert "No account fits" in text_of(administrator.get(PAGE, {"q": "无此人"}))
    refused = administrator.get(PAGE, {"role": "emperor", "q": "样例"})
    assert refused.status_code == 400
    assert 'value="样例"' in refused.content.decode()
