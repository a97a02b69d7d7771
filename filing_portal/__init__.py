"""Assembles the portal: settings, URLs, the access table and the Celery application. Holds no business rule."""

from filing_portal.celery import app as celery_app

__all__ = ["celery_app"]
