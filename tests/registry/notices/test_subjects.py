"""Subjects tell one notice from another: what happened, to which service, under which number."""

from __future__ import annotations

from collections import Counter

import pytest

from registry.notices.kinds import LANGUAGES, NoticeKind, all_kinds, kind_of
from registry.notices.wording import LONGEST_SUBJECT_SHOWN, render
from registry.rules.notice_texts import places_in

KINDS = list(all_kinds().values())
# What a notice is found again by; the first of these that a kind knows.
NUMBERS = ("receipt_number", "objection_number", "proceeding_number", "number")


def subject(kind: NoticeKind, language: str, **facts: object) -> str:
    given = dict(kind.sample) | facts
    return render(kind, given, language, recipient="样例", wording=kind.shipped[language]).subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_subject_names_the_service_and_its_number_and_is_short(kind: NoticeKind, language: str) -> None:
    places = places_in(kind.shipped[language].subject)
    names = [name for name in ("service_name", "stated_name") if name in kind.facts]
    numbers = [name for name in NUMBERS if name in kind.facts][:1]
    assert {*names, *numbers} <= set(places)
    assert len(subject(kind, language)) <= LONGEST_SUBJECT_SHOWN


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kinds_have_one_subject(language: str) -> None:
    """Notices to applicants, and those to desks, may lie in one inbox each."""
    said = Counter((kind.code.startswith("desk_"), subject(kind, language)) for kind in KINDS)
    assert [each for each, count in said.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_name_is_cut_in_the_subject_and_whole_in_the_body(language: str) -> None:
    kind, name = kind_of("submitted"), "样例跨境供应链金融与多方数据流通协同存证服务平台" * 3
    facts = dict(kind.sample) | {"service_name": name}
    said = render(kind, facts, language, recipient="样例", wording=kind.shipped[language])
    assert len(said.subject) == LONGEST_SUBJECT_SHOWN
    assert name[:8] in said.subject
    assert str(kind.sample["receipt_number"]) in said.subject
    assert name in said.body


def test_a_provisional_last_day_says_so_in_subject_body_and_text_message() -> None:
    kind = kind_of("draft_started")
    for provisional in (True, False):
        facts = dict(kind.sample) | {"due_on": {"on": "2027-01-05", "provisional": provisional}}
        said = render(kind, facts, "en", recipient="x", wording=kind.shipped["en"])
        for text in (said.subject, said.body, said.sms):
            assert ("2027-01-05 Tuesday (provisional" in text) is provisional


def test_every_last_day_of_a_period_says_whether_it_is_provisional() -> None:
    """Whatever is called a last day is of that manner; days that are settled are dates."""
    last_days = ("due_on", "old_due_on", "new_due_on", "answer_by", "statement_by")
    manners = {(name, manner) for kind in KINDS for name, manner in kind.facts.items() if name in last_days}
    assert manners == {(name, "due") for name in last_days}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_no_name_brings_an_address_or_a_line_into_a_message(kind: NoticeKind, language: str) -> None:
    lure = "样例\n【官方】请访问 http://lure.example/?a=1"
    names = {name: lure for name in kind.facts if name.endswith("_name")}
    given = dict(kind.sample) | names
    said = render(kind, given, language, recipient=lure, wording=kind.shipped[language])
    for text in (said.subject, said.body, said.sms, *said.sms_parameters.values()):
        assert "lure.example" not in text
        assert "样例\n【官方】" not in text
