"""Lists published before the register began: read as they are found, every row checked, taken over whole."""

from __future__ import annotations

import io
import random
import secrets
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from openpyxl import load_workbook

from registry.batches import lists
from registry.batches.importing.importing import ImportRefused, import_file
from registry.batches.importing.reading import HEADINGS, ListUnreadable, read_list
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.documents.certificates import has_certificate
from registry.errors import TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.management.commands import import_list as command
from registry.models import (
    Applicant,
    BatchEntry,
    BatchList,
    Event,
    EventEffect,
    Filing,
    ListCounter,
    Membership,
    NumberHead,
)
from registry.rules.batches.events import ImportedList
from registry.rules.batches.lifecycle import ListState
from registry.rules.codes.filing_number import compose, parse
from registry.rules.workflow.states import Act, Kind, Standing
from tests.builders import batch as batches
from tests.builders import published
from tests.builders import register as build
from tests.builders.published import HEAD, PUBLISHED_ON, Row
from tests.builders.register import MORNING, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]

TABLES = (Applicant, NumberHead, Filing, Event, EventEffect, BatchList, BatchEntry)


def _counts() -> list[int]:
    return [model._default_manager.count() for model in TABLES]


def run(path: Path, *arguments: str, number: int = 1, on: date = PUBLISHED_ON) -> tuple[list[str], str, int]:
    """What the command printed, what it said on standard error, and its exit status."""
    output, errors = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command(
            "import_list",
            str(path),
            f"--batch={number}",
            f"--published-on={on}",
            *arguments,
            stdout=output,
            stderr=errors,
        )
    except SystemExit as ended:
        status = int(ended.code or 0)
    return output.getvalue().splitlines(), errors.getvalue(), status


# ---------------------------------------------------------------- reading


def _full_width(number: str) -> str:
    return number.translate({ord(each): ord(each) + 0xFEE0 for each in "0123456789"})


