"""URLs of the public API."""

from __future__ import annotations

from django.urls import URLPattern, path

from registry.public import api, deadlines_api

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("filings/", api.FilingsView.as_view(), name="filings"),
    path("filings/<str:number>/", api.FilingView.as_view(), name="filing"),
    path("deadlines/", deadlines_api.DeadlinesView.as_view(), name="deadlines"),
]
