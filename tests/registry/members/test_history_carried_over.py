"""The acts about members that an earlier version kept in a table of their own become chains in the table of events."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from registry.integrity.members import find_member_violations
from registry.integrity.register import verify_register, verify_stream
from registry.members import history, memberships
from registry.members.history import history_of
from registry.models import Account, Applicant, Event, Membership, MembershipEvent
from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.sample import walk
from registry.sample.materials import organisation_materials
from registry.streams.backfill import carry_members_over
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast
from tests.registry.integrity.test_verification import EVENTS, without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def as_the_version_before(
    applicant: Applicant, *acts: tuple[str, Account, Account | None, dict[str, Any]]
) -> None:
    without_triggers(EVENTS, "DELETE FROM registry_event WHERE stream_kind = 'membership'")
    for act, actor, account, facts in acts:
        MembershipEvent.objects.create(
            applicant=applicant,
            province_code=applicant.province_code,
            act=act,
            at=MORNING,
            actor=actor,
            account=account,
            facts=facts,
        )


def carry_over() -> None:
    import_module("registry.migrations.0020_one_table_of_events").carry_members_over(apps, None)


def test_every_act_is_carried_over_in_its_order_and_chained(cast: Cast) -> None:
    materials = organisation_materials(seed=1, today=MORNING.date(), division_code=BEIJING_DIVISION)
    applicant = walk.sample_applicant(materials, member=cast.member, at=MORNING)
    as_the_version_before(
        applicant,
        ("founded", cast.member, cast.member, {"role": "owner"}),
        ("claimed", cast.stranger, cast.stranger, {"way": "office"}),
        (
            "claim_declined",
            cast.provincial,
            cast.stranger,
            {"outcome": "declined", "way": "office", "reason": ""},
        ),
        ("letter_renewed", cast.member, cast.member, {"role": "owner", "scope": "", "valid_until": None}),
    )
    carry_over()

    entries = list(reversed(history_of(applicant.pk)))
    assert [entry.act.value for entry in entries] == [
        "founded",
        "claimed",
        "claim_declined",
        "letter_renewed",
    ]
    assert [entry.event.sequence for entry in entries] == [1, 2, 3, 4]
    assert [entry.event.actor_role for entry in entries][2] == cast.provincial.role
    assert entries[2].facts == MembershipFacts(
        account=str(cast.stranger.pk), outcome="declined", way="office"
    )
    assert entries[2].account == cast.stranger
    assert list(find_member_violations()) == []
    assert verify_register().violations == []
    assert verify_stream(applicant.pk).violations == []


def test_what_is_added_afterwards_continues_the_chain(cast: Cast) -> None:
    materials = organisation_materials(seed=2, today=MORNING.date(), division_code=BEIJING_DIVISION)
    applicant = walk.sample_applicant(materials, member=cast.member, at=MORNING)
    as_the_version_before(applicant, ("founded", cast.member, cast.member, {"role": "owner"}))
    carry_over()
    walk.sample_applicant(
        organisation_materials(seed=3, today=MORNING.date(), division_code=BEIJING_DIVISION),
        member=cast.stranger,
        at=MORNING,
    )
    history.record(
        applicant, MembershipAct.CLAIMED, actor=cast.stranger, at=MORNING, facts=MembershipFacts(way="owners")
    )
    assert [
        event.sequence for event in Event.objects.filter(stream_id=applicant.pk).order_by("sequence")
    ] == [1, 2]
    assert verify_register().violations == []


def test_acts_that_the_version_before_added_meanwhile_come_last_and_only_once(cast: Cast) -> None:
    materials = organisation_materials(seed=4, today=MORNING.date(), division_code=BEIJING_DIVISION)
    applicant = walk.sample_applicant(materials, member=cast.member, at=MORNING)
    as_the_version_before(applicant, ("founded", cast.member, cast.member, {"role": "owner"}))
    carry_over()
    claimed = {"way": "owners"}
    MembershipEvent.objects.create(
        applicant=applicant,
        province_code=applicant.province_code,
        act="claimed",
        at=MORNING,
        actor=cast.stranger,
        account=cast.stranger,
        facts=claimed,
    )

    assert carry_members_over() == 1
    assert carry_members_over() == 0
    assert [entry.act.value for entry in history_of(applicant.pk)] == ["claimed", "founded"]
    assert verify_register().violations == []


def test_an_act_that_the_version_before_added_late_comes_before_the_next_one(cast: Cast) -> None:
    materials = organisation_materials(seed=5, today=MORNING.date(), division_code=BEIJING_DIVISION)
    applicant = walk.sample_applicant(materials, member=cast.member, at=MORNING)
    as_the_version_before(applicant, ("founded", cast.member, cast.member, {"role": "owner"}))
    carry_over()
    MembershipEvent.objects.create(
        applicant=applicant,
        province_code=applicant.province_code,
        act="claim_granted",
        at=MORNING,
        actor=cast.member,
        account=cast.stranger,
        facts={"role": "editor"},
    )
    joined = Membership.objects.create(
        applicant=applicant, account=cast.stranger, role="editor", created_at=MORNING
    )
    memberships.revoke(joined.pk, by=cast.member, at=MORNING)

    assert carry_members_over() == 0
    assert [entry.act.value for entry in history_of(applicant.pk)] == ["revoked", "claim_granted", "founded"]
    assert verify_register().violations == []
