"""The public API of batch lists: the lists, one list with its files, and its entries in pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from registry.errors import NotFound
from registry.labels.list_words import printed_title
from registry.public.api import EVERY_VIEW, INVALID, PROBLEM_MEDIA, PublicView, problem_answer
from registry.public.list_views import file_url, last_day_of
from registry.publication import lists
from registry.publication.addresses import list_arguments, list_url, portal_url, record_url
from registry.publication.lists import PublicCorrection, PublicEntry, PublicFile, PublicList
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind
from registry.rules.codes.jurisdictions import province_of
from registry.rules.provisions import DISCLAIMER
from registry.rules.workflow.states import PUBLIC_STANDINGS

MAXIMUM_PAGE_SIZE = 500
NO_SUCH_LIST = problem_answer("There is no published list with this number", "not-found", 404)

_SAMPLE_LIST = {
    "kind": "filings",
    "number": 6,
    "title": "境内区块链信息服务备案清单（第六批）",
    "state": "published",
    "dated_on": "2026-11-20",
    "published_on": "2026-11-20",
    "objections_until": "2026-12-04",
    "objections_until_is_provisional": False,
    "final_on": None,
    "count": 2,
    "is_imported": False,
    "page": "https://portal.example.cn/lists/6/",
}


@extend_schema_serializer(
    examples=[OpenApiExample("A list open to objections (sample data)", value=_SAMPLE_LIST)]
)
class ListSerializer(serializers.Serializer[PublicList]):
    """One published list."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ListKind])
    number = serializers.IntegerField(
        help_text="The national number of the list; those of a kind have no gap."
    )
    title = serializers.SerializerMethodField(help_text="As announced, in Chinese.")
    state = serializers.ChoiceField(
        choices=sorted(state.value for state in PUBLIC_STATES),
        help_text="published: open to objections or waiting for post; final: nothing can be objected to any more. "
        "Lists of endings and corrigenda stay published: nobody objects to them.",
    )
    dated_on = serializers.DateField(help_text="The day printed on its files.")
    published_on = serializers.DateField(help_text="The day on which it was shown.")
    objections_until = serializers.SerializerMethodField(
        help_text="The last day for objections, 10 working days after publication; null for an imported list, "
        "a list of endings or a corrigendum."
    )
    objections_until_is_provisional = serializers.SerializerMethodField(
        help_text="The day may move: the holidays of a year it is counted through are not announced yet."
    )
    final_on = serializers.DateField(allow_null=True)
    count = serializers.IntegerField(help_text="How many entries it has.")
    is_imported = serializers.BooleanField(
        help_text="Published before the register began, and taken over from that publication: it has no files here."
    )
    page = serializers.SerializerMethodField()

    def get_title(self, shown: PublicList) -> str:
        return printed_title(shown.kind, shown.number)

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_objections_until(self, shown: PublicList) -> str | None:
        until = last_day_of(shown).on
        return None if until is None else until.isoformat()

    def get_objections_until_is_provisional(self, shown: PublicList) -> bool:
        return last_day_of(shown).is_provisional

    def get_page(self, shown: PublicList) -> str:
        return list_url(shown.number, shown.kind)


class ListFileSerializer(serializers.Serializer[PublicFile]):
    """One file of a list: the bytes at the address never change."""

    format = serializers.CharField()
    url = serializers.SerializerMethodField()
    sha256 = serializers.CharField()
    size_bytes = serializers.IntegerField()
    rows = serializers.IntegerField()

    def get_url(self, file: PublicFile) -> str:
        return portal_url(file_url(self.context["list"], file.format))


class ListDetailSerializer(ListSerializer):
    """A list with its announcement and its files."""

    announcement = serializers.CharField(help_text="As published, in Chinese.")
    files = serializers.SerializerMethodField()
    entries = serializers.SerializerMethodField(help_text="The address of its entries.")
    disclaimer = serializers.SerializerMethodField(help_text="What a filing means, and what it does not.")

    @extend_schema_field(ListFileSerializer(many=True))
    def get_files(self, shown: PublicList) -> Any:
        files: Any = lists.files_of(shown)
        return ListFileSerializer(files, many=True, context={"list": shown}).data

    def get_entries(self, shown: PublicList) -> str:
        return portal_url(reverse("api:batch_entries", args=list_arguments(shown.number, shown.kind)))

    def get_disclaimer(self, _shown: PublicList) -> str:
        return DISCLAIMER


class ListsSerializer(serializers.Serializer[Any]):
    """All published lists."""

    results = ListSerializer(many=True)
    disclaimer = serializers.CharField(help_text="What a filing means, and what it does not.")


