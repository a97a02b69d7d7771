"""The reviewers' desk: queue, checklist and decisions."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Names the app; it connects nothing at start."""

    name = "review"
    default_auto_field = "django.db.models.BigAutoField"
