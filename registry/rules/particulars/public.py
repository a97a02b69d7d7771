"""The public columns of a filing: one table of what events keep of the materials, and of what the public may see.

What an event stores, the record page, the public API, the public history and the papers of a filing are made from
`PUBLIC_COLUMNS`. The words of a column without a particular of its own are in `registry/labels/public_words.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.end_grounds import EndGround
from registry.rules.particulars.catalogue import find_particular, particulars
from registry.rules.particulars.content import UNLISTED_CHAIN
from registry.rules.particulars.definitions import AnswerKind, Particular
from registry.rules.particulars.materials import Materials, rows_of, value_of
from registry.rules.particulars.service_categories import CATEGORIES

REGISTRATION = "registration"


class Shown(StrEnum):
    """How a column stands on the record page."""

    HEAD = "head"
    ANSWER = "answer"
    SERVICE_TYPES = "service_types"
    LISTED = "listed"
    PROVINCE = "province"
    DAY = "day"
    BATCH = "batch"
    GROUND = "ground"
    RECORDS = "records"
    ENDING_LIST = "ending_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicColumn:
    """One public column.

    It is taken from the materials: from the particular `key`, whose words and choices are then its own, or with `take`
    from several. A column with neither is known to the register itself. `value_before_change` finds in the stored
    columns what a change may alter of such a one. `list_name` is the administrator's list that names its codes. One
    that is not published is shown only on papers for the applicant. A name heads its section, and the search finds a
    filing by its former ones too. One that `has_several` values is a list though no materials make it.
    """

    name: str
    section: str = REGISTRATION
    shown: Shown = Shown.ANSWER
    key: str = ""
    take: Callable[[Materials], list[str]] | None = None
    value_before_change: Callable[[Mapping[str, Any]], Any] | None = None
    list_name: str | None = None
    codes: tuple[str, ...] = ()
    is_published: bool = True
    is_name: bool = False
    has_several: bool = False

    @property
    def is_stored(self) -> bool:
        """Whether events store it."""
        return bool(self.key) or self.take is not None

    @property
    def is_compared(self) -> bool:
        """Whether the public history names it when a change alters it."""
        return self.is_published and (self.is_stored or self.value_before_change is not None)

    @property
    def tells_former(self) -> bool:
        """Whether the public history says in words what it was before a change."""
        return self.is_name or self.shown is Shown.PROVINCE

    @property
    def is_list(self) -> bool:
        """Whether its value is a list of texts; else it is one text."""
        if self.take is not None or self.has_several:
            return True
        return bool(self.key) and (self._is_field_of_group or self.particular.kind is AnswerKind.MULTI_CHOICE)

    @property
    def particular(self) -> Particular:
        """The particular it is taken from. Raises UnknownParticular for a column of several or of none."""
        return find_particular(self.key)

    @property
    def named_in(self) -> str | None:
        """The administrator's list that names its codes, if there is one."""
        return self.list_name or (self.particular.list_name if self.key else None)

    @property
    def known_codes(self) -> tuple[str, ...]:
        """The codes that its values can have; empty for names, addresses and codes of administrators' lists."""
        if self.key and not isinstance(self.particular.choices, str):
            return self.particular.choices
        return self.codes

    @property
    def _is_field_of_group(self) -> bool:
        return self.key.count(".") > 1

    def taken_from(self, materials: Materials) -> str | list[str]:
        """Its value by the materials; "" or an empty list where they give none."""
        if self.take is not None:
            return self.take(materials)
        if self._is_field_of_group:
            group, _dot, name = self.key.rpartition(".")
            return _cells(materials, group, name)
        return _codes(materials, self.key) if self.is_list else _text(materials, self.key)

    def value_in(self, columns: Mapping[str, Any]) -> Any:
        """Its value by the columns that an event has stored."""
        return self.value_before_change(columns) if self.value_before_change else columns.get(self.name)


def public_columns(materials: Materials) -> dict[str, Any]:
    """What an event stores of the materials for the public; no persons, addresses or telephone numbers.

    `service_types` are "category.type" codes, since two categories have a type "other". `main_chains` are
    codes of the administrator's list, or the name as typed where the chain was not listed; each once, in
    order.
    """
    return {column.name: column.taken_from(materials) for column in PUBLIC_COLUMNS if column.is_stored}


def published_columns() -> tuple[PublicColumn, ...]:
    """The columns that the public may see, in the order of the API."""
    return tuple(column for column in PUBLIC_COLUMNS if column.is_published)


def columns_on_page(section: str) -> tuple[PublicColumn, ...]:
    """The columns that stand as rows in a section of the page, in the order of the form."""
    rows = [each for each in PUBLIC_COLUMNS if each.section == section and each.shown is not Shown.HEAD]
    return tuple(sorted(rows, key=_place))


def public_sections_of_forms() -> tuple[str, ...]:
    """The sections of the forms that have public columns, in the order of the table."""
    return tuple(dict.fromkeys(each.section for each in PUBLIC_COLUMNS if each.section != REGISTRATION))


