"""A service is filed in whatever form it is offered; what was filed on an earlier form stays complete."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from registry.rules.codes.identifiers import app_filing_number, mini_program_filing_number
from registry.rules.errors import InvalidIdentifier
from registry.rules.particulars import (
    changed_keys,
    clear_irrelevant,
    find_particular,
    join_personal,
    public_columns,
    split_personal,
)
from registry.rules.particulars.completeness import canonical_materials, checklist_items, find_gaps
from registry.rules.particulars.conditions import AnyOf, answered, any_of
from registry.rules.particulars.form_version import CURRENT_VERSION, carried_over, new_materials, version_of
from registry.rules.particulars.materials import Materials
from registry.rules.particulars.transformations import on_version_of
from registry.rules.workflow.hash_chain import canonical_json
from tests.builders.materials import (
    LISTS,
    TODAY,
    complete_organisation,
    of_first_version,
    with_answer,
    with_required_files,
)

# Every form of the service, with its group, and rows as somebody would write them.
FORMS: list[tuple[str, str, dict[str, str]]] = [
    (
        "website",
        "websites",
        {"name": "样例站", "url": "https://a.example.com/", "icp_number": "京ICP备99000001号-1"},
    ),
    (
        "app",
        "apps",
        {"name": "样例客户端", "package_name": "com.example.app", "filing_number": "京ICP备99000001号-2A"},
    ),
    (
        "mini_program",
        "mini_programs",
        {"platform": "样例平台", "name": "样例小程序", "filing_number": "京ICP备99000001号-3X"},
    ),
    ("official_account", "official_accounts", {"name": "样例公众号", "platform": "样例平台"}),
    ("api", "apis", {"documentation_url": "https://docs.example.com/api"}),
    ("node", "nodes", {"chain": "样例链", "identity": "sample-node-1"}),
]
GROUPS = {group for _form, group, _row in FORMS}
ONLY_NEW = ("mini_programs", "apis", "nodes")


def offered_as(form: str, **groups: Any) -> dict[str, Any]:
    """A complete service, offered in this form alone."""
    materials = complete_organisation()
    service = {name: given for name, given in materials["service"].items() if name not in GROUPS}
    materials["service"] = {**service, "service_forms": [form], **groups}
    return with_required_files(clear_irrelevant(materials))


def codes(materials: Materials) -> list[tuple[str, str]]:
    return [(gap.key, gap.code) for gap in find_gaps(materials, lists=LISTS, today=TODAY)]


@pytest.mark.parametrize(("form", "group", "row"), FORMS, ids=[form for form, _group, _row in FORMS])
def test_a_service_offered_in_one_form_alone_can_be_filed(form: str, group: str, row: dict[str, str]) -> None:
    assert codes(offered_as(form, **{group: [row]})) == []
    assert codes(offered_as(form, **{group: [row, row]})) == []
    assert codes(offered_as(form)) == [(f"service.{group}", "missing")]


@pytest.mark.parametrize(("form", "group", "row"), FORMS, ids=[form for form, _group, _row in FORMS])
def test_the_particulars_of_a_form_are_asked_only_where_it_is_ticked(
    form: str, group: str, row: dict[str, str]
) -> None:
    others = {name: [other] for _form, name, other in FORMS if name != group}
    everything = {**offered_as(form, **{group: [row]})}
    everything["service"] = {**everything["service"], **others}
    assert set(clear_irrelevant(everything)["service"]) & GROUPS == {group}
    asked = {key.removeprefix("service.") for key in checklist_items(everything)}
    assert asked & GROUPS == {group}


@pytest.mark.parametrize(
    ("form", "group", "name"), [(form, group, name) for form, group, row in FORMS for name in row]
)
def test_every_particular_of_a_form_is_needed(form: str, group: str, name: str) -> None:
    row = {key: value for _form, other, given in FORMS if other == group for key, value in given.items()}
    other_than = {key: value for key, value in row.items() if key != name}
    if not other_than:
        other_than = {"unknown": "x"}
    found = find_gaps(offered_as(form, **{group: [row, other_than]}), lists=LISTS, today=TODAY)
    assert [(gap.key, gap.code, gap.row) for gap in found] == [(f"service.{group}.{name}", "missing", 1)]


def test_a_form_in_other_words_needs_no_rows() -> None:
    assert codes(offered_as("other", other_service_form="命令行工具（样例）")) == []


def test_a_program_for_computers_has_neither_package_nor_filing_number() -> None:
    row = {"name": "样例桌面程序", "is_for_computers": True}
    assert codes(offered_as("app", apps=[row])) == []
    leftover = {**row, "filing_number": "京ICP备99000001号-2A"}
    assert offered_as("app", apps=[leftover])["service"]["apps"] == [row]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("京ICP备99000001号-2A", "京ICP备99000001号-2A"),
        ("备案号：蜀ｉｃｐ备2021012345号－１０ａ", "蜀ICP备2021012345号-10A"),
        ("陇ICP备99000001-5A号", "陇ICP备99000001号-5A"),
    ],
)
def test_the_filing_number_of_an_app_ends_with_a(written: str, canonical: str) -> None:
    assert app_filing_number(written) == canonical
    assert app_filing_number(canonical) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("粤 ICP备 99000001号-3x", "粤ICP备99000001号-3X"), ("沪ICP备99000001号-12K", "沪ICP备99000001号-12K")],
)
def test_the_filing_number_of_a_mini_program_ends_with_x_and_of_a_quick_app_with_k(
    written: str, canonical: str
) -> None:
    assert mini_program_filing_number(written) == canonical
    assert mini_program_filing_number(canonical) == canonical


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("京ICP备99000001号-1", "number_of_website"),
        ("京ICP备99000001号", "number_of_subject"),
        ("京ICP备99000001号-1B", "number_of_other_program"),
        ("京B2-20201234", "not_an_icp_number"),
        ("京ICP证030173号", "not_an_icp_number"),
        ("川ICP备99000001号-1A", "icp_letter_differs"),
        ("无", "not_an_icp_number"),
    ],
)
def test_the_number_of_something_else_is_no_filing_number_of_a_program(number: str, code: str) -> None:
    for check in (app_filing_number, mini_program_filing_number):
        with pytest.raises(InvalidIdentifier) as refusal:
            check(number)
        assert refusal.value.code == code


def test_an_app_and_a_mini_program_do_not_share_a_number() -> None:
    for check, other in (
        (app_filing_number, "京ICP备99000001号-3X"),
        (mini_program_filing_number, "京ICP备99000001号-2A"),
    ):
        with pytest.raises(InvalidIdentifier) as refusal:
            check(other)
        assert refusal.value.code == "number_of_other_program"


@pytest.mark.parametrize(("form", "group"), [("app", "apps"), ("mini_program", "mini_programs")])
def test_a_wrong_filing_number_is_named_at_its_field(form: str, group: str) -> None:
    row = {**next(row for _form, name, row in FORMS if name == group), "filing_number": "京ICP备99000001号-1"}
    found = find_gaps(offered_as(form, **{group: [row]}), lists=LISTS, today=TODAY)
    assert [(gap.key, gap.code, gap.row) for gap in found] == [
        (f"service.{group}.filing_number", f"invalid_{form}_filing_number", 0)
    ]


def test_numbers_are_stored_as_their_register_writes_them() -> None:
    row = {"name": "样例", "package_name": "com.example.a", "filing_number": "京 icp 备 99000001号-2a"}
    canonical = canonical_materials(offered_as("app", apps=[row]), today=TODAY, lists=LISTS)
    assert canonical["service"]["apps"][0]["filing_number"] == "京ICP备99000001号-2A"


# ---------------------------------------------------------------- versions of the form


def filed_before(*forms: str, **groups: Any) -> dict[str, Any]:
    """What the first version of the form took: a website, with whatever was ticked beside it."""
    website = FORMS[0][2]
    older = of_first_version(complete_organisation())
    service = {name: given for name, given in older["service"].items() if name not in GROUPS}
    older["service"] = {**service, "service_forms": ["website", *forms], "websites": [website], **groups}
    return with_required_files(older)


OLDER = filed_before(
    "api",
    "app",
    "mini_program",
    "node",
    apps=[{"name": "样例客户端"}],
    official_accounts=[{"name": "样例", "platform": "样例平台"}],
)


def test_what_was_filed_on_the_first_version_stays_complete() -> None:
    assert version_of(OLDER) == 1
    assert codes(OLDER) == []
    assert clear_irrelevant(OLDER) == OLDER


def test_the_checklist_of_what_was_filed_does_not_grow() -> None:
    asked = checklist_items(OLDER)
    assert [key for key in asked if key.removeprefix("service.") in ONLY_NEW] == []
    assert {"service.websites", "service.apps", "service.official_accounts"} <= set(asked)
    without = filed_before()
    assert {"service.websites", "service.apps", "service.official_accounts"} <= set(checklist_items(without))


def test_a_revision_states_its_version_in_plain_and_older_ones_state_none() -> None:
    plain, personal = split_personal(complete_organisation())
    assert plain["form"] == {"version": 3}
    assert "form" not in personal
    plain, _personal = split_personal(OLDER)
    assert "form" not in plain
    for materials in (OLDER, complete_organisation()):
        assert canonical_json(join_personal(*split_personal(materials))) == canonical_json(materials)


def test_nothing_but_a_version_is_stored_in_plain_beside_the_sections() -> None:
    for stated in ({"version": "张样例"}, {"version": 2, "name": "张样例"}, "张样例"):
        materials = {**OLDER, "form": stated}
        plain, personal = split_personal(materials)
        assert "form" not in plain
        assert personal["form"] == stated


def test_the_public_sees_the_forms_and_nothing_more_of_them() -> None:
    for form, group, row in FORMS[2:]:
        columns = public_columns(offered_as(form, **{group: [row]}))
        assert columns["service_forms"] == [form]
        assert (columns["website_urls"], columns["app_names"]) == ([], [])
        shown = canonical_json(columns).decode()
        assert [value for value in row.values() if value in shown] == []


def test_older_materials_come_to_the_form_as_it_is_now_without_loss() -> None:
    carried = carried_over(OLDER)
    assert version_of(carried) == CURRENT_VERSION
    assert carried["service"]["service_forms"] == [*OLDER["service"]["service_forms"], "official_account"]
    assert changed_keys(OLDER, clear_irrelevant(carried)) == ("service.service_forms",)
    assert carried_over(carried) == carried


def test_carrying_over_alters_nothing_else_and_not_the_materials_it_was_given() -> None:
    before = deepcopy(OLDER)
    carried = carried_over(OLDER)
    assert before == OLDER
    assert {**carried["service"], "service_forms": None} == {**OLDER["service"], "service_forms": None}
    assert carried_over(new_materials()) == new_materials()
    assert carried_over(carried_over(OLDER), to=1) == {**OLDER, "service": carried["service"]}


def test_a_change_is_asked_for_what_is_new_only_where_it_touches_it() -> None:
    def asked_of(changed: dict[str, Any]) -> list[tuple[str, str]]:
        found = find_gaps(changed, lists=LISTS, today=TODAY, filed=lambda: OLDER)
        return [(gap.key, gap.code) for gap in found]

    moved = carried_over(OLDER)
    # The forms of the service are touched, its app is not.
    assert asked_of(moved) == [
        ("service.mini_programs", "missing"),
        ("service.apis", "missing"),
        ("service.nodes", "missing"),
    ]
    only_site = with_answer(moved, "service.service_forms", ["website", "official_account", "app"])
    assert asked_of(only_site) == []
    renamed = with_answer(only_site, "service.apps", [{"name": "样例新客户端"}])
    assert asked_of(renamed) == [
        ("service.apps.package_name", "missing"),
        ("service.apps.filing_number", "missing"),
    ]


def test_one_condition_of_several_is_enough() -> None:
    either = any_of(answered("kind", "public"), answered("name", "样例"))
    assert isinstance(either, AnyOf)
    assert [either(answers) for answers in ({"kind": "public"}, {"name": "样例"}, {"kind": "private"})] == [
        True,
        True,
        False,
    ]
    assert either.as_data() == {"any": [{"key": "kind", "in": ["public"]}, {"key": "name", "in": ["样例"]}]}


def test_fields_of_a_group_are_those_of_the_version() -> None:
    apps = find_particular("service.apps")
    assert [field.name for field in apps.fields_for(OLDER)] == ["name", "download_url"]
    assert [field.name for field in apps.fields_for(new_materials())] == [
        "name",
        "is_for_computers",
        "package_name",
        "filing_number",
        "download_url",
    ]


# ---------------------------------------------------------------- nodes, and what has one answer only


def on_chain(kind: str, **nodes: Any) -> dict[str, Any]:
    """A complete service on a chain of this kind, with these answers about its nodes."""
    materials = complete_organisation()
    names = ("node_count", "node_places", "node_countries")
    service = {name: given for name, given in materials["service"].items() if name not in names}
    materials["service"] = {**service, "chain_kind": kind, **nodes}
    for rows in materials["content"].values():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                row["kind"] = kind
                for name in ("uses_contract", "contract_address"):
                    row.pop(name, None)
                row |= {"uses_contract": False} if kind == "public" else {}
    return clear_irrelevant(materials)


PLACES = [{"place": "北京市", "node_count": 2}, {"place": "新加坡", "node_count": 1}]
COUNTRIES = [{"country": "中国", "share_percent": 2}, {"country": "美国", "share_percent": 31}]


def test_the_nodes_of_a_public_chain_are_asked_by_country_and_share() -> None:
    assert codes(on_chain("public", node_count=9_000, node_countries=COUNTRIES)) == []
    assert codes(on_chain("public")) == [
        ("service.node_count", "missing"),
        ("service.node_countries", "missing"),
    ]
    wrong = [{"country": "中国", "share_percent": 101}, {"share_percent": 0}]
    assert codes(on_chain("public", node_count=9_000, node_countries=wrong)) == [
        ("service.node_countries.share_percent", "too_large"),
        ("service.node_countries.country", "missing"),
        ("service.node_countries.share_percent", "too_small"),
    ]


@pytest.mark.parametrize("kind", ["consortium", "private"])
def test_the_number_of_nodes_of_another_chain_is_the_sum_of_its_places(kind: str) -> None:
    assert codes(on_chain(kind, node_places=PLACES)) == []
    assert codes(on_chain(kind)) == [("service.node_places", "missing")]
    stated = on_chain(kind, node_places=PLACES, node_count=99, node_countries=COUNTRIES)
    assert {name for name in stated["service"] if name.startswith("node_")} == {"node_places"}


def test_places_counted_before_stay_and_need_not_add_up() -> None:
    before = on_chain("public", node_count=9, node_places=PLACES)
    assert before["service"]["node_places"] == PLACES
    assert codes(before) == []
    carried = clear_irrelevant(carried_over(OLDER))
    for name in (
        ("node_count", "node_places") if OLDER["service"]["chain_kind"] == "public" else ("node_places",)
    ):
        assert carried["service"][name] == OLDER["service"][name]


def test_whoever_states_countries_states_no_places() -> None:
    both = on_chain("public", node_count=9, node_places=PLACES, node_countries=COUNTRIES)
    assert "node_places" not in both["service"]
    assert both["service"]["node_countries"] == COUNTRIES


def test_a_management_system_is_shown_by_its_documents_and_not_asked_besides() -> None:
    materials = complete_organisation()
    assert "has_management_system" not in materials["service"]
    assert "service.has_management_system" not in checklist_items(materials)
    del materials["attachments"]["management_system_documents"]
    assert codes(materials) == [("attachments.management_system_documents", "file_missing")]


def test_what_a_later_version_asks_no_more_is_no_change_when_it_goes() -> None:
    older = {**OLDER, "service": {**OLDER["service"], "chain_kind": "private"}}
    moved = clear_irrelevant(with_answer(carried_over(older), "service.description", "样例：" + "新" * 40))
    assert not {"has_management_system", "node_count"} & set(moved["service"])
    assert changed_keys(older, moved) == ("service.service_forms", "service.description")
    dropped = clear_irrelevant(with_answer(older, "service.has_nodes_abroad", None))
    assert changed_keys(older, dropped) == ("service.has_nodes_abroad",)


def test_the_nodes_of_a_public_chain_with_no_answer_yet_are_a_question_of_countries() -> None:
    empty = new_materials()
    assert not find_particular("service.node_countries").applies(empty)
    empty["service"] = {"chain_kind": "public"}
    assert find_particular("service.node_countries").applies(empty)
    assert not find_particular("service.node_places").applies(empty)


def test_going_back_to_the_version_in_force_brings_back_what_a_later_one_asks_no_more() -> None:
    moved = clear_irrelevant(with_answer(carried_over(OLDER), "service.service_forms", ["website", "node"]))
    assert "has_management_system" not in moved["service"]
    back = with_answer(moved, "service.service_forms", OLDER["service"]["service_forms"])
    back["service"] |= {name: OLDER["service"][name] for name in ("apps", "official_accounts")}
    assert clear_irrelevant(on_version_of(OLDER, back)) == OLDER
