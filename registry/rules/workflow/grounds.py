"""What an officer's act has to rest on: one rule for every way that an application goes.

Forwarded, proposed, confirmed or decided, by the province or the nation, for it or against it, whatever its kind: the
office has marked everything, its marks bear the outcome out, and what has to be said is said in at least a sentence
(Art. 3, 12). The guards of `registry.rules.workflow.lifecycle` ask it under the lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from registry.rules.particulars.reasons import WHOLE
from registry.rules.substance import says_something
from registry.rules.workflow.examined import Examined
from registry.rules.workflow.states import DECISIONS, PROPOSALS, Act, Outcome

# The detail in which each of these acts says why. A rejection says it in its reasons, an approval only where it has to.
TEXTS: Mapping[Act, str] = MappingProxyType(
    {
        Act.FORWARD: "text",
        Act.PROPOSE_APPROVAL: "text",
        Act.RETURN_TO_PROVINCE: "question",
        Act.SEND_BACK: "explanation",
    }
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What the acting office marked: whether it marked all that it has to, and the keys of what it marked deficient.

    `examined` says who examined what before an act that rests on it: officers, software, or nobody.
    """

    is_answered: bool = False
    deficient: tuple[str, ...] = ()
    examined: Examined | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """An officer's act with what it rests on.

    `details` are those of the act; of a confirmation, those of the proposal that it makes a decision. `proposal` is
    what is proposed, if anything.
    """

    act: Act
    marks: Marks
    details: Mapping[str, Any]
    proposal: Outcome | None = None

    @property
    def outcome(self) -> Outcome | None:
        """What the act recommends, proposes or decides; None for any other act."""
        if self.act is Act.FORWARD:
            recommends = self.details.get("recommends")
            return Outcome(recommends) if recommends in list(Outcome) else None
        if self.act is Act.CONFIRM:
            return self.proposal
        return DECISIONS.get(self.act) or PROPOSALS.get(self.act)

    @property
    def not_passed_over(self) -> tuple[str, ...]:
        """The items marked deficient that an approval does not name as passed over."""
        if self.outcome is not Outcome.APPROVAL:
            return ()
        named = self.details.get("passed_over") or ()
        return tuple(key for key in self.marks.deficient if key not in named)

    @property
    def not_marked(self) -> tuple[str, ...]:
        """The places that a rejection names and nobody of the office marked deficient.

        The whole of the materials has no mark of its own. Without reasons, as in an opinion, any mark will do.
        """
        if self.outcome is not Outcome.REJECTION:
            return ()
        named = tuple(str(each.get("key")) for each in self.details.get("reasons") or ())
        if not named:
            return () if self.marks.deficient else (WHOLE,)
        return tuple(key for key in named if key != WHOLE and key not in self.marks.deficient)

    @property
    def says_why(self) -> bool:
        """Whether what has to be said is said; an approval over items marked deficient says why as well.

        What a confirmation makes a decision was said with the proposal.
        """
        name = TEXTS.get(self.act)
        if self.act is Act.APPROVE and self.marks.deficient:
            name = "text"
        return name is None or says_something(str(self.details.get(name) or ""))