class CorrectedBySerializer(serializers.Serializer[PublicCorrection]):
    """What a corrigendum says of an entry. The entry itself stays as it was printed."""

    corrigendum = serializers.IntegerField(help_text="The number of the corrigendum.")
    column = serializers.ChoiceField(
        choices=[column.value for column in CorrectedColumn], help_text="entry: the whole entry is withdrawn."
    )
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class EntrySerializer(serializers.Serializer[PublicEntry]):
    """One entry as it was printed, and where its filing stands today."""

    position = serializers.IntegerField(source="row.position", help_text="From 1, in the order of the list.")
    number = serializers.CharField(source="row.number")
    applicant_name = serializers.CharField(source="row.applicant_name")
    service_name = serializers.CharField(source="row.service_name")
    province_code = serializers.CharField(
        source="row.province_code", help_text="Of the number's abbreviation."
    )
    province_name = serializers.SerializerMethodField()
    standing = serializers.ChoiceField(choices=sorted(standing.value for standing in PUBLIC_STANDINGS))
    record_url = serializers.SerializerMethodField()
    corrected_by = CorrectedBySerializer(
        source="corrections", many=True, help_text="The corrigenda published since; empty for nearly all."
    )

    def get_province_name(self, entry: PublicEntry) -> str:
        return province_of(entry.row.province_code).name

    def get_record_url(self, entry: PublicEntry) -> str:
        return record_url(entry.number)


class EntriesQuestionSerializer(serializers.Serializer[Any]):
    """Which entries are asked for."""

    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=100_000)
    page_size = serializers.IntegerField(
        required=False, default=lists.ENTRIES_A_PAGE, min_value=1, max_value=MAXIMUM_PAGE_SIZE
    )


class EntryPageSerializer(serializers.Serializer[Any]):
    """One page of a list's entries."""

    results = EntrySerializer(many=True)
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    disclaimer = serializers.CharField(help_text="What a filing means, and what it does not.")


class ListsView(PublicView):
    """All published lists."""

    @extend_schema(
        operation_id="batch_lists",
        summary="The published batch lists",
        description="The latest number first.",
        responses={
            200: ListsSerializer,
        }
        | EVERY_VIEW,
        tags=["lists"],
    )
    def get(self, _request: Request) -> Response:
        return Response(_shown_lists())


class ListView(PublicView):
    """One list."""

    @extend_schema(
        operation_id="batch_list",
        summary="One batch list with its files",
        description="The digests are those of the files' bytes, and the same that the manifest states.",
        responses={
            200: ListDetailSerializer,
            (404, PROBLEM_MEDIA): NO_SUCH_LIST,
        }
        | EVERY_VIEW,
        tags=["lists"],
    )
    def get(self, _request: Request, number: int) -> Response:
        return Response(_shown_list(public_list(number)))


class ListEntriesView(PublicView):
    """The entries of a list."""

    @extend_schema(
        operation_id="batch_list_entries",
        summary="The entries of a batch list",
        description="In the order of the list, as they were printed; the standing is today's.",
        parameters=[EntriesQuestionSerializer],
        responses={
            200: EntryPageSerializer,
            (400, PROBLEM_MEDIA): INVALID,
            (404, PROBLEM_MEDIA): NO_SUCH_LIST,
        }
        | EVERY_VIEW,
        tags=["lists"],
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(EntryPageSerializer(entries_body(request, public_list(number))).data)


def entries_body(request: Request, shown: PublicList) -> dict[str, Any]:
    """The page of a list's entries that a request asks for."""
    asked = EntriesQuestionSerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    found = lists.entries_of(shown, page=asked.validated_data["page"], size=asked.validated_data["page_size"])
    return {
        "results": found.entries,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "disclaimer": DISCLAIMER,
    }


def lists_bytes() -> bytes:
    """All published lists as the bytes that the API answers."""
    return bytes(JSONRenderer().render(_shown_lists()))


def list_bytes(shown: PublicList) -> bytes:
    """One list as the bytes that the API answers."""
    return bytes(JSONRenderer().render(_shown_list(shown)))


def _shown_lists() -> Any:
    return ListsSerializer({"results": lists.public_lists(), "disclaimer": DISCLAIMER}).data


def _shown_list(shown: PublicList) -> Any:
    return ListDetailSerializer(shown).data


def public_list(number: int, kind: ListKind = ListKind.FILINGS) -> PublicList:
    """The published list. Raises NotFound."""
    shown = lists.public_list(number, kind)
    if shown is None:
        raise NotFound("not_found")
    return shown
