"""Settings of the demonstration: the embedded set-up in a temporary directory, without collected static files."""

from __future__ import annotations

from filing_portal.settings.embedded import *  # noqa: F403
from filing_portal.settings.embedded import LOGGING as _LOGGING

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["127.0.0.1"]

# Standard output shows the demonstration; logs add errors only.
LOGGING = {
    **_LOGGING,
    "handlers": {name: {**handler, "level": "ERROR"} for name, handler in _LOGGING["handlers"].items()},
}
