"""Office accounts: opened by an administrator or on the server, never by signing up.

A new officer has no password. The administrator who opened the account hands over a link, valid once and for
three days, that leads to the page where the officer chooses one.
"""

from __future__ import annotations

import uuid

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
from registry.rules.printable import code_point, unprintable
from registry.rules.visible_text import clean, is_visible
from registry.rules.workflow.states import NATION, PROVINCE, Role

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
) -> Account:
    """Creates an office account; its mobile and e-mail address count as verified. Raises OfficerRefused."""
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
            return Account.objects.create_account(
                name=name,
                password=password,
                mobile=number,
                email=address,
                role=role,
                province_code=province_code,
                email_verified_at=now,
                mobile_verified_at=now if number else None,
            )
    except IntegrityError as error:
        field = "email" if Account.objects.by_email(address) is not None else "mobile"
        raise OfficerRefused(f"{field}_taken", field=field) from error


@transaction.atomic
def change_office(account_id: uuid.UUID, *, role: Role, province_code: str, by: Account) -> Account:
    """Moves an officer to another role or province; every session of the account ends. Raises OfficerRefused."""
    account = _locked(account_id)
    _refuse_own(account, by)
    account.role, account.province_code = role.value, _checked_province(role, province_code)
    account.save(update_fields=["role", "province_code"])
    end_sessions(account)
    return account


@transaction.atomic
def set_active(account_id: uuid.UUID, *, is_active: bool, by: Account) -> Account:
    """Closes an office account, ending its sessions, or opens it again. Raises OfficerRefused."""
    account = _locked(account_id)
    _refuse_own(account, by)
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    end_sessions(account)
    return account


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


def _locked(account_id: uuid.UUID) -> Account:
    account = (
        Account.objects.select_for_update().filter(pk=account_id).exclude(role=Role.APPLICANT.value).first()
    )
    if account is None:
        raise OfficerRefused("not_an_office_account", field="account")
    return account


def _refuse_own(account: Account, by: Account) -> None:
    if account.pk == by.pk:
        raise OfficerRefused("own_account", field="account")
