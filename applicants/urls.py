"""The applicant's pages."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "applicants"
urlpatterns: list[URLPattern] = []
