"""Requests made from the OpenAPI description, valid and not: every answer is one that the description promises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from registry.models import Filing
from registry.public.limits import AddressThrottle
from tests.builders.public_register import every_state
from tests.builders.register import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_one_connection")]

OPERATIONS = 9
# The client that asks unpacks nothing.
_UNPACKED = {"Accept-Encoding": "identity"}
cases = pytest.mark.parametrize("count", [10, pytest.param(100, marks=pytest.mark.proof)])


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests go through the whole handler, and its end of a request must not close the test's own transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def numbers(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of filings in every public state; whoever asks may ask as often as he likes."""
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": None})
    every_state(cast, tmp_path)
    return [str(number) for number in Filing.objects.exclude(number=None).values_list("number", flat=True)]


def operations() -> Iterator[APIOperation]:
    """Every operation that the description has."""
    schema = schemathesis.openapi.from_wsgi("/api/schema/", WSGIHandler())
    for each in schema.get_all_operations():
        assert isinstance(each, Ok)
        yield each.ok()


def ask(operation: APIOperation, mode: GenerationMode, known: dict[str, list[str]], count: int) -> int:
    """Asks with this many sets of parameters, some with what the register has; gives how many were asked."""
    asked = 0

    @seed(20261127)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def hold(case: Case, data: st.DataObject) -> None:
        nonlocal asked
        if mode is GenerationMode.POSITIVE and known and data.draw(st.booleans()):
            case.path_parameters.update(
                {name: data.draw(st.sampled_from(has)) for name, has in known.items()}
            )
        asked += 1
        # A day may be well formed and beyond the calendar: that it is refused as described is checked all the same.
        case.call_and_validate(headers=_UNPACKED, excluded_checks=[positive_data_acceptance])

    hold()
    return asked


@cases
def test_every_answer_is_one_that_the_description_promises(numbers: list[str], count: int) -> None:
    found, broken = [], []
    for operation in operations():
        found.append(operation.label)
        names = [each.name for each in operation.path_parameters]
        known = {"number": numbers if operation.path.startswith("/api/v1/filings/") else ["1", "2"]}
        known = {name: has for name, has in known.items() if name in names}
        # Where little can be chosen there are few ways to ask.
        least = count if "number" in names or len(operation.query) else 1
        try:
            assert ask(operation, GenerationMode.POSITIVE, known, count) >= least
            # Any text may be a number: what is wrong cannot be made of it.
            with suppress(Unsatisfiable):
                ask(operation, GenerationMode.NEGATIVE, {}, count)
        except FailureGroup as group:
            broken += [f"{operation.label}: {each}" for each in group.exceptions]
    assert "\n\n".join(broken) == ""
    assert len(found) >= OPERATIONS
