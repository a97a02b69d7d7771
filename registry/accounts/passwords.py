"""What a password has to be, beyond the rules that Django words in every language."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    """Asks for `min_length` characters, in words that both languages of the portal have."""

    def get_error_message(self) -> str:
        """What is said of a password that is shorter."""
        return _("This password is too short: it needs at least %(least)s characters.") % {
            "least": self.min_length
        }
