"""A case as its page shows it: the particulars with their marks, and everything needed to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry import clock
from registry.book.act_request import Seen
from registry.book.application_details import ApplicationDetails, details_of
from registry.book.asked import Asked, asked_context
from registry.book.decision_period import DecisionPeriod, period_context, period_of
from registry.book.examination import not_borne_out
from registry.book.held_facts import materials_as_of
from registry.book.in_force import facts_edition, materials_replaced, versions_before, with_applicant_part
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.consultations.consultations import about as consultations_about
from registry.deadlines.case_standing import CaseStanding, standing_of
from registry.labels.act_words import outcome_words
from registry.labels.examined_words import PROOF_LABELS
from registry.labels.states import label_of
from registry.lists import current_catalogue, entry_names
from registry.models import Account, Application, Consultation, Event, Filing, ListEntry
from registry.notices.subject import filings_touched
from registry.presentation.comparison import Change, changes_between
from registry.presentation.contradictions import PresentedContradiction, contradictions_in
from registry.presentation.materials import PresentedRow, sections_about
from registry.presentation.rounds import Round, rounds_of
from registry.presentation.timeline import TimelineEntry, timeline
from registry.publication.upstream import BuildingOn, named_building_on, registered
from registry.rules.particulars.consistency.definitions import Registered
from registry.rules.particulars.materials import files_of, rows_of
from registry.rules.particulars.proven import proofs_in
from registry.rules.particulars.reasons import Catalogue
from registry.rules.workflow.examined import Way, is_about
from registry.rules.workflow.states import Act, Kind, Outcome
from review.access import Office, is_at_desk, is_head, office_of
from review.case.cancellation import section_of_cancellation
from review.case.checks import Check, checks_of
from review.case.documents import DocumentViewer, view_url, viewed, viewer_of
from review.case.evidence import proofs_of
from review.case.history import whole_history
from review.case.last_checks import LastCheck, last_checks_of
from review.case.likeness import Likeness, likenesses_of
from review.case.marks import CheckedSection, Compare, MarkControl, last_said_of_a_fault
from review.case.opened_documents import OpenedDocument, documents_of_section, opened_documents
from review.case.other_filings import OtherFiling, other_filings_of, other_jointly_submitted
from review.contacts import contacts
from review.desk.actions import Action, Actions, actions_for
from review.desk.checklist import Checklist, checklists_of, history_of, ways_of
from review.desk.claims import claims_on, is_own_proposal, next_case
from review.desk.desk_stays import DeskStay, desk_stays
from review.desk.document_openings import Opened, openings_on
from review.desk.notes import notes_on
from review.desk.openings import open_elsewhere
from review.desk.unsent import NOTE, Unsent, address_of, place_of_act, place_of_remark, unsent_on
from review.models import Assignment, ChecklistMark, MarkVersion, WorkingNote
from review.reveals.reveals import revealed_keys


@dataclass(frozen=True, slots=True)
class Begun:
    """An act that the officer began to fill in and did not send, and when it was kept."""

    action: Action
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Platform:
    """A filing that the service is said to run on; `registered` is None where the register has none of that number."""

    number: str
    registered: Registered | None


class Case:
    """One application as one officer sees it at one moment; every part is read when first used."""

    def __init__(
        self, application: Application, officer: Account, *, at: datetime, compare_with: int | None = None
    ) -> None:
        """`compare_with` is the number of an earlier revision, or 0 for the materials in force; without it the previous
        revision is compared, and for the first revision the materials in force."""
        self.application = application
        self.officer = officer
        self.at = at
        self._compare_with = compare_with
        self.today = clock.china_date(at)
        self.calendar = current_calendar()
        self.office = office_of(officer)

    @cached_property
    def materials(self) -> dict[str, Any]:
        """The materials to decide on: as submitted, with the applicant's facts in force."""
        return materials_as_of(self.application, submitted=self.submitted)

    @cached_property
    def submitted(self) -> dict[str, Any]:
        """The latest revision, as it was submitted."""
        return materials_of(get_revision(self.application.pk, self.application.revision_number))

    @cached_property
    def moved_facts(self) -> list[Change]:
        """What the register has of the applicant otherwise than it was submitted, before and after."""
        moved = changes_between(self.submitted, self.materials, reveal=self._revealed)
        return [each for each in moved if is_about(Kind(self.application.kind), each.key)]

    @cached_property
    def in_force(self) -> Mapping[str, Any] | None:
        """The materials in force that a change started from and would replace; None for any other kind."""
        return materials_replaced(self.application, by=self.materials)

    @property
    def supplies_particulars(self) -> bool:
        """Whether it is the first change of an imported filing, which has nothing before it to be compared with."""
        return self.application.kind == Kind.CHANGE and self.in_force is None

    @cached_property
    def before(self) -> Mapping[str, Any] | None:
        """The materials compared with the present ones: an earlier revision, or those in force for a change."""
        if self.compared_version:
            return materials_of(get_revision(self.application.pk, self.compared_version))
        return self.in_force

    @property
    def _before_rows(self) -> Mapping[str, Any] | None:
        """What the rows are compared with: facts that have moved since the submission are marked as well."""
        if not self.moved_facts or self.compared_version:
            return self.before
        return with_applicant_part(dict(self.in_force or self.submitted), self.submitted)

    @property
    def compared_version(self) -> int:
        """The number of the revision compared with the present one; 0 if it is not an earlier revision."""
        latest = self.application.revision_number
        if self._compare_with == 0 and self.in_force is not None:
            return 0
        chosen = self._compare_with or 0
        return chosen if 0 < chosen < latest else latest - 1

    @property
    def earlier_versions(self) -> range:
        return range(1, self.application.revision_number)

    @cached_property
    def changes(self) -> list[Change]:
        """The differences between the compared materials; personal values stay masked unless revealed."""
        if self.before is None:
            return []
        days = {} if self.compared_version else self.asked.days
        return changes_between(self.before, self.materials, reveal=self._revealed, days=days)

    @cached_property
    def asked(self) -> ApplicationDetails:
        """The application's details beside its materials: days of changes, end of the service, reason for lateness."""
        return details_of(self.application, self.materials)

    @property
    def says_what_is_asked(self) -> bool:
        """Whether something asked for stands neither in the comparison nor among the rows."""
        kind = Kind(self.application.kind)
        return bool(
            (self.asked.late_by and kind is not Kind.CANCELLATION)
            or (self.asked.changes and self.shows_days_apart)
        )

    @property
    def shows_days_apart(self) -> bool:
        """Whether the days of changes stand apart from the comparison, as beside one with an earlier version."""
        return bool(self.compared_version) or self.before is None

    @cached_property
    def touched(self) -> list[Filing]:
        """The filings that a change of the applicant concerns; none for any other application."""
        return list(filings_touched(self.application))

    @cached_property
    def rounds(self) -> list[Round]:
        """Every round with its reasons, answers and supplements; empty while there is only a first submission."""
        return rounds_of(self.application) if self.application.revision_number > 1 else []

    @cached_property
    def corrections(self) -> Asked | None:
        """What the applicant is asked to correct and has not answered yet."""
        return asked_context(self.application, calendar=self.calendar, today=self.today)

    @cached_property
    def _revealed(self) -> frozenset[str]:
        return revealed_keys(self.application, self.officer, at=self.at)

    @property
    def _submission(self) -> Event:
        return Event.objects.filter(application=self.application, act=Act.SUBMIT.value).earliest("sequence")

    # ------------------------------------------------------------ heads and figures

    @cached_property
    def clock(self) -> DecisionPeriod:
        return period_of(self.application, today=self.today, calendar=self.calendar)

    @cached_property
    def deadline(self) -> dict[str, Any] | None:
        """The due day and why it is that day, for `includes/deadline.html`."""
        return period_context(self.clock, self.calendar, today=self.today, title=_("Decision period"))

    @cached_property
    def standing(self) -> CaseStanding:
        """Where the case stands, and with which office."""
        return standing_of(self.application)

    @property
    def kind(self) -> Promise:
        return label_of(Kind(self.application.kind))

    @property
    def opinion(self) -> Promise | None:
        """The province's recommendation in this round, if it has given one."""
        opinion = self.application.opinion
        return outcome_words(Kind(self.application.kind), Outcome(opinion)).decide if opinion else None

    @property
    def is_ours(self) -> bool:
        """Whether the case lies at this officer's office now."""
        return is_at_desk(self.application, self.officer)

    @property
    def may_mark(self) -> bool:
        """Whether this officer examines it now: here, and not waiting for a colleague after the own proposal."""
        return self.is_ours and not is_own_proposal(self.application, self.officer)

    @cached_property
    def not_borne_out(self) -> tuple[str, ...]:
        """What a proposed rejection names and nobody of the office has marked deficient."""
        return not_borne_out(self.application, [mark.key for mark in self.checklist.deficient])

    @property
    def is_head(self) -> bool:
        return is_head(self.officer)

    @cached_property
    def claim(self) -> Assignment | None:
        held = claims_on([self.application], self.office, at=self.at, calendar=self.calendar)
        return held.get(self.application.pk)

    @property
    def is_mine(self) -> bool:
        return self.claim is not None and self.claim.officer_id == self.officer.pk

    @cached_property
    def actions(self) -> Actions:
        return actions_for(self.application, self.officer, at=self.at, calendar=self.calendar)

    @cached_property
    def next_case(self) -> Application | None:
        """The case to take next, where this one has nothing for the officer to decide; None when none waits."""
        return None if self.actions.offered else next_case(self.officer, at=self.at)

    # ------------------------------------------------------------ particulars and marks

    @cached_property
    def unsent(self) -> dict[str, Unsent]:
        """What this officer typed into the forms of the case and did not send, by place."""
        return unsent_on(self.application, self.officer, at=self.at)

    @property
    def note_typed_url(self) -> str:
        """Where a note goes while it is typed."""
        return address_of(self.application, NOTE)

    @property
    def note_begun_at(self) -> datetime | None:
        """When a note was kept that the officer began and did not add."""
        begun = self.unsent.get(NOTE)
        return begun.saved_at if begun is not None else None

    @property
    def begun(self) -> list[Begun]:
        """The acts that the officer began to fill in, of those that are possible now."""
        found = []
        for action in self.actions.offered:
            typed = self.unsent.get(place_of_act(action.act))
            if typed is not None:
                found.append(Begun(action, typed.saved_at))
        return found

    @cached_property
    def _checklists(self) -> Mapping[Office, Checklist]:
        return checklists_of(self.application, self.materials, ways=self._ways)

    @property
    def checklist(self) -> Checklist:
        return self._checklists[self.office]

    @cached_property
    def _ways(self) -> Mapping[str, Way]:
        """How each item is examined: for both offices alike."""
        return ways_of(self.application, self.materials, before=self.in_force)

    @cached_property
    def _proofs(self) -> Mapping[str, Promise]:
        """By what software has proven items, in words."""
        proofs = proofs_in(self.materials, on=self.application.received_on)
        return {
            key: PROOF_LABELS[proof] for key, proof in proofs.items() if self._ways.get(key) is Way.SOFTWARE
        }

    @cached_property
    def _last_checks(self) -> Mapping[str, LastCheck]:
        """The check that each item has been unchanged since."""
        unchanged = [key for key, way in self._ways.items() if way is Way.UNCHANGED]
        return last_checks_of(self.application, unchanged, self.officer)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue of faults, as the administrator maintains it."""
        return current_catalogue()

    @cached_property
    def fault_names(self) -> dict[str, str]:
        """The names of all faults by code, including retired ones."""
        return entry_names(ListEntry.ListName.REASONS.value)

    @property
    def other_checklist(self) -> Checklist:
        """The other office's marks, shown beside this office's."""
        return self._checklists[Office.NATION if self.office is Office.PROVINCE else Office.PROVINCE]

    @cached_property
    def marks_so_far(self) -> Mapping[str, tuple[MarkVersion, ...]]:
        """All that this office did with its marks, by row, oldest first."""
        return history_of(self.application, self.office)

    @cached_property
    def sections(self) -> list[CheckedSection]:
        kind = Kind(self.application.kind)
        found = sections_about(kind, self.materials, reveal=self._revealed, before=self._before_rows)
        if kind is Kind.CANCELLATION:
            found.insert(0, section_of_cancellation(self.asked))
        action_url = self._mark_url("mark_section")
        sections = []
        for section in found:
            for row in section.rows:
                self._prepare(row)
            folded = {row.key for row in section.rows if self._is_folded(row)}
            wanted = {row.key for row in section.rows} & set(self.checklist.wanted)
            sections.append(
                CheckedSection(
                    key=section.key,
                    label=section.label,
                    rows=[row for row in section.rows if row.key not in folded],
                    unchanged=[row for row in section.rows if row.key in folded],
                    documents=documents_of_section(
                        section.rows, self.materials, self.documents_opened, self.office
                    ),
                    wanted=len(wanted),
                    unanswered=len(self.checklist.unanswered_in(section.key)),
                    may_mark=self.may_mark and any(row.key in self._ways for row in section.rows),
                    action_url=action_url,
                    revision_number=self.application.revision_number,
                )
            )
        return sections

    def row(self, key: str) -> PresentedRow | None:
        """One row with its mark, to render the part of the page that a mark changes."""
        rows = (row for section in self.sections for row in (*section.rows, *section.unchanged))
        return next((row for row in rows if row.key == key), None)

    def section_of(self, key: str) -> CheckedSection | None:
        """The section a row stands in."""
        return next((section for section in self.sections if key.startswith(f"{section.key}.")), None)

    def _is_folded(self, row: PresentedRow) -> bool:
        """Whether a change leaves a row as it was, given or not, and nobody said anything of it since."""
        checklist, other = self.checklist, self.other_checklist
        is_marked = row.key in checklist.marks or row.key in checklist.fallen or row.key in other.marks
        is_left = self.in_force is not None and self._ways.get(row.key) in (Way.UNCHANGED, Way.NOT_GIVEN)
        return is_left and not row.changed and not is_marked

    def _prepare(self, row: PresentedRow) -> None:
        mark = self.checklist.marks.get(row.key)
        row.deficient = mark is not None and mark.verdict == ChecklistMark.Verdict.DEFICIENT
        if row.key in self.checklist.items:
            row.form_template = "review/case/includes/mark.html"
            row.form = self.control_of(row.key)
        row.files = [viewed(file) for file in row.files]
        if row.is_masked:
            row.reveal_url = reverse("review:reveal", args=[self.application.pk, row.key])

    def control_of(self, key: str) -> MarkControl:
        """The mark on one row."""
        mark = self.checklist.marks.get(key)
        history = self.marks_so_far.get(key, ())
        said = last_said_of_a_fault(history)
        place = place_of_remark(key)
        typed = self.unsent.get(place)
        code = said.code if said is not None else ""
        remark = said.remark if said is not None else ""
        return MarkControl(
            key=key,
            anchor=key.replace(".", "-"),
            action_url=self._mark_url("mark"),
            revision_number=self.application.revision_number,
            may_mark=self.may_mark,
            mark=mark,
            has_fallen=key in self.checklist.fallen,
            other_mark=self.other_checklist.marks.get(key),
            compare=[
                Compare(proof.label, view_url(proof.file_id)) for proof in proofs_of(key, self.materials)
            ],
            catalogue=self.catalogue,
            fault_names=self.fault_names,
            history=history,
            code=typed.fields.get("code", "") if typed is not None else code,
            remark=typed.fields.get("remark", "") if typed is not None else remark,
            typed_url=address_of(self.application, place),
            owner=str(self.officer.pk),
            saved_at=typed.saved_at if typed is not None else None,
            way=self._ways.get(key, Way.OFFICER),
            proof=self._proofs.get(key, ""),
            last_check=self._last_checks.get(key),
            opened=[
                opened
                for file in files_of(self.materials, key)
                for opened in self.documents_opened.get(str(file.get("id")), ())
            ],
        )

    def _mark_url(self, name: str) -> str:
        """Where a mark is sent, with the edition of the applicant's facts that it is set on."""
        seen = urlencode({"facts": facts_edition(self.application.applicant)})
        return f"{reverse(f'review:{name}', args=[self.application.pk])}?{seen}"

    # ------------------------------------------------------------ around them

    @cached_property
    def documents_opened(self) -> Mapping[str, tuple[Opened, ...]]:
        """Who had which documents open, by file, as far as this officer may know."""
        return openings_on(self.application, self.officer)

    @property
    def documents_with_openings(self) -> list[OpenedDocument]:
        """All documents with who had them open, for a head."""
        return opened_documents(self.viewer().documents, self.documents_opened)

    def viewer(self, *, file_id: str = "", page_number: int = 1) -> DocumentViewer:
        """The document viewer, open at the requested file and page."""
        return viewer_of(
            Kind(self.application.kind), self.materials, file_id=file_id, page_number=page_number
        )

    @cached_property
    def checks(self) -> list[Check]:
        return checks_of(
            self.application,
            self.materials,
            today=self.today,
            before=self.before if self.compared_version else None,
            in_force=self.in_force,
            likenesses=self.likenesses,
            submitted=self.submitted,
            contradictions=self.contradictions,
            decision_late_by=0 if self.clock.awaits_delivery else self.clock.late_by,
        )

    @cached_property
    def contradictions(self) -> list[PresentedContradiction]:
        """What does not go together, with the applicant's answers, in the words that the applicant read."""
        return list(
            contradictions_in(
                Kind(self.application.kind),
                self.materials,
                today=self.today,
                changed_on={key: day.isoformat() for key, day in self.asked.days.items()},
                url_of=lambda key: f"#row-{key}",
                versions=versions_before(
                    self.application, number=self.application.revision_number, now=self.materials
                ),
                register=registered,
            )
        )

    @cached_property
    def likenesses(self) -> list[Likeness]:
        return likenesses_of(self.application, self.materials, self.officer)

    @cached_property
    def consultations(self) -> list[Consultation]:
        """The consultations about the case, newest first."""
        return consultations_about(self.application)

    @cached_property
    def contacts(self) -> list[contacts.Shown]:
        """The notes of contacts and of site visits on the case that this officer may read."""
        return contacts.notes_on(self.application, self.officer)

    @cached_property
    def notes(self) -> list[WorkingNote]:
        return list(notes_on(self.application, self.officer))

    @cached_property
    def open_elsewhere(self) -> list[str]:
        """The names of colleagues who have the case open too."""
        return open_elsewhere([self.application], self.officer, at=self.at).get(self.application.pk, [])

    @property
    def noticed_checks(self) -> list[Check]:
        return [check for check in self.checks if check.tone != "good"]

    @property
    def passed_checks(self) -> list[Check]:
        return [check for check in self.checks if check.tone == "good"]

    @property
    def failed_checks(self) -> int:
        return sum(check.tone == "bad" for check in self.checks)

    @property
    def doubtful_checks(self) -> int:
        """How many checks neither passed nor failed: the officer has to look."""
        return sum(check.tone == "warning" for check in self.checks)

    @cached_property
    def desk_stays(self) -> list[DeskStay]:
        return desk_stays(self.application, today=self.today, calendar=self.calendar)

    @cached_property
    def timeline(self) -> list[TimelineEntry]:
        return timeline(self.application, internal=True, newest_first=True)

    @property
    def history(self) -> list[TimelineEntry]:
        """What happened, newest first, with what the offices told the applicant themselves."""
        return whole_history(
            self.application,
            self.officer,
            self.timeline,
            consulted=self.consultations,
            noted=[each.note for each in self.contacts],
        )

    @property
    def seen(self) -> Seen:
        """The revision and the latest event on the page; an act begun from here is bound to them."""
        return Seen(self.application.revision_number, self.timeline[0].sequence)

    @property
    def latest(self) -> TimelineEntry | None:
        """The act that brought the case to this state, with its opinion, question or reasons; None after submission."""
        return self.timeline[0] if len(self.timeline) > 1 else None

    @cached_property
    def others(self) -> list[OtherFiling]:
        """The applicant's other filings that this officer may see."""
        return other_filings_of(self.application, self.officer)

    @cached_property
    def platforms(self) -> list[Platform]:
        """The filings that the service is said to run on, with what the register has under their numbers."""
        rows = rows_of(self.materials, "service.upstream_filings")
        numbers = [number for row in rows if isinstance(number := row.get("number"), str)]
        known = registered(numbers) if numbers else {}
        return [Platform(number, known.get(number)) for number in numbers]

    @cached_property
    def users(self) -> BuildingOn:
        """The filings in force that run on this one; none before it has its number."""
        filing = self.application.filing
        return named_building_on(filing.number if filing is not None else None)

    @property
    def leaves_users(self) -> bool:
        """Whether the filing is to end while others run on it."""
        return self.application.kind == Kind.CANCELLATION and self.users.count > 0

    @property
    def users_below(self) -> BuildingOn | None:
        """Those that run on this one, for the section below; a cancellation names them at its head already."""
        return None if self.leaves_users or not self.users.count else self.users

    @property
    def shows_upstream(self) -> bool:
        """Whether the case has a section of what the service runs on, and what runs on it."""
        return bool(self.platforms) or self.users_below is not None

    @cached_property
    def together(self) -> list[Application]:
        """The other applications of the joint submission that this officer may see."""
        return other_jointly_submitted(self.application, self.officer)
