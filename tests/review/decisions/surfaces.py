"""Every surface on which an application's matter is named: pages, papers, notices, trails, exports and the API."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from applicants.models import Draft
from registry.book.receipt_numbers import query_code
from registry.calendar.current import current_calendar
from registry.documents import papers
from registry.documents.case_files import office_case, own_case
from registry.models import Application, Event, EventEffect, IssuedDocument, Notice
from registry.notices.filing_notices import notify_applicant
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.states import Kind, State
from registry.sample.walk import SampleCase
from review.desk.actions import OFFICER_ACTS
from review.notices.desk_notices import notify_desk
from review.review_forms.printing import review_form
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.registry.documents.reading import words_of
from tests.review.decisions.kinds import LATER
from tests.review.officers import BACKEND, seen, url

Surfaces = Iterator[tuple[str, str]]


def browser(cast: Cast, who: str, language: str) -> Client:
    """A browser of one of the cast, in a language."""
    client = Client(headers={"accept-language": language})
    client.force_login(getattr(cast, who), backend=BACKEND)
    return client


def body_of(answer: ClientResponse) -> str:
    """The text of an answer of any kind; a redirect has none."""
    return unescape(answer.getvalue().decode())


def rows_about(text: str, receipt_number: str) -> str:
    """Of a list that is about several applications, the rows and lines that name this one."""
    rows = re.findall(r"<(tr|li|article)\b[^>]*>(.*?)</\1>", text, flags=re.S)
    lines = [row for _tag, row in rows] if rows else text.splitlines()
    return "\n".join(row for row in lines if receipt_number in row)


def desk_pages(case: SampleCase, client: Client) -> Surfaces:
    """The queue, the case, and the page of every act, offered or refused."""
    yield "queue", body_of(client.get(reverse("review:queue")))
    # The panel of the applicant's other applications names each by its own kind.
    others = re.compile(r'<section class="section" id="others".*?</section>', flags=re.S)
    yield "case", others.sub("", body_of(client.get(url("case", case))))
    for act in sorted(OFFICER_ACTS):
        yield f"act {act.value}", body_of(client.get(url("act", case, act.value), seen(case.application)))


def lists_of_the_office(cast: Cast, case: SampleCase, language: str) -> Surfaces:
    """Search, exports, workload, reassignment, and the auditor's trail: what they say of this application."""
    number = case.application.receipt_number
    for who in ("provincial", "provincial_head", "national", "national_head"):
        client = browser(cast, who, language)
        yield f"search {who}", rows_about(body_of(client.get("/review/search/", {"q": number})), number)
        yield (
            f"search.csv {who}",
            rows_about(body_of(client.get("/review/search.csv", {"q": number})), number),
        )
        answer = client.get("/review/search.xlsx", {"q": number})
        sheets = load_workbook(io.BytesIO(answer.getvalue())).worksheets
        rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True) if number in row]
        yield f"search.xlsx {who}", "\n".join(str(cell) for row in rows for cell in row if cell)
    for who in ("provincial_head", "national_head"):
        client = browser(cast, who, language)
        for name in ("workload", "workload_csv", "hand_over", "not_told"):
            yield f"{name} {who}", body_of(client.get(reverse(f"review:{name}")))
    auditor = browser(cast, "auditor", language)
    for name in ("events", "events_csv"):
        shown = body_of(auditor.get(reverse(f"office:{name}"), {"case": number}))
        yield name, rows_about(shown, number)
    yield "verify", rows_about(body_of(auditor.get(reverse("office:verify"), {"stream": number})), number)


def pages_of_the_applicant(cast: Cast, case: SampleCase, language: str) -> Surfaces:
    """The applicant's dashboard, application, filing, dates and inbox; what is mended after a rejection."""
    client, application = browser(cast, "member", language), case.application
    own = reverse("applicants:application", args=[application.pk])
    yield "application", body_of(client.get(own))
    for name in ("dashboard", "deadlines", "inbox"):
        yield name, rows_about(body_of(client.get(reverse(f"applicants:{name}"))), application.receipt_number)
    if application.filing_id is not None:
        filing = body_of(client.get(reverse("applicants:filing", args=[application.filing_id])))
        yield "filing", rows_about(filing, application.receipt_number)
    if application.state == State.REJECTED:
        yield from _pages_that_mend(client, application)


