"""The input and output of the public API. Its keys are a contract; a test keeps them from changing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from registry.presentation.day_fields import FIRST_DAY, LAST_DAY, Bound, refusal_of_day
from registry.public.filters import APPLICANT_HEAD, CHAIN_KINDS
from registry.publication.addresses import record_url
from registry.publication.record import (
    MAXIMUM_PAGE_SIZE,
    MAXIMUM_QUERY_LENGTH,
    PAGE_SIZE,
    Criteria,
    ListedName,
    Order,
    PublicEvent,
    PublicFiling,
)
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes.jurisdictions import PROVINCES, province_of
from registry.rules.end_grounds import EndGround
from registry.rules.facets import FACETS
from registry.rules.particulars.materials import date_of
from registry.rules.particulars.public import PublicColumn, Shown, published_columns
from registry.rules.particulars.service_categories import CATEGORIES, CATEGORY_CODES
from registry.rules.provisions import DISCLAIMER
from registry.rules.workflow.states import PUBLIC_STANDINGS

PROVINCE_CODES = [(province.code, province.name) for province in PROVINCES]
SERVICE_TYPES = [f"{category.code}.{code}" for category in CATEGORIES for code in category.type_codes]
BATCH = r"^[1-9][0-9]{0,3}$"
YEAR = r"^20[0-9]{2}$"
STANDINGS = sorted(str(standing) for standing in PUBLIC_STANDINGS)

# Sample data: the serial of a sample number begins with 0000.
SAMPLE_NUMBER = "京网信备11010826000012340012号"
SAMPLE_FILING: Mapping[str, Any] = {
    "number": SAMPLE_NUMBER,
    "record_url": "https://portal.example.cn/filings/…/",
    "applicant_name": "样例（北京）链通科技有限公司",
    "service_name": "样例链通商品溯源平台",
    "province_code": "110000",
    "province_name": "北京市",
    "categories": ["application_operator"],
    "service_types": ["application_operator.other"],
    "main_chains": [{"code": "chainmaker", "name_zh": "长安链", "name_en": "ChainMaker"}],
    "chain_kind": "consortium",
    "service_forms": ["website"],
    "application_fields": [{"code": "traceability", "name_zh": "溯源", "name_en": "Traceability"}],
    "website_urls": ["https://service.example.com/"],
    "app_names": [],
    "upstream_numbers": [],
    "standing": "in_force",
    "numbered_on": "2026-03-02",
    "changed_on": None,
    "ends_on": None,
    "cancelled_on": None,
    "struck_off_on": None,
    "end_ground": "",
    "end_basis": "",
    "successor_number": None,
    "predecessor_numbers": [],
    "batch": None,
    "ending_list": None,
    "is_imported": False,
}


class DayField(serializers.DateField):
    """A day asked for, as YYYY-MM-DD and within bounds, both inclusive, which are those of the forms' `DayField`."""

    def __init__(self, *, first: Bound = FIRST_DAY, last: Bound = LAST_DAY, **options: Any) -> None:
        super().__init__(**options)
        self._first, self._last = first, last

    def to_internal_value(self, value: Any) -> date:
        # Python reads other forms as well, which the description does not promise.
        if (day := date_of(value)) is None:
            self.fail("invalid", format="YYYY-MM-DD")
        if refusal := refusal_of_day(day, first=self._first, last=self._last):
            raise serializers.ValidationError(refusal)
        return day


@extend_schema_field({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "enum": [""]}]})
class OptionalDayField(DayField):
    """A day that may be left out; an empty one is left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)


class ListedNameSerializer(serializers.Serializer[ListedName]):
    """A name from an administrator's list; without a code, a name as the applicant typed it."""

    code = serializers.CharField(allow_null=True)
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


@extend_schema_field(ListedNameSerializer(many=True))
class ListedNames(serializers.Field[Any, Any, Any, Any]):
    """Codes of an administrator's list with their names; the context holds `names`, as `listed_names` gives them."""

    def __init__(self, list_name: str, **options: Any) -> None:
        super().__init__(**options)
        self._list_name = list_name

    def to_representation(self, value: tuple[str, ...]) -> list[dict[str, Any]]:
        names: Mapping[str, ListedName] = self.context["names"][self._list_name]
        found = [names.get(code) or ListedName(None, code, code) for code in value]
        return [{"code": each.code, "name_zh": each.name_zh, "name_en": each.name_en} for each in found]


