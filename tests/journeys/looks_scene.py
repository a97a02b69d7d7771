"""What there is to look at: one object for each page and state, seeded through the ledger as of now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from applicants.amendments.amendment import start_amendment
from applicants.cancellations import cancellation as cancelling
from applicants.cancellations.cancellation import Cancellation
from applicants.changes.change import start_change
from applicants.drafts import joint
from applicants.drafts import store as drafts
from registry import clock
from registry.batches import lists
from registry.book import numbering
from registry.book.act_request import Actor
from registry.book.examination import answer_days
from registry.book.in_force import materials_in_force
from registry.calendar.current import current_calendar
from registry.deadlines import holiday_loading
from registry.documents.paper_settings import propose_settings, settings_of
from registry.errors import StorageFull
from registry.jobs import runs
from registry.members import invitations
from registry.members.invitations import LetterGiven, Recipient
from registry.models import (
    Account,
    Applicant,
    Consultation,
    Delivery,
    Filing,
    Invitation,
    JobFailure,
    Notice,
    PlannedEnd,
)
from registry.notices import filing_notices
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from registry.notices.wording import propose_wording
from registry.rules.batches.lifecycle import ListAct, ListKind
from registry.rules.days.deadlines import earliest_service_end
from registry.rules.members.permissions import MemberRole, Scope
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.workflow.states import Act, Kind, Role
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.batches import draft as drafts_of_lists
from review.desk import claims
from review.models import OwnText
from review.own_texts import own_texts
from tests.access.member_scene import MemberScene, build_members, scan
from tests.access.scene import complete_draft
from tests.builders import article, register, visited
from tests.builders import batch as batches
from tests.builders import consultation as build_consultation
from tests.builders import contact as build_contact
from tests.builders import quality as build_quality
from tests.builders.holidays import MOVING_2027
from tests.builders.register import Cast
from tests.journeys.answers import organisation
from tests.journeys.drafting import answered_draft

_DAY = timedelta(days=1)
# Older than every period: what was rejected then cannot be handed in again, and invitations have ended.
_LONG_AGO, _LATELY = 150 * _DAY, 12 * _DAY
_ARRANGEMENT = "样例：提前公告并逐一通知用户，用户可在终止前导出数据。"
_DESCRIPTION = "样例：节点由三个增至五个，分别部署在北京、上海、广州、成都和武汉。"


@dataclass(frozen=True, slots=True)
class ApplicantScene:
    """Accounts, and the keys of what they see; the mappings name a state each."""

    member: Account
    newcomer: Account
    nobody: Account
    number: str
    draft: uuid.UUID
    empty_draft: uuid.UUID
    several: uuid.UUID
    amendment: uuid.UUID
    change: uuid.UUID
    unchanged: uuid.UUID
    cancellation: uuid.UUID
    approved_cancellation: uuid.UUID
    applicant: uuid.UUID
    claiming_draft: uuid.UUID
    cases: Mapping[str, uuid.UUID]
    filings: Mapping[str, uuid.UUID]
    notices: Mapping[str, uuid.UUID]
    memberships: Mapping[str, uuid.UUID]
    invitations: Mapping[str, uuid.UUID]
    claims: Mapping[str, uuid.UUID]


def make_applicant_scene() -> ApplicantScene:
    """Drafts, cases in every state an applicant can meet, and members of one of the applicants."""
    cast, now = Cast(), clock.now()
    member = cast.member
    member.email, member.email_verified_at = "sample.member@example.com", now
    member.save()
    filed = [register.in_force(cast, seed=seed, at=now - _LATELY) for seed in (7_401, 7_402, 7_403, 7_404)]
    filing, other, ending, ended = (register.filing_of(case) for case in filed)
    PlannedEnd.objects.create(
        filing=filing, ends_on=clock.today() + 200 * _DAY, noted_at=now, noted_by=member
    )
    cases = _cases(cast, at=now)
    cancellation, approved = (_cancel(each, member) for each in (ending, ended))
    register.forward(cast, approved, at=now)
    walk.act(approved, Act.APPROVE, by=cast.national, at=now, text="样例")
    expired = _expired_invitation(filed[0].application.applicant, member, cast.stranger)
    several = complete_draft(member, seed=7_408)
    for _service in range(2):
        joint.copy_service(several.pk, new_id=uuid.uuid4(), account=member, at=now)
    people = build_members(
        member,
        cast.stranger,
        applicant=filed[0].application.applicant,
        other=cases["open"].application.applicant,
        draft=complete_draft(cast.stranger, seed=7_401, files=False),
    )
    for event in filing_notices.events_for_applicants():
        filing_notices.notify_applicant(event, at=now)
    return ApplicantScene(
        member=member,
        newcomer=cast.stranger,
        nobody=walk.sample_account("样例新人", Role.APPLICANT),
        number=str(filing.number),
        draft=_faulty_draft(member),
        empty_draft=drafts.start_draft(member, applicant=None, at=now).pk,
        several=several.pk,
        amendment=start_amendment(cases["rejected"].application, account=member, at=now).pk,
        change=_change(filing, member),
        unchanged=start_change(other, account=member, at=now).pk,
        cancellation=cancellation.application_id,
        approved_cancellation=approved.application_id,
        applicant=people.applicant.pk,
        claiming_draft=people.claiming_draft.pk,
        cases={name: case.application_id for name, case in cases.items()}
        | {"in-force": filed[0].application_id},
        filings={"in-force": filing.pk, "changing": other.pk, "ending": ending.pk, "ended": ended.pk},
        notices=_first_notices(member),
        memberships={
            "editor": people.editor.pk,
            "agent": people.agent.pk,
            "expired-agent": _expired_agent(people, member),
        },
        invitations={"open": people.offered.pk, "expired": expired.pk},
        claims={"asked": people.asked.pk, "at-office": people.claimed.pk},
    )


def _propose_of_office(cast: Cast, *, at: datetime) -> uuid.UUID:
    """Proposes a text of a notice, the office's papers, and a year's holidays; gives the proposal of the calendar."""
    kind = kind_of("rejected")
    wording = replace(kind.shipped["zh-hans"], subject="样例标题：{service_name}")
    propose_wording(kind, "zh-hans", wording, reason="样例：措辞调整", by=cast.administrator, at=at)
    papers = replace(settings_of(NATIONAL_OFFICE_CODE), court="样例人民法院")
    propose_settings(papers, reason="样例：填写救济机关", by=cast.national_head, at=at)
    digest = holiday_loading.preview(MOVING_2027, year=2027).digest
    proposal = holiday_loading.propose(
        MOVING_2027, year=2027, source="样例通知", digest=digest, by=cast.national_head, at=at
    )
    return proposal.pk


@dataclass(frozen=True, slots=True)
class QualityScene:
    """A round of the province: a case that waits for its head, and one in which something was found."""

    round: uuid.UUID
    waiting: uuid.UUID
    found: uuid.UUID
    drawn_on: str


@dataclass(frozen=True, slots=True)
class DeskScene:
    """Officers, and the keys of what they see."""

    cast: Cast
    provincial_cases: Mapping[str, uuid.UUID]
    national_case: uuid.UUID
    consultation: uuid.UUID
    quality: QualityScene
    own_text: uuid.UUID
    notice: uuid.UUID
    not_told: uuid.UUID
    lost: uuid.UUID
    claim: uuid.UUID
    lists: Mapping[str, uuid.UUID]
    articles: Mapping[str, int]
    calendar_proposal: uuid.UUID


def make_desk_scene() -> DeskScene:
    """A case of every kind at the province, one at the nation, notices that reached nobody, a claim."""
    cast, now = Cast(), clock.now()
    one = register.submitted(cast, seed=7_421, at=now - 3 * _DAY)
    late = register.submitted(cast, seed=7_422, at=now - _LONG_AGO)
    claims.claim(late.application_id, officer=cast.provincial_second, at=now)
    visited.look_twice(one, at=now)
    build_contact.called(cast, one, at=now)
    again = register.submitted(cast, seed=7_423, at=now - 4 * _DAY)
    walk.act(again, Act.WITHDRAW, by=cast.member, at=now - 3 * _DAY)
    national = register.forwarded(cast, seed=7_424, at=now - 3 * _DAY)
    filings = [
        register.filing_of(register.in_force(cast, seed=seed, at=now - _LATELY)) for seed in (7_425, 7_426)
    ]
    change, cancellation = _submitted_change(filings[0], cast.member), _cancel(filings[1], cast.member)
    together_id = uuid.uuid4()
    several = [_submitted_together(cast, seed, together_id) for seed in (7_427, 7_427)]
    people = build_members(
        cast.member,
        cast.stranger,
        applicant=one.application.applicant,
        other=late.application.applicant,
        draft=complete_draft(cast.stranger, seed=7_421, files=False),
    )
    for case in (one, late):
        filing_notices.notify_applicant(case.application.events.get(act=Act.SUBMIT.value).pk, at=now)
    not_told, lost = _lose(one, late)
    notices.notify(
        "desk_escalated",
        key="looks",
        accounts=[cast.provincial],
        facts=kind_of("desk_escalated").sample,
        application=one.application,
    )
    JobFailure.objects.create(
        job="issue-numbers",
        subject_id=uuid.uuid4(),
        attempts=3,
        last_error="GlyphMissing",
        last_attempt_at=now,
    )
    proposed = _propose_of_office(cast, at=now)
    return DeskScene(
        cast=cast,
        calendar_proposal=proposed,
        provincial_cases={
            "open": one.application_id,
            "late": late.application_id,
            "withdrawn": again.application_id,
            "change": change.application_id,
            "cancellation": cancellation.application_id,
            "several": several[0].application_id,
        },
        national_case=national.application_id,
        consultation=_consulted(cast, one, at=now).pk,
        quality=_sampled(cast, at=now),
        own_text=own_texts.add(
            cast.provincial, OwnText.Place.OPINION, name="样例", text="样例：正文。", at=now
        ).pk,
        notice=Notice.objects.get(key="looks").pk,
        not_told=not_told.pk,
        lost=lost.pk,
        claim=people.claimed.pk,
        lists=_lists(cast, filings),
        articles=_articles(cast, at=now - _DAY),
    )


def _consulted(cast: Cast, case: SampleCase, *, at: datetime) -> Consultation:
    """A question about a case to another body, which has answered another question before."""
    days = answer_days(case.application, today=clock.china_date(at), calendar=current_calendar())
    answered = build_consultation.sent(cast, case, due_on=days[0], at=at)
    build_consultation.answered(answered, by=cast.provincial, answered_on=clock.china_date(at), at=at)
    keys = ["service.service_name", "person_in_charge.mobile"]
    return build_consultation.sent(cast, case, due_on=days[1], keys=keys, at=at)


def _sampled(cast: Cast, *, at: datetime) -> QualityScene:
    """What the province decided lately, all of it drawn and dealt to its head."""
    decided_on = clock.china_date(at - _LATELY)
    sampled = build_quality.drawn(
        cast.provincial_head, first_on=decided_on, last_on=decided_on, away={cast.provincial_second.pk}, at=at
    )
    waiting, found = sampled.cases.order_by("position")[:2]
    build_quality.looked_at(found, by=cast.provincial_head, at=at)
    return QualityScene(sampled.pk, waiting.pk, found.pk, decided_on.isoformat())


def _lists(cast: Cast, filings: Sequence[Filing]) -> dict[str, uuid.UUID]:
    """A list that is published, one that was sent back, and one that waits for the second officer and has failed."""
    now = clock.now()
    yesterday = clock.china_date(now) - _DAY
    held_back = {filings[1].pk: "样例：名称待核实"}
    first = batches.composition(cut_off_on=yesterday, held_back=held_back)
    dropped = batches.proposed(cast, first, at=now - 4 * _DAY)
    lists.drop(dropped.pk, act=ListAct.SEND_BACK, actor=Actor.of(cast.national), explanation="样例：公告有误")
    published = batches.published(cast, first, at=now - 3 * _DAY)
    content = drafts_of_lists.current_draft(ListKind.FILINGS, at=now).content
    drafts_of_lists.save(content, seen_version=0, by=cast.national_head, at=now)
    composition = batches.composition(cut_off_on=yesterday, held_back={})
    proposed = batches.proposed(cast, composition, at=now - _DAY)
    runs.record_failure("publish_list", proposed.pk, StorageFull("storage_full"))
    return {"published": published.pk, "dropped": dropped.pk, "proposed": proposed.pk}


def make_number() -> str:
    """The number of a filing in force."""
    case = register.approved(Cast(), seed=7_363, at=clock.now() - _LATELY)
    return numbering.issue_number(register.filing_of(case).pk, at=clock.now() - _LATELY + timedelta(hours=3))


def _articles(cast: Cast, *, at: datetime) -> Mapping[str, int]:
    """An article in each state, as the administrator sees them."""
    to_publish = article.drafted(cast.national_head, article.content("样例：待审"), at=at)
    own = article.drafted(cast.administrator, article.content("样例：自己起草"), at=at)
    waiting = article.published(cast, "样例：定时发布", at=at, public_from=clock.now() + _DAY)
    withdrawn = article.published(cast, "样例：已撤", at=at)
    article.withdrawn(cast, withdrawn, seen_version=2, at=at + timedelta(hours=1))
    return {"to-publish": to_publish, "own": own, "waiting": waiting, "withdrawn": withdrawn}


def make_article() -> int:
    """The number of an article with two editions; another is withdrawn, another is of the other column."""
    cast, at = Cast(), clock.now() - _LATELY
    number = article.published(cast, "样例：办理安排", at=at)
    article.edited(cast, number, "样例：办理安排（更新）", seen_version=2, at=at + _DAY)
    article.published(cast, "样例：后一篇", at=at + _DAY)
    article.withdrawn(cast, article.published(cast, "样例：已撤", at=at), seen_version=2, at=at + _DAY)
    return number


def _cases(cast: Cast, *, at: datetime) -> dict[str, SampleCase]:
    """Applications that are not about a filing in force."""
    found = {
        "open": register.submitted(cast, seed=7_411, at=at),
        "rejected": register.rejected(cast, seed=7_412, at=at - _DAY),
        "rejected-long-ago": register.rejected(cast, seed=7_413, at=at - _LONG_AGO),
        "withdrawn": register.submitted(cast, seed=7_414, at=at - _DAY),
    }
    walk.act(found["withdrawn"], Act.WITHDRAW, by=cast.member, at=at)
    together_id = uuid.uuid4()
    first, _second = (_submitted_together(cast, seed, together_id) for seed in (7_415, 7_415))
    return found | {"several": first}


def _submitted_together(cast: Cast, seed: int, together_id: uuid.UUID) -> SampleCase:
    now = clock.now()
    materials = register.materials_for(cast, seed=seed, at=now)
    materials["service"]["service_name"] += f"{uuid.uuid4().hex[:4]}"
    return walk.submit(materials, member=cast.member, at=now, together_id=together_id)


def _faulty_draft(member: Account) -> uuid.UUID:
    """A draft with every section filled in, two answers of which are wrong."""
    wrong = organisation(today=clock.today())
    wrong["service"] |= {"published_rules_url": "no address", "log_retention_months": 3}
    draft = answered_draft(member, wrong)
    drafts.attach_file(
        draft.pk, "attachments.product_introduction", file=scan(), account=member, at=clock.now()
    )
    return draft.pk


def _change(filing: Filing, member: Account) -> uuid.UUID:
    draft = start_change(filing, account=member, at=clock.now())
    answers = {**draft.materials["service"], "description": _DESCRIPTION}
    save = drafts.SectionSave("service", answers, frozenset(answers), draft.version_of("service"))
    return drafts.save_section(draft.pk, save, at=clock.now()).pk


def _submitted_change(filing: Filing, member: Account) -> SampleCase:
    materials: dict[str, Any] = materials_in_force(filing)
    materials["service"] = {**materials["service"], "description": _DESCRIPTION}
    changes = [{"key": "service.description", "changed_on": f"{clock.today() - _DAY}"}]
    return walk.submit(
        materials,
        member=member,
        at=clock.now(),
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={"changes": changes},
    )


def _cancel(filing: Filing, member: Account) -> SampleCase:
    day = earliest_service_end(clock.today(), current_calendar()).isoformat()
    application = cancelling.submit_cancellation(
        filing,
        Cancellation(ends_on=day, arrangement=_ARRANGEMENT),
        account=member,
        declaration_accepted=True,
        key=uuid.uuid4(),
        at=clock.now(),
    )
    return SampleCase(application.pk, member)


def _first_notices(account: Account) -> dict[str, uuid.UUID]:
    """One notice of each of some kinds: short, with reasons, about people."""
    kinds = ("submitted", "rejected", "claim_filed")
    told = Notice.objects.filter(account=account, kind__in=kinds).order_by("-created_at")
    return {notice.kind.replace("_", "-"): notice.pk for notice in told}


def _lose(one: SampleCase, late: SampleCase) -> tuple[Notice, Delivery]:
    """A notice that reached nobody, and one of which nobody knows."""
    first, second = (
        Notice.objects.get(application=case.application_id, account=case.member, kind="submitted")
        for case in (one, late)
    )
    ways = Delivery.objects.filter(notice__in=(first, second)).exclude(channel=Delivery.Channel.INBOX)
    ways.update(state=Delivery.State.GIVEN_UP, last_error="server_unreachable", next_attempt_at=None)
    lost, _made = Delivery.objects.update_or_create(
        notice=second,
        channel=Delivery.Channel.SMS,
        defaults={
            "state": Delivery.State.UNKNOWN,
            "last_error": "no_answer:ReadTimeout",
            "next_attempt_at": None,
        },
    )
    return first, lost


def _expired_agent(people: MemberScene, owner: Account) -> uuid.UUID:
    """An agent whose letter has ended."""
    at = clock.now() - _LONG_AGO
    agent = walk.sample_account("样例前代办人", Role.APPLICANT)
    agent.email, agent.email_verified_at = "sample.agent.past@example.com", at
    agent.save()
    letter = LetterGiven(scan(), Scope.PREPARE_ONLY, clock.china_date(at + 30 * _DAY))
    offered = invitations.invite(
        people.applicant.pk,
        Recipient(Invitation.Channel.EMAIL, str(agent.email)),
        role=MemberRole.EDITOR,
        letter=letter,
        by=owner,
        at=at,
    )
    return invitations.accept(offered.pk, account=agent, at=at).pk


def _expired_invitation(applicant: Applicant, owner: Account, to: Account) -> Invitation:
    """Offered to the same mailbox long before the one that is open."""
    to.email = "sample.stranger@example.com"
    return invitations.invite(
        applicant.pk,
        Recipient(Invitation.Channel.EMAIL, to.email),
        role=MemberRole.EDITOR,
        by=owner,
        at=clock.now() - _LONG_AGO,
    )