def _pages_that_mend(client: Client, application: Application) -> Surfaces:
    answer = client.post(reverse("applicants:amend", args=[application.pk]))
    yield "amend", body_of(client.get(answer["Location"]))
    if application.kind == Kind.CANCELLATION:
        return
    draft = Draft.objects.get(amends_application_id=application.pk)
    yield from draft_pages(client, draft)


def draft_pages(client: Client, draft: Draft) -> Surfaces:
    """The pages of a draft, until its check."""
    for name in ("attachments", "statement", "check", "delete_draft"):
        yield f"draft {name}", body_of(client.get(reverse(f"applicants:{name}", args=[draft.pk])))
    for section in ("applicant", "person_in_charge", "service", "content"):
        answer = client.get(reverse("applicants:section", args=[draft.pk, section]), follow=True)
        yield f"draft {section}", body_of(answer)
    yield "statement.pdf", _printed(client.get(reverse("applicants:statement_pdf", args=[draft.pk])))


def _printed(answer: ClientResponse) -> str:
    content = answer.getvalue()
    return words_of(content) if content.startswith(b"%PDF") else ""


def printed_papers(case: SampleCase) -> Surfaces:
    """The words of every paper of the application, in Chinese as they are printed."""
    application = case.application
    called_for = EventEffect.objects.filter(kind=EffectKind.PAPER.value, event__application=application)
    for effect in called_for.select_related("event").order_by("event__sequence"):
        yield f"paper {effect.event.act}", words_of(papers.issue_paper(effect.event_id))
    yield "own case", words_of(own_case(application))
    yield "office case", words_of(office_case(application))
    yield "review form", words_of(review_form(application, calendar=current_calendar()))


def names_of_papers(cast: Cast, case: SampleCase) -> Surfaces:
    """Under which names the papers are saved, by the applicant and by the office."""
    wanted = [IssuedDocument.Kind.DECISION, IssuedDocument.Kind.OWN_CASE]
    addresses = [
        reverse("files:paper", args=[each.event_id])
        for each in IssuedDocument.objects.filter(application=case.application_id, kind__in=wanted[:1])
    ]
    whole = reverse("files:case_file", args=[case.application_id])
    for who, asked in (("member", [*addresses, whole]), ("national", [whole])):
        client = browser(cast, who, "zh-hans")
        for address in asked:
            yield f"name {who} {address}", unquote(client.get(address)["Content-Disposition"])


def told(case: SampleCase) -> Surfaces:
    """All that the applicant and the offices are told of the application, in each notice's language."""
    for event in Event.objects.filter(application=case.application_id).order_by("sequence"):
        notify_applicant(event.pk, at=LATER)
        notify_desk(event.pk, at=LATER)
    for notice in Notice.objects.filter(event__application=case.application_id):
        yield f"notice {notice.kind}", "\n".join((notice.subject, notice.body, notice.sms))


def opened_notices(cast: Cast, case: SampleCase, language: str) -> Surfaces:
    """The pages of those notices, and the inboxes of their recipients."""
    for notice in Notice.objects.filter(event__application=case.application_id).select_related("account"):
        if notice.account is None:
            continue
        client = Client(headers={"accept-language": language})
        client.force_login(notice.account, backend=BACKEND)
        room = "applicants" if notice.account == cast.member else "review"
        yield f"opened {notice.kind}", body_of(client.get(reverse(f"{room}:notice", args=[notice.pk])))
        yield f"inbox {notice.kind}", body_of(client.get(reverse(f"{room}:inbox")))


def what_the_public_reads(case: SampleCase, language: str) -> Surfaces:
    """The status of an application for who holds its receipt, and the public record over HTTP and as data."""
    number = case.application.receipt_number
    client = Client(headers={"accept-language": language})
    asked = {"receipt_number": number, "code": query_code(number)}
    yield "filing status", body_of(client.post("/filing-status/", asked))
    filing = case.application.filing
    if filing is not None and filing.number:
        yield "record", body_of(client.get(reverse("public:filing", args=[filing.number])))
        yield "api", body_of(client.get(f"/api/v1/filings/{filing.number}/"))
