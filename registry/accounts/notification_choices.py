"""What an account chooses about its notices: their channels and their language."""

from __future__ import annotations

from django.conf import settings

from registry.models import Account, NotificationSettings


def choose_channels(account: Account, *, by_email: bool, by_sms: bool) -> None:
    """Keeps which channels the account wants beside the inbox."""
    chosen = {"by_email": by_email, "by_sms": by_sms}
    NotificationSettings.objects.update_or_create(account=account, defaults=chosen)


def choose_language(account: Account, language: str) -> None:
    """Keeps the language of the account's notices; a language the portal does not offer changes nothing."""
    if language in dict(settings.LANGUAGES):
        Account.objects.filter(pk=account.pk).update(language=language)