# What stands after a column and is made from it.
_BESIDE: Mapping[str, tuple[str, ...]] = {"number": ("record_url",), "province_code": ("province_name",)}
# What the description says of a column beyond its name.
_HELP: Mapping[str, str] = {
    "number": "The filing number, complete with prefix and 号.",
    "province_code": "GB/T 2260 code of the province.",
    "service_types": "As category.type.",
    "numbered_on": "The date in China on which the number was issued; null: not known, the filing is imported.",
    "ends_on": "The day a service in force ends, once its cancellation is approved.",
    "upstream_numbers": "The filings of the chains or platforms that the service runs on.",
    "struck_off_on": "The day on which the office struck the filing off.",
    "end_ground": "Why: false_materials (已撤销) or applicant_gone (依职权注销); empty unless it is struck off.",
    "end_basis": "The legal basis of the striking off.",
    "successor_number": "The filing under which the service of one that is struck off goes on.",
    "predecessor_numbers": "The filings struck off whose service goes on under this one.",
    "batch": "The batch list; null: not yet in one.",
    "ending_list": "The list that announced the ending: of cancelled filings, or of struck-off ones; null: none yet.",
    "is_imported": (
        "Taken over from a batch list published before the register began: until its particulars are supplied, "
        "only the names are known."
    ),
}


def _field_of(column: PublicColumn) -> serializers.Field[Any, Any, Any, Any]:
    """The field that writes a public column."""
    options: dict[str, Any] = {"help_text": _HELP[column.name]} if column.name in _HELP else {}
    if column.shown is Shown.DAY:
        return serializers.DateField(allow_null=True, **options)
    if column.shown in (Shown.BATCH, Shown.ENDING_LIST):
        return serializers.IntegerField(allow_null=True, **options)
    if column.named_in is not None:
        return ListedNames(column.named_in, **options)
    if column.name == "is_imported":
        return serializers.BooleanField(**options)
    codes = STANDINGS if column.name == "standing" else column.known_codes
    if not column.is_list:
        if codes:
            is_blank = column.is_stored or column.shown is Shown.GROUND
            return serializers.ChoiceField(choices=codes, allow_blank=is_blank, **options)
        if column.shown is Shown.RECORDS:
            return serializers.CharField(allow_null=True, **options)
        return serializers.CharField(**options)
    child = serializers.ChoiceField(choices=codes) if codes else serializers.CharField()
    return serializers.ListField(child=child, **options)


@extend_schema_serializer(examples=[OpenApiExample("A filing in force (sample data)", value=SAMPLE_FILING)])
class FilingSerializer(serializers.Serializer[PublicFiling]):
    """The public columns of one filing. Its context holds `names`, as `listed_names` gives them."""

    record_url = serializers.SerializerMethodField(help_text="The record page.")
    province_name = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        own = super().get_fields()
        fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {}
        for column in published_columns():
            fields[column.name] = _field_of(column)
            for beside in _BESIDE.get(column.name, ()):
                fields[beside] = own.pop(beside)
        return {**fields, **own}

    def get_record_url(self, filing: PublicFiling) -> str:
        return record_url(filing.number)

    def get_province_name(self, filing: PublicFiling) -> str:
        return province_of(filing.province_code).name


class ChangeSerializer(serializers.Serializer[Any]):
    """One entry of a filing's public history."""

    event = serializers.ChoiceField(choices=[str(event) for event in PublicEvent])
    on = serializers.DateField()
    columns = serializers.ListField(
        child=serializers.CharField(), help_text="The public columns that a change altered."
    )
    former = serializers.DictField(help_text="The values of these columns before the change, by name.")
    batch = serializers.IntegerField(
        allow_null=True,
        help_text="The number of the list of an entry “listed”, “imported”, “ending_listed” or “corrected”.",
    )
    list_kind = serializers.ChoiceField(
        choices=[kind.value for kind in ListKind],
        allow_null=True,
        help_text="The kind of that list; the numbers of each kind are its own.",
    )
    number = serializers.CharField(
        allow_null=True,
        help_text="The filing where a service goes on that was “struck_off”, or that this one “follows”.",
    )


