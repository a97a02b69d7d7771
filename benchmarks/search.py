"""Measures the search of the public register beside bare SQL, in one run.

`python benchmarks/search.py` starts a PostgreSQL and a Redis of its own, fills the register with 20, 200 and then
200,000 filings of invented names, and compares for every search the 95th percentile of `record.search` with that of
the one statement, written by hand, that fetches the same rows: its floor. It prints a table, and ends with 1 when a
search takes more than three times its floor, or another number of queries with 200 filings than with 20.
`python benchmarks/search.py 20000` takes another size.
"""

from __future__ import annotations

import io
import json
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import psycopg2

from benchmarks.scale import as_owner, servers
from tests.services.postgres import PostgresServer

SIZE = 200_000
SMALL = (20, 200)
MOST_RATIO = 3.0
# Each search so often, and what takes moments as often as fits into seconds: of few, one slow one decides.
TIMES = 60
MOST_TIMES = 400
SECONDS = 2.0
PAGE = 30
FAR_PAGE = 1_000
# Invented: no word of these stands for a real company.
CITIES = ("北京", "上海", "深圳", "杭州", "重庆", "广州", "南京", "成都", "武汉", "西安")
TRADES = ("科技", "信息技术", "网络科技", "数字科技", "供应链管理", "大数据")
SERVICES = ("溯源平台", "存证平台", "云服务平台", "数字藏品平台", "版权服务", "供应链金融平台", "钱包")
BEGINNING = datetime(2019, 3, 1, 2, tzinfo=UTC)
APPLICANT_COLUMNS = (
    "id, nature, name, document_type, credit_code, document_index, division_code, province_code, created_at"
)
COLUMNS = (
    "id",
    "applicant_id",
    "province_code",
    "standing",
    "number",
    "division_code",
    "applicant_name",
    "service_name",
    "columns",
    "opened_at",
    "numbered_at",
    "former_applicant_names",
    "former_service_names",
    "search_form",
    "facets",
    "last_event_sequence",
)
FETCHED = (
    "number, province_code, columns, standing, numbered_at, changed_at, ends_on, cancelled_on, struck_off_on,"
    " end_ground, end_basis, successor_number, predecessor_numbers, search_form, former_applicant_names,"
    " former_service_names, "
    + ", ".join(
        "(SELECT list.number FROM registry_batchentry AS entry"
        " JOIN registry_batchlist AS list ON list.id = entry.batch_list_id"
        f" WHERE entry.filing_id = registry_filing.id AND entry.kind IN ({kinds})"
        " AND list.state IN ('published', 'final') LIMIT 1)"
        for kinds in ("'filings'", "'cancelled', 'struck_off'")
    )
)
PUBLIC = "standing IN ('cancelled', 'in_force', 'struck_off')"
NEWEST = "numbered_at DESC, id DESC"
# A cursor says the number of the row before the page: where it stands is looked up.
FAR_NEWEST = "(numbered_at, id) < (SELECT numbered_at, id FROM registry_filing WHERE number = %s)"
FAR_SERVICE = "(service_name, id) > (SELECT service_name, id FROM registry_filing WHERE number = %s)"


