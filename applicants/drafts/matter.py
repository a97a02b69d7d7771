"""What a draft is for: a first filing, a change of what is in force, or an amendment of an application.

All drafts are saved, shown, checked and submitted alike. In what they differ stands here, as one protocol, which the
rooms of first filings, changes and amendments fill in. They stand above this one: `applicants.apps` names them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applicants import words
from applicants.drafts.prepared import Prepared, prepare
from applicants.drafts.steps import STEPS, Point
from applicants.models import Draft
from registry import clock
from registry.book.in_force import applicant_before_change, applicant_materials_in_force, applicant_part
from registry.documents.statement import StatedChange
from registry.errors import FilingError, NotFound, RegisterIncomplete, TransitionNotAllowed
from registry.labels import states as state_words
from registry.lists import current_lists
from registry.models import Account, Application
from registry.publication.upstream import registered
from registry.rules.days.deadlines import Deadline
from registry.rules.days.working_days import Calendar
from registry.rules.particulars.completeness import Lists
from registry.rules.particulars.form_version import asks_more_of, carried_over
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import Materials
from registry.rules.particulars.transformations import on_version_of
from registry.rules.workflow.date_rules import DateFinding
from registry.rules.workflow.states import Act, Kind

_matters: list[type[Matter]] = []


@dataclass(frozen=True)
class Matter(ABC):
    """What a draft is for, and what follows from it for its forms and its submission.

    `own_step` is the step that only this matter has, whose answers are the draft's notes; empty if there is none.
    `in_parts` says that long sections stand on several pages.
    `top` is the template of the notice that says what is being done; `locked_note` that about locked answers.
    """

    draft: Draft

    own_step: ClassVar[str] = ""
    takes_services: ClassVar[bool] = False
    in_parts: ClassVar[bool] = False
    top: ClassVar[str] = ""
    has_top_on_forms: ClassVar[bool] = False
    locked_note: ClassVar[str] = ""

    @classmethod
    @abstractmethod
    def holds(cls, draft: Draft) -> bool:
        """Whether the draft is for this matter."""

    @property
    @abstractmethod
    def base(self) -> dict[str, Any] | None:
        """The materials that the draft started from and is compared with; None for a first filing."""

    @property
    def versions(self) -> tuple[Materials, ...]:
        """What was handed in before with documents that prove it, the oldest first; none for a first filing."""
        return ()

    @property
    @abstractmethod
    def texts(self) -> words.MatterWords:
        """The texts of its pages."""

    @property
    def act(self) -> Act | None:
        """The act that submits the draft; None while the office takes none."""
        return Act.SUBMIT

    @property
    def must_differ(self) -> bool:
        """Whether it is submitted only with something changed from what it began with."""
        return True

    @property
    def title(self) -> str:
        """The draft's subject: the name of its service, or a placeholder while it has none."""
        return service_name_in(self.draft.materials)

    @property
    def origin_url(self) -> str:
        """The page that the draft was begun from."""
        return reverse("applicants:dashboard")

    def steps(self, gaps: tuple[Gap, ...]) -> tuple[str, ...]:
        """The steps of its wizard, in order."""
        return STEPS

    @abstractmethod
    def open_keys(self, prepared: Prepared) -> frozenset[str] | None:
        """The particulars and slots that may be changed; None stands for all of them."""

    @abstractmethod
    def lateness(
        self, materials: Mapping[str, Any], *, today: date, calendar: Calendar
    ) -> tuple[DateFinding, Deadline | None]:
        """The finding of the date rule, and the day by which to submit (Art. 11); None where there is no such day."""

    @abstractmethod
    def points(self, materials: Mapping[str, Any], found: DateFinding, *, today: date) -> list[Point]:
        """What must be answered before the draft is submitted, beside the gaps of its materials.

        `found` is the finding of the date rule.
        """

    def refuse_closed(self, *, today: date) -> None:  # noqa: B027
        """Raises OutOfDate or TransitionNotAllowed while nothing can be submitted, whatever the draft holds."""

    def refuse(self, materials: Mapping[str, Any]) -> None:  # noqa: B027
        """Raises TransitionNotAllowed for materials and notes that cannot be submitted."""

    @abstractmethod
    def submit(
        self, materials: dict[str, Any], *, account: Account, is_joint: bool, at: datetime
    ) -> Application:
        """Records the submission of prepared materials without gaps; in the transaction of the caller."""

    def with_notes(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The draft's notes with those given by the form of `own_step`. Raises NotFound without such a step."""
        raise NotFound("draft_unknown", draft=str(self.draft.pk))

    def is_begun(self) -> bool:
        """Whether something has been given in `own_step`."""
        return False

    def step_note(self, step: str, prepared: Prepared, *, open_keys: frozenset[str]) -> Promise | str:
        """The note on a step that is neither begun nor complete: whether it is open."""
        return ""

    def blocked(self, *, today: date) -> str:
        """Why nothing can be submitted now; empty when it can."""
        return ""

    def context(self, materials: Mapping[str, Any], *, today: date) -> dict[str, Any]:
        """The facts that the templates `top` and those of its own pages show."""
        return {}

    def on_its_form(self, materials: Mapping[str, Any]) -> dict[str, Any]:
        """The materials on the version of the form that the draft goes by.

        What the office has keeps its version, until a change touches what a later one asks about.
        """
        base = self.base
        if base is None:
            return carried_over(materials)
        is_touched = self.draft.amends_application_id is None and asks_more_of(base, materials)
        return carried_over(materials) if is_touched else on_version_of(base, materials)

    def prepare(self, *, at: datetime, lists: Lists | None = None) -> Prepared:
        """The draft's materials as they would be submitted then; `lists` may be passed if they are known."""
        lists = current_lists() if lists is None else lists
        kind, today = Kind(self.draft.kind), clock.china_date(at)
        applicant = self.draft.applicant

        def filed() -> dict[str, Any]:
            if applicant is None:
                return {}
            facts = self.draft.facts_in_force
            return applicant_part(applicant_materials_in_force(applicant) if facts is None else facts)

        return prepare(
            self.draft.materials,
            kind=kind,
            base=self.base,
            today=today,
            lists=lists,
            before=applicant_before_change(kind, applicant),
            filed=filed,
            versions=self.versions,
            register=registered,
        )

    def stated_change(self, materials: Mapping[str, Any]) -> StatedChange | None:
        """The change that the statement names; None where it is the statement of a first filing."""
        return None

    @property
    def receipt_number(self) -> str:
        """The receipt number of the application that the statement is signed anew for; empty for a new one."""
        return ""

    def refusal(self, code: str) -> TransitionNotAllowed:
        """The refusal of the act that would submit the draft."""
        return TransitionNotAllowed(code, act=(self.act or Act.SUPPLEMENT).value)

    def refusal_text(self, refusal: FilingError) -> str:
        """The refusal of its submission in words."""
        known = {**words.REFUSALS, **self.texts.refusals}
        return str(known[refusal.code]) if refusal.code in known else state_words.refusal_message(refusal)


def set_matters(*matters: type[Matter]) -> None:
    """Names all matters; the portal does so once, when it starts."""
    _matters[:] = matters


def matter_of(draft: Draft) -> Matter:
    """What the draft is for."""
    found = [each for each in _matters if each.holds(draft)]
    if len(found) != 1:
        raise RegisterIncomplete("draft_without_matter", draft=str(draft.pk))
    return found[0](draft)


def service_name_in(materials: Mapping[str, Any]) -> str:
    """The service's name, or a placeholder while it has none."""
    given = materials["service"].get("service_name")
    return given.strip() if isinstance(given, str) and given.strip() else _("Service without a name yet")
