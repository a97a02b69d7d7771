"""URL patterns of the reviewers' pages."""

from __future__ import annotations

from django.urls import path

from review.case import views as case
from review.decisions import views as decisions
from review.heads import calendar_views as calendar
from review.heads import workload_views as workload
from review.members import views as members
from review.notices import unreached_views as unreached
from review.notices import views as notices
from review.queue import views as queue
from review.reveals import views as reveals
from review.review_forms import views as review_forms

app_name = "review"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.take_next, name="next"),
    path("filters/", queue.save, name="save_filters"),
    path("filters/<uuid:saved_id>/forget/", queue.forget, name="forget_filters"),
    path("cases/<uuid:application_id>/", case.case, name="case"),
    path("cases/<uuid:application_id>/marks/", case.mark, name="mark"),
    path("cases/<uuid:application_id>/marks/section/", case.mark_section, name="mark_section"),
    path("cases/<uuid:application_id>/notes/", case.note, name="note"),
    path("cases/<uuid:application_id>/claim/", case.claim, name="claim"),
    path("cases/<uuid:application_id>/release/", case.release, name="release"),
    path("cases/<uuid:application_id>/reassign/", case.reassign, name="reassign"),
    path("cases/<uuid:application_id>/reveal/<str:key>/", case.reveal, name="reveal"),
    path("cases/<uuid:application_id>/acts/<slug:act_name>/", decisions.act, name="act"),
    path("cases/<uuid:application_id>/review-form/", review_forms.form, name="review_form"),
    path("review-forms/", review_forms.forms, name="review_forms"),
    path("membership-claims/", members.claims, name="membership_claims"),
    path("membership-claims/<uuid:claim_id>/", members.claim, name="membership_claim"),
    path("inbox/", notices.inbox, name="inbox"),
    path("inbox/<uuid:notice_id>/", notices.notice, name="notice"),
    path("not-told/", unreached.not_told_list, name="not_told"),
    path("not-told/<uuid:notice_id>/", unreached.told, name="told"),
    path("not-told/again/<uuid:delivery_id>/", unreached.send_again, name="send_again"),
    path("workload/", workload.workload, name="workload"),
    path("workload.csv", workload.workload_csv, name="workload_csv"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/import/", calendar.calendar_import_view, name="calendar_import"),
    path("reveals/", reveals.reveals, name="reveals"),
    path("reveals.csv", reveals.reveals_csv, name="reveals_csv"),
]