def _as_found(lines: Sequence[Row]) -> list[Row]:
    """The same rows as people write them: spaces around, full-width digits, small x, numbers without 号 or prefix."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda number: f"  {_full_width(number)}\u3000",
        lambda number: number.removesuffix("号"),
        lambda number: number[4:-1].lower(),
        lambda number: f"{number[:4]} {number[4:10]} {number[10:]}",
    )
    return [
        (f" {position}", f"{applicant} ", f"\ufeff{service}\u3000", ways[place % 4](number))
        for place, (position, applicant, service, number) in enumerate(lines)
    ]


LINES = published.rows(12)
TEXT = published.text(LINES)
TITLES = "附件,,,\r\n境内区块链信息服务备案清单（样例）,,,\r\n,,,\r\n"
FILES = {
    "utf-8": TEXT.encode(),
    "byte order mark": TEXT.encode("utf-8-sig"),
    "gbk": TEXT.encode("gbk"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16 without a mark": TEXT.encode("utf-16-le"),
    "tabulators": TEXT.replace(",", "\t").encode(),
    "semicolons": TEXT.replace(",", ";").encode("gb18030"),
    "titles above": (TITLES + TEXT).encode(),
    "blank lines": TEXT.replace("\r\n", "\r\n,,,\r\n\r\n").encode(),
    "other words": published.text(
        LINES, head=("序号", "备案主体名称", "区块链信息服务名称", "备案号")
    ).encode(),
    "english": published.text(LINES, head=("No.", "Entity name", "Service name", "Filing number")).encode(),
    "spaces in the header": published.text(
        LINES, head=("序 号", "主体\n名称", " 服务名称", "备案编号　")
    ).encode(),
    "header on each page": (TEXT + ",".join(HEAD) + "\r\n").encode(),
    "no positions": published.text([line[1:] for line in LINES], head=HEAD[1:]).encode(),
    "as people write": published.text(_as_found(LINES)).encode(),
    "more columns": published.text([(*line, "") for line in LINES], head=(*HEAD, "省份")).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_list_is_read_from_files_of_every_kind(tmp_path: Path, name: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(FILES[name])
    outcome = import_file(path, number=1, published_on=PUBLISHED_ON, writes=True)
    assert (outcome.faults, outcome.questions, outcome.count, outcome.is_written) == ((), (), 12, True)
    found = [(str(row.position), row.applicant_name, row.service_name, row.number) for row in _rows_of(1)]
    assert found == LINES


def _rows_of(number: int) -> list[lists.PublishedRow]:
    return lists.rows_of(BatchList.objects.get(number=number))


def test_a_workbook_is_read_below_its_title_with_names_merged_over_several_services(tmp_path: Path) -> None:
    path = published.xlsx_file(tmp_path, [(int(line[0]), *line[1:]) for line in LINES])
    book = load_workbook(path)
    # The first applicant has two services: its name stands once, beside both.
    book["清单"].merge_cells("B3:B4")
    book.save(path)
    outcome = import_file(path, number=1, published_on=PUBLISHED_ON, writes=True)
    assert (outcome.faults, outcome.is_written) == ((), True)
    assert [row.applicant_name for row in _rows_of(1)] == [line[1] for line in LINES]


def test_a_name_broken_over_lines_is_one_name(tmp_path: Path) -> None:
    broken = [("1", "样例既往\n科技有限公司", "样例 Open\r\nChain 服务", LINES[0][3])]
    (row,) = read_list(published.csv_file(tmp_path, broken))
    assert (row.applicant_name, row.service_name) == ("样例既往科技有限公司", "样例 Open Chain 服务")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.csv", None, "file_missing"),
        ("list.doc", b"PK", "format_unknown"),
        ("list.pdf", b"%PDF-1.7", "file_damaged"),
        ("list.docx", b"PK", "file_damaged"),
        ("list.xlsx", b"no workbook", "file_damaged"),
        ("list.csv", b"\xff\xff\xff\xfe", "file_damaged"),
        ("list.csv", "甲,乙\r\n1,2".encode(), "header_missing"),
        ("list.csv", (",".join(HEAD) + "\r\n,,,\r\n").encode(), "no_rows"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ListUnreadable, match=code):
        read_list(path)
    lines, said, status = run(path)
    assert (lines, status) == ([], 1)
    assert said.startswith("Nothing was imported: ")


# ---------------------------------------------------------------- faults

HEAD_OF_FIRST = parse(LINES[0][3]).head


def _check_character_off(number: str) -> str:
    return number[:-2] + ("0" if number[-2] != "0" else "1") + "号"


FAULTS: dict[str, tuple[Callable[[Row], Sequence[str]], str]] = {
    "number_empty": (lambda row: (*row[:3], ""), "the filing number: nothing was given"),
    "number_prefix_unknown": (
        lambda row: (*row[:3], "北" + row[3][1:]),
        "the filing number: the prefix 北 is not a province's abbreviation followed by 网信备",
    ),
    "number_length": (
        lambda row: (*row[:3], row[3].replace("0", "", 1)),
        "the filing number: 20 characters are expected between prefix and 号, 19 found",
    ),
    "number_characters": (
        lambda row: (*row[:3], row[3][:12] + "O" + row[3][13:]),
        "the filing number: character 9 is O, where a digit is expected",
    ),
    "number_division_unknown_province": (
        lambda row: (*row[:3], "99" + row[3][6:]),
        f"the filing number: no province has a division code like 99{LINES[4][3][6:10]}",
    ),
    "number_prefix_mismatch": (
        lambda row: (*row[:3], "藏" + row[3][1:]),
        f"the filing number: the prefix 藏 does not fit division {LINES[4][3][4:10]}, which is in {LINES[4][3][0]}",
    ),
    "number_check_character": (
        lambda row: (*row[:3], _check_character_off(row[3])),
        "the filing number: the check character is wrong",
    ),
    "number_of_a_later_year": (
        lambda row: (*row[:3], str(compose("110108", 2020, "00009999", 1))),
        "the filing number is of 2020, the list of 2019",
    ),
    "number_twice": (
        lambda row: (*row[:3], LINES[0][3]),
        f"{LINES[0][3]} stands in row 2 already",
    ),
    "serial_of_another_head": (
        lambda row: (*row[:3], str(compose("320102", 2019, "00000000", 1))),
        f"the serial 00000000 belongs to the numbers that begin with {HEAD_OF_FIRST}",
    ),
    "applicant_name_empty": (lambda row: (row[0], " \u3000", *row[2:]), "the applicant's name is missing"),
    "service_name_empty": (lambda row: (*row[:2], "", row[3]), "the service's name is missing"),
    "applicant_name_too_long": (
        lambda row: (row[0], "样" * 201, *row[2:]),
        "the applicant's name has 201 characters, 200 are the most",
    ),
    "applicant_name_unprintable": (
        lambda row: (row[0], "样例\U00030000公司\U0001f680", *row[2:]),
        "the applicant's name has characters that cannot be printed: U+30000 U+1F680",
    ),
    "position_not_a_number": (lambda row: ("第五", *row[1:]), "the position “第五” is not a number"),
    "position_unexpected": (lambda row: ("4", *row[1:]), "the position is 4, where 5 is expected"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_is_named_with_its_row_and_nothing_is_written(tmp_path: Path, code: str) -> None:
    spoil, words = FAULTS[code]
    lines: list[Sequence[str]] = [*LINES[:4], spoil(LINES[4]), *LINES[5:]]
    before = _counts()
    path = published.csv_file(tmp_path, lines)
    outcome = import_file(path, number=1, published_on=PUBLISHED_ON, writes=True)
    assert (outcome.faults[0].line, outcome.faults[0].code) == (6, code)
    assert {each.code for each in outcome.faults} == {code}
    printed, _said, status = run(path)
    assert printed[0] == f"row 6: fault: {words}"
    assert (printed[-1].rpartition(": ")[2], status) == ("nothing was imported.", 1)
    assert _counts() == before


def test_every_finding_and_refusal_has_words() -> None:
    found = {*FAULTS, "number_in_list", "number_in_register", "head_issued_here", "province_differs"}
    assert found <= command._FINDINGS.keys()
    assert "position" in HEADINGS


def test_a_province_that_is_stated_is_compared_with_the_number(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    stated = ["北京市", "北京", "广东省", "江苏省"]
    lines = [(*line, province) for line, province in zip(LINES, stated, strict=False)]
    path.write_text(published.text(lines, head=(*HEAD, "省份")), encoding="utf-8")
    printed, _said, status = run(path)
    assert status == 1
    assert printed == [
        "row 5: fault: the province is given as 江苏省, and the number is of 浙江省",
        "4 rows, 1 faults, 0 questions: nothing was imported.",
    ]


def test_one_head_under_two_names_is_a_question_and_forbids_nothing(tmp_path: Path) -> None:
    renamed = [*LINES[:1], ("2", "样例改名科技有限公司", *LINES[1][2:]), *LINES[2:]]
    printed, _said, status = run(published.csv_file(tmp_path, renamed))
    assert (printed[-1], status) == ("12 rows, 0 faults, 1 questions: imported as batch list 1.", 0)
    assert printed[0] == (
        f"row 3: question: the numbers that begin with {HEAD_OF_FIRST} are of “{LINES[0][1]}” in row 2"
    )
    named = Filing.objects.filter(number__in=[LINES[0][3], LINES[1][3]]).order_by("number")
    assert [each.applicant_name for each in named] == [LINES[0][1], "样例改名科技有限公司"]
    assert len({each.applicant_id for each in named}) == 1
    assert verify_register().violations == []


def test_a_dry_run_writes_nothing_and_says_so(tmp_path: Path) -> None:
    before = _counts()
    printed, _said, status = run(published.csv_file(tmp_path, LINES), "--dry-run")
    assert printed == [
        "12 rows, 0 faults, 0 questions: nothing is at fault; without --dry-run the list is imported."
    ]
    assert (status, _counts()) == (0, before)


def _plant(lines: list[Row], *, faults: int, seed: int = 7) -> tuple[list[Sequence[str]], dict[int, str]]:
    """The lines with a fault of another kind in turn in every so many rows, and the kinds by row of the file.

    What a position alone makes a fault in two rows is left out.
    """
    kinds = [code for code in FAULTS if not code.startswith("position") and "serial" not in code]
    places = sorted(random.Random(seed).sample(range(1, len(lines)), faults))
    spoiled: list[Sequence[str]] = list(lines)
    planted: dict[int, str] = {}
    later = iter(range(9_000, 9_999))
    for turn, place in enumerate(places):
        code = kinds[turn % len(kinds)]
        row: Sequence[str] = FAULTS[code][0](lines[place])
        if code == "number_of_a_later_year":
            row = (*lines[place][:3], str(compose("110108", 2020, f"{next(later):08d}", 1)))
        spoiled[place] = row
        planted[place + 2] = code
    return spoiled, planted


def _import_many(tmp_path: Path, count: int) -> float:
    """Imports many rows, first with 30 faults; gives the seconds that the import itself took."""
    lines = published.rows(count)
    spoiled, planted = _plant(lines, faults=30)
    assert len(set(planted.values())) >= 8
    before = _counts()
    outcome = import_file(
        published.csv_file(tmp_path, spoiled), number=1, published_on=PUBLISHED_ON, writes=True
    )
    assert {each.line: each.code for each in outcome.faults} == planted
    assert (outcome.is_written, _counts()) == (False, before)
    path = published.csv_file(tmp_path, lines)
    started = time.perf_counter()
    assert import_file(path, number=1, published_on=PUBLISHED_ON, writes=True).is_written
    seconds = time.perf_counter() - started
    made = _counts()
    again = import_file(path, number=1, published_on=PUBLISHED_ON, writes=True)
    assert (again.is_there, again.is_written, _counts()) == (True, False, made)
    assert [row.number for row in _rows_of(1)] == [line[3] for line in lines]
    return seconds


def test_thirty_faults_are_all_named_then_all_rows_are_taken_over_and_never_twice(tmp_path: Path) -> None:
    _import_many(tmp_path, 300)
    assert verify_register().violations == []


@pytest.mark.proof
def test_five_thousand_rows_are_taken_over_in_under_a_minute(tmp_path: Path) -> None:
    seconds = _import_many(tmp_path, 5_000)
    print(f"\n5,000 rows imported in {seconds:.1f} s on {connection.vendor}")
    assert seconds < 60
    assert verify_register().violations == []


# ---------------------------------------------------------------- all or nothing


@pytest.mark.parametrize(
    ("module", "name"),
    [(lists, "import_heads"), (ledger, "import_filings"), (lists, "_append"), (lists, "_enter")],
)
def test_a_run_that_ends_in_between_leaves_nothing_and_the_next_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    before = _counts()
    real = getattr(module, name)

    def dies(*given: object, **named: object) -> object:
        real(*given, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, name, dies)
        with pytest.raises(KeyboardInterrupt):
            published.imported(tmp_path, LINES)
    assert (_counts(), ListCounter.objects.filter(last__gt=0).exists()) == (before, False)
    assert published.imported(tmp_path, LINES).is_written
    assert verify_register().violations == []


@pytest.mark.django_db(transaction=True)
def test_a_reader_sees_the_whole_list_or_nothing(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("an SQLite database in memory has one connection")
    lines = published.rows(600)
    seen: set[tuple[int, int, int]] = set()
    done = Signal()

    def read() -> None:
        while not done.is_set():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT (SELECT count(*) FROM registry_filing), (SELECT count(*) FROM registry_batchentry), "
                    "(SELECT count(*) FROM registry_event)"
                )
                seen.add(cursor.fetchone())
        connection.close()

    reader = Thread(target=read)
    reader.start()
    try:
        assert published.imported(tmp_path, lines).is_written
    finally:
        time.sleep(0.1)
        done.set()
        reader.join()
    assert seen == {(0, 0, 0), (600, 600, 601)}


def test_lists_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    path = published.csv_file(tmp_path, LINES)
    with pytest.raises(TransitionNotAllowed, match="list_number_next"):
        import_file(path, number=2, published_on=PUBLISHED_ON, writes=True)
    assert run(path, number=2)[1:] == (
        "Nothing was imported: lists are imported in the order of their numbers, and 2 is not the next.\n",
        1,
    )
    assert import_file(path, number=1, published_on=PUBLISHED_ON, writes=True).is_written
    second = published.rows(8, first=500)
    assert published.imported(tmp_path, second, number=2, on=date(2019, 10, 18)).is_written
    assert ListCounter.objects.get().last == 2


def test_a_second_list_names_no_number_of_the_first_and_may_go_on_with_its_heads(tmp_path: Path) -> None:
    published.imported(tmp_path, LINES)
    head = parse(LINES[2][3])
    further = str(compose(head.division_code, head.year, head.serial, 5))
    printed, _said, status = run(
        published.csv_file(tmp_path, [("1", "样例", "样例", LINES[3][3])]), number=2, on=date(2019, 10, 18)
    )
    assert (printed[0], status) == (f"row 2: fault: {LINES[3][3]} stands in batch list 1 already", 1)
    published.imported(
        tmp_path, [("1", LINES[2][1], "样例后续服务", further)], number=2, on=date(2019, 10, 18)
    )
    assert Filing.objects.get(number=further).applicant == Filing.objects.get(number=LINES[2][3]).applicant
    assert NumberHead.objects.get(serial=head.serial).last_sequence == 5
    assert verify_register().violations == []


def test_another_list_under_the_same_number_is_refused(tmp_path: Path) -> None:
    published.imported(tmp_path, LINES)
    for lines, on in ((LINES[:-1], PUBLISHED_ON), (LINES, PUBLISHED_ON + timedelta(days=1))):
        with pytest.raises(ImportRefused, match="another_list_there"):
            published.imported(tmp_path, lines, on=on)
    with pytest.raises(ImportRefused, match="published_in_future"):
        published.imported(tmp_path, LINES, number=2, on=date(2099, 1, 1))


def test_once_the_register_has_published_a_list_no_earlier_one_is_imported(
    tmp_path: Path, cast: Cast
) -> None:
    published.imported(tmp_path, LINES)
    batches.filings_in_force(cast, 2)
    own = batches.published(cast)
    assert own.number == 2
    assert {entry.filing.is_imported for entry in own.entries.all()} == {False}
    with pytest.raises(TransitionNotAllowed, match="list_before_own_lists"):
        published.imported(tmp_path, published.rows(3, first=800), number=3)
    assert verify_register().violations == []


def test_numbers_that_were_issued_here_are_not_imported(tmp_path: Path, cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast, seed=1, at=MORNING))
    issued = parse(str(filing.number))
    beside = str(compose(issued.division_code, issued.year, issued.serial, 7))
    lines = [("1", "样例", "样例一", str(issued)), ("2", "样例", "样例二", beside)]
    outcome = published.imported(tmp_path, lines, on=date(2026, 3, 3))
    assert [(each.line, each.code) for each in outcome.faults] == [
        (2, "number_in_register"),
        (2, "head_issued_here"),
        (3, "head_issued_here"),
    ]


# ---------------------------------------------------------------- in the book


def test_an_imported_filing_is_in_force_with_one_event_and_nobody_is_told(tmp_path: Path) -> None:
    published.imported(tmp_path, LINES)
    filing = Filing.objects.get(number=LINES[0][3])
    (event,) = Event.objects.filter(filing=filing)
    assert (event.act, event.actor_role, event.application) == (Act.IMPORT, "system", None)
    assert (filing.standing, filing.is_imported, filing.province_code) == (Standing.IN_FORCE, True, "110000")
    assert (filing.applicant_name, filing.service_name) == LINES[0][1:3]
    assert set(EventEffect.objects.values_list("kind", flat=True)) == {"record"}
    assert not has_certificate(filing)
    applicant = filing.applicant
    assert (applicant.nature, applicant.credit_code, applicant.document_number) == ("", "", None)
    assert (applicant.is_imported, Membership.objects.exists()) == (True, False)
    batch_list = BatchList.objects.get()
    assert (batch_list.state, batch_list.count, batch_list.is_imported) == (ListState.FINAL, 12, True)
    assert batch_list.dated_on == PUBLISHED_ON


def test_a_serial_of_an_imported_head_is_never_drawn_again(
    tmp_path: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.imported(tmp_path, LINES)
    drawn = iter([0, 3, 0, 4321])
    monkeypatch.setattr(secrets, "randbelow", lambda _most: next(drawn))
    monkeypatch.setattr(settings, "ISSUES_SAMPLE_NUMBERS", True)
    filing = build.filing_of(build.in_force(cast, seed=1, at=MORNING))
    assert parse(str(filing.number)).serial == "00004321"


def test_a_change_of_an_imported_filing_asks_for_its_particulars_first(tmp_path: Path, cast: Cast) -> None:
    published.imported(tmp_path, LINES)
    filing = Filing.objects.get(number=LINES[0][3])
    Membership.objects.create(
        applicant=filing.applicant, account=cast.member, role="owner", created_at=MORNING
    )
    for kind in (Kind.CHANGE, Kind.CANCELLATION):
        with pytest.raises(TransitionNotAllowed, match="particulars_held"):
            ledger.submit(
                kind,
                applicant_id=filing.applicant_id,
                filing_id=filing.pk,
                actor=Actor.of(cast.member),
                request=Request(materials={}, details={}, declaration_accepted=True),
                at=MORNING,
            )


# ---------------------------------------------------------------- the check of the register


def _entry_renamed() -> None:
    BatchEntry.objects.filter(position=2).update(applicant_name="样例改名公司")


def _not_imported() -> None:
    BatchList.objects.update(is_imported=False)


def _filing_settled() -> None:
    Filing.objects.filter(number=LINES[0][3]).update(is_imported=False)


def _head_too_far() -> None:
    NumberHead.objects.filter(serial="00000000").update(last_sequence=9)


def _applicant_elsewhere() -> None:
    Applicant.objects.filter(number_head__serial="00000000").update(document_index=uuid.uuid4().hex)


def _entry_moved() -> None:
    BatchEntry.objects.filter(position=12).update(position=13)


def _counter_moved() -> None:
    ListCounter.objects.update(last=2)


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_entry_renamed, "list_entries_altered"),
        (_not_imported, "row_differs_from_events"),
        (_filing_settled, "row_differs_from_events"),
        (_head_too_far, "number_sequence_has_gaps"),
        (_applicant_elsewhere, "applicant_row_differs"),
        (_entry_moved, "noted_entry_missing"),
        (_counter_moved, "list_numbers_have_gaps"),
    ],
)
def test_tampering_with_an_imported_list_is_named(
    tmp_path: Path, tamper: Callable[[], None], code: str
) -> None:
    published.imported(tmp_path, LINES)
    assert verify_register().violations == []
    if connection.vendor == "postgresql":
        # What only the owner of the tables can do.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE registry_batchentry DISABLE TRIGGER USER")
    tamper()
    assert code in {violation.code for violation in verify_register().violations}


def test_the_digest_of_the_file_is_kept(tmp_path: Path) -> None:
    published.imported(tmp_path, LINES)
    event = Event.objects.get(stream_id=BatchList.objects.get().pk)
    assert ImportedList.of(event.payload).source_name == "list.csv"
