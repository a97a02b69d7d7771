"""Gathers the facts that the lifecycle's guards check: from the locked rows, the request and the calendar."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from registry import clock
from registry.book.act_request import Actor, Request
from registry.book.application_details import DETAIL_NAMES, SUBMISSIONS, latest_details
from registry.book.in_force import (
    applicant_before_change,
    applicant_materials_in_force,
    applicant_part,
    base_of_applicant,
    base_of_filing,
    materials_in_force,
    supplies_particulars,
)
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock
from registry.errors import RegisterIncomplete
from registry.lists import current_lists
from registry.members.authority import hand_in_refusal, membership_of
from registry.models import Applicant, Application, Attachment, Event, Filing, Membership
from registry.models.applicant import index_of_identity, indexes_of_identity
from registry.publication.upstream import registered
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.days.deadlines import days_to_answer, decision_due, escalation_on
from registry.rules.days.working_days import Calendar, add_working_days
from registry.rules.particulars import changed_keys
from registry.rules.particulars.completeness import Gap, find_gaps
from registry.rules.particulars.materials import date_of
from registry.rules.particulars.reasons import WHOLE, is_place
from registry.rules.visible_text import is_visible
from registry.rules.workflow import events
from registry.rules.workflow.date_rules import DateFinding, check_event_date
from registry.rules.workflow.events import Base
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.grounds import Ground, Marks
from registry.rules.workflow.lifecycle import ENDING_ACTS, Facts
from registry.rules.workflow.states import (
    OPEN_STATES,
    PROPOSALS,
    PROVINCE,
    Act,
    Kind,
    Outcome,
    Role,
    Standing,
    State,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """The facts of one act, with the gaps and the date found while they were gathered."""

    facts: Facts
    gaps: tuple[Gap, ...] = ()
    event_on: date | None = None
    late_by_working_days: int = 0


def payload_of(act: Act, request: Request) -> dict[str, Any]:
    """The request's details that are stored with an event of this act, and who examined what before it.

    A submission stores all of its details beside these. Raises RegisterIncomplete when any other act carries a
    detail that its event would lose.
    """
    stored = events.stored_details(act, request.details)
    lost = sorted(set(request.details) - set(stored))
    if lost and act not in SUBMISSIONS:
        raise RegisterIncomplete("details_unknown", act=act.value, names=lost)
    return stored | events.rested_on(request.marks.examined)


def digest_subject(act: Act, event: Event) -> uuid.UUID:
    """The id that an act's request digest covers: the application, or for a first submission what it is for.

    A first filing is for its applicant, a change or cancellation for its filing.
    """
    if act is not Act.SUBMIT:
        return _given(event.application_id)
    is_initial = events.kind_of(event.payload) is Kind.INITIAL or event.filing_id is None
    return _given(event.applicant_id if is_initial else event.filing_id)


def province_code_in(materials: Mapping[str, Any]) -> str:
    """The six-digit code of the applicant's province of registration; empty when the materials give none."""
    return province_code_of(materials.get("applicant", {}).get("division_code"))


def examine_submission(
    *,
    kind: Kind,
    application: Application,
    filing: Filing | None,
    actor: Actor,
    request: Request,
    at: datetime,
) -> Checked:
    """The facts of a first submission."""
    materials = request.materials or {}
    found = _date_finding(kind, filing, materials, request.details, at)
    gaps = _gaps(application, materials, at)
    facts = Facts(
        role=actor.role,
        actor_id=_text(actor.account_id),
        in_jurisdiction=_in_jurisdiction(actor, application),
        authority_refusal=_authority_refusal(actor, application, clock.china_date(at)),
        kind=kind,
        materials_complete=not gaps,
        files_checked=_files_checked(application, materials, actor),
        declaration_accepted=request.declaration_accepted,
        date_rule_met=found.is_met,
        date_refusal=found.refusal,
        materials_changed=_differs_from_in_force(kind, application, filing, materials),
        no_other_open_application=not _other_open_exists(application, kind),
        filing_open_to_applications=_is_open_to(kind, filing),
        particulars_held=_particulars_held(filing),
        same_applicant=_same_applicant(application, materials),
        arrangement_given=_arrangement_given(kind, request.details),
    )
    return Checked(facts, gaps, found.event_on, found.late_by_working_days)


