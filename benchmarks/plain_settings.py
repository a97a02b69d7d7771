"""Settings of the floor of `benchmarks/http.py`: the product's database and libraries, and no middleware."""

from __future__ import annotations

from filing_portal.settings.production import *  # noqa: F403

# Libraries for signing in insist on their middleware.
INSTALLED_APPS = [
    "registry",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "pgtrigger",
    "rest_framework",
]
MIDDLEWARE = []
ROOT_URLCONF = "benchmarks.plain_views"
