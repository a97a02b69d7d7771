"""Tells offices what their own acts mean for their people, and takes from who has left what only officers hold."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from registry.documents.paper_settings import settings_of
from registry.models import Account, Application, Event, MembershipClaim, OfficeProposal
from registry.notices import notice as notices
from registry.notices.filing_notices import named_facts
from registry.rules.office.events import OfficeAct, OfficeFacts, OfficeSubject, office_stream
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.office.proposals import PARTS
from registry.rules.workflow.states import NATION, OFFICERS, Role
from review.access import Office, cases_of, heads_at, is_head, officers_at
from review.desk.claims import release_all_of
from review.own_texts import own_texts


def notify_of_office_act(event: Event, *, at: datetime) -> int:
    """Creates the notices of one act of an office; returns their number."""
    facts = OfficeFacts.of(event.payload)
    act = OfficeAct(event.act)
    if act is OfficeAct.CASE_REASSIGNED:
        return _reassigned(event, facts, at=at)
    if act is OfficeAct.CLAIM_EXPIRED:
        return _expired(event, facts, at=at)
    if act is OfficeAct.WORK_HANDED_OVER:
        return _handed_over(event, facts, at=at)
    if act is OfficeAct.CASES_ASSIGNED:
        return _assigned(event, facts, at=at)
    if act in (OfficeAct.LEAVE_ENTERED, OfficeAct.LEAVE_ENDED):
        return _leave(event, act, facts, at=at)
    if act in (OfficeAct.ACCOUNT_CLOSED, OfficeAct.ACCOUNT_MOVED):
        return _left(event, facts, at=at)
    if facts.subject is OfficeSubject.TAKEOVER:
        return _takeover(event, act, facts, at=at)
    if facts.subject is OfficeSubject.PAPER_SETTINGS:
        return _papers(event, act, facts, at=at)
    return _proposal(event, act, facts, at=at)


def _takeover(event: Event, act: OfficeAct, facts: OfficeFacts, *, at: datetime) -> int:
    """A proposed grant goes to the other officers of the office, an objection to its heads and to who proposed."""
    proposal = OfficeProposal.objects.select_related("proposed_by").get(pk=event.stream_id)
    claim = MembershipClaim.objects.select_related("applicant").get(pk=facts.key)
    there = list(officers_at(Office.PROVINCE, claim.province_code))
    path = reverse("review:membership_claim", args=[claim.pk])
    about: dict[str, Any] = {"key": str(event.pk), "event": event, "link_path": path, "at": at}
    if act is OfficeAct.TAKEOVER_OBJECTED:
        told = [each for each in there if is_head(each) or each.pk == proposal.proposed_by_id]
        named = {"applicant_name": claim.applicant.name}
        return notices.notify("takeover_objected", accounts=told or there, facts=named, **about)
    shown = {"what": facts.subject.value, "key": claim.applicant.name, "reason": proposal.reason}
    if act is OfficeAct.CHANGE_PROPOSED:
        others = [each for each in there if each.pk != proposal.proposed_by_id]
        named = shown | {"proposer_name": proposal.proposed_by.name}
        return notices.notify("change_proposed", accounts=others, facts=named, **about)
    decided = shown | {"reason": facts.reason, "decision": act.value}
    proposer = [each for each in there if each.pk == proposal.proposed_by_id]
    return notices.notify("change_decided", accounts=proposer, facts=decided, **about)


def _papers(event: Event, act: OfficeAct, facts: OfficeFacts, *, at: datetime) -> int:
    """A change of an office's papers goes to its other officers, what became of it to who proposed it."""
    proposal = OfficeProposal.objects.select_related("proposed_by").get(pk=event.stream_id)
    is_national = proposal.key == NATIONAL_OFFICE_CODE
    office = Office.NATION if is_national else Office.PROVINCE
    there = officers_at(office, "" if is_national else proposal.key)
    is_new = act is OfficeAct.CHANGE_PROPOSED
    told = [each for each in there if (each.pk == proposal.proposed_by_id) is not is_new]
    about = {"what": facts.subject.value, "key": settings_of(proposal.key).office_name}
    said = {"proposer_name": proposal.proposed_by.name} if is_new else {"decision": act.value}
    return notices.notify(
        "change_proposed" if is_new else "change_decided",
        key=str(event.pk),
        accounts=told,
        facts={**about, **said, "reason": facts.reason},
        event=event,
        link_path=reverse("review:papers"),
        at=at,
    )


