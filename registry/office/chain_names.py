"""Names of chains that applicants typed: what awaits the national office, and its decisions on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.db.models.fields.json import KeyTransform

from registry.errors import NotFound, OutOfDate
from registry.models import Account, Application, ChainNameDecision, Filing, ListEntry
from registry.office import lists
from registry.publication.chain_names import newest_decisions
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.search_form import form_of
from registry.rules.workflow.states import OPEN_STATES, PUBLIC_STANDINGS
from registry.streams import office_acts

Act = ChainNameDecision.Act
CHAINS = ListEntry.ListName.MAIN_CHAINS.value


@dataclass(frozen=True, slots=True)
class TypedName:
    """A name that stands in filings or open applications: every way it was typed, and the decision that holds."""

    form: str
    names: tuple[str, ...]
    filings: int
    decision: ChainNameDecision | None

    @property
    def name(self) -> str:
        """The way it was typed most often."""
        return self.names[0]

    @property
    def version(self) -> int:
        """The number of decisions on it so far."""
        return self.decision.version if self.decision is not None else 0


def typed_names() -> list[TypedName]:
    """Every typed name, those that await a decision first, then by how often they stand."""
    listed = set(ListEntry.objects.filter(list_name=CHAINS).values_list("code", flat=True))
    decisions = newest_decisions()
    spellings: dict[str, Counter[str]] = {}
    for name, count in _stated_chains().items():
        if name not in listed:
            spellings.setdefault(form_of(name), Counter())[name] += count
    found = [
        TypedName(
            form, tuple(name for name, _count in names.most_common()), names.total(), decisions.get(form)
        )
        for form, names in spellings.items()
    ]
    return sorted(found, key=lambda each: (each.decision is not None, -each.filings, each.form))


def typed_name(form: str) -> TypedName:
    """The typed name with this form. Raises NotFound."""
    for each in typed_names():
        if each.form == form:
            return each
    raise NotFound("chain_name_unknown")


@transaction.atomic
def adopt(
    name: TypedName, *, code: str, name_zh: str, name_en: str, kind: str, by: Account, at: datetime
) -> None:
    """Adds the chain to the list and counts the typed name under it. Raises CodeTaken, OutOfDate."""
    words = {"name_zh": name_zh, "name_en": name_en, "kind": kind}
    lists.add_entry(CHAINS, code=code, words=words, reason=name.name, by=by, is_typed_name=True)
    _decide(name, Act.ADOPT, code=code, by=by, at=at)


@transaction.atomic
def join(name: TypedName, *, code: str, by: Account, at: datetime) -> None:
    """Counts the typed name under an entry of the list. Raises NotFound, OutOfDate."""
    if not ListEntry.objects.filter(list_name=CHAINS, code=code).exists():
        raise NotFound("list_entry_not_found")
    _decide(name, Act.JOIN, code=code, by=by, at=at)


@transaction.atomic
def refuse(name: TypedName, *, reason: str, by: Account, at: datetime) -> None:
    """Says why the name does not come into the list; it is counted as it was typed. Raises OutOfDate."""
    _decide(name, Act.REFUSE, reason=reason, by=by, at=at)


def _decide(
    name: TypedName,
    act: ChainNameDecision.Act,
    *,
    by: Account,
    at: datetime,
    code: str = "",
    reason: str = "",
) -> None:
    try:
        with transaction.atomic():
            ChainNameDecision.objects.create(
                form=name.form,
                version=name.version + 1,
                name=name.name,
                act=act.value,
                code=code,
                reason=reason,
                decided_at=at,
                decided_by=by,
            )
            earlier = name.decision
            office_acts.record(
                OfficeAct.CHAIN_NAME_DECIDED,
                OfficeSubject.CHAIN_NAME,
                name.form,
                by=by,
                at=at,
                before={"decision": earlier.act, "code": earlier.code} if earlier is not None else {},
                after={"decision": act.value, "code": code},
                reason=reason,
            )
    except IntegrityError as error:
        raise OutOfDate("chain_name_decided_meanwhile") from error


def _stated_chains() -> Counter[str]:
    """How many filings and open applications state each chain, by its code or as it was typed."""
    counted: Counter[str] = Counter()
    public = Filing.objects.filter(standing__in=sorted(PUBLIC_STANDINGS))
    open_ones = Application.objects.filter(state__in=[state.value for state in OPEN_STATES])
    for rows in (public, open_ones):
        for chains, count in (
            rows.order_by().values_list(KeyTransform("main_chains", "columns")).annotate(Count("pk"))
        ):
            for chain in dict.fromkeys(chains or ()):
                counted[str(chain)] += count
    return counted
