"""A chain name that an applicant typed reaches the national office, which adopts, joins or refuses it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.errors import NotFound, OutOfDate
from registry.lists import current_lists
from registry.models import Account, ChainNameDecision, Filing, ListEntry
from registry.office import chain_names
from registry.office.chain_names import CHAINS, typed_name, typed_names
from registry.office.lists import CodeTaken
from registry.rules.search_form import form_of
from registry.statistics import public
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_kept_figures() -> None:
    cache.clear()


def filed_with(cast: Cast, name: str, *, seed: int) -> build.SampleCase:
    """A filing in force whose main chain was typed, because the list did not have it."""
    materials = build.materials_for(cast, seed=seed)
    for key, rows in materials["content"].items():
        if key.endswith("_main_chains"):
            materials["content"][key] = [
                {"chain": "other", "other_chain_name": name, "kind": row["kind"]}
                | ({"uses_contract": False} if row["kind"] == "public" else {})
                for row in rows[:1]
            ]
    case = build.walk.submit(materials, member=cast.member, at=MORNING)
    build.approve(cast, case, at=MORNING + timedelta(hours=1))
    return case


def chains_counted() -> dict[str, int]:
    cache.clear()
    figures = public.register_figures(clock.today())
    return {row.code: row.share.count for row in figures.breakdowns["main_chains"]}


def join(name: str, code: str, *, by: Account) -> None:
    chain_names.join(typed_name(form_of(name)), code=code, by=by, at=clock.now())


def test_a_typed_name_reaches_the_office_with_every_way_it_was_typed(cast: Cast) -> None:
    assert typed_names() == []
    for seed, name in ((51, "样例自研链"), (52, "样例自研链"), (53, "样例 自研链")):
        filed_with(cast, name, seed=seed)
    (found,) = typed_names()
    assert (found.names, found.filings, found.decision) == (("样例自研链", "样例 自研链"), 3, None)


def test_a_joined_name_is_counted_under_its_entry_and_what_was_filed_keeps_it(cast: Cast) -> None:
    case = filed_with(cast, "样例长安", seed=51)
    before = chains_counted()
    assert before["样例长安"] == 1
    join("样例长安", "chainmaker", by=cast.national)
    after = chains_counted()
    assert "样例长安" not in after
    assert after["chainmaker"] == before.get("chainmaker", 0) + 1
    filing = build.filing_of(case)
    assert filing.columns["main_chains"] == ["样例长安"]
    kept = materials_of(get_revision(case.application_id, 1))
    typed = [row for key, rows in kept["content"].items() if key.endswith("_main_chains") for row in rows]
    assert {row["other_chain_name"] for row in typed} == {"样例长安"}


def test_every_spelling_of_a_decided_name_is_counted_alike_also_of_later_filings(cast: Cast) -> None:
    filed_with(cast, "Sample Chain", seed=51)
    join("Sample Chain", "chainmaker", by=cast.national)
    filed_with(cast, "ＳＡＭＰＬＥ ｃｈａｉｎ", seed=52)
    assert chains_counted()["chainmaker"] == 2
    assert all(each.decision is not None for each in typed_names())


def test_an_adopted_name_is_an_entry_that_the_form_offers_from_then_on(cast: Cast) -> None:
    filed_with(cast, "样例自研链", seed=51)
    typed = typed_name(form_of("样例自研链"))
    words = {"name_zh": "样例自研链", "name_en": "Sample own chain", "kind": "consortium"}
    chain_names.adopt(typed, code="sample_own", **words, by=cast.national, at=clock.now())
    assert "sample_own" in current_lists()[CHAINS]
    assert chains_counted()["sample_own"] == 1
    filed_with(cast, "另一样例链", seed=52)
    with pytest.raises(CodeTaken):
        chain_names.adopt(
            typed_name(form_of("另一样例链")), code="sample_own", **words, by=cast.national, at=clock.now()
        )
    assert ChainNameDecision.objects.count() == 1


def test_a_refused_name_is_counted_as_it_was_typed_and_may_be_decided_anew(cast: Cast) -> None:
    filed_with(cast, "样例自研链", seed=51)
    typed = typed_name(form_of("样例自研链"))
    chain_names.refuse(typed, reason="样例：不是底层链", by=cast.national, at=clock.now())
    assert chains_counted()["样例自研链"] == 1
    join("样例自研链", "chainmaker", by=cast.national_second)
    assert "样例自研链" not in chains_counted()
    decisions = ChainNameDecision.objects.order_by("version").values_list("act", "decided_by")
    assert list(decisions) == [("refuse", cast.national.pk), ("join", cast.national_second.pk)]


def test_figures_of_an_earlier_day_know_nothing_of_a_later_decision(cast: Cast) -> None:
    filed_with(cast, "样例长安", seed=51)
    join("样例长安", "chainmaker", by=cast.national)
    yesterday = public.register_figures(clock.today() - timedelta(days=1))
    assert "样例长安" in {row.code for row in yesterday.breakdowns["main_chains"]}


def test_two_officers_who_decide_at_once_do_not_both_decide(cast: Cast) -> None:
    filed_with(cast, "样例自研链", seed=51)
    seen = typed_name(form_of("样例自研链"))
    chain_names.join(seen, code="chainmaker", by=cast.national, at=clock.now())
    with pytest.raises(OutOfDate):
        chain_names.refuse(seen, reason="样例：写明理由", by=cast.national_second, at=clock.now())
    with pytest.raises(NotFound):
        chain_names.join(typed_name(seen.form), code="no_such_chain", by=cast.national, at=clock.now())


def test_a_refusal_without_a_word_is_not_kept(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ChainNameDecision.objects.create(
            form="x", version=1, name="x", act="refuse", decided_at=clock.now(), decided_by=cast.national
        )


# ---------------------------------------------------------------- pages


def page_of(name: str) -> str:
    return f"/office/chains/decide/?name={quote(form_of(name))}"


def test_the_office_decides_on_the_page(cast: Cast) -> None:
    filed_with(cast, "样例自研链", seed=51)
    office = Client(headers={"accept-language": "en"})
    office.force_login(cast.national, backend="registry.accounts.backends.AccountBackend")
    assert "样例自研链" in office.get("/office/chains/").content.decode()
    for act in ("adopt", "join", "refuse", ""):
        sent = {"version": "1", "act": act, "code": "", "name_zh": "", "name_en": ""}
        answer = office.post(page_of("样例自研链"), sent)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ChainNameDecision.objects.count() == 0
    stale = {"version": "2", "act": "join", "entry": "chainmaker"}
    assert office.post(page_of("样例自研链"), stale).status_code == HTTPStatus.CONFLICT
    sent = {"version": "1", "act": "join", "entry": "chainmaker"}
    answer = office.post(page_of("样例自研链"), sent)
    assert (answer.status_code, answer["Location"]) == (302, "/office/chains/")
    assert ChainNameDecision.objects.get().code == "chainmaker"
    assert office.get(page_of("没有这样的链"))["Location"] == "/office/chains/"


def test_nobody_but_the_national_office_decides(cast: Cast) -> None:
    filed_with(cast, "样例自研链", seed=51)
    for account in (cast.member, cast.provincial, cast.administrator, cast.auditor):
        visitor = Client()
        visitor.force_login(account, backend="registry.accounts.backends.AccountBackend")
        for path in ("/office/chains/", page_of("样例自研链")):
            assert visitor.get(path).status_code in (302, 403, 404)
    assert Filing.objects.count() == 1
    assert ListEntry.objects.filter(list_name=CHAINS).exists()
