"""The public pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from registry.public.display import set_display

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("display/", set_display, name="set_display"),
]
