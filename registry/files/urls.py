"""URLs of stored files, of their pages as pictures, and of the documents that the portal issues."""

from __future__ import annotations

from django.urls import path

from registry.files import list_files, papers, views

app_name = "files"

urlpatterns = [
    path("<uuid:attachment_id>/", views.download, name="download"),
    path("<uuid:attachment_id>/original/", views.original, name="original"),
    path("<uuid:attachment_id>/pages/<int:page_number>/", views.page, name="page"),
    path("lists/<int:number>/<str:name>", list_files.list_file, name="list_file"),
    path("lists/<list_kind:kind>/<int:number>/<str:name>", list_files.list_file, name="list_file"),
    path("papers/<uuid:event_id>/", papers.paper, name="paper"),
    path("certificates/<uuid:filing_id>/", papers.certificate, name="certificate"),
    path("cases/<uuid:application_id>/", papers.case_file, name="case_file"),
]
