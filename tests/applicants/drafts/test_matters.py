"""Every draft is for just one matter, and each matter fills in the whole protocol."""

from __future__ import annotations

import uuid
from inspect import isabstract

import pytest
from django.template.loader import get_template
from django.urls import reverse

from applicants import words
from applicants.amendments.amendment import Amendment
from applicants.changes.change import FilingChange
from applicants.changes.supply import ParticularsSupply
from applicants.drafts.first_filing import FirstFiling
from applicants.drafts.matter import Matter, matter_of
from applicants.drafts.steps import STEPS, step_url
from applicants.models import Draft
from registry.errors import RegisterIncomplete
from registry.rules.workflow.states import Kind

BEGUN = {Kind.INITIAL: FirstFiling, Kind.CHANGE: FilingChange, Kind.APPLICANT_CHANGE: FilingChange}


# What a change of this kind remembers of the materials it began with; an imported filing has none to begin with.
NOTES = {"base": {"application_id": str(uuid.uuid4()), "revision_number": 1}}


@pytest.mark.parametrize("kind", Kind)
def test_a_draft_of_each_kind_has_its_matter(kind: Kind) -> None:
    begun = Draft(kind=kind.value)
    begun.notes = NOTES
    amending = Draft(kind=kind.value, amends_application_id=uuid.uuid4())

    assert type(matter_of(amending)) is Amendment
    if kind in BEGUN:
        assert type(matter_of(begun)) is BEGUN[kind]
    else:
        # A cancellation has a form of its own, and no draft.
        with pytest.raises(RegisterIncomplete):
            matter_of(begun)


def test_a_change_without_a_base_supplies_the_particulars_and_nothing_else_does() -> None:
    for kind in Kind:
        matters = {type(matter) for matter in [_matter_or_none(Draft(kind=kind.value))] if matter}
        assert (matters == {ParticularsSupply}) is (kind is Kind.CHANGE)


def _matter_or_none(draft: Draft) -> Matter | None:
    try:
        return matter_of(draft)
    except RegisterIncomplete:
        return None


def test_no_matter_is_left_out() -> None:
    assert set(Matter.__subclasses__()) == {*BEGUN.values(), ParticularsSupply, Amendment}


@pytest.mark.parametrize("matter", [FirstFiling, FilingChange, ParticularsSupply, Amendment])
def test_each_matter_has_its_steps_and_templates(matter: type[Matter]) -> None:
    assert not isabstract(matter)
    for step in {*STEPS, matter.own_step} - {""}:
        assert step in words.STEP_LABELS
        assert step_url(uuid.uuid4(), step)
    if matter in (FirstFiling, ParticularsSupply):
        assert (matter.own_step, matter.base) == ("", None)
    else:
        assert reverse(f"applicants:autosave_{matter.own_step}", args=[uuid.uuid4()])
        assert get_template(matter.top)
        assert get_template(matter.locked_note)
