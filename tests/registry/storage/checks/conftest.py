"""The steps of the checks run in the process of the tests, which is faster than a child for each."""

from __future__ import annotations

import pytest

from registry.storage.checks import portable_documents


@pytest.fixture(autouse=True)
def _this_process_has_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child limits its own processor time; the process of the tests must not."""
    monkeypatch.setattr(portable_documents, "_limit_trial", lambda: None)
