"""URLs of objecting, for everybody."""

from __future__ import annotations

from django.urls import path

from registry.objections import views

app_name = "objections"
urlpatterns = [
    path("lists/<int:number>/objection/", views.contact, name="contact"),
    path("lists/<int:number>/objection/form/", views.objecting, name="form"),
    path("objections/<str:secret>/", views.follow, name="follow"),
    path("objections/<str:secret>/files/<uuid:file_id>/", views.replace_file, name="replace_file"),
    path(
        "objections/<str:secret>/files/<uuid:file_id>/again/", views.read_file_again, name="read_file_again"
    ),
]
