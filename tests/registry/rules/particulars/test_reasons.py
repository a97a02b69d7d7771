"""Reasons for not filing: pinned where the catalogue allows it, with an article of the regulation and a remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry.rules.particulars.reasons import INITIAL_CATALOGUE, InvalidReason, is_place, reason

TABLE = Path(__file__).resolve().parents[4] / "registry" / "data" / "reasons.json"
ROWS: list[dict[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8"))
A_PLACE = {
    "particular": "service.description",
    "file": "attachments.icp_proof",
    "whole": "whole",
}


def refusal(**given: str) -> tuple[str, dict[str, Any]]:
    with pytest.raises(InvalidReason) as refused:
        reason(1, catalogue=INITIAL_CATALOGUE, **given)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize("row", [row for row in ROWS if row["remedy_zh"]], ids=lambda row: str(row["code"]))
@pytest.mark.parametrize("place", A_PLACE)
def test_a_fault_is_pinned_to_the_places_of_the_catalogue_and_to_no_other(
    row: dict[str, Any], place: str
) -> None:
    given = {"key": A_PLACE[place], "code": row["code"]}
    if place not in row["places"]:
        assert refusal(**given) == ("reason_misplaced", given)
        return
    assert reason(3, catalogue=INITIAL_CATALOGUE, text=" 样例 ", **given) == {
        "id": "3",
        **given,
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "article": row["article"],
        "remedy": row["remedy_zh"],
        "remedy_en": row["remedy_en"],
        "text": "样例",
    }


def test_art_12_every_fault_names_an_article_and_says_what_to_do_in_both_languages() -> None:
    assert {row["code"] for row in ROWS if not (row["remedy_zh"] and row["remedy_en"])} == {"other"}
    assert {row["article"] for row in ROWS} == {"5", "6", "7", "11", "12"}


def test_an_own_remedy_and_article_take_the_place_of_the_catalogues() -> None:
    given = {"key": "service.description", "code": "particular_missing"}
    own = reason(1, catalogue=INITIAL_CATALOGUE, article="12", remedy=" 样例：补写节点数量。 ", **given)
    assert (own["article"], own["remedy"], own["remedy_en"]) == ("12", "样例：补写节点数量。", "")


def test_the_catalogues_remedy_is_kept_in_both_languages_whichever_was_sent() -> None:
    row = next(row for row in ROWS if row["code"] == "particular_missing")
    for sent in (row["remedy_zh"], row["remedy_en"]):
        kept = reason(
            1,
            catalogue=INITIAL_CATALOGUE,
            key="service.description",
            code=row["code"],
            remedy=sent,
        )
        assert (kept["remedy"], kept["remedy_en"]) == (row["remedy_zh"], row["remedy_en"])


def test_a_fault_without_a_remedy_of_its_own_needs_one() -> None:
    assert refusal(key="whole", code="other") == ("reason_without_remedy", {"code": "other"})
    assert reason(
        1, catalogue=INITIAL_CATALOGUE, key="whole", code="other", remedy="样例：请更正后重新填报。"
    )["remedy"] == ("样例：请更正后重新填报。")


def test_a_reason_needs_a_known_fault_a_known_place_and_an_article_of_the_regulation() -> None:
    assert refusal(key="whole", code="taste") == ("reason_without_fault", {"code": "taste"})
    assert refusal(key="service.colour", code="other", remedy="样例") == (
        "reason_without_place",
        {"key": "service.colour"},
    )
    # Art. 201 of the Civil Code is about counting days, and no article of this regulation.
    for article in ("99", "civil_code_201"):
        assert refusal(key="whole", code="other", remedy="样例", article=article) == (
            "reason_without_article",
            {"article": article[:10]},
        )


def test_a_place_is_a_particular_a_slot_or_the_whole() -> None:
    assert all(is_place(key) for key in A_PLACE.values())
    assert not any(is_place(key) for key in ("", "service", "attachments.colour", "WHOLE"))
