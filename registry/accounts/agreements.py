"""What an account has agreed to: the privacy notice, and separately the handling of identity documents.

PIPL Art. 14 and 17: agreement is to one version, and a changed text is told and asked again. PIPL Art. 29: identity
documents have an agreement of their own. Nothing that an account may read depends on either.
"""

from __future__ import annotations

from datetime import datetime

from registry.models import Account, Agreement
from registry.rules.site_texts import AgreedText, TextUnknown, current_version, versions_of
from registry.rules.workflow.states import Role


def agree(account: Account, text: AgreedText, *, version: int, at: datetime) -> None:
    """Records agreement to the version that was shown; one that was agreed to before stays as it is.

    Raises TextUnknown for a version that there is not.
    """
    if version not in versions_of(text):
        raise TextUnknown("text_unknown", name=f"{text}/{version}")
    Agreement.objects.bulk_create(
        [Agreement(account=account, text=text, version=version, at=at)], ignore_conflicts=True
    )


def latest(account: Account, text: AgreedText) -> Agreement | None:
    """The agreement to the newest version that the account agreed to."""
    return Agreement.objects.filter(account=account, text=text).order_by("-version").first()


def is_asked(account: Account, text: AgreedText) -> bool:
    """Whether the account is to be asked: an applicant's that has not agreed to the current version."""
    if account.acts_as is not Role.APPLICANT:
        return False
    found = latest(account, text)
    return found is None or found.version < current_version(text)