def _proposal(event: Event, act: OfficeAct, facts: OfficeFacts, *, at: datetime) -> int:
    """A proposal goes to the officers who may confirm it, what became of it to the officer who made it."""
    proposal = OfficeProposal.objects.select_related("proposed_by").get(pk=event.stream_id)
    is_new = act is OfficeAct.CHANGE_PROPOSED
    confirming = [role.value for role in PARTS[facts.subject].confirming & OFFICERS]
    second = Account.objects.filter(role__in=confirming, is_active=True).exclude(pk=proposal.proposed_by_id)
    told = list(second.order_by("pk")) if is_new else [proposal.proposed_by]
    about = {"what": facts.subject.value, "key": facts.key, "reason": facts.reason}
    return notices.notify(
        "change_proposed" if is_new else "change_decided",
        key=str(event.pk),
        accounts=[each for each in told if each.is_officer],
        facts={
            **about,
            **({"proposer_name": proposal.proposed_by.name} if is_new else {"decision": act.value}),
        },
        event=event,
        link_path=_path_of(proposal),
        at=at,
    )


def _path_of(proposal: OfficeProposal) -> str:
    if proposal.subject == OfficeSubject.CALENDAR:
        return reverse("review:calendar_proposal", args=[proposal.pk])
    return reverse("office:notice_text", args=proposal.key.split("/"))


def _reassigned(event: Event, facts: OfficeFacts, *, at: datetime) -> int:
    """The officer who got the case and the one who lost it, but nobody of what they did themselves."""
    application = Application.objects.select_related("filing").get(pk=facts.key)
    office = Office.NATION if Role(event.actor_role) in NATION else Office.PROVINCE
    there = {str(each.pk): each for each in officers_at(office, application.province_code)}
    before, given = (there.get(values.get("officer", "")) for values in (facts.before, facts.after))
    about = named_facts(application) | {
        "head_name": event.actor.name if event.actor is not None else "",
        "reason": facts.reason,
    }
    count = 0
    if given is not None and given.pk != event.actor_id:
        count += notices.notify(
            "case_given",
            key=str(event.pk),
            accounts=[given],
            facts=about,
            application=application,
            event=event,
            at=at,
        )
    if before is not None and before.pk != event.actor_id:
        count += notices.notify(
            "case_taken",
            key=str(event.pk),
            accounts=[before],
            facts=about | {"holder_name": given.name if given is not None else ""},
            application=application,
            event=event,
            at=at,
        )
    return count


def _expired(event: Event, facts: OfficeFacts, *, at: datetime) -> int:
    """The officer whose claim has ended, while the case lies at the office and nobody else has taken it up."""
    application = Application.objects.select_related("filing").get(pk=facts.key)
    officer = Account.objects.filter(pk=facts.before["officer"], is_active=True).first()
    if officer is None or not officer.is_officer or not cases_of(officer).filter(pk=application.pk).exists():
        return 0
    return notices.notify(
        "claim_expired",
        key=str(event.pk),
        accounts=[officer],
        facts=named_facts(application) | {"days": settings.CLAIM_IDLE_WORKING_DAYS},
        application=application,
        event=event,
        at=at,
    )


def _handed_over(event: Event, facts: OfficeFacts, *, at: datetime) -> int:
    """Both officers, each with the list of the cases, but nobody of what they did themselves."""
    people = Account.objects.in_bulk([uuid.UUID(facts.before["officer"]), uuid.UUID(facts.after["officer"])])
    giver, taker = (people[uuid.UUID(values["officer"])] for values in (facts.before, facts.after))
    office = Office.NATION if giver.acts_as in NATION else Office.PROVINCE
    there = {each.pk for each in officers_at(office, event.province_code)}
    # What a leave hands over by itself has no reason of anybody.
    said = {"reason": facts.reason} if event.actor_id is not None else {}
    return notices.notify(
        "work_handed_over" if said else "leave_begun",
        key=str(event.pk),
        accounts=[each for each in (giver, taker) if each.pk in there and each.pk != event.actor_id],
        facts={
            "giver_name": giver.name,
            "taker_name": taker.name,
            **said,
            "cases": list(facts.after["handed_over"]),
            "left": list(facts.after["not_handed_over"]),
        },
        event=event,
        link_path=reverse("review:queue"),
        at=at,
    )


