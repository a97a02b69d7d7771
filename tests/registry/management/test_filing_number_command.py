"""`filing_number check`: a line for each text, and an exit status that tells whether all are well formed."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.management.commands.filing_number import REASONS

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data"


def column(file_name: str, name: str) -> list[str]:
    with (DATA / file_name).open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def check(*texts: str) -> tuple[list[str], str]:
    """The lines printed, and what the command said at the end when something was bad."""
    output = io.StringIO()
    try:
        call_command("filing_number", "check", *texts, stdout=output)
    except CommandError as refusal:
        return output.getvalue().splitlines(), str(refusal)
    return output.getvalue().splitlines(), ""


def run(given: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "manage.py", "filing_number", "check", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_real_numbers_are_ok() -> None:
    numbers = column("filing_numbers.csv", "number")
    assert check(*numbers) == ([f"OK {number}" for number in numbers], "")


def test_strings_that_are_no_numbers_are_bad() -> None:
    texts = column("filing_numbers_rejected.csv", "text")
    lines, said = check(*texts)
    assert [line.split()[:2] for line in lines] == [["BAD", text] for text in texts]
    assert said == "6 of 6 not well formed"


def test_a_number_is_printed_as_it_is_written() -> None:
    assert check(" 110108 19 63896882 001 ｘ ")[0] == ["OK 京网信备1101081963896882001X号"]


def test_the_reason_is_given_after_the_text() -> None:
    lines, _ = check("京网信备11010819638968820011号", "粤网信备1101081963896882001X号", "", "a\nb")
    assert lines == [
        "BAD 京网信备11010819638968820011号 the check character is wrong",
        "BAD 粤网信备1101081963896882001X号 the prefix 粤 does not fit division 110108, which is in 京",
        "BAD  nothing was given",
        r"BAD a\u000ab 20 characters are expected between prefix and 号, 2 found",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("东网信备1101081963896882001X号", "prefix_unknown"),
        ("京网信备11010819638968820O1X号", "characters"),
        ("京网信备9901081963896882001X号", "division_unknown_province"),
        ("京网信备11010818638968820013号", "year"),
        ("京网信备11010819638968820001号", "sequence"),
    ],
)
def test_every_fault_has_its_reason(text: str, reason: str) -> None:
    lines, _ = check(text)
    assert len(lines) == 1
    assert lines[0].startswith(f"BAD {text} {REASONS[reason].split('{')[0]}")


def test_numbers_are_read_from_standard_input_when_none_is_given() -> None:
    numbers = column("filing_numbers.csv", "number")
    good = run("\r\n".join(["\ufeff" + numbers[0], *numbers[1:], "", ""]).encode())
    assert (good.returncode, good.stderr) == (0, b"")
    assert good.stdout.decode().splitlines() == [f"OK {number}" for number in numbers]
    bad = run("\n".join([numbers[0], "沪网信备XXXXXXXX号", numbers[1]]).encode() + b"\n\xff\xfe\n")
    assert bad.returncode == 1
    assert [line.split()[0] for line in bad.stdout.decode().splitlines()] == ["OK", "BAD", "OK", "BAD"]


def test_arguments_decide_the_exit_status() -> None:
    assert run(b"", "京网信备1101081963896882001X号").returncode == 0
    assert run(b"", "京网信备1101081963896882001X号", "京网信备11010819638968820011号").returncode == 1
