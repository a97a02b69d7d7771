"""Assembles the portal: settings, addresses, access, the Celery application. Holds no rule."""

from filing_portal.celery import app as celery_app

__all__ = ["celery_app"]
