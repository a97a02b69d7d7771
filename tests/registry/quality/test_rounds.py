"""Quality sampling: drawn once, provable, looked at by who had no part, told to whom it concerns, changing nothing."""

from __future__ import annotations

import io
import re
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from registry import clock
from registry.accounts.officers import change_office
from registry.book.act_request import Actor
from registry.book.held_facts import materials_as_of
from registry.errors import NotFound, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Account, Event, Notice, QualityCase, QualityPart, QualityRound
from registry.office import trail
from registry.office.forms import EventFilterForm
from registry.quality import rounds
from registry.quality.population import cases_decided
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.quality.draw import draw
from registry.rules.quality.lifecycle import CaseState
from registry.rules.workflow.states import Act, Role, StreamKind
from registry.sample import walk
from review.tasks import sweep_desk_notices
from tests.builders import quality as build
from tests.builders import register
from tests.builders.quality import FIRST, LAST, LATER, WHY
from tests.builders.register import BEIJING, GUANGDONG_DIVISION, MORNING, Cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _later(cast: Cast) -> None:
    build.office(cast)
    clock.set_for_tests(LATER)


def _decided(cast: Cast, count: int = 3) -> list[str]:
    cases = [
        register.approved(cast, seed=50 + number, at=MORNING + timedelta(minutes=number))
        for number in range(count)
    ]
    return [case.application.receipt_number for case in cases]


def _refusal(do: Callable[..., object], *given: Any, **named: Any) -> str:
    with pytest.raises(TransitionNotAllowed) as refused, transaction.atomic():
        do(*given, **named)
    return refused.value.code


def _numbers(office_code: str, first_on: date = FIRST, last_on: date = LAST) -> list[str]:
    return [case.receipt_number for case in cases_decided(office_code, first_on=first_on, last_on=last_on)]


# ---------------------------------------------------------------- what is drawn from


def test_a_province_draws_from_what_it_had_a_part_in_and_the_nation_from_all(cast: Cast) -> None:
    clock.set_for_tests(MORNING)
    own = _decided(cast, 2)
    undecided = register.forwarded(cast, seed=60).application.receipt_number
    rejected = register.rejected(cast, seed=61).application.receipt_number
    assert (_numbers(BEIJING), _numbers("440000")) == (sorted([*own, rejected]), [])
    assert _numbers(NATIONAL_OFFICE_CODE) == sorted([*own, rejected])
    assert undecided not in _numbers(NATIONAL_OFFICE_CODE)


def test_a_case_that_left_the_province_without_an_opinion_is_not_its_work(cast: Cast) -> None:
    clock.set_for_tests(MORNING)
    case = register.submitted(cast)
    after_day_15 = MORNING + 22 * DAY
    walk.act(case, Act.ESCALATE, by=None, at=after_day_15)
    walk.act(
        case,
        Act.PROPOSE_APPROVAL,
        by=cast.national,
        at=after_day_15 + timedelta(hours=1),
        text="样例：逐项核对",
    )
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=after_day_15 + timedelta(hours=2))
    days: dict[str, Any] = {"first_on": date(2026, 3, 24), "last_on": date(2026, 3, 24)}
    assert _numbers(BEIJING, **days) == []
    assert _numbers(NATIONAL_OFFICE_CODE, **days) == [case.application.receipt_number]
    found = build.drawn(cast.national_head, **days, at=after_day_15 + DAY)
    parts = set(found.cases.get().parts.values_list("officer", flat=True))
    assert parts == {cast.national.pk, cast.national_second.pk}


def test_the_days_are_those_of_china_and_both_belong_to_the_period(cast: Cast) -> None:
    # Approved at 23:30 on 3 March and at 00:30 on 4 March in China.
    late = register.approved(cast, seed=1, at=MORNING + timedelta(hours=35, minutes=30))
    early = register.approved(cast, seed=2, at=MORNING + timedelta(hours=36, minutes=30))
    third, fourth = date(2026, 3, 3), date(2026, 3, 4)
    assert _numbers(BEIJING, third, third) == [late.application.receipt_number]
    assert _numbers(BEIJING, fourth, fourth) == [early.application.receipt_number]
    assert len(_numbers(BEIJING, third, fourth)) == 2


