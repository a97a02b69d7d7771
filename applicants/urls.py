"""URL patterns of the applicant's pages."""

from __future__ import annotations

from django.urls import path

from applicants.amendments import views as amendment
from applicants.amendments.views import ReasonsPage
from applicants.applications import views as application
from applicants.cancellations import views as cancellation
from applicants.changes import views as change
from applicants.changes.views import DaysPage
from applicants.clients import views as clients
from applicants.deadlines import views as deadlines
from applicants.drafts.pages import answers, attachments, check, services, statement
from applicants.drafts.pages import sections as drafts
from applicants.drafts.pages.sections import SectionPage
from applicants.drafts.pages.start import start
from applicants.endings import views as endings
from applicants.filings import views as filings
from applicants.identity_consent import identity_consent
from applicants.members.urls import member_patterns
from applicants.notices import views as inbox
from applicants.objections import views as objections

app_name = "applicants"

_DRAFT = "drafts/<uuid:draft_id>/"

urlpatterns = [
    # First: otherwise drafts/<id>/claim/ would be taken for a section.
    *member_patterns,
    path("", filings.dashboard, name="dashboard"),
    path("identity-documents/", identity_consent, name="identity_consent"),
    path("start/", start, name="start"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:notice_id>/", inbox.notice, name="notice"),
    path("places.json", drafts.places, name="places"),
    path(_DRAFT, drafts.draft, name="draft"),
    path(f"{_DRAFT}delete/", drafts.delete_draft, name="delete_draft"),
    path(f"{_DRAFT}services/", services.services, name="services"),
    path(f"{_DRAFT}attachments/", attachments.attachments, name="attachments"),
    path(f"{_DRAFT}attachments/<slug:slot_name>/", attachments.upload, name="upload"),
    path(f"{_DRAFT}files/<uuid:attachment_id>/remove/", attachments.remove, name="remove_file"),
    path(f"{_DRAFT}files/<uuid:attachment_id>/again/", attachments.try_again, name="try_file_again"),
    path(f"{_DRAFT}files/<uuid:attachment_id>/up/", attachments.move_up, name="move_file"),
    path(f"{_DRAFT}statement/", statement.statement, name="statement"),
    path(f"{_DRAFT}statement.pdf", statement.statement_pdf, name="statement_pdf"),
    path(f"{_DRAFT}changes/", DaysPage.as_view(), name="changes"),
    path(f"{_DRAFT}changes/autosave/", DaysPage.as_view(is_autosave=True), name="autosave_changes"),
    path("objections/<uuid:objection_id>/", objections.objection, name="objection"),
    path(
        "objections/<uuid:objection_id>/files/<uuid:file_id>/",
        objections.objection_file,
        name="objection_file",
    ),
    path("endings/<uuid:proceeding_id>/", endings.striking_off, name="striking_off"),
    path("endings/<uuid:proceeding_id>/no-statement/", endings.waive_statement, name="waive_statement"),
    path("endings/<uuid:proceeding_id>/files/<uuid:file_id>/", endings.statement_file, name="statement_file"),
    path(
        "endings/<uuid:proceeding_id>/files/<uuid:file_id>/replace/",
        endings.replace_file,
        name="replace_statement_file",
    ),
    path(
        "endings/<uuid:proceeding_id>/files/<uuid:file_id>/again/",
        endings.read_file_again,
        name="read_statement_file_again",
    ),
    path("filings/<uuid:filing_id>/", filings.filing, name="filing"),
    path("filings/<uuid:filing_id>/change/", change.change, name="change"),
    path("filings/<uuid:filing_id>/cancel/", cancellation.cancel, name="cancel"),
    path("applicants/<uuid:applicant_id>/change/", change.change_applicant, name="change_applicant"),
    path("applications/<uuid:application_id>/cancellation/", cancellation.cancellation, name="cancellation"),
    path(
        "applications/<uuid:application_id>/withdraw-cancellation/",
        cancellation.withdraw_cancellation,
        name="withdraw_cancellation",
    ),
    path(f"{_DRAFT}check/", check.check, name="check"),
    path(f"{_DRAFT}submit/", check.submit, name="submit"),
    path(f"{_DRAFT}questions/", answers.answers, name="answer_questions"),
    path(f"{_DRAFT}amendment/", ReasonsPage.as_view(), name="amendment"),
    path(f"{_DRAFT}amendment/autosave/", ReasonsPage.as_view(is_autosave=True), name="autosave_amendment"),
    path(f"{_DRAFT}open/<slug:section_name>/", amendment.open_section, name="open_section"),
    path(f"{_DRAFT}<slug:section_name>/", SectionPage.as_view(), name="section"),
    path(f"{_DRAFT}<slug:section_name>/autosave/", SectionPage.as_view(is_autosave=True), name="autosave"),
    path(f"{_DRAFT}<slug:section_name>/<slug:part_name>/", SectionPage.as_view(), name="part"),
    path(
        f"{_DRAFT}<slug:section_name>/<slug:part_name>/autosave/",
        SectionPage.as_view(is_autosave=True),
        name="autosave_part",
    ),
    path("applications/<uuid:application_id>/", application.application, name="application"),
    path("applications/<uuid:application_id>/amend/", amendment.amend, name="amend"),
    path("applications/<uuid:application_id>/withdraw/", application.withdraw, name="withdraw"),
    path("applications/<uuid:application_id>/copy/", application.copy, name="copy"),
    path("clients/", clients.clients, name="clients"),
    path("clients.csv", clients.export, {"file_format": "csv"}, name="clients_csv"),
    path("clients.xlsx", clients.export, {"file_format": "xlsx"}, name="clients_xlsx"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/address/", deadlines.calendar_address, name="calendar_address"),
    path("deadlines/<uuid:filing_id>/end/", deadlines.plan_end, name="plan_end"),
    path("deadlines/<slug:token>.ics", deadlines.feed, name="calendar_feed"),
]
