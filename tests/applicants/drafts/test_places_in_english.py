"""An English page names places in English: in the lists that one chooses from, and where the answer is shown."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from tests.applicants.pages import Desk, as_form
from tests.builders.register import Cast, materials_for

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def test_the_linked_lists_come_in_the_language_of_the_page(desk: Desk) -> None:
    def tree(language: str) -> list[dict[str, Any]]:
        answer = desk.client.get(reverse("applicants:places"), headers={"accept-language": language})
        found: list[dict[str, Any]] = answer.json()
        return found

    english = {each["code"]: each for each in tree("en")}
    assert english["150000"]["name"] == "Inner Mongolia"
    leagues = {each["code"]: each["name"] for each in english["150000"]["children"]}
    assert leagues["152500"] == "Xilingol League"
    assert {each["code"]: each["name"] for each in tree("zh-hans")}["150000"] == "内蒙古自治区"


def test_the_form_and_the_check_page_name_the_chosen_place_in_english(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    materials = materials_for(cast, division_code="440305")
    desk.save(draft, "applicant", as_form("applicant", materials))
    form = unescape(
        desk.client.get(
            reverse("applicants:section", args=[draft.pk, "applicant"]), headers=ENGLISH
        ).content.decode()
    )
    for shown in (
        "selected>Guangdong</option>",
        "selected>Shenzhen</option>",
        "selected>Nanshan District</option>",
    ):
        assert shown in form
    check = desk.client.get(reverse("applicants:check", args=[draft.pk]), headers=ENGLISH).content.decode()
    assert "Nanshan District, Shenzhen, Guangdong" in unescape(check)