def examine_act(
    act: Act,
    application: Application,
    filing: Filing | None,
    *,
    actor: Actor,
    request: Request,
    at: datetime,
) -> Checked:
    """The facts of an act on an application that is in the book."""
    details = request.details
    ground = _ground(act, application, request.marks, request.details)
    facts = replace(
        row_facts(application, actor=actor, at=at),
        explanation_given=_has_text(details, "explanation"),
        opinion_given=details.get("recommends") in list(Outcome) and _has_text(details, "text"),
        checklist_answered=request.marks.is_answered,
        deficiencies_passed_over=not ground.not_passed_over,
        fault_marked=not ground.not_marked,
        sentence_given=ground.says_why,
        reasons_given=bool(details.get("reasons")),
        question_given=_has_text(details, "question"),
        points_given=_points_given(details),
        answer_day_fits=_answer_day_fits(application, details, at),
        delivery_known=_has_text(details, "delivered_at"),
        declaration_accepted=request.declaration_accepted,
    )
    gaps: tuple[Gap, ...] = ()
    event_on, late = application.event_on, application.late_by_working_days
    if act in (Act.SUPPLEMENT, Act.RESUBMIT):
        materials = request.materials or {}
        kind = Kind(application.kind)
        before = get_revision(application.pk, application.revision_number)
        gaps = _gaps(application, materials, at)
        answers_points = _answers_points(application, details)
        found = _resubmitted_date(application, materials, details, at)
        if found is not None:
            event_on, late = found.event_on, found.late_by_working_days
        facts = replace(
            facts,
            materials_complete=not gaps,
            files_checked=_files_checked(application, materials, actor),
            # The answer to a point may be that nothing has to change; it says itself what it is about.
            explanation_given=facts.explanation_given or answers_points,
            materials_changed=answers_points
            or bool(changed_keys(materials_of(before), materials))
            or (kind is Kind.CANCELLATION and _details_differ(application, details)),
            arrangement_given=_arrangement_given(kind, {**latest_details(application), **details}),
            date_rule_met=found is None or found.is_met,
            date_refusal=found.refusal if found is not None else None,
            no_other_open_application=not _other_open_exists(application, kind),
            every_reason_answered=not unanswered_reasons(application, details),
            every_point_answered=not facts.answer_awaited or answers_points,
            base_revision_in_force=_base_in_force(application, filing),
            filing_open_to_applications=_is_open_to(kind, filing),
            same_applicant=_same_applicant(application, materials),
        )
    return Checked(facts, gaps, event_on, late)


def not_borne_out(application: Application, deficient: Iterable[str]) -> tuple[str, ...]:
    """The places that a proposed rejection names and that are not among those marked deficient: it cannot be confirmed.

    Empty for any other proposal, and without one.
    """
    return _ground(Act.CONFIRM, application, Marks(deficient=tuple(deficient)), {}).not_marked


def _ground(act: Act, application: Application, marks: Marks, details: Mapping[str, Any]) -> Ground:
    """What an officer's act rests on: of a confirmation, what the proposal said."""
    if act is not Act.CONFIRM or not application.proposal:
        return Ground(act, marks, details)
    proposed = _latest(application, PROPOSALS)
    return Ground(
        act,
        marks,
        proposed.payload if proposed is not None else {},
        Outcome(application.proposal),
    )


