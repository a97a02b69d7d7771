"""The root URLconf. Every URL name needs a line in `filing_portal/access.py`."""

from __future__ import annotations

from django.urls import include, path, register_converter
from drf_spectacular.views import SpectacularAPIView

from registry.accounts.notification_views import set_language
from registry.notices.short_address import short_address
from registry.public import health
from registry.publication.list_kinds import ListKindConverter

register_converter(ListKindConverter, "list_kind")

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", set_language, name="set_language"),
    path("n/<slug:code>/", short_address, name="short_address"),
    path("account/", include("registry.accounts.urls")),
    path("office/", include("registry.office.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("registry.public.api_urls")),
    path("files/", include("registry.files.urls")),
    path("applicant/", include("applicants.urls")),
    path("review/", include("review.urls")),
    path("", include("registry.objections.urls")),
    path("", include("registry.public.urls")),
]

handler400 = "filing_portal.error_pages.bad_request"
handler403 = "filing_portal.error_pages.permission_denied"
handler404 = "filing_portal.error_pages.not_found"
handler500 = "filing_portal.error_pages.server_error"
