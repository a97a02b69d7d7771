"""The public API of the lists of endings and of the corrigenda: as that of the batch lists, under their kind."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.public.api import EVERY_VIEW, INVALID, PROBLEM_MEDIA, PublicView
from registry.public.lists_api import (
    NO_SUCH_LIST,
    EntriesQuestionSerializer,
    EntryPageSerializer,
    EntrySerializer,
    ListDetailSerializer,
    ListsSerializer,
    entries_body,
    public_list,
)
from registry.publication import lists
from registry.publication.list_kinds import SLUGS
from registry.rules.batches.corrections import CorrectedColumn, Correction
from registry.rules.batches.lifecycle import ListKind
from registry.rules.provisions import DISCLAIMER

_SAMPLE_ENTRIES = {
    "results": [
        {
            "position": 1,
            "number": "京网信备11010126000000010015号",
            "applicant_name": "样例科技有限公司",
            "service_name": "样例溯源平台",
            "province_code": "110000",
            "province_name": "北京市",
            "standing": "cancelled",
            "record_url": "https://portal.example.cn/filings/京网信备11010126000000010015号/",
            "corrected_by": [],
            "ended_on": "2026-11-20",
            "end_ground": "",
            "correction": None,
        }
    ],
    "total": 1,
    "page": 1,
    "pages": 1,
    "disclaimer": DISCLAIMER,
}


# Any other text in its place is another address.
_KIND = OpenApiParameter("kind", location=OpenApiParameter.PATH, enum=SLUGS, description="Which lists.")


class CorrectionSerializer(serializers.Serializer[Correction]):
    """What an entry of a corrigendum corrects."""

    list_kind = serializers.ChoiceField(choices=[kind.value for kind in ListKind])
    list_number = serializers.IntegerField()
    position = serializers.IntegerField(help_text="Of the entry in that list.")
    column = serializers.ChoiceField(
        choices=[column.value for column in CorrectedColumn], help_text="entry: the whole entry is withdrawn."
    )
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class OtherEntrySerializer(EntrySerializer):
    """An entry of a list of endings or of a corrigendum; the names are as the list, or the corrected list, has them."""

    ended_on = serializers.DateField(
        source="row.ended_on", allow_null=True, help_text="Of a list of endings; null in a corrigendum."
    )
    end_ground = serializers.CharField(
        source="row.end_ground", allow_blank=True, help_text="Of a list of struck-off filings."
    )
    correction = CorrectionSerializer(
        source="row.correction", allow_null=True, help_text="Of a corrigendum; null in a list of endings."
    )


@extend_schema_serializer(
    examples=[OpenApiExample("A list of cancelled filings (sample data)", value=_SAMPLE_ENTRIES)]
)
class OtherEntryPageSerializer(EntryPageSerializer):
    """One page of such entries."""

    results = OtherEntrySerializer(many=True)


class OtherListsView(PublicView):
    """All published lists of a kind."""

    @extend_schema(
        operation_id="lists_of_kind",
        summary="The published lists of endings, or the corrigenda",
        description="cancelled, struck-off or corrigenda; the latest number first.",
        parameters=[_KIND],
        responses={
            200: ListsSerializer,
            (404, PROBLEM_MEDIA): NO_SUCH_LIST,
        }
        | EVERY_VIEW,
        tags=["lists"],
    )
    def get(self, _request: Request, kind: ListKind) -> Response:
        body: dict[str, Any] = {"results": lists.public_lists(kind), "disclaimer": DISCLAIMER}
        return Response(ListsSerializer(body).data)


class OtherListView(PublicView):
    """One list of a kind."""

    @extend_schema(
        operation_id="list_of_kind",
        summary="One list of endings, or one corrigendum, with its files",
        description="The digests are those of the files' bytes, and the same that the manifest states.",
        parameters=[_KIND],
        responses={
            200: ListDetailSerializer,
            (404, PROBLEM_MEDIA): NO_SUCH_LIST,
        }
        | EVERY_VIEW,
        tags=["lists"],
    )
    def get(self, _request: Request, kind: ListKind, number: int) -> Response:
        return Response(ListDetailSerializer(public_list(number, kind)).data)


class OtherEntriesView(PublicView):
    """The entries of such a list."""

    @extend_schema(
        operation_id="list_of_kind_entries",
        summary="The entries of a list of endings, or of a corrigendum",
        description="In the order of the list, as they were printed; the standing is today's.",
        parameters=[_KIND, EntriesQuestionSerializer],
        responses={
            200: OtherEntryPageSerializer,
            (400, PROBLEM_MEDIA): INVALID,
            (404, PROBLEM_MEDIA): NO_SUCH_LIST,
        }
        | EVERY_VIEW,
        tags=["lists"],
    )
    def get(self, request: Request, kind: ListKind, number: int) -> Response:
        body = entries_body(request, public_list(number, kind))
        return Response(OtherEntryPageSerializer(body).data)
