"""What was seen at an address, in words: statements of what is there and what is not, and never a judgement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.rules.codes.icp_numbers import canonical_icp_number
from registry.rules.errors import InvalidIdentifier
from registry.rules.particulars.likeness import registrable_domain
from review.visits.addresses import FiledAddress
from review.visits.seen import BROKE_OFF, NOT_READ, Seen, SeenPage, Step

_WEBSITE = "service.websites.url"
_LEAST_REFUSAL = 400

_PROBLEMS: Mapping[str, Promise] = {
    "address_unreadable": gettext_lazy("The address cannot be read as a web address."),
    "scheme_other": gettext_lazy("The address is neither http nor https; it was not asked."),
    "holds_credentials": gettext_lazy("The address holds a user name; it was not asked."),
    "port_other": gettext_lazy("The address has a port that is not asked."),
    "address_refused": gettext_lazy(
        "The name leads to an address within a machine or a closed network; it was not asked."
    ),
    "name_unknown": gettext_lazy("No address is known for the name of the site."),
    "name_too_slow": gettext_lazy("The look-up of the site's name took too long."),
    "too_slow": gettext_lazy("The site did not answer in time."),
    "connection_refused": gettext_lazy("The server refused the connection."),
    "unreachable": gettext_lazy("The server could not be reached."),
    "broke_off": gettext_lazy("The server broke the connection off."),
    "no_web_answer": gettext_lazy("What answered is no web page."),
    "too_many_redirects": gettext_lazy(
        "The address sends on again and again; it was not followed to its end."
    ),
    "goes_in_circles": gettext_lazy("The address sends on in a circle."),
    "tls_expired": gettext_lazy("The site's certificate has expired; a browser warns of it."),
    "tls_not_yet_valid": gettext_lazy("The site's certificate is not valid yet; a browser warns of it."),
    "tls_self_signed": gettext_lazy(
        "The site's certificate was issued by nobody but itself; a browser warns of it."
    ),
    "tls_issuer_unknown": gettext_lazy(
        "The issuer of the site's certificate is not known; a browser warns of it."
    ),
    "tls_other_name": gettext_lazy("The site's certificate is for another name; a browser warns of it."),
    "tls_certificate": gettext_lazy("The site's certificate is not accepted; a browser warns of it."),
    "tls_failed": gettext_lazy("No encrypted connection came about."),
    BROKE_OFF: gettext_lazy("The look broke off before anything was seen."),
    NOT_READ: gettext_lazy("The site answered with a page that could not be read."),
}


def outcome_of(seen: Seen) -> str:
    """What came of a look, in a few words."""
    if seen.failure:
        return _("Did not open")
    if seen.status >= _LEAST_REFUSAL:
        return _("Answered with status %(status)s") % {"status": seen.status}
    return _("Opened")


def problem_text(code: str) -> str:
    """Why an address gave no answer; a code of another version is shown as it is."""
    return str(_PROBLEMS.get(code, code))


def step_text(step: Step) -> str:
    """What one address on the way did."""
    if step.problem:
        return problem_text(step.problem)
    if step.by == "page":
        return _("status %(status)s, and the page sends on") % {"status": step.status}
    if step.leads_to:
        return _("status %(status)s, sends on") % {"status": step.status}
    return _("status %(status)s") % {"status": step.status}


def statements_of(filed: FiledAddress, seen: Seen, *, number: str) -> Iterator[str]:
    """What does not go together with what is filed, or cannot be said; nothing where all stands there.

    `number` is the filing's number, empty while it has none.
    """
    if seen.failure:
        yield problem_text(seen.failure)
        return
    if seen.problem:
        yield problem_text(seen.problem)
    if registrable_domain(seen.last_url) != registrable_domain(filed.url):
        yield _("The address leads to another site: %(host)s.") % {
            "host": urlsplit(seen.last_url).hostname or ""
        }
    if seen.status >= _LEAST_REFUSAL:
        yield _("The server answered with status %(status)s in place of a page.") % {"status": seen.status}
        return
    if seen.page is None:
        return
    if not seen.page.has_text:
        yield _("The page has no text unless its scripts are run, and they are not run here.")
        return
    if filed.icp_number:
        yield from _icp_statements(filed.icp_number, seen.page)
    if filed.key == _WEBSITE:
        yield from _number_statements(number, seen.page)
        if not seen.page.names_service:
            yield _("The name of the service does not appear on the page.")
        if not seen.page.names_applicant:
            yield _("The name of the applicant does not appear on the page.")
    if seen.is_cut:
        yield _("The page is long or came slowly: only its first part was read.")


def _icp_statements(filed: str, page: SeenPage) -> Iterator[str]:
    if not page.icp_numbers:
        yield _("The page shows no ICP number; %(filed)s is filed.") % {"filed": filed}
    elif _subject_of(filed) not in map(_subject_of, page.icp_numbers):
        shown = {"shown": page.icp_numbers[0], "filed": filed}
        yield _("The page shows the ICP number %(shown)s; %(filed)s is filed.") % shown


def _number_statements(number: str, page: SeenPage) -> Iterator[str]:
    if number and number not in page.filing_numbers:
        yield _("The page does not show the filing number %(number)s (Art. 13).") % {"number": number}
    for other in page.filing_numbers:
        if other != number:
            yield _("The page shows another filing number: %(number)s.") % {"number": other}


def _subject_of(icp_number: str) -> str:
    """The part of an ICP number that all sites of one owner share."""
    try:
        return canonical_icp_number(icp_number).partition("-")[0]
    except InvalidIdentifier:
        return icp_number
