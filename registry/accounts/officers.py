"""Office accounts: opened by an administrator or on the server, never by signing up.

A new officer has no password. The administrator who opened the account hands over a link, valid once and for
three days, that leads to the page where the officer chooses one.

Every act about an account stands in the account's stream of office acts, with who did it, what changed and why.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry import clock
from registry.accounts.backends import read_email, read_mobile
from registry.accounts.sessions import end_sessions
from registry.errors import FilingError
from registry.models import Account
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.names import strange_in_person
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.printable import code_point, unprintable
from registry.rules.substance import says_something
from registry.rules.visible_text import clean, is_visible
from registry.rules.workflow.states import NATION, PROVINCE, Role
from registry.streams import office_acts

OFFICE_ROLES: tuple[Role, ...] = (
    Role.PROVINCIAL_REVIEWER,
    Role.PROVINCIAL_HEAD,
    Role.NATIONAL_REVIEWER,
    Role.NATIONAL_HEAD,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)


class OfficerRefused(FilingError):
    """An office account cannot be opened or changed as asked; the code says why, `facts["field"]` where."""


def create_officer(
    *,
    name: str,
    role: Role,
    email: str,
    mobile: str = "",
    province_code: str = "",
    password: str | None = None,
    by: Account | None = None,
) -> Account:
    """Creates an office account; its mobile and e-mail address count as verified. Raises OfficerRefused.

    `by` is the administrator who opens it; None where it is opened on the server.
    """
    province_code = _checked_province(role, province_code)
    name = clean(name, line_breaks=False)
    if not is_visible(name):
        raise OfficerRefused("name_missing", field="name")
    if strange := strange_in_person(name) or unprintable(name):
        raise OfficerRefused("name_malformed", field="name", strange=" ".join(map(code_point, strange)))
    address, number = read_email(email), read_mobile(mobile) if mobile else None
    if address is None:
        raise OfficerRefused("email_malformed", field="email")
    if mobile and number is None:
        raise OfficerRefused("mobile_malformed", field="mobile")
    now = clock.now()
    try:
        with transaction.atomic():
            account = Account.objects.create_account(
                name=name,
                password=password,
                mobile=number,
                email=address,
                role=role,
                province_code=province_code,
                email_verified_at=now,
                mobile_verified_at=now if number else None,
            )
            _record(OfficeAct.ACCOUNT_OPENED, account, by=by, at=now, after=_office_of(account))
            return account
    except IntegrityError as error:
        field = "email" if Account.objects.by_email(address) is not None else "mobile"
        raise OfficerRefused(f"{field}_taken", field=field) from error


@transaction.atomic
def change_office(
    account_id: uuid.UUID, *, role: Role, province_code: str, reason: str, by: Account
) -> Account:
    """Moves an officer to another role or province; every session of the account ends. Raises OfficerRefused."""
    _refuse_without(reason)
    account = _locked(account_id, by)
    before = _office_of(account)
    account.role, account.province_code = role.value, _checked_province(role, province_code)
    if _office_of(account) == before:
        raise OfficerRefused("office_unchanged", field="role")
    account.save(update_fields=["role", "province_code"])
    end_sessions(account)
    _record(
        OfficeAct.ACCOUNT_MOVED,
        account,
        by=by,
        at=clock.now(),
        before=before,
        after=_office_of(account),
        reason=reason,
        province_code=before["province_code"] or account.province_code,
    )
    return account


@transaction.atomic
def set_active(account_id: uuid.UUID, *, is_active: bool, reason: str, by: Account) -> Account:
    """Closes an office account, ending its sessions, or opens it again. Raises OfficerRefused.

    What a closed account has claimed is nobody's at once; its claims end and its office is told by a sweep.
    """
    _refuse_without(reason)
    account = _locked(account_id, by)
    if account.is_active == is_active:
        raise OfficerRefused("open_already" if is_active else "closed_already", field="account")
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    end_sessions(account)
    _record(
        OfficeAct.ACCOUNT_REOPENED if is_active else OfficeAct.ACCOUNT_CLOSED,
        account,
        by=by,
        at=clock.now(),
        before={"is_active": not is_active},
        after={"is_active": is_active},
        reason=reason,
    )
    return account


@transaction.atomic
def invite(account_id: uuid.UUID, *, by: Account) -> str:
    """A new path to the first password of an officer who has chosen none; that it was made is recorded.

    Raises OfficerRefused.
    """
    account = _locked(account_id, by, may_be_own=True)
    path = first_password_path(account)
    _record(OfficeAct.ACCOUNT_INVITED, account, by=by, at=clock.now())
    return path


def first_password_path(account: Account) -> str:
    """The path of the page where an officer without a password chooses one. Raises OfficerRefused."""
    if account.acts_as is Role.APPLICANT or account.has_usable_password():
        raise OfficerRefused("has_password", field="account")
    token = default_token_generator.make_token(account)
    return reverse("account_first_password", args=[account.pk, token])


def account_of_first_password(account_id: uuid.UUID, token: str) -> Account | None:
    """The account whose first password this link may set; None when the link is used up or expired."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None or account.acts_as is Role.APPLICANT or account.has_usable_password():
        return None
    return account if default_token_generator.check_token(account, token) else None


def province_code_of(text: str) -> str:
    """The code of a province named by its code, name or abbreviation. Raises OfficerRefused."""
    for province in PROVINCES:
        if text in {province.code, province.code[:2], province.abbreviation} or province.name.startswith(
            text
        ):
            return province.code
    raise OfficerRefused("province_unknown", field="province_code", found=text)


def _checked_province(role: Role, province_code: str) -> str:
    if role not in OFFICE_ROLES:
        raise OfficerRefused("not_an_office_role", field="role")
    if role in PROVINCE:
        if not province_code:
            raise OfficerRefused("province_missing", field="province_code")
        return province_code_of(province_code)
    if province_code:
        code = "nation_has_no_province" if role in NATION else "role_has_no_province"
        raise OfficerRefused(code, field="province_code")
    return ""


def _locked(account_id: uuid.UUID, by: Account, *, may_be_own: bool = False) -> Account:
    """The account, locked with that of the administrator who acts.

    Both are locked, in one order, and the administrator's is read again: of two administrators who close each other at
    the same time, one stays.
    """
    both = Account.objects.select_for_update().filter(pk__in={account_id, by.pk}).order_by("pk")
    rows = {row.pk: row for row in both}
    account, acting = rows.get(account_id), rows.get(by.pk)
    if account is None or account.acts_as is Role.APPLICANT:
        raise OfficerRefused("not_an_office_account", field="account")
    if account.pk == by.pk and not may_be_own:
        raise OfficerRefused("own_account", field="account")
    if acting is None or not acting.is_active or acting.acts_as is not Role.ADMINISTRATOR:
        raise OfficerRefused("not_an_administrator", field="account")
    return account


def _refuse_without(reason: str) -> None:
    if not says_something(reason):
        raise OfficerRefused("reason_missing", field="reason")


def _office_of(account: Account) -> dict[str, str]:
    return {"role": account.role, "province_code": account.province_code}


def _record(
    act: OfficeAct,
    account: Account,
    *,
    by: Account | None,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    province_code: str | None = None,
) -> None:
    office_acts.record(
        act,
        OfficeSubject.ACCOUNT,
        account.pk,
        by=by,
        at=at,
        before=before,
        after=after,
        reason=reason,
        province_code=account.province_code if province_code is None else province_code,
    )
