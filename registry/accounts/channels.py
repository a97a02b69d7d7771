"""The channels by which an account can be reached outside the portal."""

from __future__ import annotations

from registry.models import Account, Delivery


def channels_to(account: Account) -> list[Delivery.Channel]:
    """The channels whose address the account has verified; the inbox is not among them."""
    ways = (
        (Delivery.Channel.EMAIL, account.email_verified_at is not None and account.email_index is not None),
        (Delivery.Channel.SMS, account.mobile_verified_at is not None and account.mobile_index is not None),
    )
    return [channel for channel, is_open in ways if is_open]
