"""The search of the whole site: filings, batch lists, news and policies, and pages, each a group with its count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry import clock
from registry.labels.list_words import list_title, printed_title, short_title
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.list_views import list_row
from registry.public.navigation import crumbs
from registry.public.news import article_row
from registry.public.pages import address, filing_row, number_in_address
from registry.public.site_pages import pages_with
from registry.public.words import number_of_another_register
from registry.publication import lists, record
from registry.publication.articles import articles_with
from registry.publication.lists import PublicList
from registry.publication.record import MAXIMUM_QUERY_LENGTH, Criteria
from registry.rules.search_form import form_of

# How many of each group stand on the page; the register and the lists have pages of their own for the rest.
FILINGS_SHOWN = 5
ARTICLES_SHOWN = 10
LISTS_SHOWN = 5


@require_safe
@limited
def search(request: HttpRequest) -> HttpResponse:
    """What `q` finds anywhere on the site; a text with a whole filing number leads to its record."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:MAXIMUM_QUERY_LENGTH]
    if number := record.number_meant(text):
        return HttpResponseRedirect(reverse("public:filing", args=[number_in_address(number)]))
    context: dict[str, Any] = {
        "q": text,
        "longest": MAXIMUM_QUERY_LENGTH,
        "crumbs": crumbs((_("Search this site"), "")),
    }
    if receipt := record.receipt_number_meant(text):
        context["receipt_number"] = receipt
    elif text:
        context |= _found(text)
        context["other_number"] = number_of_another_register(text) if not context["total"] else ""
    return page_of(request, "registry/search.html", context)


def _found(text: str) -> dict[str, Any]:
    """The groups of what the text finds; words of signs alone find nothing."""
    terms = record.terms_of(text)
    if not terms:
        return {"total": 0}
    filings = record.search(Criteria(text=text), page_size=FILINGS_SHOWN)
    counted = filings.tally
    articles, article_count = articles_with(terms, at=clock.now(), most=ARTICLES_SHOWN)
    named = [each for each in lists.public_lists() if _names_list(each, terms)]
    pages = pages_with(terms)
    filing_count = counted.filings if counted is not None else 0
    return {
        "filings": [filing_row(each, filings.former_names.get(each.number, {})) for each in filings.filings],
        "filing_count": filing_count,
        "is_whole": counted is None or counted.is_whole,
        "register_url": address(reverse("public:filings"), {}, names=(), q=text),
        "lists": [
            list_row(each) | {"title": list_title(each.kind, each.number)} for each in named[:LISTS_SHOWN]
        ],
        "list_count": len(named),
        "articles": [article_row(each) for each in articles],
        "article_count": article_count,
        "pages": pages,
        "total": filing_count + article_count + len(named) + len(pages),
    }


def _names_list(shown: PublicList, terms: list[str]) -> bool:
    """Whether a list is named by all of the terms, in the words of either language."""
    titles = (printed_title(shown.kind, shown.number), list_title(shown.kind, shown.number))
    names = (*titles, short_title(shown.number), str(shown.number), shown.dated_on.isoformat())
    said = form_of("\n".join(names))
    return all(term in said for term in terms)
