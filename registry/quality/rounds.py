"""THE ONLY WRITER of rounds of quality sampling: an act locks, asks the table, appends, saves the folded rows.

A draw locks the heads of its office, so that of two at once the second sees what the first has drawn; every later act
locks the round. No case is touched: it stays as it was decided.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from registry import clock
from registry.book.act_request import Actor
from registry.documents.paper_settings import office_code_of
from registry.errors import NotFound
from registry.jobs import doorbell
from registry.models import Account, QualityCase, QualityPart, QualityRound
from registry.quality.population import DecidedCase, acted_in, cases_decided, parts_in
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.quality.draw import (
    LEAST_PERCENT,
    MOST_DRAWN,
    MOST_PERCENT,
    deal,
    digest_of_cases,
    draw,
    sample_size,
)
from registry.rules.quality.events import Draw, DrawnCase, Finding, assigned, set_aside
from registry.rules.quality.fold import fold_cases, fold_round
from registry.rules.quality.lifecycle import (
    FINDINGS,
    LONGEST_FINDING,
    MOST_DAYS,
    CaseState,
    RoundAct,
    RoundFacts,
    RoundState,
    acts_open_to,
    decide_on_round,
)
from registry.rules.substance import says_something
from registry.rules.visible_text import clean
from registry.rules.workflow.states import HEADS, NATION, PROVINCE, Role, StreamKind
from registry.streams import writer
from registry.streams.chain import events_of, id_opened_by
from registry.streams.writer import act_record, column_values

NOTICES_TASK = "review.tasks.sweep_desk_notices"
_LOOKED_AT = [each.value for each in FINDINGS]
_SETTLED_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days of decision are drawn from, both inclusive, and how many of a hundred cases."""

    first_on: date
    last_on: date
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a draw would take: the number of decided cases, how many of them, and the rounds that drew these days."""

    decided: int
    drawn: int
    drawn_before: tuple[QualityRound, ...]


# ---------------------------------------------------------------- acts


def preview(asked: Asked, *, actor: Actor) -> Preview:
    """What a draw of the actor's office would take; nothing is drawn. Raises NotFound for whoever is no officer."""
    office_code = _office_of(actor)
    decided = cases_decided(office_code, first_on=asked.first_on, last_on=asked.last_on)
    return Preview(
        decided=len(decided),
        drawn=sample_size(len(decided), asked.percent),
        drawn_before=tuple(_drawn_of(office_code, asked).order_by("number")),
    )


