"""The lifecycle of a batch list (备案清单): one table of acts, as applications have theirs.

A head of the national office composes a list and proposes it, another officer of that office confirms it, and from
then on the system acts: it freezes the entries and gives the list its number, makes its files, shows it, and makes it
final once nothing can be objected to any more. A list that was published before the register began is imported whole.
Nothing that was published is edited: a corrigendum says what of it is otherwise. Lists of endings and corrigenda go the
same way, and end when they are shown, since nobody objects to them. Sources: Art. 3, 11, 12 and the announcements of
the lists published so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from registry.rules.workflow.act_table import ActTable, Condition, Step
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.states import NATION, SYSTEM, Role, Standing


class ListKind(StrEnum):
    """What a list announces; each kind has numbers of its own."""

    FILINGS = "filings"
    CANCELLED = "cancelled"
    STRUCK_OFF = "struck_off"
    CORRIGENDA = "corrigenda"

    @property
    def has_window(self) -> bool:
        """Whether anyone may object to it, and it becomes final after that."""
        return self is ListKind.FILINGS

    @property
    def standing(self) -> Standing | None:
        """The standing of the filings it names; None for corrigenda, which name entries of lists."""
        return _STANDINGS.get(self)


_STANDINGS: Mapping[ListKind, Standing] = MappingProxyType(
    {
        ListKind.FILINGS: Standing.IN_FORCE,
        ListKind.CANCELLED: Standing.CANCELLED,
        ListKind.STRUCK_OFF: Standing.STRUCK_OFF,
    }
)


# The kind of list that announces an ending, by how the filing ended.
ENDING_LISTS: Mapping[Standing, ListKind] = MappingProxyType(
    {standing: kind for kind, standing in _STANDINGS.items() if standing is not Standing.IN_FORCE}
)


class ListState(StrEnum):
    """Where a list stands. Only a published or final one is public; a number is given by the freeze."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    FROZEN = "frozen"
    PUBLISHED = "published"
    FINAL = "final"
    DROPPED = "dropped"


class ListAct(StrEnum):
    """Every act on a list that leaves an event."""

    PROPOSE = "list_proposed"
    CONFIRM = "list_confirmed"
    SEND_BACK = "list_sent_back"
    RECALL = "list_recalled"
    FREEZE = "list_frozen"
    PUBLISH = "list_published"
    FINALISE = "list_finalised"
    IMPORT = "list_imported"


class ListOrder(StrEnum):
    """The order of a list's entries, chosen by who composes it."""

    PROVINCE = "province"
    NUMBERED = "numbered"
    APPLICANT = "applicant"


PUBLIC_STATES = frozenset({ListState.PUBLISHED, ListState.FINAL})
# On the way to publication; there is one such list of a kind at a time, so that numbers have no gap.
UNDERWAY_STATES = (ListState.PROPOSED, ListState.CONFIRMED, ListState.FROZEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What the table looks at: the list, who acts, and what the calendar and the files say."""

    state: ListState | None
    role: Role
    actor_id: str | None = None
    proposer_id: str | None = None
    has_entries: bool = False
    has_announcement: bool = False
    is_another_underway: bool = False
    has_explanation: bool = False
    has_moment_come: bool = False
    has_every_file: bool = False
    do_corrections_hold: bool = True
    are_held_back_explained: bool = True
    has_window: bool = True
    is_window_over: bool = False
    is_next_number: bool = False
    is_before_own_lists: bool = False


ListGuard = Condition[ListFacts]
ListTransition = Step[ListAct, ListState, ListFacts]

_HEAD = frozenset({Role.NATIONAL_HEAD})
_ANNOUNCED = ListGuard("list_announcement_given", lambda facts: facts.has_announcement)
_NOT_EMPTY = ListGuard("list_has_entries", lambda facts: facts.has_entries)
_ALONE = ListGuard("no_other_list_underway", lambda facts: not facts.is_another_underway)
_SECOND_OFFICER = ListGuard("second_officer", lambda facts: facts.actor_id != facts.proposer_id)
_EXPLAINED = ListGuard("explanation_given", lambda facts: facts.has_explanation)
_MOMENT_COME = ListGuard("list_moment_come", lambda facts: facts.has_moment_come)
_EVERY_FILE = ListGuard("list_files_made", lambda facts: facts.has_every_file)
_CORRECTIONS_HOLD = ListGuard("corrections_hold", lambda facts: facts.do_corrections_hold)
_HELD_BACK_EXPLAINED = ListGuard("held_back_explained", lambda facts: facts.are_held_back_explained)
_WINDOW = ListGuard("list_has_window", lambda facts: facts.has_window)
_WINDOW_OVER = ListGuard("objection_window_over", lambda facts: facts.is_window_over)
_NEXT = ListGuard("list_number_next", lambda facts: facts.is_next_number)
_EARLIER = ListGuard("list_before_own_lists", lambda facts: facts.is_before_own_lists)

LIST_TRANSITIONS: tuple[ListTransition, ...] = (
    ListTransition(
        ListAct.PROPOSE,
        _HEAD,
        None,
        ListState.PROPOSED,
        (_ANNOUNCED, _NOT_EMPTY, _CORRECTIONS_HOLD, _HELD_BACK_EXPLAINED, _ALONE),
    ),
    ListTransition(
        ListAct.CONFIRM, NATION, ListState.PROPOSED, ListState.CONFIRMED, (_SECOND_OFFICER, _NOT_EMPTY)
    ),
    ListTransition(ListAct.SEND_BACK, NATION, ListState.PROPOSED, ListState.DROPPED, (_EXPLAINED,)),
    ListTransition(ListAct.RECALL, _HEAD, ListState.CONFIRMED, ListState.DROPPED, (_EXPLAINED,)),
    ListTransition(ListAct.FREEZE, SYSTEM, ListState.CONFIRMED, ListState.FROZEN, (_MOMENT_COME, _NOT_EMPTY)),
    ListTransition(ListAct.PUBLISH, SYSTEM, ListState.FROZEN, ListState.PUBLISHED, (_EVERY_FILE,)),
    ListTransition(ListAct.FINALISE, SYSTEM, ListState.PUBLISHED, ListState.FINAL, (_WINDOW, _WINDOW_OVER)),
    ListTransition(ListAct.IMPORT, SYSTEM, None, ListState.FINAL, (_NOT_EMPTY, _EARLIER, _NEXT)),
)

_TABLE = ActTable(LIST_TRANSITIONS)
list_state_after, decide_on_list = _TABLE.state_after, _TABLE.decide
refusals_on_list = _TABLE.refusals

# What acts on batch lists call for: a published list has its entries noted in the streams of their filings.
LIST_EFFECTS: Mapping[ListAct, frozenset[EffectKind]] = MappingProxyType(
    {ListAct.PUBLISH: frozenset({EffectKind.ENTRIES})}
)


def acts_open_to(facts: ListFacts) -> frozenset[ListAct]:
    """The acts whose state, role and officer are right; what the act will carry is not asked. Decides the buttons."""
    return _TABLE.open_to(facts, asking=(_SECOND_OFFICER,))
