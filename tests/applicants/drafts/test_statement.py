"""The authenticity statement is signed anew exactly when a value that it prints has changed."""

from __future__ import annotations

from typing import Any

import pytest

from applicants.models import Draft
from registry.rules.particulars.materials import Materials
from tests.applicants.pages import Desk, as_form
from tests.builders.register import Cast, materials_for


@pytest.fixture
def materials(cast: Cast, db: None) -> dict[str, Any]:
    return materials_for(cast)


def test_the_statement_can_be_printed_once_its_values_are_given(desk: Desk, materials: Materials) -> None:
    draft = desk.start()
    before = desk.get("statement_pdf", draft.pk)
    desk.fill(draft, materials)

    after = desk.get("statement_pdf", draft.pk)

    assert before.status_code == 404
    assert after.status_code == 200
    assert after.content.startswith(b"%PDF")


def test_a_printed_value_that_changes_asks_for_a_new_signature(desk: Desk, materials: Materials) -> None:
    draft = desk.start()
    desk.fill(draft, materials)
    desk.upload_all(draft)
    complete = desk.get("check", draft.pk).content.decode()

    desk.save(draft, "service", {**as_form("service", materials), "service_name": "样例新名称"})
    outdated = desk.get("statement", draft.pk).content.decode()
    refused = desk.post("submit", draft.pk, data={"version": str(_version(draft)), "declaration": "yes"})
    desk.upload(draft, "authenticity_statement")
    renewed = desk.get("check", draft.pk).content.decode()

    assert 'name="declaration"' in complete
    assert "承诺书须重新签署" in outdated
    assert "服务名称" in outdated
    assert refused.status_code == 409
    assert 'name="declaration"' in renewed
    draft.refresh_from_db()
    assert len(draft.materials["attachments"]["authenticity_statement"]) == 1


def test_a_value_that_is_not_printed_asks_for_no_new_signature(desk: Desk, materials: Materials) -> None:
    draft = desk.start()
    desk.fill(draft, materials)
    desk.upload_all(draft)

    desk.save(draft, "service", {**as_form("service", materials), "consensus": "Raft（样例）"})

    assert 'name="declaration"' in desk.get("check", draft.pk).content.decode()


def test_white_space_around_a_printed_value_asks_for_no_new_signature(
    desk: Desk, materials: Materials
) -> None:
    draft = desk.start()
    desk.fill(draft, materials)
    desk.upload_all(draft)
    name = materials["service"]["service_name"]

    desk.save(draft, "service", {**as_form("service", materials), "service_name": f"  {name} "})

    assert 'name="declaration"' in desk.get("check", draft.pk).content.decode()


def _version(draft: Draft) -> int:
    draft.refresh_from_db()
    return draft.version
