"""Sample accounts to sign in with, of invented people for every role; refused where data are real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password

from registry import clock
from registry.errors import FilingError
from registry.models import Account
from registry.rules.workflow.states import Role
from registry.sample.agreements import agree_to_everything

BEIJING = "110000"
GUANGDONG = "440000"


class SampleDataRefused(FilingError):
    """This installation holds real data and takes no sample accounts."""


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """One sample account; the mobile number is in E.164, from a range that this portal keeps for samples."""

    key: str
    label: str
    name: str
    role: Role
    email: str
    mobile: str
    province_code: str = ""


class LoginLine(NamedTuple):
    """A printed line with what one needs to sign in."""

    label: str
    email: str
    password: str

    def __str__(self) -> str:
        return f"{self.label:<34} {self.email:<34} {self.password}"


# Usable only where every account is a sample.
SAMPLE_PASSWORD = "Sample-lantern-88"  # noqa: S105


def _login(number: int, key: str, label: str, name: str, role: Role, province_code: str = "") -> SampleLogin:
    return SampleLogin(
        key=key,
        label=label,
        name=name,
        role=role,
        email=f"{key.replace('_', '.')}@example.com",
        mobile=f"+86199{number:08d}",
        province_code=province_code,
    )


SAMPLE_LOGINS: tuple[SampleLogin, ...] = (
    _login(1, "applicant", "Applicant, organisation (owner)", "样例经办人甲", Role.APPLICANT),
    _login(2, "agent", "Applicant, second member or agent", "样例代理人乙", Role.APPLICANT),
    _login(3, "individual", "Applicant, individual", "样例个人丙", Role.APPLICANT),
    _login(
        11, "beijing_one", "Provincial reviewer, Beijing", "样例审核员京一", Role.PROVINCIAL_REVIEWER, BEIJING
    ),
    _login(
        12, "beijing_two", "Provincial reviewer, Beijing", "样例审核员京二", Role.PROVINCIAL_REVIEWER, BEIJING
    ),
    _login(13, "beijing_head", "Provincial head, Beijing", "样例负责人京", Role.PROVINCIAL_HEAD, BEIJING),
    _login(
        21,
        "guangdong_one",
        "Provincial reviewer, Guangdong",
        "样例审核员粤一",
        Role.PROVINCIAL_REVIEWER,
        GUANGDONG,
    ),
    _login(
        22,
        "guangdong_two",
        "Provincial reviewer, Guangdong",
        "样例审核员粤二",
        Role.PROVINCIAL_REVIEWER,
        GUANGDONG,
    ),
    _login(
        23, "guangdong_head", "Provincial head, Guangdong", "样例负责人粤", Role.PROVINCIAL_HEAD, GUANGDONG
    ),
    _login(31, "national_one", "National reviewer", "样例复审员一", Role.NATIONAL_REVIEWER),
    _login(32, "national_two", "National reviewer", "样例复审员二", Role.NATIONAL_REVIEWER),
    _login(33, "national_head", "National head", "样例国家负责人", Role.NATIONAL_HEAD),
    _login(41, "administrator", "Administrator", "样例管理员", Role.ADMINISTRATOR),
    _login(42, "auditor", "Auditor", "样例审计员", Role.AUDITOR),
)


def create_sample_accounts() -> dict[str, Account]:
    """Every sample account by its key, created where it is missing. Raises SampleDataRefused."""
    if not settings.SAMPLE_DATA:
        raise SampleDataRefused("sample_data_refused")
    # Hashing is slow by design, so the one shared password is hashed once.
    encoded = make_password(SAMPLE_PASSWORD)
    return {login.key: _find_or_create(login, encoded) for login in SAMPLE_LOGINS}


def sample_logins() -> list[LoginLine]:
    """The lines with the sample accounts' addresses and password. Raises SampleDataRefused."""
    if not settings.SAMPLE_DATA:
        raise SampleDataRefused("sample_data_refused")
    return [LoginLine(login.label, login.email, SAMPLE_PASSWORD) for login in SAMPLE_LOGINS]


def _find_or_create(login: SampleLogin, encoded_password: str) -> Account:
    found = Account.objects.by_email(login.email)
    if found is not None:
        return found
    now = clock.now()
    account = Account.objects.create_account(
        name=login.name,
        password=None,
        mobile=login.mobile,
        email=login.email,
        role=login.role,
        province_code=login.province_code,
        mobile_verified_at=now,
        email_verified_at=now,
        is_sample=True,
    )
    account.password = encoded_password
    account.save(update_fields=["password"])
    if login.role is Role.APPLICANT:
        agree_to_everything(account, at=now)
    return account
