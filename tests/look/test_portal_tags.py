"""The template filters and tags of the portal."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import format_html

from registry.labels.date_format import day, moment
from registry.rules.endings.lifecycle import StrikingOffState
from registry.rules.objections.lifecycle import ObjectionState
from registry.rules.workflow.states import Standing, State
from registry.templatetags.portal import (
    STATE_TONES,
    chinese_numbers,
    form_errors,
    grouped,
    status_tone,
    weeks,
)
from review.form_hints import that_stays
from tests.look.samples import DAYS, SampleForm, bound_form


@pytest.mark.parametrize(
    ("language", "shown"), [("zh-hans", "2026-11-22 星期日"), ("en", "2026-11-22 Sunday")]
)
def test_a_day_is_shown_with_its_weekday(language: str, shown: str) -> None:
    with translation.override(language):
        assert day(date(2026, 11, 22)) == shown


def test_a_moment_is_shown_in_china_time() -> None:
    at = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    with translation.override("en"):
        assert (moment(at), day(at)) == ("2027-01-01 00:30", "2027-01-01 Friday")


def test_nothing_is_shown_for_no_date_and_no_number() -> None:
    assert (day(None), moment(None), grouped(None)) == ("", "", "")


@pytest.mark.parametrize(
    "number", ["京ICP备12345678号-3X", "粤ICP备12345678号", "京ICP证030173号", "京B2-20201234"]
)
def test_icp_numbers_are_marked_as_chinese(number: str) -> None:
    shown = chinese_numbers(f"Such as {number}, or <b>.")
    assert shown == f'Such as <span lang="zh-Hans">{number}</span>, or &lt;b&gt;.'


def test_what_is_html_already_stays_as_it_is() -> None:
    html = format_html("<b>{}</b>", "京B2-20201234")
    assert chinese_numbers(html) == html


def test_what_will_be_html_once_its_language_is_known_stays_as_it_is() -> None:
    assert chinese_numbers(that_stays("Such as 京B2-20201234.")) == f"{that_stays('Such as 京B2-20201234.')}"
    assert "<br>" in chinese_numbers(that_stays("Read by your own office."))


def test_thousands_are_apart() -> None:
    assert grouped(1238) == "1,238"


def test_every_state_and_standing_has_a_tone_of_its_own_choice() -> None:
    assert {str(code) for code in (*State, *Standing, *ObjectionState, *StrikingOffState)} - set(
        STATE_TONES
    ) == set()


def test_an_unknown_state_is_shown_as_open() -> None:
    assert status_tone("never heard of") == "open"


def test_weeks_run_from_monday_to_sunday_and_keep_every_day_once() -> None:
    rows = weeks(DAYS)
    assert [each for row in rows for each in row if each] == list(DAYS)
    assert {len(row) for row in rows} == {7}
    assert all(each is None or each.on.weekday() == place for row in rows for place, each in enumerate(row))
    assert weeks([]) == []


def test_form_errors_lead_to_the_control_or_to_the_group_of_buttons() -> None:
    with translation.override("en"):
        found = [(error["target"], error["label"]) for error in form_errors(bound_form())]
    assert found == [("", ""), ("id_name", "Name"), ("id_nature", "Nature")]
    assert form_errors(SampleForm()) == []
    assert form_errors(None) == []


def test_a_navigation_entry_without_a_page_is_not_shown() -> None:
    source = '{% load portal %}{% nav_link "public:no_such_page" "X" %}'
    assert Template(source).render(Context({})).strip() == ""


@pytest.mark.parametrize(
    ("path", "current"),
    [("/account/login/", 'aria-current="page"'), ("/account/login/x/", 'aria-current="true"')],
)
def test_a_navigation_entry_is_marked_on_its_page_and_below(path: str, current: str) -> None:
    source = '{% load portal %}{% nav_link "account_login" "Sign in" %}'
    html = Template(source).render(Context({"request": RequestFactory().get(path)}))
    assert current in html
    other = Template(source).render(Context({"request": RequestFactory().get("/elsewhere/")}))
    assert "aria-current" not in other


def test_a_group_of_the_navigation_is_marked_with_its_entries_and_counts_for_them() -> None:
    entries = '{% nav_link "account_login" "Sign in" 2 %}{% nav_link "account_signup" "Open" 3 %}'
    source = f'{{% load portal %}}{{% nav_group "Doors" %}}{entries}{{% endnav_group %}}'
    with translation.override("en"):
        here, elsewhere = (
            Template(source).render(Context({"request": RequestFactory().get(path)}))
            for path in ("/account/signup/", "/elsewhere/")
        )
    assert here.count("aria-current") == 2
    assert '<summary aria-current="true">Doors <span class="mainnav__count">5' in here
    assert "aria-current" not in elsewhere
    assert "<summary>Doors <span" in elsewhere


def test_a_group_without_entries_is_not_shown() -> None:
    source = (
        '{% load portal %}{% nav_group "X" %} {% nav_link "public:no_such_page" "X" %} {% endnav_group %}'
    )
    assert Template(source).render(Context({})).strip() == ""
