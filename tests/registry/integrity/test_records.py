"""A record that was altered where it is kept is named: it would be served as if the register said so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from registry import tasks
from registry.integrity.register import verify_register
from registry.models import Filing, PublishedRecord
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import rename_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(cast: Cast) -> PublishedRecord:
    """The record of a filing in force."""
    build.in_force(cast)
    assert tasks.sweep_records() == 1
    return PublishedRecord.objects.get()


def found() -> list[tuple[str, str]]:
    return [(violation.code, violation.detail) for violation in verify_register().violations]


def rewrite(alter: Callable[[bytes], bytes], *, with_digest: bool) -> None:
    kept = PublishedRecord.objects.get()
    kept.body = alter(bytes(kept.body))
    if with_digest:
        kept.sha256 = hashlib.sha256(kept.body).hexdigest()
    kept.save()


def test_records_as_they_were_written_are_in_order(kept: PublishedRecord) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (b'"standing":"in_force"', b'"standing":"cancelled"', "standing"),
        ("样例".encode(), "冒名".encode(), "applicant_name"),
        (b'"cancelled_on":null', b'"cancelled_on":"2026-03-09"', "cancelled_on"),
        (b'"is_imported":false', b'"is_imported":true', "is_imported"),
    ],
)
def test_an_altered_column_is_named_digest_or_not(
    kept: PublishedRecord, old: bytes, new: bytes, column: str
) -> None:
    assert old in bytes(kept.body)
    rewrite(lambda body: body.replace(old, new), with_digest=True)
    assert ("record_differs", column) in found()
    assert {code for code, _detail in found()} == {"record_differs"}
    PublishedRecord.objects.update(sha256=kept.sha256)
    assert found() == [("record_altered", "ValueError")]


def test_bytes_that_are_no_record_are_named(kept: PublishedRecord) -> None:
    rewrite(lambda _body: b"[]", with_digest=True)
    assert found() == [("record_altered", "AttributeError")]


def test_a_record_that_is_stale_is_not_compared(cast: Cast, kept: PublishedRecord) -> None:
    rename_service(cast, Filing.objects.get(), "样例新名", at=MORNING.replace(day=4))
    assert found() == []


def test_a_record_of_an_earlier_deployment_is_not_compared(kept: PublishedRecord) -> None:
    rewrite(lambda body: body.replace(b'"standing":', b'"earlier_word":'), with_digest=True)
    assert found() != []
    PublishedRecord.objects.update(edition="0" * 64)
    assert found() == []
