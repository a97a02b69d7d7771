"""The words of each refusal to open or change an office account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.accounts.officers import OfficerRefused

_WORDS: dict[str, Any] = {
    "name_missing": _("Give the officer's name."),
    "name_malformed": _(
        "A name is written with letters, blanks, · - ’ and brackets. Take out what is none of these: %(strange)s"
    ),
    "email_malformed": _("Give an e-mail address in the form name@example.com."),
    "mobile_malformed": _(
        "Give a mobile number: 11 digits, or outside the mainland + and the country code, such as +852."
    ),
    "email_taken": _("An account has this e-mail address already."),
    "mobile_taken": _("An account has this mobile already."),
    "province_missing": _("A provincial officer needs a province."),
    "province_unknown": _("There is no province of this code or name."),
    "nation_has_no_province": _("An officer of the national office has no province."),
    "role_has_no_province": _("An administrator or auditor has no province."),
    "not_an_office_role": _("This is not a role of an office."),
    "not_an_office_account": _("This is not an office account."),
    "own_account": _("You cannot change or close your own office account."),
    "not_an_administrator": _("Your account may not do this any more. Sign in again."),
    "office_unchanged": _("The officer has this role and province already. Nothing was changed."),
    "closed_already": _("The account is closed already. Nothing was changed."),
    "open_already": _("The account is open already. Nothing was changed."),
    "reason_missing": _("Say why in at least a sentence. The reason stays with the act."),
    "has_password": _("This officer has chosen a password already."),
}


def officer_refusal(error: OfficerRefused) -> str:
    """The refusal in the language now active."""
    return str(_WORDS[error.code]) % error.facts
