"""`statistics`: the figures of a list and of the register, as JSON with keys that programs rely on."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.models import BatchEntry
from registry.rules.codes import filing_number
from tests.builders import printed_lists
from tests.builders.printed_lists import BEIJING, GUANGDONG

pytestmark = pytest.mark.django_db


def printed(*arguments: str) -> str:
    """What the command prints."""
    answer = io.StringIO()
    call_command("statistics", *arguments, stdout=answer)
    return answer.getvalue()


def figures(*arguments: str) -> dict[str, Any]:
    """The JSON object that the command prints."""
    found: dict[str, Any] = json.loads(printed(*arguments, "--json"))
    return found


def test_a_list_has_exactly_these_keys_and_the_figures_of_the_press() -> None:
    printed_lists.five_printed_lists()
    found = figures("--batch", "2")
    provinces = found.pop("provinces")
    numbers = BatchEntry.objects.filter(batch_list__number=2).values_list("number", flat=True)
    heads = {filing_number.parse(number).head for number in numbers}
    assert found == {
        "batch": 2,
        "published_on": "2019-10-18",
        "services": 309,
        "applicants": len(heads),
        "cumulative_services": 506,
        "growth_percent": 56.85,
    }
    assert provinces[BEIJING] == {"services": 87, "share_percent": 28.16}
    assert provinces[GUANGDONG] == {"services": 72, "share_percent": 23.3}
    assert sum(each["services"] for each in provinces.values()) == 309
    assert figures("--batch", "1")["growth_percent"] is None


def test_the_register_as_of_a_day() -> None:
    printed_lists.five_printed_lists()
    found = figures("--as-of", "2021-06-18")
    assert (found["as_of"], found["services"], found["lists"]) == ("2021-06-18", 1238, 5)
    assert found["provinces"][BEIJING] == {"services": 346, "share_percent": 27.95}
    assert figures("--as-of", "2021-06-17")["services"] == 1015
    assert "provinces.110000.services: 346" in printed("--as-of", "2021-06-18").splitlines()


@pytest.mark.parametrize(
    "arguments",
    [("--batch", "9"), ("--as-of", "2019-02-14"), ("--as-of", "2999-01-01"), ("--as-of", "today")],
)
def test_what_there_are_no_figures_for_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        printed(*arguments)