def _place(column: PublicColumn) -> tuple[bool, int]:
    """A name heads its section; what several particulars make comes after the rest."""
    keys = [particular.key for particular in particulars()]
    top = ".".join(column.key.split(".")[:2])
    return not column.is_name, keys.index(top) if column.key else len(keys)


def _text(materials: Materials, key: str) -> str:
    value = value_of(materials, key)
    return value.strip() if isinstance(value, str) else ""


def _codes(materials: Materials, key: str) -> list[str]:
    value = value_of(materials, key)
    return [code for code in value if isinstance(code, str)] if isinstance(value, list) else []


def _cells(materials: Materials, key: str, name: str) -> list[str]:
    cells = [row.get(name) for row in rows_of(materials, key)]
    return _once([cell.strip() for cell in cells if isinstance(cell, str)])


def _service_types(materials: Materials) -> list[str]:
    chosen = _codes(materials, "content.categories")
    return [
        f"{category.code}.{code}"
        for category in CATEGORIES
        if category.code in chosen
        for code in _codes(materials, category.types_key)
    ]


def _main_chains(materials: Materials) -> list[str]:
    chosen = _codes(materials, "content.categories")
    names: list[str] = []
    for category in CATEGORIES:
        if category.code not in chosen:
            continue
        for row in rows_of(materials, category.main_chains_key):
            name = row.get("chain")
            if name == UNLISTED_CHAIN:
                name = row.get("other_chain_name")
            if isinstance(name, str):
                names.append(name.strip())
    return _once(names)


def _province_code(columns: Mapping[str, Any]) -> str | None:
    """Of the place, the public sees the province."""
    return province_code_of(columns.get("division_code")) or None


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


# In the order of the API; a new column is one row here, with its word in `registry/labels/public_words.py` if it is
# taken from no single particular, and a line in the frozen tests of what the public may see.
PUBLIC_COLUMNS: tuple[PublicColumn, ...] = (
    PublicColumn(name="number", shown=Shown.HEAD),
    PublicColumn(name="applicant_name", section="applicant", key="applicant.name", is_name=True),
    PublicColumn(name="applicant_nature", section="applicant", key="applicant.nature", is_published=False),
    PublicColumn(
        name="organisation_type",
        section="applicant",
        key="applicant.organisation_type",
        is_published=False,
    ),
    PublicColumn(
        name="division_code", section="applicant", key="applicant.division_code", is_published=False
    ),
    PublicColumn(name="service_name", section="service", key="service.service_name", is_name=True),
    PublicColumn(
        name="province_code",
        shown=Shown.PROVINCE,
        value_before_change=_province_code,
    ),
    PublicColumn(name="categories", section="content", key="content.categories"),
    PublicColumn(
        name="service_types",
        section="content",
        shown=Shown.SERVICE_TYPES,
        take=_service_types,
        codes=tuple(f"{category.code}.{code}" for category in CATEGORIES for code in category.type_codes),
    ),
    PublicColumn(
        name="main_chains",
        section="content",
        shown=Shown.LISTED,
        take=_main_chains,
        list_name="main_chains",
    ),
    PublicColumn(name="chain_kind", section="service", key="service.chain_kind"),
    PublicColumn(name="service_forms", section="service", key="service.service_forms"),
    PublicColumn(name="application_fields", section="service", key="service.application_fields"),
    PublicColumn(name="website_urls", section="service", key="service.websites.url"),
    PublicColumn(name="app_names", section="service", key="service.apps.name"),
    # The filings of the chains and platforms it runs on: who runs them must have filed as well, and anybody may check.
    PublicColumn(name="upstream_numbers", section="service", key="service.upstream_filings.number"),
    PublicColumn(name="standing", shown=Shown.HEAD),
    PublicColumn(name="numbered_on", shown=Shown.DAY),
    PublicColumn(name="changed_on", shown=Shown.DAY),
    PublicColumn(name="ends_on", shown=Shown.DAY),
    PublicColumn(name="cancelled_on", shown=Shown.DAY),
    PublicColumn(name="struck_off_on", shown=Shown.DAY),
    PublicColumn(name="end_ground", shown=Shown.GROUND, codes=tuple(ground.value for ground in EndGround)),
    PublicColumn(name="end_basis"),
    PublicColumn(name="successor_number", shown=Shown.RECORDS),
    PublicColumn(name="predecessor_numbers", shown=Shown.RECORDS, has_several=True),
    PublicColumn(name="batch", shown=Shown.BATCH),
    PublicColumn(name="ending_list", shown=Shown.ENDING_LIST),
    PublicColumn(name="is_imported", shown=Shown.HEAD),
)
# Those about the applicant: only a change of the applicant alters them.
APPLICANT_COLUMNS = tuple(each.name for each in PUBLIC_COLUMNS if each.section == "applicant")
