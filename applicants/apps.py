"""The applicants app: drafts and submissions."""

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    """Names the app; it registers no signals or checks."""

    name = "applicants"
    default_auto_field = "django.db.models.BigAutoField"