@transaction.atomic
def draw_round(
    asked: Asked,
    *,
    actor: Actor,
    away: Collection[uuid.UUID] = (),
    key: uuid.UUID | None = None,
    at: datetime | None = None,
) -> QualityRound:
    """Draws from the cases of the actor's office, and deals them out for a second look.

    The seed is the system's. Nobody of `away` is dealt any. The same `key` of the same officer gives the round that it
    opened before. Raises NotFound, TransitionNotAllowed.
    """
    at = at or clock.now()
    office_code = _office_of(actor)
    heads = _officers_at(office_code).filter(role__in=[role.value for role in HEADS])
    list(heads.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    new_id = uuid.uuid4() if key is None else id_opened_by(key, by=str(actor.account_id))
    opened = QualityRound.objects.filter(pk=new_id).first()
    if opened is not None:
        return opened
    # What was decided before midnight may be recorded a moment after it.
    over_before = clock.china_date(at - _SETTLED_AFTER)
    is_over = asked.first_on <= asked.last_on < over_before
    are_days_possible = is_over and asked.last_on - asked.first_on < timedelta(days=MOST_DAYS)
    decided = (
        cases_decided(office_code, first_on=asked.first_on, last_on=asked.last_on)
        if are_days_possible and actor.role in HEADS
        else []
    )
    decide_on_round(
        RoundAct.DRAW,
        RoundFacts(
            state=None,
            role=actor.role,
            is_own_office=True,
            are_days_possible=are_days_possible,
            is_share_possible=LEAST_PERCENT <= asked.percent <= MOST_PERCENT,
            are_days_undrawn=not _drawn_of(office_code, asked).exists(),
            has_cases=bool(decided),
            is_few_enough=sample_size(len(decided), asked.percent) <= MOST_DRAWN,
        ),
    )
    numbers = [case.receipt_number for case in decided]
    seed = secrets.token_hex(16)
    drawn = draw(numbers, percent=asked.percent, seed=seed)
    by_number = {case.receipt_number: case for case in decided}
    cases = _dealt(office_code, [by_number[number] for number in drawn], seed=seed, away=away)
    last = QualityRound.objects.filter(office_code=office_code).order_by("-number").first()
    stated = Draw(
        number=last.number + 1 if last is not None else 1,
        office=office_code,
        first_on=asked.first_on,
        last_on=asked.last_on,
        percent=asked.percent,
        seed=seed,
        population=len(numbers),
        population_sha256=digest_of_cases(numbers),
        cases=cases,
    )
    found = QualityRound(pk=new_id, cases_decided=numbers)
    _append(found, RoundAct.DRAW, stated.as_payload(), actor=actor, at=at)
    rows = fold_cases(_records_of(found))
    made = [
        QualityCase(round=found, position=position, **column_values(row))
        for position, row in enumerate(rows.values(), start=1)
    ]
    QualityCase.objects.bulk_create(made)
    QualityPart.objects.bulk_create(
        QualityPart(case=row, officer_id=uuid.UUID(officer))
        for row, each in zip(made, cases, strict=True)
        for officer in each.parts
    )
    return found


def assign(
    case_id: uuid.UUID, officer: Account | None, *, actor: Actor, at: datetime | None = None
) -> QualityCase:
    """Gives the second look at a drawn case to an officer of the office who had no part in its decision.

    Raises NotFound, TransitionNotAllowed.
    """
    with transaction.atomic():
        case = _lock(case_id, actor)
        _permit(
            RoundAct.ASSIGN,
            case,
            actor,
            is_taker_possible=officer is not None
            and officer.pk in able_to_look(case).values_list("pk", flat=True),
            is_taker_new=officer is not None and officer.pk != case.officer_id,
        )
        payload = assigned(str(case.application_id), str(officer.pk) if officer is not None else "")
        return _step(case, RoundAct.ASSIGN, payload, actor=actor, at=at or clock.now())


def look(
    case_id: uuid.UUID, finding: CaseState, text: str, *, actor: Actor, at: datetime | None = None
) -> QualityCase:
    """Records what the second look at a drawn case found, once; what was found is said in at least a sentence.

    Raises NotFound, TransitionNotAllowed.
    """
    with transaction.atomic():
        case = _lock(case_id, actor)
        said = clean(text, line_breaks=True)[:LONGEST_FINDING]
        is_sentence_wanted = finding is CaseState.FOUND or bool(said)
        _permit(
            RoundAct.LOOK,
            case,
            actor,
            is_finding_given=finding in FINDINGS and (not is_sentence_wanted or says_something(said)),
        )
        stated = Finding(case=str(case.application_id), finding=finding, text=said)
        return _step(case, RoundAct.LOOK, stated.as_payload(), actor=actor, at=at or clock.now())


def leave_out(case_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime | None = None) -> QualityCase:
    """Sets a drawn case aside without a second look, for a reason that stays. Raises NotFound, TransitionNotAllowed."""
    with transaction.atomic():
        case = _lock(case_id, actor)
        said = clean(reason, line_breaks=True)[:LONGEST_FINDING]
        _permit(RoundAct.SET_ASIDE, case, actor, has_reason=says_something(said))
        payload = set_aside(str(case.application_id), said)
        return _step(case, RoundAct.SET_ASIDE, payload, actor=actor, at=at or clock.now())


# ---------------------------------------------------------------- reading


def rounds_of(actor: Actor) -> QuerySet[QualityRound]:
    """The rounds of the actor's office, the newest first. Raises NotFound for whoever is no officer."""
    found = QualityRound.objects.filter(office_code=_office_of(actor)).select_related("drawn_by")
    return found.defer("cases_decided").order_by("-number")


def find_round(round_id: uuid.UUID, *, actor: Actor) -> QualityRound:
    """A round of the office that the actor heads. Raises NotFound, whether or not it exists elsewhere."""
    found = rounds_of(actor).filter(pk=round_id).first() if actor.role in HEADS else None
    if found is None:
        raise NotFound("quality_round_unknown", round=str(round_id))
    return found


def is_head_of(found: QualityRound, actor: Actor) -> bool:
    """Whether the actor heads the office of a round."""
    return actor.role in HEADS and _office_of(actor) == found.office_code


def cases_readable(actor: Actor) -> QuerySet[QualityCase]:
    """The drawn cases that the actor may read, all within the actor's jurisdiction.

    Heads read those of their own rounds, whoever looks again those given to them, and whom a finding concerns what was
    found: the officers who had a part in the decision, and the heads of the province where the nation found it.
    """
    office_code = _office_of(actor)
    own = Q(round__office_code=office_code)
    looked_at = Q(state__in=_LOOKED_AT)
    had_part = Exists(QualityPart.objects.filter(case=OuterRef("pk"), officer=actor.account_id))
    readable = Q(had_part) & looked_at | own & Q(officer=actor.account_id)
    if actor.role in HEADS:
        readable |= own
        if actor.role in PROVINCE:
            readable |= looked_at
    found = QualityCase.objects.filter(readable)
    if actor.role in PROVINCE:
        found = found.filter(province_code=actor.province_code)
    related = ("round", "application__filing", "decision", "officer", "done_by")
    return found.select_related(*related).defer("round__cases_decided")


def find_case(case_id: uuid.UUID, *, actor: Actor) -> QualityCase:
    """A drawn case that the actor may read. Raises NotFound, whether or not it exists."""
    found = cases_readable(actor).filter(pk=case_id).first()
    if found is None:
        raise NotFound("quality_case_unknown", case=str(case_id))
    return found


def to_look_at(actor: Actor) -> QuerySet[QualityCase]:
    """The cases that wait for the actor's second look, those of the oldest draw first."""
    waiting = cases_readable(actor).filter(
        officer=actor.account_id, round__office_code=_office_of(actor), state=CaseState.WAITING.value
    )
    return waiting.order_by("round__drawn_at", "position", "pk")


def results_of(actor: Actor) -> QuerySet[QualityCase]:
    """What second looks found of the cases in which the actor had a part, the last first."""
    found = cases_readable(actor).filter(parts__officer=actor.account_id, state__in=_LOOKED_AT)
    return found.order_by("-done_at", "-pk")


def able_to_look(case: QualityCase) -> QuerySet[Account]:
    """The active officers of the round's office who had no part in the decision of the case, by name."""
    there = _officers_at(case.round.office_code)
    had_part = Q(pk__in=case.parts.values("officer")) | Q(pk__in=acted_in(case.application_id))
    return there.exclude(had_part).order_by("name", "pk")


def acts_open(case: QualityCase, actor: Actor) -> frozenset[RoundAct]:
    """The acts that this actor may do with a drawn case now, but for what the act itself will carry."""
    return acts_open_to(_facts_of(case, actor))


def repeated(found: QualityRound) -> tuple[list[str], list[str]]:
    """The receipt numbers that the round was drawn from and those that its draw gives, both made again from the events.

    They are the round's own unless somebody altered it: `digest_of_cases` of the first and the order of the second.
    """
    decided = cases_decided(found.office_code, first_on=found.first_on, last_on=found.last_on)
    numbers = [case.receipt_number for case in decided]
    return numbers, list(draw(numbers, percent=found.percent, seed=found.seed))


def drawn_numbers(found: QualityRound) -> list[str]:
    """The receipt numbers of the round's cases, in the order of the draw."""
    return list(found.cases.order_by("position").values_list("application__receipt_number", flat=True))


def _facts_of(case: QualityCase, actor: Actor, **carried: bool) -> RoundFacts:
    return RoundFacts(
        state=RoundState.DRAWN,
        role=actor.role,
        is_own_office=_office_of(actor) == case.round.office_code,
        is_waiting=case.state == CaseState.WAITING,
        is_assigned=case.officer_id is not None and case.officer_id == actor.account_id,
        had_part=case.parts.filter(officer=actor.account_id).exists()
        or acted_in(case.application_id).filter(actor=actor.account_id).exists(),
        **carried,
    )


def _permit(act: RoundAct, case: QualityCase, actor: Actor, **carried: bool) -> None:
    decide_on_round(act, _facts_of(case, actor, **carried))


def _office_of(actor: Actor) -> str:
    return office_code_of(actor.role, actor.province_code)


def _officers_at(office_code: str) -> QuerySet[Account]:
    """The active officers of an office."""
    is_national = office_code == NATIONAL_OFFICE_CODE
    roles: frozenset[Role] = NATION if is_national else PROVINCE
    found = Account.objects.filter(role__in=[role.value for role in roles], is_active=True)
    return found if is_national else found.filter(province_code=office_code)


def _drawn_of(office_code: str, asked: Asked) -> QuerySet[QualityRound]:
    """The rounds of an office that drew from any of these days."""
    return QualityRound.objects.filter(
        office_code=office_code, first_on__lte=asked.last_on, last_on__gte=asked.first_on
    )


def _dealt(
    office_code: str, drawn: Collection[DecidedCase], *, seed: str, away: Collection[uuid.UUID]
) -> list[DrawnCase]:
    """The drawn cases, each with who had a part in it and who looks at it again."""
    parts = parts_in(office_code, drawn)
    there = set(_officers_at(office_code).exclude(pk__in=list(away)).values_list("pk", flat=True))
    # Who acted on it at another office, before coming to this one, looks at it again neither.
    acted = parts_in(NATIONAL_OFFICE_CODE, drawn)
    able = {
        case.receipt_number: [str(each) for each in there - set(acted[case.application_id])] for case in drawn
    }
    looks = deal(able, seed=seed)
    return [
        DrawnCase(
            case=str(case.application_id),
            receipt=case.receipt_number,
            province=case.province_code,
            decision=str(case.decision_id),
            revision=case.revision_number,
            parts=[str(each) for each in parts[case.application_id]],
            officer=looks[case.receipt_number],
        )
        for case in drawn
    ]


def _lock(case_id: uuid.UUID, actor: Actor) -> QualityCase:
    """A drawn case that the actor may read, with its round locked and both as they are under the lock."""
    seen = find_case(case_id, actor=actor)
    QualityRound.objects.select_for_update(no_key=True).values_list("pk").get(pk=seen.round_id)
    return find_case(case_id, actor=actor)


def _step(
    case: QualityCase, act: RoundAct, payload: Mapping[str, Any], *, actor: Actor, at: datetime
) -> QualityCase:
    """Appends an act about a locked case, and saves the case and its round as they are after it."""
    _append(case.round, act, payload, actor=actor, at=at)
    row = fold_cases(_records_of(case.round))[str(case.application_id)]
    for name, value in column_values(row).items():
        setattr(case, name, value)
    case.save()
    return case


def _records_of(found: QualityRound) -> list[Any]:
    return [act_record(event, RoundAct) for event in events_of(found.pk)]


def _append(
    found: QualityRound, act: RoundAct, payload: Mapping[str, Any], *, actor: Actor, at: datetime
) -> QualityRound:
    doorbell.ring_on_commit(NOTICES_TASK)
    return writer.append_folded(
        found,
        StreamKind.QUALITY_ROUND,
        act,
        payload,
        fold_round,
        actor_id=actor.account_id,
        role=actor.role,
        at=at,
        province_code="" if actor.role in NATION else actor.province_code,
    )