def _assigned(event: Event, facts: OfficeFacts, *, at: datetime) -> int:
    """Who got cases by one act, and each who lost some by it, once of all; nobody of what they did themselves."""
    office = Office.NATION if Role(event.actor_role) in NATION else Office.PROVINCE
    there = {str(each.pk): each for each in officers_at(office, event.province_code)}
    taker = there.get(facts.after["officer"])
    said = {"head_name": event.actor.name if event.actor is not None else "", "reason": facts.reason}
    about: dict[str, Any] = {
        "key": str(event.pk),
        "event": event,
        "link_path": reverse("review:queue"),
        "at": at,
    }
    count = 0
    if taker is not None and taker.pk != event.actor_id:
        given = said | {"cases": list(facts.after["assigned"])}
        count += notices.notify("cases_given", accounts=[taker], facts=given, **about)
    for key, numbers in _lost_by(event, facts).items():
        loser = there.get(key)
        if loser is not None and loser.pk != event.actor_id:
            taken = said | {"cases": numbers, "holder_name": taker.name if taker is not None else ""}
            count += notices.notify("cases_taken", accounts=[loser], facts=taken, **about)
    return count


def _lost_by(event: Event, facts: OfficeFacts) -> dict[str, list[str]]:
    """The receipt numbers that each officer lost by an act about several cases, by the officer's id."""
    cases = Application.objects.filter(receipt_number__in=facts.after["assigned"])
    streams = [office_stream(OfficeSubject.CASE, str(pk)) for pk in cases.values_list("pk", flat=True)]
    found: dict[str, list[str]] = {}
    # Each case has it in its own stream, recorded at the same moment.
    of_cases = Event.objects.filter(stream_id__in=streams, act=OfficeAct.CASE_ASSIGNED.value, at=event.at)
    for each in of_cases:
        of_case = OfficeFacts.of(each.payload)
        if of_case.before["officer"]:
            found.setdefault(of_case.before["officer"], []).append(of_case.after["receipt_number"])
    return {key: sorted(numbers) for key, numbers in found.items()}


def _leave(event: Event, act: OfficeAct, facts: OfficeFacts, *, at: datetime) -> int:
    """The officer whose leave it is and who stands in, but nobody of what they did themselves."""
    stated = facts.after if act is OfficeAct.LEAVE_ENTERED else facts.before
    ids = [uuid.UUID(facts.key), uuid.UUID(stated["substitute"])]
    people = Account.objects.in_bulk(ids)
    officer, substitute = (people[each] for each in ids)
    return notices.notify(
        act.value,
        key=str(event.pk),
        accounts=[each for each in (officer, substitute) if each.is_officer and each.pk != event.actor_id],
        facts={
            "officer_name": officer.name,
            "substitute_name": substitute.name,
            "first_on": stated["first_on"],
            "last_on": stated["last_on"],
        },
        event=event,
        link_path=reverse("review:leave"),
        at=at,
    )


def _left(event: Event, facts: OfficeFacts, *, at: datetime) -> int:
    """Ends the claims of an officer who left an office, and tells its heads which cases lie there again."""
    officer = Account.objects.get(pk=facts.key)
    role = Role(facts.before.get("role", officer.role))
    if role not in OFFICERS:
        return 0
    if OfficeAct(event.act) is OfficeAct.ACCOUNT_CLOSED:
        own_texts.remove_all_of(officer, until=event.at)
    released = release_all_of(officer, until=event.at, reason=facts.reason, at=at)
    office = Office.NATION if role in NATION else Office.PROVINCE
    return notices.notify(
        "officer_left",
        key=str(event.pk),
        accounts=[each for each in heads_at(office, event.province_code) if each.pk != officer.pk],
        facts={
            "officer_name": officer.name,
            "what": event.act,
            "reason": facts.reason,
            "count": len(released),
            "cases": [f"{each.receipt_number} {_name_of(each)}" for each in released],
        },
        event=event,
        link_path=reverse("review:queue"),
        at=at,
    )


def _name_of(application: Application) -> str:
    return str(
        application.filing.service_name if application.filing is not None else application.applicant_name
    )