def row_facts(
    application: Application, *, actor: Actor, at: datetime, calendar: Calendar | None = None
) -> Facts:
    """The facts that follow from the row, the actor and the calendar, before any request.

    `calendar` is the one in force, for who has read it already.
    """
    calendar = calendar or current_calendar()
    today = clock.china_date(at)
    ends_on = application.event_on
    resubmission = application_clock.resubmission_deadline(application, calendar)
    return Facts(
        role=actor.role,
        actor_id=_text(actor.account_id),
        in_jurisdiction=_in_jurisdiction(actor, application),
        authority_refusal=_authority_refusal(actor, application, clock.china_date(at)),
        kind=Kind(application.kind),
        state=State(application.state),
        escalated=application.escalated,
        opinion=Outcome(application.opinion) if application.opinion else None,
        opinion_officer_id=_text(application.opinion_officer_id),
        proposal=Outcome(application.proposal) if application.proposal else None,
        proposer_id=_text(application.proposer_id),
        proposal_on_current_revision=(application.proposal_revision_number == application.revision_number),
        clock_running=application_clock.is_running(application),
        lateness_recorded=application.late_desk is not None,
        decision_overdue=application_clock.is_overdue(application, at=at),
        escalation_due=today > escalation_on(application.received_on, calendar),
        answer_awaited=is_answer_awaited(application, today=today),
        time_to_answer_left=_is_time_left(application, today, calendar),
        resubmission_ended=resubmission is not None and today > resubmission.due_on,
        before_service_end=ends_on is not None and today < ends_on and not _has_ended(application),
    )


def is_answer_awaited(application: Application, *, today: date) -> bool:
    """Whether the time that the applicant was given to correct its materials still runs, its last day included."""
    return application.asked_until is not None and today <= application.asked_until


def answer_days(application: Application, *, today: date, calendar: Calendar) -> tuple[date, ...]:
    """The working days until which an answer may be asked for, the soonest first."""
    return days_to_answer(today, decision_due(application.received_on, calendar).due_on, calendar)


def _has_ended(application: Application) -> bool:
    """Whether the filing of an approved cancellation has ended; the job may run ahead of the caller's clock."""
    if application.kind != Kind.CANCELLATION or application.filing is None:
        return False
    return application.filing.standing in ENDING_ACTS.values()


def points_awaited(application: Application) -> list[dict[str, Any]]:
    """What the office asks to have corrected, while nothing has been supplemented since (Art. 12); else nothing.

    Points whose last day has passed stay: an answer is taken until the office decides.
    """
    if application.asked_until is None:
        return []
    asked = _latest(application, (Act.ASK,))
    return events.points_of(asked.payload) if asked is not None else []


def unanswered_points(application: Application, details: Mapping[str, Any]) -> list[str]:
    """The ids of the points that the details of a supplement leave unanswered."""
    answers = details.get("answers") or {}
    return [point["id"] for point in points_awaited(application) if not _has_text(answers, point["id"])]


def latest_reasons(application: Application) -> list[dict[str, Any]]:
    """The reasons of the latest rejection or proposed rejection, as the officer gave them."""
    event = _latest(application, (Act.REJECT, Act.PROPOSE_REJECTION))
    return events.reasons_of(event.payload) if event is not None else []


def _latest(application: Application, acts: Iterable[Act]) -> Event | None:
    """The application's newest event of one of these acts."""
    found = Event.objects.filter(application=application, act__in=[act.value for act in acts])
    return found.order_by("-sequence").first()


def _answers_points(application: Application, details: Mapping[str, Any]) -> bool:
    """Whether a supplement answers everything that the office waits for; False where it waits for nothing."""
    return application.asked_until is not None and not unanswered_points(application, details)


def _points_given(details: Mapping[str, Any]) -> bool:
    """Whether there are points, each pinned to what can be reopened: not the materials as a whole."""
    keys = [str(point.get("key", "")) for point in details.get("points", ())]
    return bool(keys) and all(is_place(key) and key != WHOLE for key in keys)


def _answer_day_fits(application: Application, details: Mapping[str, Any], at: datetime) -> bool:
    """Whether an answer may be asked for by the given day."""
    day = date_of(details.get("answer_by"))
    return day in answer_days(application, today=clock.china_date(at), calendar=current_calendar())


def _is_time_left(application: Application, today: date, calendar: Calendar) -> bool:
    """Whether a day to answer is left: `answer_days` without making them all."""
    return add_working_days(today, 1, calendar) < decision_due(application.received_on, calendar).due_on


def unanswered_reasons(application: Application, details: Mapping[str, Any]) -> list[str]:
    """The ids of the reasons that the details of a resubmission leave unanswered."""
    answers = details.get("answers") or {}
    return [reason["id"] for reason in latest_reasons(application) if not _has_text(answers, reason["id"])]