def test_a_case_decided_twice_on_the_days_is_one_case_by_its_last_decision(cast: Cast) -> None:
    case = register.rejected(cast)
    at = MORNING + DAY
    materials = materials_as_of(case.application)
    service = {**materials["service"], "description": materials["service"]["description"] + "样例补正"}
    walk.act(
        case,
        Act.RESUBMIT,
        by=cast.member,
        at=at,
        materials={**materials, "service": service},
        answers={"1": "样例答复"},
    )
    register.approve(cast, case, at=at + timedelta(hours=1))
    assert _numbers(BEIJING) == [case.application.receipt_number]
    found = build.drawn(cast.provincial_head).cases.get()
    assert (found.decision.act, found.revision_number) == ("approve", 2)


# ---------------------------------------------------------------- the draw


def test_a_draw_takes_the_share_that_its_seed_gives_and_deals_it_to_who_had_no_part(cast: Cast) -> None:
    numbers = _decided(cast, 5)
    found = build.drawn(cast.provincial_head, percent=50)
    assert (found.number, found.population, found.drawn, found.waiting) == (1, 5, 3, 3)
    assert rounds.drawn_numbers(found) == list(draw(numbers, percent=50, seed=found.seed))
    assert re.fullmatch("[0-9a-f]{32}", found.seed)
    looks = Counter(found.cases.values_list("officer", flat=True))
    assert set(looks) == {cast.provincial_second.pk, cast.provincial_head.pk}
    assert max(looks.values()) - min(looks.values()) <= 1
    assert set(QualityPart.objects.values_list("officer", flat=True)) == {cast.provincial.pk}
    assert verify_register().violations == []


def test_nobody_on_leave_is_dealt_a_case_and_a_case_of_all_waits_for_nobody(cast: Cast) -> None:
    _decided(cast, 2)
    away = {cast.provincial_second.pk, cast.provincial_head.pk}
    found = build.drawn(cast.provincial_head, away=away)
    assert set(found.cases.values_list("officer", flat=True)) == {None}
    assert verify_register().violations == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"first_on": LAST, "last_on": FIRST}, "quality_days"),
        ({"last_on": date(2026, 3, 5)}, "quality_days"),
        ({"last_on": date(2026, 3, 6)}, "quality_days"),
        ({"first_on": date(2025, 3, 4)}, ""),
        ({"first_on": date(2025, 3, 3)}, "quality_days"),
        ({"percent": 0}, "quality_share"),
        ({"percent": 101}, "quality_share"),
        ({"percent": 1}, ""),
        ({"first_on": date(2026, 1, 5), "last_on": date(2026, 1, 6)}, "quality_no_cases"),
    ],
)
def test_nothing_is_drawn_from_days_or_shares_that_are_none(
    cast: Cast, asked: dict[str, Any], code: str
) -> None:
    _decided(cast, 1)
    if code:
        assert _refusal(build.drawn, cast.provincial_head, **asked) == code
    else:
        build.drawn(cast.provincial_head, **asked)
    assert QualityRound.objects.count() == (0 if code else 1)
    assert Event.objects.filter(stream_kind=StreamKind.QUALITY_ROUND.value).count() == (0 if code else 1)


def test_days_that_were_drawn_from_are_not_drawn_from_again(cast: Cast) -> None:
    _decided(cast, 1)
    register.approved(cast, seed=70, at=MORNING + 4 * DAY)
    first = build.drawn(cast.provincial_head)
    later: dict[str, Any] = {"last_on": date(2026, 3, 6), "at": MORNING + 6 * DAY}
    assert _refusal(build.drawn, cast.provincial_head, first_on=LAST, **later) == "quality_days_drawn"
    second = build.drawn(cast.provincial_head, first_on=date(2026, 3, 5), **later)
    # The nation's rounds are its own.
    nation = build.drawn(cast.national_head)
    assert [each.number for each in (first, second, nation)] == [1, 2, 1]


