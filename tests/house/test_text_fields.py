"""Every field of a form for words is one that cleans them: there is no way in beside the one normaliser."""

from __future__ import annotations

from django import forms
from django.urls import get_resolver

from registry.accounts.forms import EmailField, MobileField, NameField
from registry.presentation.text_fields import LineField

# Codes, numbers, passwords and searches: read by a rule of their own, and never shown as somebody's words.
READ_BY_A_RULE = frozenset(
    {
        "code",
        "login",
        "number",
        "successor",
        "recipient",
        "q",
        "applicant",
        "case",
        # Keys and ids that the page itself put into its form.
        "found",
        "held",
        "password",
        "password1",
        "password2",
        "oldpassword",
    }
)
CLEANING = (LineField, NameField, EmailField, MobileField)
ROOMS = ("applicants.", "registry.", "review.")


def _forms(kind: type[forms.BaseForm] = forms.BaseForm) -> set[type[forms.BaseForm]]:
    found = set(kind.__subclasses__())
    return found | {each for sub in found for each in _forms(sub)}


def test_words_are_given_in_fields_that_clean_them() -> None:
    # The views name every form.
    assert get_resolver().url_patterns
    ours = [each for each in _forms() if each.__module__.startswith(ROOMS)]
    assert len(ours) > 40
    unclean = {
        f"{form.__qualname__}.{name}"
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if type(field) is forms.CharField
        and name not in READ_BY_A_RULE
        and not hasattr(form, f"clean_{name}")
    }
    assert unclean == set()
