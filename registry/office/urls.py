"""URLs of the administrator's and the auditor's pages."""

from __future__ import annotations

from django.urls import path

from registry.office import (
    administration,
    article_views,
    auditing,
    chain_name_views,
    notice_texts,
    operations,
)

app_name = "office"
urlpatterns = [
    path("lists/", administration.list_overview, name="lists"),
    path("lists/<slug:list_name>/", administration.list_page, name="list"),
    path("lists/<slug:list_name>/add/", administration.list_entry_add, name="list_entry_add"),
    path("entries/<uuid:entry_id>/", administration.list_entry, name="list_entry"),
    path("entries/<uuid:entry_id>/move/", administration.list_entry_move, name="list_entry_move"),
    path("entries/<uuid:entry_id>/retire/", administration.list_entry_retire, name="list_entry_retire"),
    path("chains/", chain_name_views.chain_name_list, name="chain_names"),
    path("chains/decide/", chain_name_views.chain_name, name="chain_name"),
    path("accounts/", administration.account_list, name="accounts"),
    path("accounts/add/", administration.account_add, name="account_add"),
    path("accounts/<uuid:account_id>/", administration.account, name="account"),
    path("accounts/<uuid:account_id>/disable/", administration.account_disable, name="account_disable"),
    path("accounts/<uuid:account_id>/invite/", administration.account_invite, name="account_invite"),
    path("jobs/", operations.job_list, name="jobs"),
    path("jobs/<slug:job_name>/run/", operations.run_job, name="run_job"),
    path("notices/", notice_texts.notice_texts, name="notice_texts"),
    path("notices/<slug:kind_code>/<slug:language>/", notice_texts.notice_text, name="notice_text"),
    path(
        "notices/<slug:kind_code>/<slug:language>/shipped/",
        notice_texts.notice_text_shipped,
        name="notice_text_shipped",
    ),
    path(
        "notices/<slug:kind_code>/<slug:language>/decide/",
        notice_texts.notice_text_decide,
        name="notice_text_decide",
    ),
    path("articles/", article_views.article_list, name="articles"),
    path("articles/add/", article_views.article_add, name="article_add"),
    path("articles/<int:number>/", article_views.article, name="article"),
    path("articles/<int:number>/edit/", article_views.article_edit, name="article_edit"),
    path("articles/<int:number>/publish/", article_views.article_publish, name="article_publish"),
    path("articles/<int:number>/withdraw/", article_views.article_withdraw, name="article_withdraw"),
    path("events/", auditing.events, name="events"),
    path("events.csv", auditing.events_csv, name="events_csv"),
    path("members/", auditing.membership_events, name="membership_events"),
    path("verify/", auditing.verify, name="verify"),
]
