"""Errors carry a code and facts, and survive being sent to another process."""

from __future__ import annotations

import pickle

from registry.rules.errors import FilingError, InvalidIdentifier, NotAFilingNumber, RuleError


def test_an_error_has_a_code_and_facts() -> None:
    error = NotAFilingNumber("length", expected=20, found=19)
    assert (error.code, error.facts) == ("length", {"expected": 20, "found": 19})
    assert str(error) == "length (expected=20, found=19)"
    assert str(RuleError("empty")) == "empty"
    assert isinstance(error, FilingError)


def test_an_error_can_be_sent_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(InvalidIdentifier("host", found="x")))
    assert (type(error), error.code, error.facts) == (InvalidIdentifier, "host", {"found": "x"})
