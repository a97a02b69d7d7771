"""The public API of the statistics: the lists in figures, one list, and the register as of a day."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry import clock
from registry.errors import NotFound
from registry.public.api import EVERY_VIEW, INVALID, PROBLEM_MEDIA, PublicView
from registry.public.lists_api import NO_SUCH_LIST
from registry.public.serializers import OptionalDayField
from registry.public.statistics_tables import (
    Row,
    Table,
    decision_times_until,
    tables_of_list,
    tables_of_register,
)
from registry.publication.addresses import portal_url
from registry.rules.provisions import DISCLAIMER
from registry.statistics import public
from registry.statistics.decision_times import DecisionTimes
from registry.statistics.public import FIRST_DAY, ListFigures, RegisterFigures

_PERCENT = "In percent, with two decimals, half up."

_SAMPLE_ROW = {"code": "110000", "name": "北京", "count": 87, "of": 309, "share_percent": 28.16}
_SAMPLE_LIST = {
    "number": 2,
    "published_on": "2019-10-18",
    "services": 309,
    "applicants": 280,
    "services_before": 197,
    "growth_percent": 56.85,
    "cumulative_services": 506,
    "province_count": 18,
    "page": "https://portal.example.cn/statistics/batch/2/",
}
_SAMPLE_DETAIL = _SAMPLE_LIST | {
    "new_provinces": ["150000"],
    "provinces": [_SAMPLE_ROW],
    "cumulative_provinces": [_SAMPLE_ROW | {"count": 150, "of": 506, "share_percent": 29.64}],
    "applicants_by_services": [
        {"code": "1", "name": "1项服务", "count": 262, "of": 280, "share_percent": 93.57}
    ],
    "disclaimer": DISCLAIMER,
}


class RowSerializer(serializers.Serializer[Row]):
    """One line of a table."""

    code = serializers.CharField(
        help_text="A code of the API; not_stated where nothing is stated; for applicants_by_services how many services."
    )
    name = serializers.CharField(help_text="In the language asked for.")
    count = serializers.IntegerField(source="share.count")
    of = serializers.IntegerField(source="share.of", help_text="Of how many: the denominator of the share.")
    share_percent = serializers.FloatField(source="percent", allow_null=True, help_text=_PERCENT)


@extend_schema_serializer(examples=[OpenApiExample("One list in figures (sample data)", value=_SAMPLE_LIST)])
class ListStatisticsSerializer(serializers.Serializer[ListFigures]):
    """One published list in figures."""

    number = serializers.IntegerField()
    published_on = serializers.DateField()
    services = serializers.IntegerField(help_text="项: the entries of the list as it was published.")
    applicants = serializers.IntegerField(
        help_text="家: counted by the first 16 digits of the numbers, which all numbers of an applicant share."
    )
    services_before = serializers.IntegerField(
        source="growth.before", allow_null=True, help_text="The services of the list before."
    )
    growth_percent = serializers.FloatField(
        source="growth.percent",
        allow_null=True,
        help_text=f"On the list before; negative where it was larger. {_PERCENT}",
    )
    cumulative_services = serializers.IntegerField(
        help_text="The services of this list and of all before it, ended ones included."
    )
    province_count = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    def get_province_count(self, figures: ListFigures) -> int:
        return len(figures.provinces)

    def get_page(self, figures: ListFigures) -> str:
        return portal_url(reverse("public:batch_statistics", args=[figures.number]))


@extend_schema_serializer(
    examples=[OpenApiExample("One list in figures (sample data)", value=_SAMPLE_DETAIL)]
)
class ListStatisticsDetailSerializer(ListStatisticsSerializer):
    """One published list in figures, with its tables."""

    new_provinces = serializers.ListField(
        child=serializers.CharField(), help_text="The codes of provinces that are in no earlier list."
    )
    provinces = RowSerializer(many=True, help_text="By the abbreviation of the frozen numbers.")
    cumulative_provinces = RowSerializer(many=True, help_text="Of this list and all before it.")
    applicants_by_services = RowSerializer(
        many=True, help_text="How many applicants have one, two, three … services in this list."
    )
    disclaimer = serializers.CharField(help_text="What a filing means, and what it does not.")


class ListsStatisticsSerializer(serializers.Serializer[Any]):
    """All published lists in figures."""

    results = ListStatisticsSerializer(many=True)
    disclaimer = serializers.CharField(help_text="What a filing means, and what it does not.")


class EndedSerializer(serializers.Serializer[Any]):
    """How many services are no longer in force, by how they ended."""

    standing = serializers.CharField()
    services = serializers.IntegerField()


class DecisionTimesSerializer(serializers.Serializer[DecisionTimes]):
    """The decision clocks of a province that closed in a month."""

    month = serializers.DateField(help_text="The first day of the month in China.")
    province_code = serializers.CharField()
    closed = serializers.IntegerField(help_text="Decisions that reached the applicant in the month.")
    in_time = serializers.IntegerField(help_text="Of these, within 20 working days (Article 12).")
    in_time_percent = serializers.FloatField(source="share_in_time.percent", help_text=_PERCENT)
    average_working_days = serializers.FloatField(
        source="average", help_text="From the day after receipt, with one decimal, half up."
    )
    longest_working_days = serializers.IntegerField(source="longest")


class DayQuestionSerializer(serializers.Serializer[Any]):
    """Which day is asked for."""

    as_of = OptionalDayField(
        first=FIRST_DAY,
        last=clock.today,
        help_text=f"A day in China from {FIRST_DAY} to today. Figures of a day that is over stay as they are.",
    )


_SAMPLE_REGISTER = {
    "as_of": "2019-10-18",
    "is_over": True,
    "services": 505,
    "applicants": 440,
    "recorded": 506,
    "ended": [{"standing": "cancelled", "services": 1}],
    "lists": 2,
    "listed": 506,
    "provinces": [_SAMPLE_ROW | {"count": 150, "of": 505, "share_percent": 29.7}],
    "jurisdictions": [_SAMPLE_ROW | {"count": 149, "of": 505, "share_percent": 29.5}],
    "categories": [
        {
            "code": "application_operator",
            "name": "应用运营方",
            "count": 260,
            "of": 505,
            "share_percent": 51.49,
        }
    ],
    "service_types": [],
    "application_fields": [],
    "chain_kind": [],
    "main_chains": [],
    "organisation_type": [],
    "applicants_by_services": [],
    "decision_times": None,
    "page": "https://portal.example.cn/statistics/?as_of=2019-10-18",
    "disclaimer": DISCLAIMER,
}


@extend_schema_serializer(
    examples=[OpenApiExample("The register as of a day (sample data)", value=_SAMPLE_REGISTER)]
)
class StatisticsSerializer(serializers.Serializer[RegisterFigures]):
    """The register as recorded by the end of a day in China."""

    as_of = serializers.DateField()
    is_over = serializers.SerializerMethodField(
        help_text="Whether the day is over: its figures then stay as they are."
    )
    services = serializers.IntegerField(help_text="项, in force.")
    applicants = serializers.IntegerField(help_text="家, that hold a number in force.")
    recorded = serializers.IntegerField(help_text="Services that were ever in force, ended ones included.")
    ended = serializers.SerializerMethodField()
    lists = serializers.IntegerField(help_text="Published lists.")
    listed = serializers.IntegerField(help_text="Services that those lists name.")
    provinces = RowSerializer(many=True, help_text="By the abbreviation of the numbers.")
    jurisdictions = RowSerializer(many=True, help_text="By the place of registration on that day.")
    categories = RowSerializer(many=True, help_text="A service may count under several.")
    service_types = RowSerializer(many=True, help_text="A service may count under several.")
    application_fields = RowSerializer(many=True, help_text="A service may count under several.")
    chain_kind = RowSerializer(many=True)
    main_chains = RowSerializer(
        many=True, help_text=f"The {public.MOST_CHAINS} most frequent; a service may count under several."
    )
    organisation_type = RowSerializer(many=True, help_text="Services by the kind of who filed them.")
    applicants_by_services = RowSerializer(
        many=True, help_text="How many applicants have one, two, three … services in force."
    )
    decision_times = serializers.SerializerMethodField(
        help_text="Of the twelve months that end with the day; null while the national office has not opened them."
    )
    page = serializers.SerializerMethodField()
    disclaimer = serializers.CharField(help_text="What a filing means, and what it does not.")

    def get_is_over(self, figures: RegisterFigures) -> bool:
        return figures.as_of < clock.today()

    @extend_schema_field(EndedSerializer(many=True))
    def get_ended(self, figures: RegisterFigures) -> list[dict[str, Any]]:
        return [{"standing": standing.value, "services": count} for standing, count in figures.ended.items()]

    @extend_schema_field(DecisionTimesSerializer(many=True, allow_null=True))
    def get_decision_times(self, figures: RegisterFigures) -> Any:
        times = decision_times_until(figures.as_of)
        return None if times is None else [DecisionTimesSerializer(each).data for each in times]

    def get_page(self, figures: RegisterFigures) -> str:
        return portal_url(f"{reverse('public:statistics')}?as_of={figures.as_of.isoformat()}")


class ListsStatisticsView(PublicView):
    """All published lists in figures."""

    @extend_schema(
        operation_id="batch_lists_statistics",
        summary="The published batch lists in figures",
        description="The latest number first, each with its growth on the list before.",
        responses={
            200: ListsStatisticsSerializer,
        }
        | EVERY_VIEW,
        tags=["statistics"],
    )
    def get(self, _request: Request) -> Response:
        body = {"results": public.all_lists()[::-1], "disclaimer": DISCLAIMER}
        return Response(ListsStatisticsSerializer(body).data)


class ListStatisticsView(PublicView):
    """One list in figures."""

    @extend_schema(
        operation_id="batch_list_statistics",
        summary="One batch list in figures",
        description="From its frozen rows: the same figures for ever, whatever becomes of its filings.",
        responses={
            200: ListStatisticsDetailSerializer,
            (404, PROBLEM_MEDIA): NO_SUCH_LIST,
        }
        | EVERY_VIEW,
        tags=["statistics"],
    )
    def get(self, _request: Request, number: int) -> Response:
        figures = public.list_figures(number)
        if figures is None:
            raise NotFound("not_found")
        body = _with_tables(figures, tables_of_list(figures, public.several_in_list(number)))
        return Response(ListStatisticsDetailSerializer(body).data)


class StatisticsView(PublicView):
    """The register as of a day."""

    @extend_schema(
        operation_id="register_statistics",
        summary="The register in figures, as of a day",
        description=(
            "As recorded by the end of the day in China: numbers issued or listed by then, without what ended by "
            "then, with the particulars in force then. Without `as_of` today so far."
        ),
        parameters=[DayQuestionSerializer],
        responses={
            200: StatisticsSerializer,
            (400, PROBLEM_MEDIA): INVALID,
        }
        | EVERY_VIEW,
        tags=["statistics"],
    )
    def get(self, request: Request) -> Response:
        asked = DayQuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        figures = public.register_figures(asked.validated_data.get("as_of") or clock.today())
        return Response(StatisticsSerializer(_with_tables(figures, tables_of_register(figures))).data)


def _with_tables(figures: ListFigures | RegisterFigures, tables: tuple[Table, ...]) -> Any:
    """The figures with the rows of each table under its name."""
    members = {each.name: getattr(figures, each.name) for each in fields(figures)}
    rows = {table.name: table.rows for table in tables}
    return SimpleNamespace(**members | rows | {"disclaimer": DISCLAIMER})
