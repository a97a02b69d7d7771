"""What each kind of application calls its acts and outcomes: complete, in both languages, never another kind's word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from django.utils import translation

from registry.labels.act_words import (
    OutcomeWords,
    outcome_words,
    recorded_on_any_kind,
    review_form_title,
    state_label,
    words_of,
)
from registry.notices.kinds import LANGUAGES
from registry.rules.workflow.lifecycle import STANDING_TRANSITIONS, TRANSITIONS
from registry.rules.workflow.states import Act, Kind, Outcome, State

# Each matter has its own words; a change of the applicant is a change.
MATTERS = (Kind.INITIAL, Kind.CHANGE, Kind.CANCELLATION)
ALLOWED = sorted(
    {(kind, row.act) for row in TRANSITIONS for kind in row.kinds}
    | {(row.kind, row.act) for row in STANDING_TRANSITIONS if row.kind is not None}
)
REPOSITORY = Path(__file__).resolve().parents[3]
ROOMS = ("applicants", "registry", "review", "templates")
# The table itself, what the law says in its own words, and articles that explain first filings.
MAY_SAY = {
    "registry/labels/act_words.py",
    "registry/data/provisions.json",
    "registry/office/sample_articles.py",
    "registry/data/authenticity_statement.toml",
}
# What a rejection leaves open is the same for every kind.
SHARED = {(Outcome.REJECTION, "follows")}


def said(kind: Kind, outcome: Outcome, name: str) -> str:
    return str(getattr(outcome_words(kind, outcome), name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "act"), ALLOWED, ids=lambda word: word.value)
def test_every_act_that_the_lifecycle_allows_has_its_words(kind: Kind, act: Act, language: str) -> None:
    with translation.override(language):
        words = [str(words_of(kind, act).button), str(words_of(kind, act).recorded)]
        words.append(str(recorded_on_any_kind(act)))
    assert all(words)
    assert [word for word in words if word.isascii()] == (words if language == "en" else [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_every_state_outcome_and_paper_has_its_words(kind: Kind, language: str) -> None:
    printed = [review_form_title(kind), *(outcome_words(kind, outcome).paper for outcome in Outcome)]
    with translation.override(language):
        words = [str(state_label(kind, state)) for state in State]
        words += [
            said(kind, outcome, each.name)
            for outcome in Outcome
            for each in fields(OutcomeWords)
            if each.name != "paper"
        ]
    assert all(words)
    assert [word for word in words if word.isascii()] == (words if language == "en" else [])
    assert [title for title in printed if title.isascii()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_matters_share_a_phrase_and_no_outcome_shares_one_with_the_other(language: str) -> None:
    with translation.override(language):
        for each in fields(OutcomeWords):
            phrases = [
                said(kind, outcome, each.name)
                for kind in MATTERS
                for outcome in Outcome
                if (outcome, each.name) not in SHARED
            ]
            assert len(set(phrases)) == len(phrases), each.name
        decided = [{str(state_label(kind, State.APPROVED)) for kind in MATTERS}]
        decided.append({str(state_label(kind, State.REJECTED)) for kind in MATTERS})
    assert [len(words) for words in decided] == [len(MATTERS)] * 2
    assert outcome_words(Kind.APPLICANT_CHANGE, Outcome.APPROVAL) is outcome_words(
        Kind.CHANGE, Outcome.APPROVAL
    )


def test_the_chinese_words_are_those_of_a_filing_and_never_of_a_licence() -> None:
    with translation.override("zh-hans"):
        decided = {(kind, outcome): said(kind, outcome, "decided") for kind in Kind for outcome in Outcome}
        everything = "".join(
            said(kind, outcome, each.name)
            for kind in Kind
            for outcome in Outcome
            for each in fields(OutcomeWords)
        )
    assert decided == {
        (Kind.INITIAL, Outcome.APPROVAL): "予以备案",
        (Kind.INITIAL, Outcome.REJECTION): "不予备案",
        (Kind.CHANGE, Outcome.APPROVAL): "予以变更备案",
        (Kind.CHANGE, Outcome.REJECTION): "不予变更备案",
        (Kind.APPLICANT_CHANGE, Outcome.APPROVAL): "予以变更备案",
        (Kind.APPLICANT_CHANGE, Outcome.REJECTION): "不予变更备案",
        (Kind.CANCELLATION, Outcome.APPROVAL): "予以注销备案",
        (Kind.CANCELLATION, Outcome.REJECTION): "不予注销备案",
    }
    assert "准予" not in everything
    assert "许可" not in everything


def sources() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((REPOSITORY / room).rglob("*")):
            if path.suffix in {".py", ".html", ".txt", ".toml", ".json"}:
                yield path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8")


def test_no_other_place_has_the_words_of_a_decision() -> None:
    decisions = re.compile("(?:予以|准予|不予)(?:变更|注销)?备案")
    found = {name for name, text in sources() if name not in MAY_SAY and decisions.search(text)}
    assert found == set()
