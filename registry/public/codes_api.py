"""The public API of codes: every list of codes that the public columns use, with the words of both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import override
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.errors import NotFound
from registry.labels import particulars as words
from registry.labels.province_words import short_name
from registry.public.api import EVERY_VIEW, PROBLEM_MEDIA, PublicView, problem_answer
from registry.public.filters import CHOICES, Choices, Names
from registry.publication.record import listed_names
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.particulars.applicant import ORGANISATION_TYPES

_CHINESE, _ENGLISH = "zh-hans", "en"
_NO_SUCH_LIST = problem_answer("There is no list of codes with this name", "not-found", 404)
# The facets of the search whose codes are kept in lists, by the name of the list.
_FACETS: Mapping[str, str] = {
    "categories": "category",
    "service-types": "type",
    "application-fields": "field",
    "chain-kinds": "chain_kind",
    "main-chains": "chain",
    "standings": "standing",
}
CODE_LISTS = ("provinces", *_FACETS, "organisation-types")


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its words."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes in the order in which pages offer them."""

    name: str
    codes: tuple[Code, ...]


def code_list(name: str, listed: Names) -> CodeList:
    """The list with this name, one of CODE_LISTS."""
    with override(_CHINESE):
        chinese = {code: str(label) for code, label in _choices(name, listed)}
    with override(_ENGLISH):
        english = {code: str(label) for code, label in _choices(name, listed)}
    return CodeList(name, tuple(Code(code, chinese[code], english[code]) for code in chinese))


def _choices(name: str, listed: Names) -> Choices:
    if name == "provinces":
        return [(each.code, short_name(each.code)) for each in PROVINCES]
    if name == "organisation-types":
        key = "applicant.organisation_type"
        return [(code, words.choice_label(key, code)) for code in ORGANISATION_TYPES]
    return CHOICES[_FACETS[name]](listed)


class CodeSerializer(serializers.Serializer[Code]):
    """One code; it never changes, its names may be mended."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


_SAMPLE = {
    "name": "provinces",
    "codes": [
        {"code": "110000", "name_zh": "北京", "name_en": "Beijing"},
        {"code": "120000", "name_zh": "天津", "name_en": "Tianjin"},
    ],
}


@extend_schema_serializer(examples=[OpenApiExample("The provinces, shortened", value=_SAMPLE)])
class CodeListSerializer(serializers.Serializer[CodeList]):
    """One list of codes."""

    name = serializers.ChoiceField(choices=CODE_LISTS)
    codes = CodeSerializer(many=True)


@extend_schema_serializer(examples=[OpenApiExample("The lists, shortened", value={"results": [_SAMPLE]})])
class CodeListsSerializer(serializers.Serializer[object]):
    """All lists of codes."""

    results = CodeListSerializer(many=True)


class CodeListsView(PublicView):
    """All lists of codes."""

    @extend_schema(
        operation_id="list_code_lists",
        summary="All lists of codes",
        description="Every code that a public column of a filing or a parameter of the search can have. "
        "Entries that forms no longer offer are kept, since filings have them.",
        responses={
            200: CodeListsSerializer,
        }
        | EVERY_VIEW,
        tags=["codes"],
    )
    def get(self, _request: Request) -> Response:
        listed = listed_names()
        body = {"results": [code_list(name, listed) for name in CODE_LISTS]}
        return Response(CodeListsSerializer(body).data)


class CodeListView(PublicView):
    """One list of codes."""

    @extend_schema(
        operation_id="get_code_list",
        summary="One list of codes",
        responses={
            200: CodeListSerializer,
            (404, PROBLEM_MEDIA): _NO_SUCH_LIST,
        }
        | EVERY_VIEW,
        tags=["codes"],
    )
    def get(self, _request: Request, name: str) -> Response:
        if name not in CODE_LISTS:
            raise NotFound("not_found")
        return Response(CodeListSerializer(code_list(name, listed_names())).data)