def main() -> None:
    """Fills, measures, prints the table, and says whether it keeps what it should."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    with servers() as postgres:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        maker = Maker()
        queries = []
        for few in SMALL:
            fill(postgres, maker, last=few)
            queries.append({name: count_queries(work) for name, work in few_searches().items()})
        started = time.monotonic()
        fill(postgres, maker, last=size)
        print(f"{size:,} filings, {said_sizes(postgres)}, filled in {time.monotonic() - started:.0f} s\n")
        measured = [measure(search, postgres) for search in searches(postgres)]
    is_quick = print_table(measured)
    is_flat = print_queries(queries)
    sys.exit(0 if is_quick and is_flat else 1)


# ---------------------------------------------------------------- filling


class Maker:
    """Makes applicants and filings, the same in every run."""

    def __init__(self) -> None:
        self._random = random.Random(20190215)
        self._syllables = [chr(0x4E00 + self._random.randrange(6_000)) for _ in range(2_500)]
        self.made = 0

    def filings(self, last: int) -> Iterator[tuple[list[Any] | None, list[Any]]]:
        """For each filing up to the last its row, and before the first of an applicant that applicant's."""
        while self.made < last:
            applicant, head, name, place = self._applicant()
            row: list[Any] | None = applicant
            for sequence in range(1, self._random.choices((1, 2, 3, 4), (70, 18, 8, 4))[0] + 1):
                if self.made < last:
                    yield row, self._filing(applicant[0], head, name, place, sequence)
                    self.made += 1
                    row = None

    def _applicant(self) -> tuple[list[Any], tuple[int, str], str, str]:
        from stdnum.cn import uscc

        from registry.rules.codes.jurisdictions import PROVINCES

        # The capital has a quarter, as in the lists that were published; the last provinces have few.
        weights = [30, *(max(32 - place, 1) for place in range(1, len(PROVINCES)))]
        place = self._random.choices(PROVINCES, weights)[0].code
        word = "".join(self._random.choices(self._syllables, k=2))
        name = f"样例{word}（{self._random.choice(CITIES)}）{self._random.choice(TRADES)}有限公司"
        key = uuid.UUID(int=self._random.getrandbits(128))
        code = f"91{place}{self.made:09d}"
        code += uscc.calc_check_digit(code)
        year = 2019 + min(self.made * 8 // SIZE, 7)
        row = [
            key,
            "organisation",
            name,
            "unified_social_credit_code",
            code,
            key.hex,
            place,
            place,
            BEGINNING,
        ]
        return row, (year, f"{self.made * 73_939_133 % 10**8:08d}"), name, place

    def _filing(
        self, applicant: uuid.UUID, head: tuple[int, str], name: str, place: str, sequence: int
    ) -> list[Any]:
        from registry.clock import iso_instant
        from registry.rules.codes import filing_number
        from registry.rules.workflow.projection import FilingRow
        from registry.rules.workflow.states import Standing

        choose, chance = self._random.choice, self._random.random
        service = f"{name[2:4]}{choose(SERVICES)}{'' if sequence == 1 else sequence}"
        category = choose(("application_operator", "technology_provider", "infrastructure_provider"))
        kind = "baas" if category == "technology_provider" else "other"
        columns = {
            "applicant_name": name,
            "applicant_nature": "organisation",
            "service_name": service,
            "categories": [category],
            "service_types": [f"{category}.{kind}"],
            "main_chains": [f"chain_{int(chance() ** 2 * 20)}"],
            "chain_kind": choose(("public", "consortium", "consortium", "private")),
            "service_forms": ["website"],
            "application_fields": sorted(
                {f"field_{int(chance() ** 2 * 13)}", f"field_{int(chance() ** 2 * 13)}"}
            ),
            "website_urls": [f"https://{self.made:x}.chain.example/"],
            "app_names": [],
        }
        division = {"110000": "110108", "310000": "310115", "120000": "120101", "500000": "500103"}.get(
            place, f"{place[:2]}0102"
        )
        row = FilingRow(
            applicant_id=str(applicant),
            province_code=place,
            standing=self._random.choices(
                (Standing.IN_FORCE, Standing.CANCELLED, Standing.STRUCK_OFF), (92, 6, 2)
            )[0],
            columns=columns,
            opened_at=iso_instant(BEGINNING),
            number=str(filing_number.compose(division, head[0], head[1], sequence)),
            numbered_at=iso_instant(BEGINNING + timedelta(minutes=20 * self.made)),
            former_service_names=f"{name[2:4]}旧名服务" if chance() < 0.02 else "",
        )
        return [
            uuid.UUID(int=self._random.getrandbits(128)),
            applicant,
            place,
            row.standing.value,
            row.number,
            division,
            name,
            service,
            json.dumps(columns),
            row.opened_at,
            row.numbered_at,
            "",
            row.former_service_names,
            row.search_form,
            row.facets,
            0,
        ]


def fill(postgres: PostgresServer, maker: Maker, *, last: int) -> None:
    """Adds filings until there are `last`; the index of parts is made anew, which is quicker than adding to it."""
    applicants, filings = io.StringIO(), io.StringIO()
    for applicant, filing in maker.filings(last):
        if applicant is not None:
            applicants.write(line(applicant))
        filings.write(line(filing))
    with as_owner(postgres) as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'filing_by_search_parts'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX filing_by_search_parts")
        for text, table, columns in (
            (applicants, "registry_applicant", APPLICANT_COLUMNS),
            (filings, "registry_filing", ", ".join(COLUMNS)),
        ):
            text.seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(definition)
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def line(values: Sequence[Any]) -> str:
    """The values as a line of the text that COPY reads."""
    cells = [str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t") for value in values]
    return "\t".join(cells) + "\n"


def said_sizes(postgres: PostgresServer) -> str:
    """How large the table and the index of parts are."""
    with as_owner(postgres) as cursor:
        cursor.execute(
            "SELECT pg_table_size('registry_filing') / 1e6, pg_relation_size('filing_by_search_parts') / 1e6"
        )
        table, index = cursor.fetchone()
    return f"table {table:.0f} MB, index of parts {index:.0f} MB"


# ---------------------------------------------------------------- searches


@dataclass(frozen=True, slots=True)
class Search:
    """One search: what the portal does, and the statement that fetches the same rows, or the same counts."""

    name: str
    work: Callable[[], object]
    floor: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """The 95th percentiles in milliseconds."""

    name: str
    portal: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.portal / self.floor


def few_searches() -> dict[str, Callable[[], object]]:
    """Searches whose number of queries is compared at the small sizes."""
    from registry.publication.record import Criteria, search

    return {
        "whole register": lambda: search(Criteria()),
        "a frequent word": lambda: search(Criteria(text="样例")),
        "a facet": lambda: search(Criteria(chosen={"standing": "in_force"})),
        "the same without counts": lambda: search(Criteria(chosen={"standing": "in_force"}), counts=False),
    }


def searches(postgres: PostgresServer) -> Iterator[Search]:
    """Every kind of search, with words that the register has."""
    from registry.publication.record import Criteria, Order
    from registry.rules.search_form import form_of

    with as_owner(postgres) as cursor:
        cursor.execute(
            f"SELECT number, service_name, columns FROM registry_filing WHERE {PUBLIC} ORDER BY {NEWEST}"
            " OFFSET 1234 LIMIT 1"
        )
        number, service, columns = cursor.fetchone()
        cursor.execute(
            "SELECT credit_code FROM registry_applicant ORDER BY id OFFSET 777 LIMIT 1",
        )
        (code,) = cursor.fetchone()
        cursor.execute(
            "SELECT former_service_names FROM registry_filing WHERE former_service_names <> '' ORDER BY id LIMIT 1"
        )
        (former,) = cursor.fetchone()
        rare = rare_character(cursor)
        cursors = far_cursors(cursor)
    word = service[:2]
    words = {
        "one character, rare": rare,
        "one character, frequent": "科",
        "two characters, rare": word,
        "two characters, frequent": "科技",
        "two characters, none": "龘龘",
        "three characters, rare": columns["applicant_name"][2:5],
        "three characters, frequent": "有限公",
        "a whole name": columns["applicant_name"],
        "two words": f"{word} 平台",
        "two frequent words": "北京 溯源",
        "four digits of a number": number[10:14],
        "eight digits of a number": number[12:20],
        "start of a number": number[:10],
        "host of an address": columns["website_urls"][0],
        "a former name": former,
    }
    yield of_rows("whole register", Criteria(), "")
    for name, text in words.items():
        parts = text.removeprefix("https://").removesuffix("/").split() if "://" in text else text.split()
        yield of_rows(name, Criteria(text=text), *by_forms([form_of(part) for part in parts]))
    yield of_rows("a whole number", Criteria(text=f"© 2026 样例 {number}"), "AND number = %s", number)
    yield of_rows(
        "a credit code",
        Criteria(text=code),
        "AND applicant_id IN (SELECT id FROM registry_applicant WHERE credit_code = %s)",
        code,
    )
    facets = {
        "province": "110000",
        "category": "application_operator",
        "type": "technology_provider.baas",
        "field": "field_12",
        "chain_kind": "private",
        "chain": "chain_19",
        "standing": "struck_off",
        "year": "2026",
    }
    for name, chosen in facets.items():
        yield of_rows(f"facet: {name}", Criteria(chosen={name: chosen}), *by_marks([f"{name}={chosen}"]))
    three = {"province": "310000", "category": "application_operator", "year": "2024"}
    yield of_rows("three facets", Criteria(chosen=three), *by_marks([f"{k}={v}" for k, v in three.items()]))
    condition, *values = by_forms(["科技"])
    yield of_rows(
        "word and facet",
        Criteria(text="科技", chosen={"province": "110000"}),
        f"{condition} AND search_parts @> %s::text[]",
        *values,
        ["province=110000"],
    )
    for order, (there, number_there) in cursors.items():
        is_newest = order is Order.NEWEST
        yield of_rows(
            f"page {FAR_PAGE:,}, {order.value}",
            Criteria(),
            f"AND {FAR_NEWEST}" if is_newest else f"AND {FAR_SERVICE}",
            number_there,
            cursor=there,
            order=order,
            by=NEWEST if is_newest else "service_name, id",
        )
    yield of_counts("counts: whole register", Criteria(), "", limited=False)
    year = Criteria(chosen={"year": "2026"})
    yield of_counts("counts: a facet", year, "AND facets LIKE %s", "%\nyear=2026\n%", limited=False)
    condition, *values = by_forms([word])
    yield of_counts("counts: two characters, rare", Criteria(text=word), condition, *values)
    condition, *values = by_forms(["科技"])
    yield of_counts("counts: two characters, frequent", Criteria(text="科技"), condition, *values)


def by_forms(terms: Sequence[str]) -> tuple[Any, ...]:
    """The condition for terms of forms, with its values."""
    from registry.publication.search import _parts_of

    likes = " ".join("AND search_form LIKE %s" for _ in terms)
    parts = [part for term in terms for part in _parts_of(term)]
    return f"{likes} AND search_parts @> %s::text[]", *(f"%{term}%" for term in terms), parts


def by_marks(marks: list[str]) -> tuple[Any, ...]:
    """The condition for marks, with its values."""
    return "AND search_parts @> %s::text[]", marks


def rare_character(cursor: Any) -> str:
    """A character that few filings have."""
    cursor.execute(
        "SELECT part FROM (SELECT unnest(search_parts) AS part FROM registry_filing TABLESAMPLE SYSTEM (2)) AS parts"
        " WHERE part ~ '^[一-龥]$' GROUP BY part ORDER BY count(*), part LIMIT 1"
    )
    return str(cursor.fetchone()[0])


def far_cursors(cursor: Any) -> dict[Any, tuple[str, str]]:
    """For two orders the cursor of a far page, and the number in the row before it."""
    from registry.publication.orders import ORDERS, Order

    found = {}
    for order, by in ((Order.NEWEST, NEWEST), (Order.SERVICE, "service_name, id")):
        cursor.execute(
            f"SELECT number FROM registry_filing WHERE {PUBLIC} ORDER BY {by} OFFSET %s LIMIT 1",
            [(FAR_PAGE - 1) * PAGE - 1],
        )
        (number,) = cursor.fetchone()
        found[order] = (ORDERS[order]._write("after", {"number": number}), number)
    return found


def of_rows(
    name: str,
    criteria: Any,
    condition: str,
    *values: Any,
    cursor: str = "",
    order: Any = None,
    by: str = NEWEST,
) -> Search:
    """A search for one page of rows."""
    from registry.publication.record import Order, search

    floor = f"SELECT {FETCHED} FROM registry_filing WHERE {PUBLIC} {condition} ORDER BY {by} LIMIT {PAGE + 1}"
    order = order or Order.NEWEST
    return Search(
        name, lambda: search(criteria, cursor=cursor, order=order, counts=False), floor, tuple(values)
    )


def of_counts(name: str, criteria: Any, condition: str, *values: Any, limited: bool = True) -> Search:
    """The counts of a search."""
    from django.core.cache import cache

    from registry.publication.record import _public
    from registry.publication.tally import COUNTED_UP_TO, tally

    limit = f"ORDER BY {NEWEST} LIMIT {COUNTED_UP_TO}" if limited else ""
    floor = (
        "WITH found AS MATERIALIZED (SELECT facets, count(*) AS n FROM (SELECT facets FROM registry_filing"
        f" WHERE {PUBLIC} {condition} {limit}) AS each GROUP BY facets)"
        " SELECT '', sum(n) FROM found UNION ALL SELECT mark, sum(n) FROM found,"
        " unnest(string_to_array(btrim(facets, E'\\n'), E'\\n')) AS mark GROUP BY mark"
    )

    def work() -> object:
        cache.clear()
        return tally(_public(), criteria)

    return Search(name, work, floor, tuple(values))


# ---------------------------------------------------------------- measuring


def measure(search: Search, postgres: PostgresServer) -> Measured:
    """Both in turn, so that what else runs on the machine slows both; the connection of each stays open."""
    with closing(psycopg2.connect(postgres.url())) as bare, bare.cursor() as cursor:
        bare.autocommit = True

        def floor() -> object:
            cursor.execute(search.floor, search.values)
            return cursor.fetchall()

        taken: dict[str, list[float]] = {"portal": [], "floor": []}
        begun = time.perf_counter()
        while len(taken["floor"]) < TIMES or (
            len(taken["floor"]) < MOST_TIMES and time.perf_counter() < begun + SECONDS
        ):
            for name, work in (("portal", search.work), ("floor", floor)):
                started = time.perf_counter()
                work()
                taken[name].append((time.perf_counter() - started) * 1000)
    return Measured(search.name, percentile_95(taken["portal"]), percentile_95(taken["floor"]))


def percentile_95(taken: list[float]) -> float:
    """The time that 95 of 100 stay within; the first tenth warms up and is left out."""
    kept = sorted(taken[len(taken) // 10 :])
    return kept[int(len(kept) * 0.95)]


def count_queries(work: Callable[[], object]) -> int:
    """How many queries it takes."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def print_table(measured: Sequence[Measured]) -> bool:
    """Prints the percentiles and their ratios; whether all are within the limit."""
    print("95th percentiles in milliseconds; the floor is one statement written by hand.")
    print(f"{'':36}{'portal':>10}{'floor':>10}{'ratio':>8}")
    for each in measured:
        print(f"{each.name:36}{each.portal:>10.2f}{each.floor:>10.2f}{each.ratio:>7.1f}×")
    return all(each.ratio <= MOST_RATIO for each in measured)


def print_queries(queries: Sequence[dict[str, int]]) -> bool:
    """Prints the queries at the small sizes; whether they are as many."""
    print(f"\nQueries with {SMALL[0]} and with {SMALL[1]} filings.")
    for name in queries[0]:
        print(f"{name:36}" + "".join(f"{each[name]:>10}" for each in queries))
    return queries[0] == queries[-1]


if __name__ == "__main__":
    main()
