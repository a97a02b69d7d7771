"""The applicants' desk: drafts and submissions."""

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    """Names the app; it connects nothing at start."""

    name = "applicants"
    default_auto_field = "django.db.models.BigAutoField"