class FilingDetailSerializer(FilingSerializer):
    """A filing with its public history, the first entry first."""

    history = serializers.SerializerMethodField()
    disclaimer = serializers.SerializerMethodField(help_text="What a filing means, and what it does not.")

    @extend_schema_field(ChangeSerializer(many=True))
    def get_history(self, _filing: PublicFiling) -> Any:
        return ChangeSerializer(self.context["history"], many=True).data

    def get_disclaimer(self, _filing: PublicFiling) -> str:
        return DISCLAIMER


class FoundFilingSerializer(FilingSerializer):
    """A filing that a search found. The context holds `former_names`, as a `RegisterPage` has them."""

    former_names = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Only where q found it by a name of before a change: these names, by their column.",
    )

    def to_representation(self, instance: PublicFiling) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        former = self.context["former_names"].get(instance.number)
        return {**shown, "former_names": former} if former else shown


class FilingPageSerializer(serializers.Serializer[Any]):
    """One page of a search."""

    results = FoundFilingSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="The address of the next page; null at the end.")
    previous = serializers.CharField(allow_null=True, help_text="The page before; null at the start.")
    disclaimer = serializers.CharField(help_text="What a filing means, and what it does not.")


class SearchSerializer(serializers.Serializer[Any]):
    """The parameters of a search; all may be left out."""

    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MAXIMUM_QUERY_LENGTH,
        help_text="A filing number, a part of one or a text with one, part of a name (of an applicant, service or app; "
        "former ones too), the host of an address, or an organisation's credit code.",
    )
    province = serializers.ChoiceField(choices=PROVINCE_CODES, required=False, allow_blank=True)
    batch = serializers.RegexField(
        BATCH, required=False, allow_blank=True, help_text="The number of a batch list."
    )
    category = serializers.ChoiceField(choices=CATEGORY_CODES, required=False, allow_blank=True)
    type = serializers.ChoiceField(
        choices=SERVICE_TYPES,
        required=False,
        allow_blank=True,
        help_text="A type of service, as category.type.",
    )
    chain_kind = serializers.ChoiceField(choices=CHAIN_KINDS, required=False, allow_blank=True)
    chain = serializers.SlugField(
        required=False, allow_blank=True, max_length=64, help_text="The code of a main chain."
    )
    field = serializers.SlugField(
        required=False, allow_blank=True, max_length=64, help_text="The code of an application field."
    )
    standing = serializers.ChoiceField(choices=STANDINGS, required=False, allow_blank=True)
    ground = serializers.ChoiceField(
        choices=[ground.value for ground in EndGround],
        required=False,
        allow_blank=True,
        help_text="Why the office struck filings off.",
    )
    year = serializers.RegexField(
        YEAR, required=False, allow_blank=True, help_text="The year in China in which the number was issued."
    )
    numbered_from = OptionalDayField()
    numbered_to = OptionalDayField()
    applicant = serializers.RegexField(
        APPLICANT_HEAD,
        required=False,
        allow_blank=True,
        help_text="The sixteen digits that all numbers of one applicant share.",
    )
    sort = serializers.ChoiceField(
        choices=[order.value for order in Order],
        required=False,
        allow_blank=True,
        default=Order.NEWEST.value,
        help_text="Names are in the order of the characters' codes.",
    )
    cursor = serializers.CharField(
        required=False, allow_blank=True, max_length=64, help_text="From `next` or `previous` of an answer."
    )
    page_size = serializers.IntegerField(
        required=False, default=PAGE_SIZE, min_value=1, max_value=MAXIMUM_PAGE_SIZE
    )

    def criteria(self) -> Criteria:
        """The criteria of the search; call only when the parameters are valid."""
        given: Mapping[str, Any] = self.validated_data
        return Criteria(
            text=given.get("q", ""),
            chosen={facet.name: code for facet in FACETS if (code := given.get(facet.name))},
            numbered_from=given.get("numbered_from"),
            numbered_to=given.get("numbered_to"),
            applicant_head=given.get("applicant", ""),
        )


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(help_text="Names the kind of problem; never changes; has a page.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="The kind once more, as a word.")
    detail = serializers.CharField(required=False)
    facts = serializers.DictField(
        required=False, help_text="Of a text that is no number, `reason`: the test it failed first."
    )
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong, parameter by parameter.",
    )
