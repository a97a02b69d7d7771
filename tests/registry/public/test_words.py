"""The words of the public history."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from registry.public.words import history_entry
from registry.publication.record import PublicChange, PublicEvent

_ON = date(2026, 3, 2)


@pytest.mark.parametrize("event", [PublicEvent.CHANGED, PublicEvent.APPLICANT_CHANGED])
def test_a_change_of_nothing_public_says_so(event: PublicEvent) -> None:
    with translation.override("en"):
        nothing = history_entry(PublicChange(event, _ON))["text"]
        name = history_entry(PublicChange(event, _ON, ("service_name",), {"service_name": "旧样例"}))["text"]
    assert nothing == "Nothing that is public was altered."
    assert str(name).startswith("Altered: ")


def test_what_is_no_change_says_nothing_of_particulars() -> None:
    assert history_entry(PublicChange(PublicEvent.NUMBERED, _ON))["text"] == ""
