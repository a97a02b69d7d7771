"""The mark on one row of the case page, with what speaks for the row without a mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise

from registry.rules.particulars.reasons import Catalogue
from registry.rules.workflow.examined import Way
from review.case.last_checks import LastCheck
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
