"""The review app: queue, checklist and decisions."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Names the app; it registers no signals or checks."""

    name = "review"
    default_auto_field = "django.db.models.BigAutoField"
