"""What Django's test client answers with, by a name that signatures can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The class stands only in the stubs: at run time the client hangs these attributes on the view's response.
    from django.test.client import _MonkeyPatchedWSGIResponse as ClientResponse
else:
    from django.http.response import HttpResponseBase as ClientResponse

__all__ = ["ClientResponse"]
