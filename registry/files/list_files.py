"""The files of published batch lists: everybody's, and the same bytes for ever."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from registry.batches.files import CONTENT_TYPES, bytes_of, file_of
from registry.errors import NotFound
from registry.files.views import inert_answer, saved_as
from registry.labels.list_words import file_name
from registry.models import BatchFile, BatchList
from registry.rules.batches.lifecycle import ListKind

_ONE_YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def list_file(
    request: HttpRequest, number: int, name: str, kind: ListKind = ListKind.FILINGS
) -> HttpResponse:
    """One file of a published list under the name it is saved by; its ETag is the digest that the manifest states."""
    batch_list = BatchList.objects.filter(kind=kind.value, number=number).first()
    if batch_list is None:
        raise Http404
    formats = {file_name(kind, number, each): each for each in BatchFile.Format.values}
    if name not in formats:
        raise Http404
    try:
        file = file_of(batch_list, formats[name])
    except NotFound as error:
        raise Http404 from error
    tag = f'"{file.sha256}"'
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = saved_as(inert_answer(bytes_of(file), CONTENT_TYPES[file.format]), name)
        del response.headers["Cache-Control"]
    response.headers["ETag"] = tag
    patch_cache_control(response, public=True, max_age=_ONE_YEAR_SECONDS, immutable=True)
    return response
