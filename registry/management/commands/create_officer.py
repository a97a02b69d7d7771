"""`manage.py create_officer`: opens an office account, such as the first one of a new installation."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from registry.accounts.officer_words import officer_refusal
from registry.accounts.officers import OFFICE_ROLES, OfficerRefused, create_officer, first_password_path
from registry.models import Account
from registry.rules.workflow.states import Role


class Command(BaseCommand):
    """Opens an office account and prints a link for its first password, or prompts for the password."""

    help = (
        "Opens an office account. Prints a link, valid once and for three days, behind which the officer "
        "chooses a password; with --ask-password it is typed here instead. It is never an argument."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", required=True, choices=[role.value for role in OFFICE_ROLES])
        parser.add_argument("--province", default="", help="code, name or abbreviation: 110000, 北京 or 京")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--mobile", default="")
        parser.add_argument("--ask-password", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                account = create_officer(
                    name=options["name"],
                    role=Role(options["role"]),
                    email=options["email"],
                    mobile=options["mobile"],
                    province_code=options["province"],
                    password=_prompted_password(options["name"]) if options["ask_password"] else None,
                )
            except OfficerRefused as error:
                raise CommandError(officer_refusal(error)) from error
            self._report(account)

    def _report(self, account: Account) -> None:
        place = f" of {account.province_code}" if account.province_code else ""
        self.stdout.write(f"Opened: {account.name}, {account.role}{place}.")
        if account.has_usable_password():
            return
        self.stdout.write("First password, once, within three days:")
        self.stdout.write(f"{settings.PORTAL_BASE_URL}{first_password_path(account)}")


def _prompted_password(name: str) -> str:
    """The password, prompted for twice. Raises CommandError when the two differ or it is not acceptable."""
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Password, once more: "):
        raise CommandError("The two passwords differ.")
    try:
        validate_password(password, Account(name=name))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
