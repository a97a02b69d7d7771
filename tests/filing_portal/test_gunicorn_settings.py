"""What the web server does before its first worker."""

from __future__ import annotations

import gc

import pytest

from filing_portal import gunicorn_settings


@pytest.mark.django_db
def test_what_is_loaded_before_the_first_worker_is_not_walked_by_the_collector() -> None:
    """A walk over every module took longer than most pages, in the middle of one."""
    assert gc.get_freeze_count() == 0
    try:
        gunicorn_settings.when_ready(None)
        loaded = gc.get_freeze_count()
        assert loaded > 100_000
        assert len(gc.get_objects()) < loaded / 100
    finally:
        gc.unfreeze()
