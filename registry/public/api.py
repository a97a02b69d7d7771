"""The public API: look up one filing, search the register. It is read-only; errors are problem details (RFC 9457)."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.errors import NotFound
from registry.public.limits import AddressThrottle
from registry.public.record_json import entity_tag, shown_record, takes_bytes, written_page
from registry.public.serializers import (
    FilingDetailSerializer,
    FilingPageSerializer,
    ProblemSerializer,
    SearchSerializer,
)
from registry.publication import record
from registry.publication.edition import edition
from registry.publication.ready import ready_record
from registry.publication.record import Found, NotANumber, Order
from registry.rules.codes import filing_number
from registry.rules.errors import NotAFilingNumber

_KEPT_SECONDS = 60
_ASKED = tuple(SearchSerializer().get_fields())
_READY = {
    "Content-Type": "application/json",
    "Allow": "GET, HEAD",
    "Cache-Control": f"public, max-age={_KEPT_SECONDS}",
}


def problem_answer(description: str, slug: str, status: int, **members: Any) -> OpenApiResponse:
    body = {
        "type": f"https://portal.example.cn/problems/{slug}/",
        "title": description,
        "status": status,
        "code": slug.replace("-", "_"),
        **members,
    }
    example = OpenApiExample(description, value=body, status_codes=[str(status)])
    return OpenApiResponse(ProblemSerializer, description, examples=[example])


PROBLEM_MEDIA = "application/problem+json"
INVALID = problem_answer(
    "A parameter is not valid", "invalid", 400, errors={"standing": ["“gone” is not a valid choice."]}
)
_NO_SUCH_NUMBER = problem_answer(
    "This cannot be a filing number", "not-a-filing-number", 404, facts={"reason": "check_character"}
)
# What every view may answer beside its own.
EVERY_VIEW = {
    (405, PROBLEM_MEDIA): problem_answer("The method is not allowed here", "method-not-allowed", 405),
    (429, PROBLEM_MEDIA): problem_answer("Too many requests from this address", "throttled", 429),
}


@method_decorator(conditional_page, name="dispatch")
class PublicView(APIView):
    """The base of every API view: read-only, the same for everybody, throttled by IP address, with an ETag.

    What was found may be cached for a minute.
    """

    http_method_names = ["get", "head"]
    authentication_classes = ()
    throttle_classes = (AddressThrottle,)
    metadata_class = None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            patch_cache_control(response, public=True, max_age=_KEPT_SECONDS)
        else:
            patch_cache_control(response, no_store=True)
        return response


class FilingView(PublicView):
    """One filing by its number, written now: `ready_answer` comes first."""

    @extend_schema(
        operation_id="look_up_filing",
        summary="Look up a filing by its number",
        description=(
            "The number may be typed with spaces, full-width characters, a lower-case x, or without prefix and 号. "
            "A number whose check character is wrong is named as such, without asking the register."
        ),
        parameters=[],
        responses={
            200: FilingDetailSerializer,
            (404, PROBLEM_MEDIA): _NO_SUCH_NUMBER,
        }
        | EVERY_VIEW,
        tags=["filings"],
    )
    def get(self, _request: Request, number: str) -> Response:
        outcome = record.look_up(number)
        if isinstance(outcome, Found):
            response = Response(shown_record(outcome, record.listed_names()))
            response.add_post_render_callback(_tag)
            return response
        if isinstance(outcome, NotANumber):
            raise NotFound("not_a_filing_number", reason=outcome.code)
        raise NotFound("not_in_register")


def ready_answer(request: HttpRequest, typed: str) -> HttpResponse | None:
    """The answer of `FilingView` with the bytes that were written ahead, under a number however it is typed.

    None where they are not current, are asked for in a form of its own, or the limit is reached: that is for the view.
    """
    if not takes_bytes(request):
        return None
    try:
        number = str(filing_number.stated_in(typed))
    except NotAFilingNumber:
        return None
    is_admitted = AddressThrottle().ask(request)
    ready = ready_record(number, edition=edition())
    if not is_admitted() or ready is None:
        return None
    response = HttpResponse(ready.body, headers=_READY)
    response.headers["ETag"] = tag = entity_tag(ready.sha256)
    answer: HttpResponse = get_conditional_response(request, etag=tag, response=response) or response
    return answer


def _tag(response: Response) -> None:
    response.headers["ETag"] = entity_tag(hashlib.sha256(response.content).hexdigest())


class FilingsView(PublicView):
    """The register, searched and in pages."""

    @extend_schema(
        operation_id="search_filings",
        summary="Search the register",
        description=(
            "The latest number first, unless `sort` says otherwise. Follow `next` for more; a page holds at most 100 "
            "filings."
        ),
        parameters=[SearchSerializer],
        responses={
            200: FilingPageSerializer,
            (400, PROBLEM_MEDIA): INVALID,
        }
        | EVERY_VIEW,
        tags=["filings"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = SearchSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        page = record.numbers_found(
            asked.criteria(),
            cursor=asked.validated_data.get("cursor", ""),
            page_size=asked.validated_data["page_size"],
            order=Order(asked.validated_data["sort"] or Order.NEWEST),
        )
        body = written_page(
            page,
            next_url=_address(request, page.next_cursor),
            previous_url=_address(request, page.previous_cursor),
        )
        if takes_bytes(request._request):
            return HttpResponse(body, content_type="application/json")
        return Response(json.loads(body))


def _address(request: Request, cursor: str) -> str | None:
    """The public URL of this search at another cursor; None for an empty cursor."""
    if not cursor:
        return None
    asked = [
        (name, value) for name in _ASKED if name != "cursor" and (value := request.query_params.get(name))
    ]
    path = reverse("api:filings")
    return f"{settings.PORTAL_BASE_URL.rstrip('/')}{path}?{urlencode([*asked, ('cursor', cursor)])}"
