"""Fields that a form does not have make no difference, whatever their names: every field name of every model."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from registry.models import Account
from registry.rules.workflow.states import Role
from tests.access.scene import Scene, number_of
from tests.access.table import TABLE, Row
from tests.access.visitors import Visitor
from tests.access.walking import ask, undone
from tests.registry.accounts.journey import EMAIL, PASSWORD, enter_codes, mail_code, sms_code

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Counted by the database: the second of two tries gets the next one.
_COUNTED = re.compile(r'(?:(?<="id": )|(?<="article_id": )|(?<="key": "))\d+(?=[",}])')
_RANDOM = re.compile(r'"(?:\\\\x[0-9a-f]+|[0-9a-f]{64}|![A-Za-z0-9]{40})"')
# Made of the id of a notice, which is made of those of new rows.
_SHORT_ADDRESS = re.compile(r"/n/[a-z2-7]{12}/")
# Where what is written is random, or about the library's own secrets.
_LEFT_OUT = re.compile(r"^(django_|mfa_|registry_accountsession|axes_)")

# Every identifier there is, and every row table by table.
Before = tuple[frozenset[str], dict[str, list[str]]]

WRITING = [
    pytest.param(name, row, id=f"{name}-{number}" if number else name)
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
    if row.writes and not name.startswith("mfa_")
]


def _hostile_fields(scene: Scene) -> dict[str, str]:
    """Every field name of the portal's models with a value that somebody would like it to have."""
    wished = {
        "state": "approved",
        "standing": "in_force",
        "number": number_of(scene),
        "role": Role.ADMINISTRATOR.value,
        "province_code": "440000",
        "division_code": "440305",
        "decision": "approval",
        "opinion": "approval",
        "proposal": "approval",
        "office": "nation",
        "receipt_number": "SAMPLE-INTRUDER",
        "applicant": str(scene.stranger_draft.applicant_id or scene.elsewhere.application.applicant_id),
        "account": str(scene.accounts[Visitor.STRANGER].pk),
        "officer": str(scene.accounts[Visitor.ELSEWHERE].pk),
        "filing": str(scene.in_force.application.filing_id),
        "application": str(scene.elsewhere.application_id),
        "draft_id": str(scene.stranger_draft.pk),
    }
    found: dict[str, str] = {"is_staff": "on", "is_superuser": "on", "user_permissions": "1", "pk": "1"}
    for room in ("registry", "applicants", "review"):
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.get_fields():
                if isinstance(field, models.Field):
                    value = wished.get(field.name, _of_its_kind(field))
                    found |= {field.name: value, field.attname: value}
    return found


def _of_its_kind(field: models.Field[Any, Any]) -> str:
    if isinstance(field, (models.DateField, models.DateTimeField)):
        return "2020-01-01"
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.IntegerField):
        return "7"
    if isinstance(field, models.JSONField):
        return '{"intruder": true}'
    if isinstance(field, (models.UUIDField, models.ForeignKey)):
        return "00000000-0000-4000-8000-000000000007"
    return "intruder"


def _rows(known: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Every row of the portal's tables; identifiers that are not known, and sealed values, as such."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if _LEFT_OUT.match(table):
                continue
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            found[table] = sorted(_comparable(line, known) for (line,) in cursor.fetchall())
    return found


@cache
def _comparable(line: str, known: frozenset[str]) -> str:
    """Most rows are the same before and after, for each of many requests."""
    plain = _SHORT_ADDRESS.sub("/n/new/", _COUNTED.sub("0", _RANDOM.sub('"sealed"', line)))
    return _UUID.sub(lambda match: match[0] if match[0] in known else "new", plain)


def _known() -> frozenset[str]:
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            texts += [line for (line,) in cursor.fetchall()]
    return frozenset(_UUID.findall(" ".join(texts)))


@pytest.fixture(scope="module")
def untouched(register_of_two_provinces: Scene) -> Before:
    """Looked at once: each test is given the same rows."""
    known = _known()
    return known, _rows(known)


@pytest.mark.parametrize(("name", "row"), WRITING)
def test_unasked_fields_make_no_difference(untouched: Before, scene: Scene, name: str, row: Row) -> None:
    url = reverse(name, kwargs=row.arguments(scene))
    known, before = untouched
    visitor = min(row.writes or ())
    sent = row.sends(scene)
    with undone():
        ask(scene, visitor, "POST", url, sent)
        plain = _rows(known)
    with undone():
        # Files are read once, and keys are good once.
        ask(scene, visitor, "POST", url, {**_unheard_of(scene, name), **row.sends(scene)})
        hostile = _rows(known)
    assert plain != before
    assert hostile == plain


def _unheard_of(scene: Scene, name: str) -> dict[str, str]:
    """The hostile fields without those that this form has and the table leaves empty."""
    own = {
        "review:mark": {"key", "verdict", "remark", "revision", "code", "version"},
        # The version that a page was made from: a wrong one is refused as out of date.
        "applicants:changes": {"version"},
        "applicants:autosave_changes": {"version"},
        # The facts of the applicant, and the services, that a page showed: others are refused as out of date.
        "applicants:submit": {"facts", "seen"},
        "applicants:withdraw_cancellation": {"explanation"},
        "review:act": {"text", "revision", "event", "key"},
        "applicants:withdraw": {"explanation"},
        "office:account_add": {"mobile"},
        "office:list_entry_add": {"kind"},
        # A choice of this form, by its own name, among one's own applicants only; and whose filing is begun.
        "applicants:start": {"applicant", "who", "credit_code", "consent", "consent_version"},
    }.get(name, set())
    return {field: value for field, value in _hostile_fields(scene).items() if field not in own}


def test_a_field_that_the_form_has_does_make_a_difference(scene: Scene) -> None:
    """The control: the comparison sees a single value."""
    row = TABLE["review:mark"][0]
    url = reverse("review:mark", kwargs=row.arguments(scene))
    known = _known()
    seen = []
    for verdict in ("fine", "deficient"):
        with undone():
            ask(scene, Visitor.PROVINCIAL, "POST", url, {**row.sends(scene), "verdict": verdict})
            seen.append(_rows(known))
    assert [table for table in seen[0] if seen[0][table] != seen[1][table]] == [
        "review_checklistmark",
        "review_markversion",
    ]


def test_nobody_signs_up_as_an_officer(scene: Scene) -> None:
    client = Client()
    mobile = "19900000903"
    form = {
        "name": "样例来访者",
        "mobile": mobile,
        "email": EMAIL,
        "password1": PASSWORD,
        "agreement": "on",
    }
    hostile = _hostile_fields(scene)
    client.post(reverse("account_signup"), {**hostile, **form})
    enter_codes(client, mobile_code=sms_code(mobile), email_code=mail_code(EMAIL))
    account = Account.objects.by_mobile(f"+86{mobile}")
    assert account is not None
    assert (account.role, account.province_code, account.is_sample, account.is_staff) == (
        Role.APPLICANT.value,
        "",
        False,
        False,
    )
    assert str(account.pk) != hostile["id"]
    assert not account.memberships.exists()
