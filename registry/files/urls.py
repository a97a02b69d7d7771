"""Addresses of stored files: the file itself, and its pages as pictures."""

from __future__ import annotations

from django.urls import path

from registry.files import views

app_name = "files"

urlpatterns = [
    path("<uuid:attachment_id>/", views.download, name="download"),
    path("<uuid:attachment_id>/pages/<int:page_number>/", views.page, name="page"),
]