def test_a_form_that_is_sent_twice_draws_once(cast: Cast) -> None:
    _decided(cast, 2)
    key = uuid.uuid4()
    assert build.drawn(cast.provincial_head, key=key).pk == build.drawn(cast.provincial_head, key=key).pk
    assert QualityRound.objects.count() == 1


def test_more_than_an_office_can_look_at_is_not_drawn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST_DRAWN", 2)
    _decided(cast, 3)
    assert _refusal(build.drawn, cast.provincial_head, percent=100) == "quality_too_many"
    assert build.drawn(cast.provincial_head, percent=60).drawn == 2


def test_only_heads_draw(cast: Cast) -> None:
    _decided(cast, 1)
    for officer in (cast.provincial, cast.national, cast.elsewhere):
        assert _refusal(build.drawn, officer) == "not_this_role"
    with pytest.raises(NotFound):
        build.drawn(cast.auditor)


# ---------------------------------------------------------------- the second look


def _one(cast: Cast, head: Account | None = None) -> QualityCase:
    """A drawn case whose second look is the second reviewer's."""
    _decided(cast, 1)
    found = build.drawn(head or cast.provincial_head, away={cast.provincial_head.pk, cast.national_head.pk})
    return found.cases.get()


def test_a_second_look_is_recorded_once_by_whom_it_was_given_to_and_the_case_stays(cast: Cast) -> None:
    case = _one(cast)
    application = case.application
    before = (application.state, application.last_event_sequence)
    second = cast.provincial_second
    assert _refusal(build.looked_at, case, by=cast.provincial_head) == "quality_not_assigned"
    for text in ("", "好", "。。。。。。"):
        assert _refusal(build.looked_at, case, by=second, text=text) == "quality_finding_given"
    assert _refusal(build.looked_at, case, by=second, finding=CaseState.SET_ASIDE) == "quality_finding_given"
    done = build.looked_at(case, by=second)
    assert (done.state, done.text, done.done_by_id, done.round.waiting) == ("found", WHY, second.pk, 0)
    assert done.round.done_at == LATER
    again = _refusal(build.looked_at, case, by=second, finding=CaseState.IN_ORDER, text="")
    assert again == "quality_case_done"
    application.refresh_from_db()
    assert (application.state, application.last_event_sequence) == before
    assert verify_register().violations == []


def test_a_case_in_order_needs_no_words_but_takes_a_sentence(cast: Cast) -> None:
    case = _one(cast)
    by: dict[str, Any] = {"by": cast.provincial_second, "finding": CaseState.IN_ORDER}
    assert _refusal(build.looked_at, case, text="好", **by) == "quality_finding_given"
    assert build.looked_at(case, text="", **by).state == "in_order"


def test_who_had_a_part_never_looks_again_not_even_as_head(cast: Cast) -> None:
    case = _one(cast)
    actor = Actor.of(cast.provincial_head)
    given = _refusal(rounds.assign, case.pk, cast.provincial, actor=actor)
    assert given == "quality_taker"
    with pytest.raises(NotFound):
        build.looked_at(case, by=cast.provincial)
    assert cast.provincial not in rounds.able_to_look(case)


