"""URLs of the public API."""

from __future__ import annotations

from django.urls import URLPattern, path

from registry.public import api, codes_api, deadlines_api, lists_api, other_lists_api, statistics_api

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("filings/", api.FilingsView.as_view(), name="filings"),
    path("filings/<str:number>/", api.FilingView.as_view(), name="filing"),
    path("lists/", lists_api.ListsView.as_view(), name="batches"),
    path("lists/<int:number>/", lists_api.ListView.as_view(), name="batch"),
    path("lists/<int:number>/entries/", lists_api.ListEntriesView.as_view(), name="batch_entries"),
    path("lists/<list_kind:kind>/", other_lists_api.OtherListsView.as_view(), name="batches"),
    path("lists/<list_kind:kind>/<int:number>/", other_lists_api.OtherListView.as_view(), name="batch"),
    path(
        "lists/<list_kind:kind>/<int:number>/entries/",
        other_lists_api.OtherEntriesView.as_view(),
        name="batch_entries",
    ),
    path("statistics/", statistics_api.StatisticsView.as_view(), name="statistics"),
    path("statistics/batches/", statistics_api.ListsStatisticsView.as_view(), name="batches_statistics"),
    path(
        "statistics/batches/<int:number>/",
        statistics_api.ListStatisticsView.as_view(),
        name="batch_statistics",
    ),
    path("codes/", codes_api.CodeListsView.as_view(), name="code_lists"),
    path("codes/<slug:name>/", codes_api.CodeListView.as_view(), name="code_list"),
    path("deadlines/", deadlines_api.DeadlinesView.as_view(), name="deadlines"),
]
