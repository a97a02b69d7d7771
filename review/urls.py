"""URL patterns of the reviewers' pages."""

from __future__ import annotations

from django.urls import path

from review.batches import compose_views as compose
from review.batches import views as batches
from review.case import views as case
from review.consultations import views as consultations
from review.contacts import views as contacts
from review.decisions import views as decisions
from review.desk import handover_views, leave_views, reassignment
from review.endings import views as endings
from review.heads import calendar_views as calendar
from review.heads import paper_views as papers
from review.heads import workload_views as workload
from review.members import views as members
from review.notices import telling_views as tellings
from review.notices import unreached_views as unreached
from review.notices import views as notices
from review.objections import objector_papers
from review.objections import views as objections
from review.own_texts import views as own_texts
from review.quality import views as quality
from review.queue import bulk_views as bulk
from review.queue import views as queue
from review.reveals import views as reveals
from review.review_forms import signed_views
from review.review_forms import views as review_forms
from review.search import views as search
from review.visits import views as visits

app_name = "review"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.take_next, name="next"),
    path("filters/", queue.save, name="save_filters"),
    path("filters/<uuid:saved_id>/forget/", queue.forget, name="forget_filters"),
    path("search/", search.find_cases, name="cases"),
    path("search.csv", search.cases_file, {"file_format": "csv"}, name="cases_csv"),
    path("search.xlsx", search.cases_file, {"file_format": "xlsx"}, name="cases_xlsx"),
    path("cases/<uuid:application_id>/", case.case, name="case"),
    path("cases/<uuid:application_id>/viewing/", case.viewing, name="viewing"),
    path("cases/<uuid:application_id>/marks/", case.mark, name="mark"),
    path("cases/<uuid:application_id>/marks/section/", case.mark_section, name="mark_section"),
    path("cases/<uuid:application_id>/notes/", case.note, name="note"),
    path("cases/<uuid:application_id>/typed/<str:place>/", case.typed, name="typed"),
    path("cases/<uuid:application_id>/claim/", case.claim, name="claim"),
    path("cases/<uuid:application_id>/release/", case.release, name="release"),
    path("cases/<uuid:application_id>/reassign/", reassignment.reassign, name="reassign"),
    path("cases/<uuid:application_id>/reveal/<str:key>/", case.reveal, name="reveal"),
    path("cases/<uuid:application_id>/contacts/", contacts.note_contact, name="note_contact"),
    path("cases/<uuid:application_id>/site-visits/", contacts.note_site_visit, name="note_site_visit"),
    path("own-texts/", own_texts.own_texts, name="own_texts"),
    path("own-texts/<uuid:text_id>/", own_texts.own_text, name="own_text"),
    path("own-texts/<uuid:text_id>/move/", own_texts.move_own_text, name="move_own_text"),
    path("own-texts/<uuid:text_id>/remove/", own_texts.remove_own_text, name="remove_own_text"),
    path("contacts/<uuid:note_id>/files/<uuid:file_id>/", contacts.contact_file, name="contact_file"),
    path("cases/<uuid:application_id>/consult/", consultations.consult, name="consult"),
    path("consultations/", consultations.all_consultations, name="consultations"),
    path("consultations/<uuid:consultation_id>/", consultations.one_consultation, name="consultation"),
    path("consultations/<uuid:consultation_id>/letter/", consultations.letter, name="consultation_letter"),
    path(
        "consultations/<uuid:consultation_id>/answer/",
        consultations.answer_consultation,
        name="answer_consultation",
    ),
    path(
        "consultations/<uuid:consultation_id>/withdraw/",
        consultations.withdraw_consultation,
        name="withdraw_consultation",
    ),
    path(
        "consultations/<uuid:consultation_id>/files/<uuid:file_id>/",
        consultations.consultation_file,
        name="consultation_file",
    ),
    path("cases/<uuid:application_id>/sites/", visits.sites, name="sites"),
    path("cases/<uuid:application_id>/acts/<slug:act_name>/", decisions.act, name="act"),
    path("cases/<uuid:application_id>/review-form/", review_forms.form, name="review_form"),
    path("cases/<uuid:application_id>/signed-form/", signed_views.signed_form, name="signed_form"),
    path("review-forms/", review_forms.forms, name="review_forms"),
    path("membership-claims/", members.claims, name="membership_claims"),
    path("membership-claims/<uuid:claim_id>/", members.claim, name="membership_claim"),
    path("inbox/", notices.inbox, name="inbox"),
    path("inbox/<uuid:notice_id>/", notices.notice, name="notice"),
    path("inbox/read/", notices.mark_read, name="mark_read"),
    path("not-told/", unreached.not_told_list, name="not_told"),
    path("not-told/<uuid:notice_id>/", tellings.told, name="told"),
    path("not-told/<uuid:notice_id>/files/<uuid:file_id>/", tellings.telling_file, name="telling_file"),
    path(
        "not-told/<uuid:notice_id>/files/<uuid:file_id>/replace/",
        tellings.replace_telling_file,
        name="replace_telling_file",
    ),
    path(
        "not-told/<uuid:notice_id>/files/<uuid:file_id>/again/",
        tellings.read_telling_file_again,
        name="read_telling_file_again",
    ),
    path("not-told/again/<uuid:delivery_id>/", unreached.send_again, name="send_again"),
    path("overview/", workload.overview, name="overview"),
    path("workload/", workload.workload, name="workload"),
    path("workload/report.pdf", workload.monthly_report_pdf, name="monthly_report"),
    path("workload.csv", workload.workload_csv, name="workload_csv"),
    path("handover/", handover_views.hand_over, name="hand_over"),
    path("bulk/", bulk.act, name="bulk"),
    path("assign/", bulk.assign, name="assign"),
    path("leave/", leave_views.leaves, name="leave"),
    path("leave/<uuid:leave_id>/end/", leave_views.end, name="end_leave"),
    path("quality/", quality.quality, name="quality"),
    path("quality/draw/", quality.quality_draw, name="quality_draw"),
    path("quality/<uuid:round_id>/", quality.quality_round, name="quality_round"),
    path("quality/<uuid:round_id>.csv", quality.quality_round_csv, name="quality_round_csv"),
    path("quality/cases/<uuid:case_id>/", quality.quality_case, name="quality_case"),
    path("quality/cases/<uuid:case_id>/assign/", quality.quality_assign, name="quality_assign"),
    path("quality/cases/<uuid:case_id>/set-aside/", quality.quality_set_aside, name="quality_set_aside"),
    path("papers/", papers.papers, name="papers"),
    path("papers/decide/", papers.papers_decide, name="papers_decide"),
    path("papers/sample/", papers.papers_sample, name="papers_sample"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/import/", calendar.calendar_import_view, name="calendar_import"),
    path("calendar/proposals/<uuid:proposal_id>/", calendar.calendar_proposal, name="calendar_proposal"),
    path("batches/", batches.batches, name="batches"),
    path("batches/compose/", compose.compose, name="compose"),
    path("batches/compose/preview/", compose.preview, name="preview_list"),
    path("batches/compose/preview.pdf", compose.preview_pdf, name="preview_list_pdf"),
    path("batches/compose/propose/", compose.propose, name="propose_list"),
    path("batches/announcement-text/", compose.announcement_text, name="announcement_text"),
    path("batches/compose/<list_kind:kind>/", compose.compose, name="compose"),
    path("batches/compose/<list_kind:kind>/preview/", compose.preview, name="preview_list"),
    path("batches/compose/<list_kind:kind>/preview.pdf", compose.preview_pdf, name="preview_list_pdf"),
    path("batches/compose/<list_kind:kind>/propose/", compose.propose, name="propose_list"),
    path("batches/announcement-text/<list_kind:kind>/", compose.announcement_text, name="announcement_text"),
    path("batches/<uuid:list_id>/", batches.batch, name="batch"),
    path("batches/<uuid:list_id>/progress/", batches.batch_progress, name="batch_progress"),
    path("batches/<uuid:list_id>/preview.pdf", batches.batch_pdf, name="batch_pdf"),
    path("batches/<uuid:list_id>/acts/<slug:act_name>/", batches.batch_act, name="batch_act"),
    path("objections/", objections.all_objections, name="objections"),
    path("objections/letter/", objections.letter, name="objection_letter"),
    path("objections/<uuid:objection_id>/", objections.one_objection, name="objection"),
    path(
        "objections/<uuid:objection_id>/acts/<slug:act_name>/",
        objections.objection_act,
        name="objection_act",
    ),
    path(
        "objections/<uuid:objection_id>/files/<uuid:file_id>/",
        objections.objection_file,
        name="objection_file",
    ),
    path(
        "objections/<uuid:objection_id>/files/<uuid:file_id>/replace/",
        objections.replace_file,
        name="replace_objection_file",
    ),
    path(
        "objections/<uuid:objection_id>/files/<uuid:file_id>/again/",
        objections.read_file_again,
        name="read_objection_file_again",
    ),
    path(
        "objections/<uuid:objection_id>/notices/<uuid:notice_id>/letter/",
        objector_papers.letter,
        name="objector_letter",
    ),
    path(
        "objections/<uuid:objection_id>/notices/<uuid:notice_id>/told/",
        tellings.objector_told,
        name="objector_told",
    ),
    path(
        "objections/<uuid:objection_id>/deliveries/<uuid:delivery_id>/again/",
        objector_papers.send_again,
        name="objector_send_again",
    ),
    path("endings/", endings.all_strikings_off, name="strikings_off"),
    path("endings/filings/<uuid:filing_id>/", endings.strike_off, name="strike_off"),
    path("endings/<uuid:proceeding_id>/", endings.one_striking_off, name="striking_off"),
    path(
        "endings/<uuid:proceeding_id>/acts/<slug:act_name>/",
        endings.striking_off_act,
        name="striking_off_act",
    ),
    path(
        "endings/<uuid:proceeding_id>/files/<uuid:file_id>/",
        endings.striking_off_file,
        name="striking_off_file",
    ),
    path(
        "endings/<uuid:proceeding_id>/files/<uuid:file_id>/replace/",
        endings.replace_file,
        name="replace_striking_off_file",
    ),
    path(
        "endings/<uuid:proceeding_id>/files/<uuid:file_id>/again/",
        endings.read_file_again,
        name="read_striking_off_file_again",
    ),
    path("reveals/", reveals.reveals, name="reveals"),
    path("reveals.csv", reveals.reveals_csv, name="reveals_csv"),
]