def test_a_head_gives_a_case_to_another_officer_of_the_office(cast: Cast) -> None:
    case = _one(cast)
    actor = Actor.of(cast.provincial_head)
    for officer in (cast.elsewhere, cast.national, cast.auditor, None):
        assert _refusal(rounds.assign, case.pk, officer, actor=actor) == "quality_taker"
    same = _refusal(rounds.assign, case.pk, cast.provincial_second, actor=actor)
    assert same == "quality_taker_same"
    assert _refusal(rounds.assign, case.pk, cast.provincial_head, actor=Actor.of(cast.provincial_second)) == (
        "not_this_role"
    )
    rounds.assign(case.pk, cast.provincial_head, actor=actor)
    # Whoever had it before is done with it.
    with pytest.raises(NotFound):
        build.looked_at(case, by=cast.provincial_second)
    assert build.looked_at(case, by=cast.provincial_head).state == "found"
    assert verify_register().violations == []


def test_a_case_of_an_officer_who_was_disabled_goes_to_another(cast: Cast) -> None:
    case = _one(cast)
    Account.objects.filter(pk=cast.provincial_second.pk).update(is_active=False)
    actor = Actor.of(cast.provincial_head)
    assert list(rounds.able_to_look(case)) == [cast.provincial_head]
    rounds.assign(case.pk, cast.provincial_head, actor=actor)
    Account.objects.filter(pk=cast.provincial_second.pk).update(is_active=True)
    assert _refusal(rounds.assign, case.pk, cast.provincial, actor=actor) == "quality_taker"


def test_a_head_sets_a_case_aside_for_a_reason_and_the_round_is_done(cast: Cast) -> None:
    case = _one(cast)
    actor = Actor.of(cast.provincial_head)
    assert _refusal(rounds.leave_out, case.pk, "好", actor=actor) == "quality_reason_given"
    assert _refusal(rounds.leave_out, case.pk, WHY, actor=Actor.of(cast.provincial_second)) == "not_this_role"
    aside = rounds.leave_out(case.pk, WHY, actor=actor, at=LATER)
    assert (aside.state, aside.text, aside.round.aside, aside.round.done_at) == ("set_aside", WHY, 1, LATER)
    assert _refusal(build.looked_at, case, by=cast.provincial_head) == "quality_case_done"
    assert verify_register().violations == []


# ---------------------------------------------------------------- who reads what


def _readers(case: QualityCase, people: dict[str, Account]) -> set[str]:
    return {name for name, each in people.items() if rounds.cases_readable(Actor.of(each)).filter(pk=case.pk)}


def test_a_drawn_case_is_read_by_heads_and_who_looks_and_its_finding_by_whom_it_concerns(cast: Cast) -> None:
    case = _one(cast)
    people = {
        name: getattr(cast, name)
        for name in (
            "provincial",
            "provincial_second",
            "provincial_head",
            "elsewhere",
            "national",
            "national_second",
            "national_head",
        )
    }
    elsewhere_head = walk.sample_account(
        "样例外省负责人", cast.provincial_head.acts_as, province_code="440000"
    )
    people["elsewhere_head"] = elsewhere_head
    assert _readers(case, people) == {"provincial_second", "provincial_head"}
    build.looked_at(case, by=cast.provincial_second)
    assert _readers(case, people) == {"provincial", "provincial_second", "provincial_head"}
    assert list(rounds.results_of(Actor.of(cast.provincial))) == [case]
    assert list(rounds.results_of(Actor.of(cast.provincial_second))) == []


def test_what_the_nation_finds_is_read_by_the_province_it_concerns_and_by_no_other(cast: Cast) -> None:
    case = _one(cast, cast.national_head)
    people = {name: getattr(cast, name) for name in ("provincial", "provincial_head", "provincial_second")}
    people["elsewhere"] = cast.elsewhere
    assert _readers(case, people) == set()
    build.looked_at(case, by=cast.national_second)
    assert _readers(case, people) == {"provincial", "provincial_head"}


def test_an_officer_who_moved_to_another_province_reads_nothing_of_the_one_before(cast: Cast) -> None:
    case = _one(cast)
    build.looked_at(case, by=cast.provincial_second)
    officer = Account.objects.get(pk=cast.provincial.pk)
    assert rounds.find_case(case.pk, actor=Actor.of(officer)) == case
    officer.province_code = "440000"
    with pytest.raises(NotFound):
        rounds.find_case(case.pk, actor=Actor.of(officer))


