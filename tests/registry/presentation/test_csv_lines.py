"""No cell of a CSV file is run by a spreadsheet, and every other cell stays as it is."""

from __future__ import annotations

import csv

import pytest

from registry.presentation.csv_lines import csv_lines


def _read_back(value: object) -> str:
    _mark, _head, line = csv_lines(["样例"], [[value]])
    ((cell,),) = csv.reader([line])
    return cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+1",
        "@SUM(1)",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "\t=1",
        " =1",
        "\u3000＝1",
        "﹣1",
        "﹦1",
    ],
)
def test_what_a_spreadsheet_would_run_is_escaped(text: str) -> None:
    assert _read_back(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["样例=1", "1-1", "", " ", "—样例", "㈱样例", "样例@example.com", "00012", "“=1”"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert _read_back(text) == text


def test_numbers_stay_numbers() -> None:
    assert (_read_back(-3), _read_back(2.5)) == ("-3", "2.5")