def _gaps(application: Application, materials: Mapping[str, Any], at: datetime) -> tuple[Gap, ...]:
    """The gaps of what the application is about; none for a cancellation, which repeats the materials in force."""
    kind = Kind(application.kind)
    if kind is Kind.CANCELLATION:
        return ()
    before = applicant_before_change(kind, application.applicant)
    found = find_gaps(
        materials,
        lists=current_lists(),
        today=clock.china_date(at),
        before=before,
        filed=lambda: _filed(application),
        register=registered,
    )
    return tuple(gap for gap in found if is_about(kind, gap.key))


def _filed(application: Application) -> dict[str, Any]:
    """What the book has of what an application states: its latest revision, or else the materials in force."""
    if application.revision_number:
        return materials_of(get_revision(application.pk, application.revision_number))
    if application.filing is not None and application.filing.in_force_application_id is not None:
        return materials_in_force(application.filing)
    return applicant_part(applicant_materials_in_force(application.applicant))


def _date_finding(
    kind: Kind,
    filing: Filing | None,
    materials: Mapping[str, Any],
    details: Mapping[str, Any],
    at: datetime,
) -> DateFinding:
    """The finding of the date rule; what an imported filing was never asked for cannot be supplied late."""
    if supplies_particulars(kind, filing):
        return DateFinding(None, 0, None)
    return check_event_date(kind, materials, details, clock.china_date(at), current_calendar())


def _resubmitted_date(
    application: Application, materials: Mapping[str, Any], details: Mapping[str, Any], at: datetime
) -> DateFinding | None:
    """The date rule for a later submission; None when the date is unchanged, so that lateness stays as recorded.

    A changed date is compared with the day of the first submission, and may not lie after this one.
    """
    if supplies_particulars(Kind(application.kind), application.filing):
        return None
    found = check_event_date(
        Kind(application.kind),
        materials,
        {**latest_details(application), **details},
        clock.china_date(at),
        current_calendar(),
        first_submitted_on=application.first_received_on,
    )
    return None if found.event_on == application.event_on and found.event_on is not None else found


def _details_differ(application: Application, details: Mapping[str, Any]) -> bool:
    """Whether a new submission states other details than the ones before it."""
    before = latest_details(application)
    return any(before.get(name) != details[name] for name in DETAIL_NAMES if name in details)


def _arrangement_given(kind: Kind, details: Mapping[str, Any]) -> bool:
    """Whether a cancellation states its arrangement for users (Art. 11); other kinds need none."""
    return kind is not Kind.CANCELLATION or _has_text(details, "arrangement")


def _differs_from_in_force(
    kind: Kind, application: Application, filing: Filing | None, materials: Mapping[str, Any]
) -> bool:
    """Whether a change differs from the materials in force; True where nothing is in force to be changed."""
    if supplies_particulars(kind, filing):
        return True
    if kind is Kind.CHANGE and filing is not None:
        return bool(changed_keys(materials_in_force(filing), materials))
    if kind is Kind.APPLICANT_CHANGE:
        base = applicant_materials_in_force(application.applicant)
        return not base or bool(changed_keys(base, materials))
    return True


def _is_open_to(kind: Kind, filing: Filing | None) -> bool:
    """Whether the filing is open to such an application: changes and cancellations need one in force, not ending."""
    if kind in (Kind.INITIAL, Kind.APPLICANT_CHANGE):
        return True
    return filing is not None and filing.standing == Standing.IN_FORCE and filing.ends_on is None


def _particulars_held(filing: Filing | None) -> bool:
    """Whether the register knows whose filing it is: of an imported one, after a claim was granted."""
    return filing is None or not filing.is_imported or bool(filing.applicant.nature)


def _same_applicant(application: Application, materials: Mapping[str, Any]) -> bool:
    """Whether the materials name the applicant's own document, or in a change of the applicant a free one."""
    given = materials.get("applicant", {})
    if index_of_identity(given) == application.applicant.document_index:
        return True
    # A change of the applicant may bring a new document, but not one of another applicant.
    others = Applicant.objects.exclude(pk=application.applicant_id)
    is_known = others.filter(document_index__in=indexes_of_identity(given)).exists()
    return application.kind == Kind.APPLICANT_CHANGE and not is_known


