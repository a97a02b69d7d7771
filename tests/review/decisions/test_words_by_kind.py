"""Each kind of application is asked, decided, printed and told in its own words, on every surface.

Art. 11 knows filing, changing and cancelling a filing, which is registered: 准予 belongs to licences.
"""

from __future__ import annotations

import pytest

from registry.rules.workflow.states import Kind, Outcome
from registry.sample.walk import SampleCase
from tests.builders.register import Cast
from tests.review.decisions import surfaces
from tests.review.decisions.kinds import ASKED, decide, foreign, said

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en")
# The public record tells of the filing since its first day, and so of its first filing as well.
_OF_THE_FILING = ("record", "api")


# The status on the applicant's pages is called alike for every kind, as the real system calls it.
_WITH_STATUS = ("application", "dashboard", "filing", "filing status")
_STATUS = frozenset({"Approved", "Not approved"})


def others_words(found: list[tuple[str, str]], kind: Kind, language: str) -> list[tuple[str, list[str]]]:
    """On which surface which words of another kind stand."""
    said_there = []
    for name, text in found:
        words = foreign(text, kind, language, of_first_filing=name in _OF_THE_FILING)
        said_there.append((name, [each for each in words if name not in _WITH_STATUS or each not in _STATUS]))
    return [(name, words) for name, words in said_there if words]


@pytest.fixture(params=list(Kind), ids=lambda kind: kind.value)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture(params=list(Outcome), ids=lambda outcome: outcome.value)
def outcome(request: pytest.FixtureRequest) -> Outcome:
    return Outcome(request.param)


def decided_in_sight(
    cast: Cast, kind: Kind, outcome: Outcome
) -> tuple[SampleCase, dict[str, list[tuple[str, str]]]]:
    """A case decided, with all that its officers and its applicant saw on the way, by language."""
    case = ASKED[kind](cast)
    found: dict[str, list[tuple[str, str]]] = {language: [] for language in LANGUAGES}

    def look(*names: str) -> None:
        for language, seen in found.items():
            for name in names:
                if name == "member":
                    seen.extend(surfaces.pages_of_the_applicant(cast, case, language))
                else:
                    seen.extend(surfaces.desk_pages(case, surfaces.browser(cast, name, language)))

    decide(cast, case, outcome, look=look)
    return case, found


def test_the_pages_of_every_kind_say_what_the_kind_is_about(cast: Cast, kind: Kind, outcome: Outcome) -> None:
    case, seen = decided_in_sight(cast, kind, outcome)
    list(surfaces.told(case))
    for language, found in seen.items():
        found += surfaces.lists_of_the_office(cast, case, language)
        found += surfaces.opened_notices(cast, case, language)
        found += surfaces.what_the_public_reads(case, language)
        assert others_words(found, kind, language) == []
        own, shown = said(kind, outcome, language), dict(found)
        everything = "\n".join(text for _name, text in found)
        assert [word for word in (own.propose, own.confirm, own.notice) if word not in everything] == []
        for name in ("search national", "search.csv national", "search.xlsx national"):
            assert own.decided in shown[name], name
        # A rejection is told to whoever holds the receipt once it has reached the applicant.
        assert (own.decided in shown["filing status"]) == (outcome is Outcome.APPROVAL)
        for name in ("events", "events_csv", "case"):
            assert own.proposed in shown[name], name
        assert own.whole in shown["application"]
        assert own.whole_case in shown["case"]
        recommended = {"zh-hans": "建议{}", "en": "Recommendation: {}"}[language]
        for each in Outcome:
            opinion = recommended.format(said(kind, each, language).decide)
            assert any(opinion in text for name, text in found if name == "act forward"), opinion


def test_the_papers_of_every_kind_are_titled_and_named_by_it(
    cast: Cast, kind: Kind, outcome: Outcome
) -> None:
    case = ASKED[kind](cast)
    decide(cast, case, outcome)
    found = list(surfaces.printed_papers(case))
    found += surfaces.names_of_papers(cast, case)
    assert others_words(found, kind, "zh-hans") == []
    own, printed = said(kind, outcome, "zh-hans"), dict(found)
    assert own.decide in printed["review form"]
    assert own.decided in printed["office case"]
    assert printed["own case"].startswith(own.whole)
    assert printed["office case"].startswith(own.whole_case)
    assert f"下列{own.whole}，" in printed["paper submit"]
    is_numbered = (kind, outcome) == (Kind.INITIAL, Outcome.APPROVAL)
    decision = printed["paper issue_number" if is_numbered else "paper confirm"]
    assert own.notice in decision
    assert own.decided in decision
    names = [text for name, text in found if name.startswith("name ")]
    for word in (own.notice, own.whole, own.whole_case):
        assert any(word in name for name in names), word


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notices_of_every_kind_name_the_decision_as_the_kind_does(
    cast: Cast, kind: Kind, outcome: Outcome, language: str
) -> None:
    for who in ("member", "provincial", "provincial_second", "national", "national_second"):
        account = getattr(cast, who)
        account.language = language
        account.save(update_fields=["language"])
    case = ASKED[kind](cast)
    decide(cast, case, outcome)
    found = list(surfaces.told(case))
    assert others_words(found, kind, language) == []
    assert any(said(kind, outcome, language).decided in text for _name, text in found)
