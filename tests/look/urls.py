"""Addresses for the look's tests alone: a page for every entry the navigations know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path
from django.views.i18n import set_language

from registry.public.display import set_display


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def pages(*names: str) -> list[URLPattern]:
    return [path(f"{name}/", page, name=name) for name in names]


public = [path("display/", set_display, name="set_display"), path("", page, name="home")]
public += pages("filings", "batches", "statistics", "planner", "help", "site_map", "accessibility", "privacy")

urlpatterns = [
    path("i18n/", set_language, name="set_language"),
    path("account/", include(pages("account_login", "account_signup", "account_logout"))),
    path("applicant/", include((pages("dashboard", "start", "inbox"), "applicants"))),
    path("review/", include((pages("queue"), "review"))),
    path("", include((public, "public"))),
]
