"""The public pages: home, register, record, scope check, guide. They query `registry.publication.record` only."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from registry import clock
from registry.labels.ending_words import standing_words
from registry.public import problems
from registry.public.answers import page_of
from registry.public.guide import guide_context, steps_of_filing
from registry.public.limits import limited
from registry.public.list_views import objection_url, window_of
from registry.public.navigation import PROGRAM_PAGES, PUBLIC_PAGES, SERVICE_PAGES, crumbs
from registry.public.news import article_row
from registry.public.pages import filing_row, number_in_address
from registry.public.record import record_sections
from registry.public.scope import QUESTIONS, question_context
from registry.public.words import history_entry, number_of_another_register, standing_sentence, why_not
from registry.publication import lists, record
from registry.publication.addresses import qr_svg, record_url
from registry.publication.articles import latest_articles
from registry.publication.record import Found, NotANumber, NotInRegister, PublicEvent
from registry.rules.codes import filing_number
from registry.rules.scope import assess, choices_of
from registry.rules.workflow.states import Standing

LATEST_FILINGS = 6
LATEST_ARTICLES = 4
_ONE_DAY_SECONDS = 24 * 3600


@require_safe
@limited
def home(request: HttpRequest) -> HttpResponse:
    """The home page: search, figures, latest filings and articles, and the steps of a filing."""
    context = {
        "figures": record.figures(),
        "rows": [filing_row(filing) for filing in record.latest(LATEST_FILINGS)],
        "articles": [article_row(each) for each in latest_articles(at=clock.now(), most=LATEST_ARTICLES)],
        "steps": steps_of_filing(),
    }
    return page_of(request, "registry/home.html", context)


@require_safe
@limited
def filing(request: HttpRequest, number: str) -> HttpResponse:
    """One record, at its number's canonical URL only; a 404 says why there is none."""
    canonical = number_in_address(number)
    if canonical != number:
        return HttpResponsePermanentRedirect(reverse("public:filing", args=[canonical]))
    outcome = record.look_up(number)
    if isinstance(outcome, Found):
        return _record(request, outcome)
    return _no_record(request, outcome, text=number)


@require_safe
@limited
def filing_qr(_request: HttpRequest, number: str) -> HttpResponse:
    """The QR code of a record page's address, as SVG."""
    if not record.is_published(number):
        raise Http404
    response = HttpResponse(qr_svg(number), content_type="image/svg+xml")
    patch_cache_control(response, public=True, max_age=_ONE_DAY_SECONDS)
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return response


@require_safe
def scope(request: HttpRequest) -> HttpResponse:
    """The check whether a service needs to be filed: one question per page, the answers so far in the query."""
    assessment = assess(request.GET.dict())
    context = question_context(assessment)
    context["crumbs"] = crumbs((_("Do I need to file?"), ""))
    question = assessment.next_question
    if question is not None and request.GET.get("asked") == question:
        first = f"answer-{choices_of(question)[0]}"
        message = _("Choose an answer, then go on.")
        context["errors"] = [{"target": first, "label": QUESTIONS[question][0], "message": message}]
    return page_of(request, "registry/scope.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The service guide: who files, on what legal basis, with which documents, how long it takes, whom to ask."""
    context = {
        **guide_context(),
        "identity": settings.SITE_IDENTITY,
        "crumbs": crumbs((_("Help"), "")),
    }
    return page_of(request, "registry/help.html", context)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """The site map of all public pages."""
    groups = (
        (_("For everybody"), PUBLIC_PAGES),
        (_("For applicants and offices"), SERVICE_PAGES),
        (_("For programs"), PROGRAM_PAGES),
    )
    context = {"groups": groups, "crumbs": crumbs((_("Site map"), ""))}
    return page_of(request, "registry/site_map.html", context)


@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that a problem type of the API points to, with its meaning."""
    found = problems.find(slug)
    if found is None:
        raise Http404
    context = {"problem": found, "crumbs": crumbs((_("Problems of the API"), ""), (found.title, ""))}
    return page_of(request, "registry/problem.html", context)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """The robots.txt: search engines may index public pages, but not the results of searches."""
    closed = (
        "/account/",
        "/applicant/",
        "/review/",
        "/office/",
        "/files/",
        "/admin/",
        "/api/",
        "/filings/?",
        "/filings.",
        "/leaving/",
        "/search/?",
    )
    lines = ["User-agent: *", "Allow: /files/lists/", *(f"Disallow: {path}" for path in closed), ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=_ONE_DAY_SECONDS)
    return response


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Redirects the default icon address to the site's icon, for browsers that have not read a page's link to it."""
    response = HttpResponsePermanentRedirect(static("img/mark.svg"))
    patch_cache_control(response, public=True, max_age=_ONE_DAY_SECONDS)
    return response


# ---------------------------------------------------------------- what the pages show


def _record(request: HttpRequest, found: Found) -> HttpResponse:
    filing = found.filing
    context = {
        "filing": filing,
        "standing_label": standing_words(filing.standing, filing.end_ground),
        "standing_sentence": standing_sentence(filing),
        "objection": _objection(found),
        "is_claimable": record.lacks_particulars(filing) and filing.standing is Standing.IN_FORCE,
        "sections": record_sections(filing),
        "history": [history_entry(change) for change in reversed(found.history)],
        "qr_url": reverse("public:filing_qr", args=[filing.number]),
        "applicant_url": reverse("public:applicant", args=[filing_number.parse(filing.number).head]),
        "record_url": record_url(filing.number),
        "api_url": reverse("api:filing", args=[filing.number]),
        "crumbs": crumbs(
            (pgettext("the book of filings", "Register"), reverse("public:filings")), (filing.number, "")
        ),
    }
    return page_of(request, "registry/filing.html", context)


def _objection(found: Found) -> dict[str, Any] | None:
    """Where and until when anyone may object to the filing's entry in its list; None while nobody may."""
    listed = next((each for each in reversed(found.history) if each.event is PublicEvent.LISTED), None)
    if listed is None or listed.batch is None or listed.batch != found.filing.batch:
        return None
    window = window_of(listed.on)
    position = lists.position_of(found.filing.number) if clock.today() <= window.due_on else None
    return {"url": objection_url(listed.batch, position), "window": window} if position else None


def _no_record(request: HttpRequest, outcome: NotANumber | NotInRegister, *, text: str) -> HttpResponse:
    refused = isinstance(outcome, NotANumber)
    other_number = number_of_another_register(text) if refused and not record.number_meant(text) else ""
    typed = outcome.typed if isinstance(outcome, NotANumber) else outcome.number
    context = {
        "typed": "" if other_number else typed,
        "other_number": other_number,
        "cannot_be": refused,
        "wrong_check": isinstance(outcome, NotANumber) and outcome.code == "check_character",
        "why_not": why_not(outcome) if isinstance(outcome, NotANumber) else "",
        "crumbs": crumbs(
            (pgettext("the book of filings", "Register"), reverse("public:filings")),
            (_("Not a filing number") if refused else _("Not in the register"), ""),
        ),
    }
    return page_of(request, "registry/no_record.html", context, status=HTTPStatus.NOT_FOUND)
