"""Every last day in a notice says that it is included, in one way, and where it is provisional."""

from __future__ import annotations

import re

import pytest

from registry.notices.kinds import LANGUAGES, NoticeKind, Wording, all_kinds, kind_of
from registry.notices.wording import render
from registry.rules.notice_texts import places_in

KINDS = list(all_kinds().values())
# What the names of last days look like; `expires_on` is a moment, before whose day one has to answer.
LAST_DAY = re.compile(r"due_on|answer_by|statement_by|until|_by$|last_day|deadline_on")
INCLUDED = {"zh-hans": "（含当日）", "en": ", that day included"}
INCLUDED_PROVISIONALLY = {
    "zh-hans": "（暂定，以放假安排为准，含当日）",
    "en": " (provisional until the holidays are published), that day included",
}
DAY = {"zh-hans": "2027年1月{}日", "en": r"2027-01-{:02d} \w+"}


def last_days(kind: NoticeKind) -> list[str]:
    return [name for name in kind.facts if LAST_DAY.search(name)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if last_days(kind)], ids=lambda kind: kind.code)
def test_what_is_a_last_day_is_of_a_manner_that_includes_it(kind: NoticeKind) -> None:
    assert {kind.facts[name] for name in last_days(kind)} <= {"due", "last_day"}
    assert {name for name, manner in kind.facts.items() if manner in ("due", "last_day")} == set(
        last_days(kind)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_last_day_of_every_shipped_wording_says_once_that_it_is_included(
    kind: NoticeKind, language: str
) -> None:
    shipped, days = kind.shipped[language], last_days(kind)
    facts = dict(kind.sample)
    for number, name in enumerate(days, start=1):
        if kind.facts[name] == "due":
            facts[name] = {"on": f"2027-01-{number:02d}", "provisional": number % 2 == 0}
        else:
            facts[name] = f"2027-01-{number:02d}"
    facts = {name: ("…" if manner == "deadline" else facts[name]) for name, manner in kind.facts.items()}
    if "why" in facts:
        facts["why"] = kind.sample["why"]
    said = render(kind, facts, language, recipient="x", wording=shipped)
    texts = {shipped.body: said.body, shipped.sms: said.sms}
    for text, rendered in texts.items():
        for number, name in enumerate(days, start=1):
            is_provisional = kind.facts[name] == "due" and number % 2 == 0
            words = (INCLUDED_PROVISIONALLY if is_provisional else INCLUDED)[language]
            found = re.findall(rf"{DAY[language].format(number)}前?({re.escape(words)})", rendered)
            assert len(found) == text.count(f"{{{name}}}")
        for mark in ("含当日", "that day included"):
            assert mark not in text


@pytest.mark.parametrize("provisional", [False, True])
def test_what_is_said_of_a_last_day_stands_behind_before_in_chinese_letters(provisional: bool) -> None:
    kind = kind_of("answer_due")
    facts = {**kind.sample, "answer_by": {"on": "2026-12-04", "provisional": provisional}}
    said = render(kind, facts, "zh-hans", recipient="x", wording=kind.shipped["zh-hans"])
    mark = "（暂定，以放假安排为准，含当日）" if provisional else "（含当日）"
    assert f"请于2026年12月4日前{mark}补正并提交" in said.body
    assert said.subject.startswith(
        f"请于2026年12月4日前{'（暂定，含当日）' if provisional else '（含当日）'}补正"
    )
    # The operator fills its registered template with the day.
    assert said.sms_parameters["answer_by"] == f"2026年12月4日{mark}"
    assert f"请在2026年12月4日{mark}前提交" in said.sms or f"请于2026年12月4日{mark}前提交" in said.sms


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_last_day_in_a_chinese_subject_is_included_too(kind: NoticeKind) -> None:
    shipped = kind.shipped["zh-hans"]
    places = [name for name in places_in(shipped.subject) if name in last_days(kind)]
    said = render(kind, kind.sample, "zh-hans", recipient="x", wording=shipped).subject
    assert said.count("含当日") == len(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_administrators_wording_that_says_it_too_says_it_once(language: str) -> None:
    kind = kind_of("draft_due")
    own = f"{{due_on}}{INCLUDED[language]} / {{days_left}} {{link}}"
    said = render(kind, kind.sample, language, recipient="x", wording=Wording(own, own, own))
    for text in (said.body, said.sms):
        assert text.count(INCLUDED[language]) == 1
    assert said.subject.count(INCLUDED[language]) <= 1
