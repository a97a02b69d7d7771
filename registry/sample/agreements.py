"""What people of the sample data have agreed to."""

from __future__ import annotations

from datetime import datetime

from registry.accounts.agreements import agree
from registry.models import Account
from registry.rules.site_texts import AgreedText, current_version


def agree_to_everything(account: Account, *, at: datetime) -> None:
    """Agreement to every text as it holds now, so that a sample account is asked nothing."""
    for text in AgreedText:
        agree(account, text, version=current_version(text), at=at)
