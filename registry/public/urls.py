"""URLs of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from registry.public import (
    advice,
    announced_notices,
    data_interface,
    feeds,
    filing_status,
    leaving,
    list_views,
    news,
    planner,
    register,
    site_search,
    site_texts,
    statistics_views,
    verify,
    views,
)
from registry.public.display import set_display
from registry.rules.site_texts import AgreedText

app_name = "public"
_PRIVACY = {"text": AgreedText.PRIVACY_NOTICE}
_IDENTITY_DOCUMENTS = {"text": AgreedText.IDENTITY_DOCUMENTS}
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("filings/", register.filings, name="filings"),
    path("filings.csv", register.export, {"file_format": "csv"}, name="filings_csv"),
    path("filings.xlsx", register.export, {"file_format": "xlsx"}, name="filings_xlsx"),
    path("filings.json", register.export, {"file_format": "json"}, name="filings_json"),
    path("applicants/<str:head>/", register.applicant, name="applicant"),
    path("filings/<str:number>/", views.filing, name="filing"),
    path("filings/<str:number>/qr.svg", views.filing_qr, name="filing_qr"),
    path("filings/<str:number>/badge.<str:kind>", verify.badge, name="filing_badge"),
    path("filing-status/", filing_status.filing_status, name="filing_status"),
    path("verify/", verify.verify, name="verify"),
    path("search/", site_search.search, name="search"),
    path("leaving/", leaving.leaving, name="leaving"),
    path("news/", news.news, name="news"),
    path("news/feed.xml", news.news_feed, name="news_feed"),
    path("policies/", news.policies, name="policies"),
    path("articles/<int:number>/", news.article, name="article"),
    path("articles/<int:number>/editions/<int:edition>/", news.article, name="article_edition"),
    path("lists/", list_views.batches, name="batches"),
    path("lists/feed.xml", feeds.batches_feed, name="batches_feed"),
    path("lists/feed/<int:page>.xml", feeds.batches_archive, name="batches_archive"),
    path("lists/<int:number>/", list_views.batch, name="batch"),
    path("lists/<list_kind:kind>/feed.xml", feeds.batches_feed, name="batches_feed"),
    path("lists/<list_kind:kind>/feed/<int:page>.xml", feeds.batches_archive, name="batches_archive"),
    path("lists/<list_kind:kind>/<int:number>/", list_views.batch, name="batch"),
    path("announced-notices/", announced_notices.announced_notices, name="announced_notices"),
    path("statistics/", statistics_views.statistics, name="statistics"),
    path("statistics/tables.csv", statistics_views.statistics_csv, name="statistics_csv"),
    path("statistics/batch/<int:number>/", statistics_views.batch_statistics, name="batch_statistics"),
    path(
        "statistics/batch/<int:number>/tables.csv",
        statistics_views.batch_statistics_csv,
        name="batch_statistics_csv",
    ),
    path("do-i-need-to-file/", views.scope, name="scope"),
    path("deadlines/", planner.planner, name="planner"),
    path("deadlines/deadline.ics", planner.planner_ics, name="planner_ics"),
    path("data/", data_interface.data_interface, name="data_interface"),
    path("help/", views.help_page, name="help"),
    path("help/templates/", advice.templates, name="templates"),
    path("help/templates/<slug:name>.<slug:language>.docx", advice.template_docx, name="template_docx"),
    path("help/reasons/", advice.reasons, name="reasons"),
    path("privacy/", site_texts.agreed_text, _PRIVACY, name="privacy"),
    path("privacy/<int:version>/", site_texts.agreed_text, _PRIVACY, name="privacy_version"),
    path(
        "privacy/identity-documents/", site_texts.agreed_text, _IDENTITY_DOCUMENTS, name="identity_documents"
    ),
    path(
        "privacy/identity-documents/<int:version>/",
        site_texts.agreed_text,
        _IDENTITY_DOCUMENTS,
        name="identity_documents_version",
    ),
    path("accessibility/", site_texts.accessibility, name="accessibility"),
    path("site-map/", views.site_map, name="site_map"),
    path("problems/<slug:slug>/", views.problem, name="problem"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("display/", set_display, name="set_display"),
]
