"""The entries of the site map, and the breadcrumbs of the public pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry.rules.batches.lifecycle import ListKind


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the site map."""

    url_name: str
    label: Promise
    text: Promise
    arguments: tuple[object, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=self.arguments)


PUBLIC_PAGES = (
    Entry("public:home", gettext_lazy("Home"), gettext_lazy("Search, figures, the latest filings.")),
    Entry(
        "public:filings",
        pgettext_lazy("the book of filings", "Register"),
        gettext_lazy("Every filing with a number, by name, province, category, chain and day."),
    ),
    Entry(
        "public:batches",
        gettext_lazy("Batch lists"),
        gettext_lazy(
            "The numbered public lists of filings, with their files and their days for objections; "
            "the lists of endings, and the corrigenda."
        ),
    ),
    Entry(
        "public:announced_notices",
        gettext_lazy("Notices served by announcement"),
        gettext_lazy("Proposals to strike filings off whose applicants could not be reached."),
    ),
    Entry(
        "public:statistics",
        gettext_lazy("Statistics"),
        gettext_lazy("Services and applicants by list, province, category and chain, as of any day."),
    ),
    Entry(
        "public:news",
        gettext_lazy("News and notices"),
        gettext_lazy("What the office announces, with a feed."),
    ),
    Entry(
        "public:policies",
        gettext_lazy("Policies and rules"),
        gettext_lazy("The rules that filings follow, and how they are read."),
    ),
    Entry(
        "public:search",
        gettext_lazy("Search this site"),
        gettext_lazy("Numbers, names, news, lists and help in one search."),
    ),
    Entry(
        "public:filing_status",
        gettext_lazy("Filing status"),
        gettext_lazy("Where an application stands, by its receipt number and query code."),
    ),
    Entry(
        "public:verify",
        gettext_lazy("Verify a number or a certificate"),
        gettext_lazy("Whether a filing number is in the register, and whether a certificate is genuine."),
    ),
    Entry(
        "public:scope",
        gettext_lazy("Do I need to file?"),
        gettext_lazy("At most five questions, following Art. 2 of the Provisions."),
    ),
    Entry(
        "public:planner",
        gettext_lazy("Deadline planner"),
        gettext_lazy("The due day of a filing, a change, a cancellation or a decision, and why that day."),
    ),
    Entry(
        "public:help",
        gettext_lazy("Help"),
        gettext_lazy("How to file, what it takes, how long it takes, whom to ask."),
    ),
    Entry(
        "public:templates",
        gettext_lazy("Templates and advice"),
        gettext_lazy("Management rules, emergency plan and user agreement, and what a reviewer looks for."),
    ),
    Entry(
        "public:reasons",
        gettext_lazy("Common reasons for rejection"),
        gettext_lazy("Why filings are rejected, with examples and what to do."),
    ),
    Entry(
        "public:privacy",
        gettext_lazy("Privacy notice"),
        gettext_lazy("Which personal information is handled, for what, by whom, and how long."),
    ),
    Entry(
        "public:accessibility",
        gettext_lazy("Accessibility statement"),
        gettext_lazy("What everybody can use, what not yet, and how to complain."),
    ),
    Entry(
        "public:data_interface",
        gettext_lazy("Data interface"),
        gettext_lazy("The public register for programs: what it gives, an example, limits and terms."),
    ),
    Entry("public:site_map", gettext_lazy("Site map"), gettext_lazy("This page.")),
)
SERVICE_PAGES = (
    Entry(
        "account_signup",
        gettext_lazy("Open an account"),
        gettext_lazy("With name, mobile and e-mail, to file."),
    ),
    Entry("account_login", gettext_lazy("Sign in"), gettext_lazy("For applicants and offices.")),
)
PROGRAM_PAGES = (
    Entry(
        "public:batches_feed",
        gettext_lazy("Feed of the batch lists (Atom)"),
        gettext_lazy("Tells feed readers of each new list; older ones are on its archive pages."),
    ),
    Entry(
        "public:news_feed",
        gettext_lazy("Feed of the news (Atom)"),
        gettext_lazy("Tells feed readers of each notice of the office."),
    ),
    Entry(
        "public:batches_feed",
        gettext_lazy("Feed of the cancelled filings (Atom)"),
        gettext_lazy("Tells feed readers of each new list of cancelled filings."),
        (ListKind.CANCELLED,),
    ),
    Entry(
        "public:batches_feed",
        gettext_lazy("Feed of the filings struck off (Atom)"),
        gettext_lazy("Tells feed readers of each new list of filings that the office struck off."),
        (ListKind.STRUCK_OFF,),
    ),
    Entry(
        "public:batches_feed",
        gettext_lazy("Feed of the corrigenda (Atom)"),
        gettext_lazy("Tells feed readers what of a published list was corrected or withdrawn."),
        (ListKind.CORRIGENDA,),
    ),
)


def crumbs(*trail: tuple[object, str]) -> list[dict[str, object]]:
    """The breadcrumbs from the home page along `trail`, pairs of label and URL; the current page's URL is empty."""
    home: dict[str, object] = {"label": _("Home"), "url": reverse("public:home")}
    return [home, *({"label": label, "url": url} for label, url in trail)]
