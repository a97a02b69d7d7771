"""Fills in the wizard's forms in the browser, from answers as the materials hold them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from playwright.sync_api import Locator, Page

from applicants.drafts.forms.answers import SAME_AS, place_names, same_name
from applicants.drafts.forms.conditions import control_value
from applicants.drafts.parts import parts_of
from registry.rules.particulars import AnswerKind, Particular, particulars_of

# What follows from another answer on the same page, once that is saved.
_FOLLOWING = re.compile(
    "^(websites|apps|mini_programs|official_accounts)-0-name$|^has_nodes_abroad$|^upstream$"
    "|^no_upstream_filing_reason$|^server_addresses-0-place$|^node_places-0-place$"
)
_BY_OTHERS = "__by_types"
_RADIO_OR_BOX = frozenset({"radio", "checkbox"})


def fill_section(
    page: Page, section: str, answers: Mapping[str, Any], *, leaving_out: Collection[str] = ()
) -> None:
    """Answers every question of the section that `answers` answer, page by page where it stands on several.

    The last page is left filled in, not sent.
    """
    parts = parts_of(section) if page.locator('form[data-autosave-url] [name="part"]').count() else ()
    for number, part in enumerate(parts):
        own = {name: answer for name, answer in answers.items() if name in part.names}
        if number:
            page.locator('.save-state [name="next_step"][value="forward"]').click()
        page.locator(f'[name="part"][value="{part.name}"]').wait_for(state="attached")
        _fill_page(page, section, own, leaving_out=leaving_out)
    if not parts:
        _fill_page(page, section, answers, leaving_out=leaving_out)


def _fill_page(page: Page, section: str, answers: Mapping[str, Any], *, leaving_out: Collection[str]) -> None:
    for particular in _in_order_of_the_page(page, section):
        name = particular.name
        if name not in answers or name in leaving_out:
            continue
        if not has_scripts(page):
            _save_if_hidden(page, particular)
        _unfold(page, particular)
        if particular.key in SAME_AS and _is_taken_over(page, particular, answers):
            continue
        if particular.kind is AnswerKind.GROUP:
            _fill_group(page, particular, answers[name])
        else:
            fill_answer(page, particular, name, answers[name])


def _in_order_of_the_page(page: Page, section: str) -> list[Particular]:
    """As a person goes down the page: what follows from an answer stands below it."""
    names = page.locator("form[data-autosave-url] [name]").evaluate_all(
        "controls => controls.map(each => each.name)"
    )
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(re.split("-[0-9_]+-|-TOTAL|__", name)[0], place)
    return sorted(particulars_of(section), key=lambda each: places.get(each.name, len(names)))


def _unfold(page: Page, particular: Particular) -> None:
    """Opens the optional particulars, where this is one of them."""
    fold = page.locator(f'details[data-more]:not([open]):has([name^="{particular.name}"])')
    if fold.count():
        fold.locator("summary").first.click()


def _is_taken_over(page: Page, particular: Particular, answers: Mapping[str, Any]) -> bool:
    """Whether the tick beside the question answers it, which is set or taken away as the answers want it."""
    tick = page.locator(f'[name="{same_name(particular.name)}"]')
    if not tick.count() or not tick.first.is_visible():
        return False
    is_same = answers.get(particular.name) == answers.get(SAME_AS[particular.key].split(".")[1])
    if is_same:
        tick.check()
    elif tick.is_checked():
        tick.uncheck()
    return is_same


def _take_away_the_others(form: Locator, name: str, wanted: Collection[str]) -> None:
    """Unticks what is ticked already and does not hold for this answer."""
    ticked = form.locator(f'[name="{name}"]:checked').evaluate_all("boxes => boxes.map(each => each.value)")
    for value in ticked:
        if value not in wanted:
            form.locator(f'[name="{name}"][value="{value}"]').uncheck()


def _wait_for_what_follows(page: Page) -> None:
    """A person who has typed an answer sees what follows from it before the next question is read."""
    if has_scripts(page):
        page.locator("form[data-autosave-url]:not([data-unsaved])").wait_for(state="attached")


def fill_answer(page: Page, particular: Particular, name: str, answer: Any) -> None:
    """Answers one question through its control; what is filled in already stays as it is."""
    if particular.kind is AnswerKind.DIVISION:
        _wait_for_what_follows(page)
        _choose_place(page, name, str(answer))
        return
    form = page.locator("form[data-autosave-url]")
    if form.locator(f'[name="{name}{_BY_OTHERS}"]').count():
        # It follows from the boxes below it.
        return
    control = form.locator(f'[name="{name}"]:not([type=hidden])')
    first = control.first
    if _FOLLOWING.search(name):
        _wait_for_what_follows(page)
    if first.get_attribute("type") in _RADIO_OR_BOX:
        if isinstance(answer, list):
            _take_away_the_others(form, name, [control_value(each) for each in answer])
        for each in answer if isinstance(answer, list) else [answer]:
            form.locator(f'[name="{name}"][value="{control_value(each)}"]').check()
    elif first.input_value().removeprefix("+86") == control_value(answer):
        # A mobile that the account has verified stands there with the country's code.
        return
    elif _tag(first) == "select":
        first.select_option(control_value(answer))
    else:
        first.fill(control_value(answer))


def _fill_group(page: Page, group: Particular, rows: list[Mapping[str, Any]]) -> None:
    """Answers the rows of a group, adding the ones that are not on the page yet."""
    box = page.locator(f'[data-repeat="{group.name}"]')
    shown = box.locator("[data-repeat-row]:not([hidden])")
    while has_scripts(page) and shown.count() > max(len(rows), 1):
        shown.last.locator("[data-repeat-remove]").click()
    for index, row in enumerate(rows):
        if box.locator("[data-repeat-row]").count() <= index:
            box.locator("[data-repeat-add]").click()
        for particular in group.fields:
            if particular.name in row:
                fill_answer(page, particular, f"{group.name}-{index}-{particular.name}", row[particular.name])


def _choose_place(page: Page, name: str, code: str) -> None:
    """Chooses province, prefecture and county in the linked lists, as far as there are any.

    Without scripts a button brings each next list.
    """
    lists = [page.locator(f'select[name="{each}"]') for each in place_names(name)]
    refresh = page.locator("[data-linked-refresh]")
    if has_scripts(page):
        # Gone as soon as the lists have arrived.
        refresh.wait_for(state="detached")
    for level, digits in enumerate((2, 4, 6)):
        if not lists[level].is_enabled():
            refresh.click()
        wanted = f"{code[:digits]:0<6}"
        if lists[level].input_value() == wanted:
            continue
        lists[level].locator(f'option[value="{wanted}"]').wait_for(state="attached")
        lists[level].select_option(wanted)


def _save_if_hidden(page: Page, particular: Particular) -> None:
    """Without scripts the questions that a choice brings appear once the choice is saved."""
    name = f"{particular.name}-TOTAL_FORMS" if particular.kind is AnswerKind.GROUP else particular.name
    box = page.locator(f'form[data-autosave-url] [data-applies-when]:has([name="{name}"])')
    if box.count() and not box.first.is_visible():
        page.locator('.save-state [name="next_step"][value="stay"]').click()


def has_scripts(page: Page) -> bool:
    """Whether the page's scripts run in this browser."""
    return page.locator("html.has-script").count() > 0


def _tag(control: Locator) -> str:
    return str(control.evaluate("element => element.tagName.toLowerCase()"))