def _other_open_exists(application: Application, kind: Kind) -> bool:
    """Whether the same filing has another open application; for a cancellation, open changes do not count."""
    if application.filing_id is None and kind is not Kind.APPLICANT_CHANGE:
        return False
    others = Application.objects.filter(
        applicant=application.applicant_id,
        filing=application.filing_id,
        state__in=[state.value for state in OPEN_STATES],
    ).exclude(pk=application.pk)
    if kind is Kind.CANCELLATION:
        others = others.exclude(kind=Kind.CHANGE.value)
    return others.exists()


def is_superseded(application: Application) -> bool:
    """Whether what a change or cancellation started from is no longer in force: it cannot be submitted again."""
    return bool(superseded_among([application]))


def superseded_among(applications: Iterable[Application]) -> set[uuid.UUID]:
    """Those of these applications that are superseded; one query where filing and applicant were fetched with them."""
    later = [each for each in applications if each.kind != Kind.INITIAL]
    bases = _bases_of(later)
    return {each.pk for each in later if not _is_in_force(bases.get(each.pk), each, each.filing)}


def _base_in_force(application: Application, filing: Filing | None) -> bool:
    """Whether the revision that a change started from is still the one in force."""
    return _is_in_force(_bases_of([application]).get(application.pk), application, filing)


def _bases_of(applications: Collection[Application]) -> dict[uuid.UUID, Base | None]:
    """What each of these applications started from, as its first submission states it."""
    if not applications:
        return {}
    submissions = Event.objects.filter(application__in=applications, act=Act.SUBMIT.value)
    found: dict[uuid.UUID, Base | None] = {}
    for event in submissions.order_by("sequence").only("application_id", "payload"):
        if event.application_id is not None:
            found.setdefault(event.application_id, Base.of(event.payload))
    return found


def _is_in_force(base: Base | None, application: Application, filing: Filing | None) -> bool:
    if application.kind == Kind.APPLICANT_CHANGE:
        return base is None or base == base_of_applicant(application.applicant)
    return filing is None or base == base_of_filing(filing)


def _files_checked(application: Application, materials: Mapping[str, Any], actor: Actor) -> bool:
    """Whether every file is stored, clean, unchanged, and uploaded by a member or already the applicant's."""
    wanted = {
        entry["id"]: (entry["sha256"], entry.get("original_sha256", ""))
        for entries in materials.get("attachments", {}).values()
        for entry in entries
    }
    members = Membership.objects.filter(
        applicant=application.applicant_id, revoked_at__isnull=True
    ).values_list("account_id", flat=True)
    uploaders = {actor.account_id, *members}
    found = {
        str(attachment.pk): (attachment.sha256, attachment.original_sha256)
        for attachment in Attachment.objects.filter(pk__in=wanted, state=Attachment.State.CLEAN).only(
            "id", "sha256", "original_sha256", "applicant_id", "uploaded_by_id"
        )
        if attachment.applicant_id == application.applicant_id
        or (attachment.applicant_id is None and attachment.uploaded_by_id in uploaders)
    }
    return found == wanted


def _in_jurisdiction(actor: Actor, application: Application) -> bool:
    if actor.role is Role.APPLICANT:
        return Membership.objects.filter(
            applicant=application.applicant_id,
            account=actor.account_id,
            revoked_at__isnull=True,
        ).exists()
    if actor.role in PROVINCE:
        return actor.province_code == application.province_code
    return True


def _authority_refusal(actor: Actor, application: Application, today: date) -> str | None:
    """Why the acting member may not submit (an agent's letter has expired or does not cover it), or None."""
    if actor.role is not Role.APPLICANT:
        return None
    return hand_in_refusal(membership_of(actor.account_id, application.applicant_id), today=today)


def _has_text(details: Mapping[str, Any], name: str) -> bool:
    return is_visible(str(details.get(name) or ""))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _given(value: uuid.UUID | None) -> uuid.UUID:
    if value is None:
        raise RegisterIncomplete("event_without_subject")
    return value
