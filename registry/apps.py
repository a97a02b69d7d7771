"""The book: filings, events, numbers, batch lists, the public record."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Names the app; it connects nothing at start."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"
