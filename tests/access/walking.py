"""Asking the portal as one of the visitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from tests.access.scene import Scene
from tests.access.visitors import Visitor
from tests.client import ClientResponse


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens to the rows in this block is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(
    scene: Scene,
    visitor: Visitor,
    method: str,
    url: str,
    data: Mapping[str, Any] | None = None,
    *,
    with_csrf_check: bool = False,
) -> ClientResponse:
    """The answer to one request from a fresh browser with the visitor's session."""
    client = scene.browser(visitor, enforce_csrf_checks=with_csrf_check)
    send = getattr(client, method.lower())
    answer: ClientResponse = send(url, data) if data is not None else send(url)
    return answer