def test_a_round_of_another_province_draws_none_of_this_ones(cast: Cast) -> None:
    _decided(cast, 1)
    case = register.submitted(cast, seed=80, division_code=GUANGDONG_DIVISION)
    register.approve(cast, case, at=MORNING + timedelta(hours=1))
    head = walk.sample_account("样例外省负责人", cast.provincial_head.acts_as, province_code="440000")
    found = build.drawn(head)
    assert rounds.drawn_numbers(found) == [case.application.receipt_number]
    assert not rounds.cases_readable(Actor.of(cast.provincial_head)).exists()
    with pytest.raises(NotFound):
        rounds.find_round(found.pk, actor=Actor.of(cast.provincial_head))


# ---------------------------------------------------------------- who is told


def _told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("account__name", flat=True))


def test_whoever_looks_again_and_whom_a_finding_concerns_are_told(cast: Cast) -> None:
    case = _one(cast)
    sweep_desk_notices()
    assert _told("quality_to_look") == {cast.provincial_second.name}
    build.looked_at(case, by=cast.provincial_second)
    sweep_desk_notices()
    assert _told("quality_found") == {cast.provincial.name, cast.provincial_head.name}
    assert WHY in Notice.objects.filter(kind="quality_found")[0].body
    assert _told("quality_done") == {cast.provincial_head.name}
    assert _told("quality_in_order") == set()


def test_a_case_in_order_is_told_to_its_officers_and_the_head_reads_it_in_the_round(cast: Cast) -> None:
    case = _one(cast)
    build.looked_at(case, by=cast.provincial_second, finding=CaseState.IN_ORDER, text="")
    sweep_desk_notices()
    assert _told("quality_in_order") == {cast.provincial.name}
    assert _told("quality_found") == set()


def test_what_the_nation_finds_is_told_to_both_offices(cast: Cast) -> None:
    case = _one(cast, cast.national_head)
    build.looked_at(case, by=cast.national_second)
    sweep_desk_notices()
    both = {cast.provincial, cast.provincial_head, cast.national, cast.national_head}
    assert _told("quality_found") == {each.name for each in both}
    assert _told("quality_done") == {cast.national_head.name}


def test_the_officer_who_gets_a_case_is_told_but_not_who_takes_it(cast: Cast) -> None:
    case = _one(cast)
    rounds.assign(case.pk, cast.provincial_head, actor=Actor.of(cast.provincial_head))
    sweep_desk_notices()
    assert _told("quality_to_look") == {cast.provincial_second.name}
    rounds.assign(case.pk, cast.provincial_second, actor=Actor.of(cast.provincial_head))
    sweep_desk_notices()
    assert Notice.objects.filter(kind="quality_to_look", account=cast.provincial_second).count() == 2


# ---------------------------------------------------------------- proving it


