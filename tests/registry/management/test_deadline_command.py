"""`deadline`: due days for arguments and for CSV; a bad line is named and spoils no other."""

from __future__ import annotations

import csv
import io
import os
import resource
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]
WORKED_CASES = ROOT / "tests" / "data" / "working_days.csv"


def answer(*arguments: str, given: str = "") -> tuple[list[str], list[str], str]:
    """The answers, the complaints, and what the command said at the end when something failed."""
    answers, complaints = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(given))
        try:
            call_command("deadline", *arguments, stdout=answers, stderr=complaints)
        except CommandError as refusal:
            return answers.getvalue().splitlines(), complaints.getvalue().splitlines(), str(refusal)
    return answers.getvalue().splitlines(), complaints.getvalue().splitlines(), ""


def run(given: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "manage.py", "deadline", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_period_and_dates_give_a_line_each() -> None:
    assert answer("decision", "2025-09-22", "2026-12-30") == (
        ["decision,2025-09-22,2025-10-24,false", "decision,2026-12-30,2027-01-28,true"],
        [],
        "",
    )


def test_a_cancellation_is_asked_by_the_end_of_the_service() -> None:
    assert answer("cancellation", "2019-04-05")[0] == ["cancellation,2019-04-05,2019-02-22,false"]


def test_every_worked_case_is_answered() -> None:
    with WORKED_CASES.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    given = "".join(f"{case['period']},{case['event_date']}\n" for case in cases)
    expected = [f"{case['period']},{case['event_date']},{case['due_date']},false" for case in cases]
    assert answer("--csv", given=given) == (expected, [], "")


@pytest.mark.parametrize(
    "header", ["period,event_date\n", "Period, Event_Date\r\n", "\ufeffperiod,event_date\n"]
)
def test_a_header_is_no_question(header: str) -> None:
    given = header + " decision , 2025-09-22 \r\n\r\nfiling,2026-11-22"
    expected = ["decision,2025-09-22,2025-10-24,false", "filing,2026-11-22,2026-12-04,false"]
    found = run(given.encode(), "--csv")
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout.decode().splitlines() == expected


def test_a_bad_line_is_named_and_the_others_are_answered() -> None:
    given = (
        "decision,2025-09-22\n"
        "holiday,2025-09-22\n"
        "decision,2025-02-30\n"
        "decision\n"
        "decision,2025-09-22,2025-10-24\n"
        "filing,2003-12-31\n"
        "filing,2060-12-30\n"
        "decision,20250922\n"
        "decision,２０２５-09-22\n"
        "period,event_date\n"
        "change,2026-11-20\n"
    )
    answers, complaints, said = answer("--csv", given=given)
    assert answers == ["decision,2025-09-22,2025-10-24,false", "change,2026-11-20,2026-11-27,false"]
    assert [complaint.split(":")[0] for complaint in complaints] == [f"line {n}" for n in range(2, 11)]
    known = complaints[0].partition("known are ")[2].split(", ")
    assert known == [
        "filing",
        "change",
        "cancellation",
        "decision",
        "objection",
        "resubmission",
        "statement",
    ]
    assert complaints[1] == "line 3: there is no day 2025-02-30"
    assert "from 2004-01-01 to 2060-12-31" in complaints[4]
    assert said == "9 could not be answered"


def test_a_bad_line_gives_exit_status_1_after_the_rest() -> None:
    found = run(b"decision,2025-09-22\nnonsense\n\xff,\xfe\nchange,2026-11-20\n", "--csv")
    assert found.returncode == 1
    assert found.stdout.decode().splitlines() == [
        "decision,2025-09-22,2025-10-24,false",
        "change,2026-11-20,2026-11-27,false",
    ]
    assert found.stderr.decode().startswith("line 2: ")


def test_a_bad_date_is_named_and_the_others_are_answered() -> None:
    answers, complaints, _ = answer("decision", "2025-9-22", "2025-09-22")
    assert answers == ["decision,2025-09-22,2025-10-24,false"]
    assert complaints == ["2025-9-22: '2025-9-22' is not a date like 2026-11-22"]


@pytest.mark.parametrize("arguments", [(), ("decision",), ("decision", "2025-09-22", "--csv")])
def test_it_is_asked_either_by_arguments_or_by_csv(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("deadline", *arguments)


def test_three_thousand_lines_take_less_than_five_seconds_of_a_processor() -> None:
    periods = ("filing", "change", "cancellation", "decision", "objection")
    given = "".join(
        f"{periods[number % 5]},{date(2010, 1, 1) + timedelta(days=number * 5)}\n" for number in range(3_000)
    )
    before = _seconds_of_children()
    found = run(given.encode(), "--csv")
    assert (found.returncode, len(found.stdout.splitlines())) == (0, 3_000)
    assert _seconds_of_children() - before < 5


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
