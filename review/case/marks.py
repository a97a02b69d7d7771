"""The rows of the case page by section, and the mark on each with what speaks for the row without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise

from registry.presentation.materials import PresentedRow
from registry.rules.particulars.reasons import Catalogue
from registry.rules.workflow.examined import Way
from review.case.last_checks import LastCheck
from review.case.opened_documents import SectionDocuments
from review.desk.document_openings import Opened
from review.desk.faults import Choices, fault_choices
from review.models import ChecklistMark, MarkVersion


@dataclass(frozen=True, slots=True)
class Compare:
    """A link that opens the document proving a row in the viewer."""

    label: Promise
    url: str


@dataclass(frozen=True, slots=True)
class MarkControl:
    """The mark on one row: what it is, who made it, and whether this officer may change it."""

    key: str
    anchor: str
    action_url: str
    revision_number: int
    may_mark: bool
    mark: ChecklistMark | None
    has_fallen: bool
    other_mark: ChecklistMark | None
    compare: list[Compare]
    catalogue: Catalogue
    fault_names: Mapping[str, str]
    history: tuple[MarkVersion, ...]
    code: str
    remark: str
    # where the remark goes while it is typed, whose it is, and when it was kept without being sent
    typed_url: str
    owner: str
    saved_at: datetime | None
    way: Way = Way.OFFICER
    # by what software has proven it, and the check that it has been unchanged since
    proof: Promise | str = ""
    last_check: LastCheck | None = None
    # who had the files of the row open, where it is a slot
    opened: Sequence[Opened] = ()
    refusal: str = ""

    @property
    def waits(self) -> bool:
        """Whether an officer has to mark the row before the office decides."""
        return self.way is Way.OFFICER

    @property
    def version(self) -> int:
        """How often the office marked the row or took its mark back; 0 before the first time."""
        return self.history[-1].version if self.history else 0

    @property
    def is_deficient(self) -> bool:
        """Whether the mark says that the row is deficient."""
        return self.mark is not None and self.mark.verdict == ChecklistMark.Verdict.DEFICIENT

    @property
    def faults(self) -> Choices:
        """The possible faults of this row, by code and name."""
        return fault_choices(self.catalogue, key=self.key)

    @property
    def fault(self) -> str:
        """The name of the fault in the mark; empty if it has none."""
        code = self.mark.code if self.mark is not None else ""
        return self.fault_names.get(code, code)

    @property
    def other_fault(self) -> str:
        """The name of the fault in the other office's mark; empty if it has none."""
        code = self.other_mark.code if self.other_mark is not None else ""
        return self.fault_names.get(code, code)

    def with_input(self, *, code: str, remark: str, refusal: str = "") -> MarkControl:
        """A copy of the control with a fault and remark that were typed but not saved, and why they were not."""
        return replace(self, code=code, remark=remark, refusal=refusal)


def last_said_of_a_fault(history: tuple[MarkVersion, ...]) -> MarkVersion | None:
    """The newest mark that said what is wrong: its words outlive a mark that says all is well."""
    found = [made for made in history if made.verdict == MarkVersion.Verdict.DEFICIENT]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """One section of the forms with its rows, the number of items that an officer marks, and of those unmarked.

    `unchanged` are the rows that nobody has to look at again, shown folded.
    """

    key: str
    label: Promise | str
    rows: list[PresentedRow]
    unchanged: list[PresentedRow]
    documents: SectionDocuments
    wanted: int
    unanswered: int
    may_mark: bool
    action_url: str
    revision_number: int

    @property
    def last_check(self) -> LastCheck | None:
        """The latest of the checks that the folded rows have been unchanged since."""
        checks = [row.form.last_check for row in self.unchanged if row.form.last_check is not None]
        return max(checks, key=lambda check: check.at, default=None)
