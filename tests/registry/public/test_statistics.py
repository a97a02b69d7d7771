"""The statistics as pages, CSV files and API: the same figures everywhere, for ever, at the cost of a few queries."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator

from registry import clock
from registry.public.statistics_tables import tables_of_list, tables_of_register
from registry.public.tile_map import PLACES, step_of, tile_map
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.figures import Share
from registry.statistics import public
from registry.statistics.public import Counted
from tests.builders import printed_lists
from tests.builders import register as build
from tests.builders.printed_lists import BEIJING
from tests.builders.register import MORNING, Cast
from tests.registry.public.test_api import conforms, get

pytestmark = pytest.mark.django_db

DAY = "/statistics/?as_of=2026-03-02"
LIST_KEYS = [
    "number",
    "published_on",
    "services",
    "applicants",
    "services_before",
    "growth_percent",
    "cumulative_services",
    "province_count",
    "page",
]
REGISTER_KEYS = [
    "as_of",
    "is_over",
    "services",
    "applicants",
    "recorded",
    "ended",
    "lists",
    "listed",
    "provinces",
    "jurisdictions",
    "categories",
    "service_types",
    "application_fields",
    "chain_kind",
    "main_chains",
    "organisation_type",
    "applicants_by_services",
    "decision_times",
    "page",
    "disclaimer",
]


@pytest.fixture
def _register(cast: Cast) -> None:
    """The five lists that were published, and three filings of 2 March 2026."""
    printed_lists.five_printed_lists()
    for seed in range(1, 4):
        build.in_force(cast, seed=seed)


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The OpenAPI description."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


# ---------------------------------------------------------------- pages


@pytest.mark.usefixtures("_register")
def test_the_page_of_a_day_shows_the_register_and_the_lists_by_then() -> None:
    answer = get(DAY)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert (answer.context["figures"].services, answer.context["is_over"]) == (1241, True)
    assert [row["list"].number for row in answer.context["lists"]] == [5, 4, 3, 2, 1]
    assert [row["growth"] for row in answer.context["lists"]] == [
        "\u221221.75",
        "+27.23",
        "\u221227.51",
        "+56.85",
        "",
    ]
    assert "for 87 of 309" in text.lower()
    early = get("/statistics/?as_of=2019-10-17")
    assert [row["list"].number for row in early.context["lists"]] == [1]


@pytest.mark.usefixtures("_register")
def test_today_says_that_it_is_not_over_and_names_the_address_of_its_day() -> None:
    with clock.stopped_at(MORNING + timedelta(hours=6)):
        answer = get("/statistics/")
        assert answer.context["is_over"] is False
        assert answer.context["address"] == DAY
        assert get(DAY).context["figures"] == answer.context["figures"]


@pytest.mark.parametrize("day", ["2999-01-01", "2019-02-14", "yesterday", "2026-02-30"])
def test_a_day_without_figures_is_refused_with_a_reason(day: str) -> None:
    answer = get(f"/statistics/?as_of={day}")
    assert (answer.status_code, "figures" in answer.context) == (400, False)
    assert answer.context["form"].errors["as_of"]
    assert get(f"/statistics/tables.csv?as_of={day}").status_code == 404
    assert get(f"/api/v1/statistics/?as_of={day}").json()["code"] == "invalid"


def test_a_register_without_filings_has_a_page() -> None:
    answer = get("/statistics/")
    assert (answer.status_code, answer.context["figures"].services) == (200, 0)


@pytest.mark.usefixtures("_register")
def test_the_page_of_a_list_names_the_provinces_that_appear_first() -> None:
    answer = get("/statistics/batch/3/")
    assert answer.context["new_provinces"] == ["Inner Mongolia", "Heilongjiang"]
    assert answer.context["growth"] == "\u221227.51"
    assert get("/statistics/batch/1/").context["new_provinces"] == []
    assert get("/statistics/batch/6/").status_code == 404
    assert get("/statistics/batch/6/tables.csv").status_code == 404


@pytest.mark.usefixtures("_register")
def test_the_pages_cost_the_same_queries_for_more_lists_and_filings(cast: Cast) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert get(path).status_code == 200
        return len(counted)

    paths = (DAY, "/statistics/batch/5/", "/statistics/?as_of=2019-04-01")
    first = [queries(path) for path in paths]
    for seed in range(20, 26):
        build.in_force(cast, seed=seed)
    assert [queries(path) for path in paths] == first
    # One of them reads what the office decided about names of chains that were typed.
    assert first[0] == first[2] <= 16


# ---------------------------------------------------------------- files


@pytest.mark.usefixtures("_register")
@pytest.mark.parametrize(
    "path", ["/statistics/tables.csv?as_of=2026-03-02", "/statistics/batch/2/tables.csv"]
)
def test_a_csv_file_has_the_rows_of_the_tables_of_its_page(path: str) -> None:
    answer = get(path)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    _head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    page = get(path.replace("tables.csv", ""))
    expected = [
        [table.title, row.code, row.name, str(row.share.count), str(row.share.of), str(row.percent)]
        for table in page.context["tables"].values()
        for row in table.rows
    ]
    assert rows == expected
    assert len(rows) > 20


# ---------------------------------------------------------------- API


@pytest.mark.usefixtures("_register")
def test_the_lists_in_figures(description: dict[str, Any]) -> None:
    found = get("/api/v1/statistics/batches/").json()
    conforms(found, "ListsStatistics", description)
    assert [list(each) for each in found["results"]] == [LIST_KEYS] * 5
    assert [each["growth_percent"] for each in found["results"]] == [-21.75, 27.23, -27.51, 56.85, None]


@pytest.mark.usefixtures("_register")
def test_one_list_in_figures(description: dict[str, Any]) -> None:
    found = get("/api/v1/statistics/batches/2/").json()
    conforms(found, "ListStatisticsDetail", description)
    beijing = {"code": BEIJING, "name": "Beijing", "count": 87, "of": 309, "share_percent": 28.16}
    assert found["provinces"][0] == beijing
    assert (found["services_before"], found["cumulative_services"]) == (197, 506)
    for unknown in (0, 6, 10**20):
        assert get(f"/api/v1/statistics/batches/{unknown}/").json()["code"] == "not_found"


@pytest.mark.usefixtures("_register")
def test_the_register_as_of_a_day(description: dict[str, Any]) -> None:
    found = get("/api/v1/statistics/?as_of=2026-03-02").json()
    conforms(found, "Statistics", description)
    assert list(found) == REGISTER_KEYS
    assert (found["services"], found["listed"], found["is_over"]) == (1241, 1238, True)
    names = [table.name for table in tables_of_register(public.register_figures(MORNING.date()))]
    assert set(names) <= set(found)
    assert found["categories"][-1]["code"] == "not_stated"


@pytest.mark.usefixtures("_register")
def test_every_table_of_a_list_is_in_the_answer_of_the_api() -> None:
    figures = public.list_figures(2)
    assert figures is not None
    names = {table.name for table in tables_of_list(figures, public.several_in_list(2))}
    assert names <= set(get("/api/v1/statistics/batches/2/").json())


# ---------------------------------------------------------------- the map


def test_the_map_has_one_place_for_each_province() -> None:
    assert set(PLACES) == {province.code for province in PROVINCES}
    assert len(set(PLACES.values())) == len(PROVINCES) == 34


def test_the_colour_of_a_tile_follows_its_share() -> None:
    shares = [(0, 100), (1, 1000), (1, 100), (499, 10000), (5, 100), (10, 100), (1999, 10000), (1, 5)]
    steps = [step_of(Share(count, of).percent) for count, of in shares]
    assert steps == [1, 1, 2, 2, 3, 4, 4, 5]
    assert step_of(None) == 0
    tiles = {tile.name: tile for tile in tile_map([Counted(BEIJING, Share(1, 4))])["tiles"]}
    assert (len(tiles), sum(tile.count for tile in tiles.values())) == (34, 1)


@pytest.mark.usefixtures("_register")
@pytest.mark.parametrize("path", [DAY, "/statistics/batch/2/"])
def test_every_drawing_is_well_formed_named_and_has_nothing_inline(path: str) -> None:
    text = get(path).content.decode()
    drawings = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", text, re.DOTALL)
    assert len(drawings) == (3 if path == DAY else 1)
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)
        assert root.get("aria-labelledby")
        assert root.find("desc") is not None
        assert "style=" not in drawing
