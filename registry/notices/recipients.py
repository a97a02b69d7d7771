"""Where a notice goes outside the portal: verified addresses of its account, or the contact an objector has proved."""

from __future__ import annotations

from collections.abc import Mapping

from registry.accounts.channels import channels_to
from registry.models import Account, Delivery, Notice, Objection
from registry.rules.objections.lifecycle import ObjectionWay
from registry.storage.objection_parts import statement_of


def addresses_of(notice: Notice) -> Mapping[str, str]:
    """The address of each channel by which the recipient of a notice can be reached now."""
    if notice.objection is not None:
        return addresses_of_objector(notice.objection)
    return {} if notice.account is None else _addresses_of_account(notice.account)


def addresses_of_objector(objection: Objection) -> Mapping[str, str]:
    """The contact that was proved by a code; none for a letter, whose contact nobody proved, and once it is erased."""
    statement = statement_of(objection) if objection.way == ObjectionWay.WEB else None
    if statement is None:
        return {}
    channel = Delivery.Channel.EMAIL if "@" in statement.contact else Delivery.Channel.SMS
    return {channel: statement.contact}


def _addresses_of_account(account: Account) -> Mapping[str, str]:
    known = {Delivery.Channel.EMAIL: account.email or "", Delivery.Channel.SMS: account.mobile or ""}
    return {channel: known[channel] for channel in channels_to(account)}
