"""The short address of what a notice is about: a text message has room for few characters, and each part is paid for.

It is made of the notice's own id, so that nothing more is stored, and opens nothing by itself: who follows it signs in,
and the page asks whether it is theirs. Addresses of public pages are short already and stay as they are.
"""

from __future__ import annotations

import base64
import re
import uuid
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from registry.models import Account, Notice

_CODE = re.compile(r"[a-z2-7]{12}\Z")
_ROW = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Twelve characters of five bits each: by them one notice is found among as many as there will ever be.
_CODE_BITS = 60
# In a preview there is no notice yet; the length is that of every other.
_NONE_YET = uuid.UUID(int=0)


def short_path(path: str, notice_id: uuid.UUID | None = None) -> str:
    """The path to write into a text message: the short one where the path names a row, else the path itself."""
    if not _ROW.search(path):
        return path
    return reverse("short_address", args=[_code_of(notice_id or _NONE_YET)])


@require_safe
def short_address(request: HttpRequest, code: str) -> HttpResponse:
    """Leads the notice's own recipient to what it is about. Raises Http404 for everybody else."""
    notice = _notice_of(code, cast(Account, request.user))
    if notice is None:
        raise Http404
    return redirect(notice.link_path)


def _code_of(notice_id: uuid.UUID) -> str:
    return base64.b32encode(notice_id.bytes)[: _CODE_BITS // 5].decode("ascii").lower()


def _notice_of(code: str, account: Account) -> Notice | None:
    """The account's notice whose id begins with the code; phones write the first letter large."""
    code = code.lower()
    if not _CODE.match(code):
        return None
    first = int.from_bytes(base64.b32decode(f"{code}aaaa".upper()), "big") << (128 - 80)
    last = first | ((1 << (128 - _CODE_BITS)) - 1)
    ids = (uuid.UUID(int=first), uuid.UUID(int=last))
    return Notice.objects.filter(pk__range=ids, account=account).exclude(link_path="").first()