def _command(*given: str) -> list[str]:
    out = io.StringIO()
    call_command("quality_sample", *given, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_repeats_the_draw_of_a_round_and_of_a_published_seed(cast: Cast) -> None:
    _decided(cast, 6)
    found = build.drawn(cast.provincial_head, percent=40)
    drawn = rounds.drawn_numbers(found)
    lines = _command(str(found.pk))
    assert lines[:3] == drawn
    assert lines[-1] == "the same cases as the round has"
    given = ("--office", BEIJING, "--first", "2026-03-02", "--last", "2026-03-04", "--percent", "40")
    assert _command(*given, "--seed", found.seed)[:-1] == drawn
    assert _command(*given, "--seed", f"{found.seed}0")[:-1] != drawn or len(drawn) < 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((), "Missing: first, last, percent, seed"),
        (
            ("--first", "2026-03-02", "--last", "2026-03-04", "--percent", "101", "--seed", "a"),
            "between 1 and 100",
        ),
        (("6f7a86b4-1f64-4f3a-b8a5-3f3e0c1b1a11",), "There is no round"),
    ],
)
def test_the_command_says_what_is_missing(given: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        _command(*given)


def test_the_command_shows_a_round_that_was_drawn_from_other_cases(cast: Cast) -> None:
    _decided(cast, 3)
    found = build.drawn(cast.provincial_head, percent=50)
    register.approved(cast, seed=90, at=MORNING + DAY)
    with pytest.raises(CommandError, match="other cases than the events show"):
        _command(str(found.pk))


@pytest.mark.parametrize(
    ("alter", "code"),
    [
        (lambda found: QualityRound.objects.update(seed="other"), "row_differs_from_events"),
        (lambda found: QualityRound.objects.update(waiting=0), "row_differs_from_events"),
        (
            lambda found: QualityRound.objects.update(cases_decided=found.cases_decided[1:]),
            "quality_population_altered",
        ),
        (lambda found: QualityCase.objects.update(state="in_order"), "row_differs_from_events"),
        (
            lambda found: QualityPart.objects.filter(pk=QualityPart.objects.first().pk).delete(),  # type: ignore[union-attr]
            "row_differs_from_events",
        ),
        (
            lambda found: QualityPart.objects.create(case=found.cases.first(), officer_id=found.drawn_by_id),
            "row_differs_from_events",
        ),
    ],
)
def test_the_check_of_the_register_shows_what_was_altered(
    cast: Cast, alter: Callable[[QualityRound], object], code: str
) -> None:
    _decided(cast, 3)
    found = build.drawn(cast.provincial_head, percent=50)
    assert verify_register().violations == []
    alter(found)
    assert code in {each.code for each in verify_register().violations}


def test_the_check_of_the_register_shows_a_lost_case_and_a_round_without_events(cast: Cast) -> None:
    _decided(cast, 1)
    found = build.drawn(cast.provincial_head)
    QualityPart.objects.all().delete()
    found.cases.all().delete()
    assert "events_without_row" in {each.code for each in verify_register().violations}
    found.pk, found.number = uuid.uuid4(), 9
    found.save(force_insert=True)
    assert "row_without_events" in {each.code for each in verify_register().violations}


def test_the_auditor_finds_the_acts_of_a_round_by_their_kind_and_by_the_case(cast: Cast) -> None:
    case = _one(cast)
    build.looked_at(case, by=cast.provincial_second)
    form = EventFilterForm({"act": "quality_case_looked_at"})
    selected = form.selected()
    assert selected is not None
    assert [each.stream_id for each in selected] == [case.round_id]
    assert case.round_id in trail.streams_of(case.application.receipt_number)
    assert trail.stream_of(str(case.round_id)) == case.round_id


def test_the_auditor_finds_the_acts_of_consultations_by_their_kind() -> None:
    assert EventFilterForm({"act": "consultation_sent"}).is_valid()


def test_who_decided_at_the_nation_before_coming_to_the_office_looks_again_neither(cast: Cast) -> None:
    case = _one(cast)
    national = case.decision.actor
    assert national is not None
    change_office(
        national.pk,
        role=Role.PROVINCIAL_REVIEWER,
        province_code=case.province_code,
        reason="样例：调往该省工作",
        by=cast.administrator,
    )
    moved = Account.objects.get(pk=national.pk)
    assert moved.province_code == case.province_code
    assert moved not in rounds.able_to_look(case)


def test_a_head_sets_no_second_look_at_the_own_decision_aside(cast: Cast) -> None:
    case = _one(cast)
    heads = Account.objects.filter(pk=cast.provincial.pk)
    heads.update(role=Role.PROVINCIAL_HEAD.value)
    actor = Actor.of(heads.get())
    assert (
        _refusal(rounds.leave_out, case.pk, "样例：材料已经重新提交，不再复查", actor=actor)
        == "quality_own_case"
    )
