"""The floor of `benchmarks/http.py`: REST framework's own views over the table of filings."""

from __future__ import annotations

from django.urls import path
from rest_framework import generics, serializers
from rest_framework.pagination import CursorPagination

from registry.models import Filing


class PlainSerializer(serializers.ModelSerializer[Filing]):
    """What the public sees of a row."""

    class Meta:
        model = Filing
        fields = (
            "number",
            "applicant_name",
            "service_name",
            "province_code",
            "columns",
            "standing",
            "numbered_at",
            "changed_at",
            "ends_on",
            "cancelled_on",
            "list_number",
            "is_imported",
        )


class _Pages(CursorPagination):
    page_size = 30
    ordering = ("-numbered_at", "-id")


class PlainFiling(generics.RetrieveAPIView[Filing]):
    """One row by its number."""

    queryset = Filing.objects.exclude(number=None)
    serializer_class = PlainSerializer
    lookup_field = "number"
    authentication_classes = ()


class PlainFilings(generics.ListAPIView[Filing]):
    """A page of thirty rows, the latest number first."""

    queryset = Filing.objects.exclude(number=None)
    serializer_class = PlainSerializer
    pagination_class = _Pages
    authentication_classes = ()


urlpatterns = [
    path("filings/", PlainFilings.as_view()),
    path("filings/<str:number>/", PlainFiling.as_view()),
]
