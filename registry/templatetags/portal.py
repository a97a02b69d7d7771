"""Template filters and tags of the portal: dates, tones of states, weeks, form errors, navigation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from registry.calendar.explanations import PROVISIONAL
from registry.labels.calendar_words import reason_label
from registry.labels.date_format import day, due_day, moment, time_of_day
from registry.labels.reasons import citation
from registry.publication.addresses import leaving_path, path_within
from registry.rules.particulars.attachments import MAX_FILE_BYTES, MAX_FILE_MEGABYTES, MAX_TOTAL_MEGABYTES

register = template.Library()
register.filter(day)
register.filter(moment)
register.filter(time_of_day)
register.filter(citation)


@register.filter("due_day")
def due_day_of(value: date | None, provisional: object) -> str:
    """The last day of a period, with the word that it is provisional where it is."""
    return due_day(value, provisional=bool(provisional))


# What search engines and browsers are told of a link that leads out of the portal.
OUTSIDE = "nofollow noopener noreferrer"
# A date or a receipt number, which must not break at its hyphens.
_WHOLE = re.compile(r"\b(\d{4}-\d{2}-(?:\d{6}|\d{2}))\b", re.ASCII)
# A number of the ICP register, whose province is Chinese in every language.
_ICP_NUMBER = re.compile(r"([\u4e00-\u9fff](?:ICP[备证]\d+号(?:-\d+[A-Z]?)?|[A-Z]\d-\d{8}))", re.ASCII)

# The tone (shape and colour) of each state; a state that is missing here is shown as open.
STATE_TONES: dict[str, str] = {
    "draft": "open",
    "pending": "open",
    "unclaimed": "open",
    "not_started": "open",
    "proposed": "waiting",
    "confirmed": "working",
    "frozen": "working",
    "dropped": "ended",
    "received": "waiting",
    "admitted": "working",
    "with_applicant": "waiting",
    "upholding_proposed": "waiting",
    "dismissal_proposed": "waiting",
    "upheld": "warning",
    "dismissed": "ended",
    "not_admitted": "ended",
    "notice_sent": "working",
    "served": "working",
    "announced": "working",
    "stated": "waiting",
    "waived": "waiting",
    "answered": "waiting",
    "provincial_review": "working",
    "national_review": "working",
    "in_progress": "working",
    "published": "working",
    "provincial_confirmation": "waiting",
    "national_confirmation": "waiting",
    "awaiting_number": "waiting",
    "being_checked": "waiting",
    "approved": "good",
    "in_force": "good",
    "final": "good",
    "clean": "good",
    "complete": "good",
    "fine": "good",
    "delivered": "good",
    "undelivered": "warning",
    "due_soon": "warning",
    "business_suspended": "warning",
    "provisional": "warning",
    "late": "bad",
    "rejected": "bad",
    "refused": "bad",
    "deficient": "bad",
    "incomplete": "bad",
    "failed": "bad",
    "struck_off": "bad",
    "withdrawn": "ended",
    "lapsed": "ended",
    "cancelled": "ended",
}


@register.filter
def status_tone(state: object) -> str:
    """The tone of a state code: open, working, waiting, good, warning, bad or ended."""
    return STATE_TONES.get(str(state), "open")


@register.filter
def whole_dates(text: object) -> SafeString:
    """The text, escaped, with each date and receipt number kept on one line; browsers break after hyphens."""
    parts = _WHOLE.split(str(text))
    # Splitting by a pattern with a group puts the matches at the odd indexes.
    rows = [
        (format_html('<span class="nowrap">{}</span>', part) if at % 2 else part,)
        for at, part in enumerate(parts)
    ]
    return format_html_join("", "{}", rows)


@register.filter
def chinese_numbers(text: object) -> SafeString:
    """The text, escaped, with each ICP number marked as Chinese; what is HTML already stays as it is."""
    # Of a text that waits for its language only the words tell what it is.
    words = str(text)
    if isinstance(words, SafeString):
        return words
    # As in whole_dates, the matches are at the odd indexes.
    parts = _ICP_NUMBER.split(words)
    rows = [
        (format_html('<span lang="zh-Hans">{}</span>', part) if at % 2 else part,)
        for at, part in enumerate(parts)
    ]
    return format_html_join("", "{}", rows)


@register.simple_tag
def article_link(address: str, words: str) -> SafeString:
    """A link of an article: to a page of the portal, or to the page that says where it leaves the portal for."""
    if path := path_within(address):
        return format_html('<a href="{}">{}</a>', path, words)
    return format_html('<a href="{}" rel="{}">{}</a>', leaving_path(address), OUTSIDE, words)


@register.filter
def leaving(address: str) -> str:
    """The path of the page that says which outside address a link leads to."""
    return leaving_path(address)


@register.filter
def grouped(value: float | None) -> str:
    """A number with thousands separators: 12,345; empty for None."""
    return "" if value is None else f"{value:,}"


@register.filter
def weeks(days: Iterable[Any]) -> list[list[Any]]:
    """Explained days as weeks from Monday to Sunday, in order, with None where a week has no such day.

    A week without any of the days is left out.
    """
    in_order = sorted(days, key=lambda each: each.on)
    if not in_order:
        return []
    rows: dict[date, list[Any]] = {}
    for each in in_order:
        monday = each.on - timedelta(days=each.on.weekday())
        rows.setdefault(monday, [None] * 7)[each.on.weekday()] = each
    return list(rows.values())


@register.filter
def day_reason(reason: object) -> str:
    """The reason why a day counts or does not, in words."""
    return str(reason_label(str(reason)))


@register.filter
def form_errors(form: BaseForm | None) -> list[dict[str, str]]:
    """Every error of a form as target, label and message, in the order of the fields.

    The target is the id of the control or, for a group of buttons, of the element around them.
    """
    if form is None or not form.errors:
        return []
    found = [{"target": "", "label": "", "message": str(each)} for each in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or field.auto_id
        found += [
            {"target": target, "label": str(field.label), "message": str(each)} for each in field.errors
        ]
    return found


@register.simple_tag
def upload_limits() -> dict[str, int]:
    """The limits of uploads: bytes and megabytes of one file, and megabytes of all files of an application."""
    return {
        "bytes": MAX_FILE_BYTES,
        "megabytes": MAX_FILE_MEGABYTES,
        "total_megabytes": MAX_TOTAL_MEGABYTES,
    }


@register.simple_tag
def provisional_note() -> str:
    """The sentence that explains what a provisional day is."""
    return str(PROVISIONAL)


@register.simple_tag
def site_facts() -> dict[str, Any]:
    """The identity of the site, whether its data are samples, and its languages.

    They are read from the settings, not from a context processor, so that error pages have them too.
    """
    return {
        "identity": settings.SITE_IDENTITY,
        "sample_data": settings.SAMPLE_DATA,
        "languages": settings.LANGUAGES,
    }


# The paths below a desk's start page that count as part of it; all others have entries of their own.
_PAGES_OF_START: dict[str, tuple[str, ...]] = {
    "applicants:dashboard": ("applications/", "drafts/", "filings/"),
    "review:queue": ("cases/",),
}


@register.inclusion_tag("includes/nav_link.html", takes_context=True)
def nav_link(context: Context, url_name: str, label: str, count: int | None = None) -> dict[str, Any]:
    """One entry of a navigation, marked when it leads to the current page or to one above it.

    It renders nothing when there is no URL of that name. In a `nav_group` the group is marked and counts as well.
    """
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        return {"url": ""}
    path = getattr(context.get("request"), "path", "")
    current = "page" if path == url else ""
    below = path.removeprefix(url) if url.strip("/") and path.startswith(url) else ""
    if below and below.startswith(_PAGES_OF_START.get(url_name, ("",))):
        current = "true"
    group = context.get(_GROUP)
    if group is not None:
        group.is_current = group.is_current or bool(current)
        group.count += count or 0
    return {"url": url, "label": label, "count": count, "current": current}


# Under this name the entries of a group find it in their context.
_GROUP = "nav_group"


@dataclass(slots=True)
class NavGroup:
    """What the entries of a group have told it: whether one leads to the current page, and the sum of their counts."""

    is_current: bool = False
    count: int = 0


class _NavGroupNode(template.Node):
    def __init__(self, label: FilterExpression, entries: NodeList) -> None:
        self._label = label
        self._entries = entries

    def render(self, context: Context) -> str:
        group = NavGroup()
        with context.push(**{_GROUP: group}):
            entries = self._entries.render(context)
        shown = {"label": self._label.resolve(context), "entries": entries, "group": group}
        return render_to_string("includes/nav_group.html", shown) if entries.strip() else ""


@register.tag
def nav_group(parser: Parser, token: Token) -> _NavGroupNode:
    """Entries of a navigation that unfold below a label: `{% nav_group label %}{% nav_link … %}{% endnav_group %}`.

    The label is marked when one of the entries is, and shows the sum of their counts; without entries it is not there.
    """
    _name, label = token.split_contents()
    entries = parser.parse(("endnav_group",))
    parser.delete_first_token()
    return _NavGroupNode(parser.compile_filter(label), entries)
