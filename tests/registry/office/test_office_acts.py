"""Acts of the office itself leave traces: who, when, what, before and after, and why; append-only, for the auditor."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from threading import Barrier
from typing import Any

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.accounts.officers import OfficerRefused, change_office, create_officer, set_active
from registry.integrity.register import verify_register
from registry.labels.ending_words import STRIKING_OFF_ACTS
from registry.labels.list_words import LIST_ACTS
from registry.labels.objection_words import OBJECTION_ACTS
from registry.labels.office_words import CHANGED, OFFICE_ACTS, OFFICE_SUBJECTS
from registry.models import Account, Event, ListEntry
from registry.office import articles, chain_names, lists
from registry.office.articles import Content
from registry.rules.articles import ArticleKind
from registry.rules.office.events import OfficeAct, OfficeFacts, OfficeSubject
from registry.rules.workflow.states import Act, Role, StreamKind
from tests.builders.register import MORNING, Cast, submitted
from tests.registry.office.test_chain_names import filed_with
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db
FIELDS = ListEntry.ListName.APPLICATION_FIELDS.value
REASON = "样例：人员调整"


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


def acts() -> list[tuple[str, OfficeFacts]]:
    found = Event.objects.filter(stream_kind=StreamKind.OFFICE.value).order_by("at", "stream_id", "sequence")
    return [(each.act, OfficeFacts.of(each.payload)) for each in found]


def trail(cast: Cast, **filters: str) -> Any:
    return sign_in(cast.auditor).get(reverse("office:events"), filters)


# ---------------------------------------------------------------- accounts


def test_an_account_is_closed_only_after_its_page_was_confirmed_with_a_reason(cast: Cast) -> None:
    administrator = sign_in(cast.administrator)
    address = reverse("office:account_disable", args=[cast.provincial.pk])
    page = administrator.get(address)
    assert page.status_code == 200
    assert "return to the queue" in text_of(page)
    assert administrator.post(address, {"act": "disable", "reason": " "}).status_code == 400
    assert Account.objects.get(pk=cast.provincial.pk).is_active
    assert acts() == []
    assert administrator.post(address, {"act": "disable", "reason": REASON}).status_code == 302
    event = Event.objects.get(stream_kind=StreamKind.OFFICE.value)
    assert (event.act, event.actor, event.at) == (OfficeAct.ACCOUNT_CLOSED, cast.administrator, MORNING)
    assert event.province_code == "110000"
    ((_act, facts),) = acts()
    assert (facts.subject, facts.key) == (OfficeSubject.ACCOUNT, str(cast.provincial.pk))
    assert (facts.before, facts.after, facts.reason) == ({"is_active": True}, {"is_active": False}, REASON)


def test_the_trail_says_what_changed_in_words_and_the_export_too(cast: Cast) -> None:
    change_office(
        cast.provincial.pk,
        role=Role.PROVINCIAL_HEAD,
        province_code="440000",
        reason=REASON,
        by=cast.administrator,
    )
    page = text_of(trail(cast, act=OfficeAct.ACCOUNT_MOVED.value))
    assert "role: Provincial reviewer → Provincial head" in page
    assert "province: Beijing → Guangdong" in page
    assert REASON in page
    assert cast.provincial.name in page
    export = sign_in(cast.auditor).get(reverse("office:events_csv"))
    text = b"".join(export.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (line,) = list(csv.DictReader(io.StringIO(text)))
    assert (line["About"], line["Reason"]) == (cast.provincial.name, REASON)
    assert (
        line["What changed"] == "role: Provincial reviewer → Provincial head; province: Beijing → Guangdong"
    )


def test_opening_inviting_and_opening_again_are_acts_and_the_server_is_named(cast: Cast) -> None:
    call_command(
        "create_officer", role="auditor", province="", name="样例审计", email="sample.audit@example.com"
    )
    officer = create_officer(
        name="样例", role=Role.AUDITOR, email="sample.fresh@example.com", by=cast.administrator
    )
    sign_in(cast.administrator).post(reverse("office:account_invite", args=[officer.pk]))
    set_active(officer.pk, is_active=False, reason=REASON, by=cast.administrator)
    set_active(officer.pk, is_active=True, reason=REASON, by=cast.administrator)
    by_act: dict[str, list[str]] = {}
    for event in Event.objects.filter(stream_kind=StreamKind.OFFICE.value):
        by_act.setdefault(event.act, []).append(event.actor_role)
    assert {act: sorted(roles) for act, roles in by_act.items()} == {
        OfficeAct.ACCOUNT_OPENED: ["administrator", "system"],
        OfficeAct.ACCOUNT_INVITED: ["administrator"],
        OfficeAct.ACCOUNT_CLOSED: ["administrator"],
        OfficeAct.ACCOUNT_REOPENED: ["administrator"],
    }


def test_events_of_accounts_hold_no_mobile_and_no_mailbox(cast: Cast) -> None:
    create_officer(
        name="样例",
        role=Role.NATIONAL_REVIEWER,
        email="sample.fresh@example.com",
        mobile="19900000123",
        by=cast.administrator,
    )
    payload = str(Event.objects.get(act=OfficeAct.ACCOUNT_OPENED).payload)
    assert "national_reviewer" in payload
    assert "19900000123" not in payload
    assert "example.com" not in payload


@pytest.mark.parametrize("reason", ["", "   ", "\u200b"])
def test_an_account_is_changed_for_a_reason(cast: Cast, reason: str) -> None:
    with pytest.raises(OfficerRefused, match="reason_missing"):
        set_active(cast.provincial.pk, is_active=False, reason=reason, by=cast.administrator)
    with pytest.raises(OfficerRefused, match="reason_missing"):
        change_office(
            cast.provincial.pk,
            role=Role.PROVINCIAL_HEAD,
            province_code="110000",
            reason=reason,
            by=cast.administrator,
        )
    assert acts() == []


def test_what_is_so_already_is_refused_and_leaves_no_act(cast: Cast) -> None:
    with pytest.raises(OfficerRefused, match="open_already"):
        set_active(cast.provincial.pk, is_active=True, reason=REASON, by=cast.administrator)
    with pytest.raises(OfficerRefused, match="office_unchanged"):
        change_office(
            cast.provincial.pk,
            role=Role.PROVINCIAL_REVIEWER,
            province_code="110000",
            reason=REASON,
            by=cast.administrator,
        )
    assert acts() == []


def test_a_page_that_showed_an_open_account_never_opens_a_closed_one(cast: Cast) -> None:
    """Two browsers: one closes, the other, whose page is older, presses its button for closing as well."""
    first, second = (sign_in(cast.administrator) for _ in range(2))
    address = reverse("office:account_disable", args=[cast.provincial.pk])
    for browser in (first, second):
        browser.get(address)
    for browser in (first, second):
        browser.post(address, {"act": "disable", "reason": REASON})
    assert not Account.objects.get(pk=cast.provincial.pk).is_active
    assert [act for act, _facts in acts()] == [OfficeAct.ACCOUNT_CLOSED]


@pytest.mark.parametrize("who", ["auditor", "national_head", "provincial"])
def test_who_is_no_administrator_changes_no_account(cast: Cast, who: str) -> None:
    with pytest.raises(OfficerRefused, match="not_an_administrator"):
        set_active(cast.national.pk, is_active=False, reason=REASON, by=getattr(cast, who))


def test_an_administrator_closed_meanwhile_changes_no_account(cast: Cast) -> None:
    Account.objects.filter(pk=cast.administrator.pk).update(is_active=False)
    with pytest.raises(OfficerRefused, match="not_an_administrator"):
        set_active(cast.national.pk, is_active=False, reason=REASON, by=cast.administrator)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_close_each_other_at_once_one_stays(cast: Cast) -> None:
    second = create_officer(name="样例", role=Role.ADMINISTRATOR, email="sample.second@example.com")
    pairs = [(cast.administrator, second), (second, cast.administrator)]
    start = Barrier(2)

    def close(pair: tuple[Account, Account]) -> str:
        by, other = pair
        start.wait(timeout=20)
        try:
            set_active(other.pk, is_active=False, reason=REASON, by=by)
        except OfficerRefused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, pairs)) == ["done", "not_an_administrator"]
    assert Account.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True).count() == 1


# ---------------------------------------------------------------- lists, names, articles


def test_every_change_of_a_list_says_before_after_and_why(cast: Cast) -> None:
    by = cast.administrator
    words = {"name_zh": "样例领域", "name_en": "Sample field"}
    entry = lists.add_entry(FIELDS, code="sample_field", words=words, reason=REASON, by=by)
    for minutes, change in enumerate(
        (
            lambda: lists.reword_entry(entry.pk, words={"name_zh": "样例新领域"}, reason=REASON, by=by),
            lambda: lists.set_offered(entry.pk, is_offered=False, reason=REASON, by=by),
            lambda: lists.set_offered(entry.pk, is_offered=True, reason=REASON, by=by),
            lambda: lists.move_entry(entry.pk, down=False, by=by),
        ),
        start=1,
    ):
        clock.set_for_tests(MORNING + timedelta(minutes=minutes))
        change()
    added, reworded, retired, restored, moved = (facts for _act, facts in acts())
    assert [act for act, _facts in acts()] == [
        OfficeAct.ENTRY_ADDED,
        OfficeAct.ENTRY_REWORDED,
        OfficeAct.ENTRY_RETIRED,
        OfficeAct.ENTRY_RESTORED,
        OfficeAct.ENTRY_MOVED,
    ]
    assert added.key == f"{FIELDS}/sample_field"
    assert (added.before, added.after["name_zh"], added.reason) == ({}, "样例领域", REASON)
    assert (reworded.before, reworded.after) == ({"name_zh": "样例领域"}, {"name_zh": "样例新领域"})
    assert (retired.before, retired.after) == ({"is_active": True}, {"is_active": False})
    assert (restored.before, restored.after) == ({"is_active": False}, {"is_active": True})
    place = moved.before["position"]
    assert (moved.after, moved.reason) == ({"position": place - 1}, "")
    assert "what you typed" not in text_of(trail(cast))
    assert "样例新领域" in text_of(trail(cast))


def test_a_list_is_changed_for_a_reason_and_what_changes_nothing_leaves_no_act(cast: Cast) -> None:
    entry = ListEntry.objects.filter(list_name=FIELDS).first()
    assert entry is not None
    with pytest.raises(lists.ReasonMissing):
        lists.set_offered(entry.pk, is_offered=False, reason=" ", by=cast.administrator)
    lists.reword_entry(entry.pk, words={"name_zh": entry.name_zh}, reason=REASON, by=cast.administrator)
    lists.set_offered(entry.pk, is_offered=True, reason=REASON, by=cast.administrator)
    administrator = sign_in(cast.administrator)
    address = reverse("office:list_entry_retire", args=[entry.pk])
    answer = administrator.post(address, {"act": "retire", "reason": ""})
    assert answer.status_code == 400
    entry.refresh_from_db()
    assert (entry.is_active, acts()) == (True, [])


def test_a_page_that_showed_an_offered_entry_never_offers_a_retired_one(cast: Cast) -> None:
    entry = ListEntry.objects.filter(list_name=FIELDS).first()
    assert entry is not None
    address = reverse("office:list_entry_retire", args=[entry.pk])
    for _browser in range(2):
        sign_in(cast.administrator).post(address, {"act": "retire", "reason": REASON})
    entry.refresh_from_db()
    assert not entry.is_active
    assert [act for act, _facts in acts()] == [OfficeAct.ENTRY_RETIRED]


def test_a_decision_on_a_typed_chain_name_is_in_the_trail(cast: Cast) -> None:
    filed_with(cast, "样例自有链", seed=3)
    (typed,) = chain_names.typed_names()
    chain_names.refuse(typed, reason="样例：不是链的名称", by=cast.national, at=MORNING)
    ((act, facts),) = acts()
    assert (act, facts.after["decision"], facts.reason) == (
        OfficeAct.CHAIN_NAME_DECIDED,
        "refuse",
        "样例：不是链的名称",
    )


def test_writing_publishing_and_withdrawing_an_article_are_in_the_trail(cast: Cast) -> None:
    content = Content(title="样例标题", source="样例来源", text="样例正文。")
    article = articles.begin_article(ArticleKind.NEWS, content, by=cast.administrator, at=MORNING)
    articles.publish(article.pk, seen_version=1, public_from=None, by=cast.national_head, at=MORNING)
    articles.withdraw(article.pk, seen_version=2, reason=REASON, by=cast.administrator, at=MORNING)
    found = Event.objects.filter(stream_kind=StreamKind.OFFICE.value).order_by("sequence")
    assert [(each.act, each.actor) for each in found] == [
        (OfficeAct.ARTICLE_DRAFTED, cast.administrator),
        (OfficeAct.ARTICLE_PUBLISHED, cast.national_head),
        (OfficeAct.ARTICLE_WITHDRAWN, cast.administrator),
    ]
    assert [facts.reason for _act, facts in acts()] == ["", "", REASON]


# ---------------------------------------------------------------- the trail itself


def test_acts_of_the_office_are_chained_and_cannot_be_altered(cast: Cast) -> None:
    set_active(cast.provincial.pk, is_active=False, reason=REASON, by=cast.administrator)
    set_active(cast.provincial.pk, is_active=True, reason=REASON, by=cast.administrator)
    assert verify_register().violations == []
    first = Event.objects.get(act=OfficeAct.ACCOUNT_CLOSED)
    with pgtrigger.ignore("registry.Event:event_append_only"):
        Event.objects.filter(pk=first.pk).update(payload=first.payload | {"reason": "样例：另一个理由"})
    assert [each.code for each in verify_register().violations] == ["event_altered"]


def test_the_trail_finds_the_acts_about_a_case_by_its_receipt_number(cast: Cast) -> None:
    from review.desk import claims

    case, other = submitted(cast), submitted(cast, seed=2)
    for each in (case, other):
        claims.reassign(
            each.application_id, to=cast.provincial.pk, reason="", head=cast.provincial_head, at=MORNING
        )
    number = case.application.receipt_number
    page = trail(cast, case=number)
    assert sorted(each["event"].act for each in page.context["lines"]) == ["case_reassigned", "submit"]
    assert other.application.receipt_number not in text_of(page)


@pytest.mark.parametrize("who", ["member", "provincial", "provincial_head", "national_head", "administrator"])
def test_nobody_but_the_auditor_reads_the_trail_of_the_office(cast: Cast, who: str) -> None:
    set_active(cast.elsewhere.pk, is_active=False, reason=REASON, by=cast.administrator)
    client: Client = sign_in(getattr(cast, who))
    assert client.get(reverse("office:events")).status_code == 404


def test_every_act_and_subject_has_its_words_and_no_act_two_meanings() -> None:
    assert set(OFFICE_ACTS) == set(OfficeAct)
    assert set(OFFICE_SUBJECTS) == set(OfficeSubject)
    assert all(str(words) for words in CHANGED.values())
    others = chain(Act, LIST_ACTS, OBJECTION_ACTS, STRIKING_OFF_ACTS)
    assert {act.value for act in others} & {act.value for act in OfficeAct} == set()
    assert all(len(act.value) <= 24 for act in OfficeAct)
