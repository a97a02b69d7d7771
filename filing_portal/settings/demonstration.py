"""The demonstration: the embedded set-up on a directory that is thrown away, without files made beforehand."""

from __future__ import annotations

from filing_portal.settings.embedded import *  # noqa: F403
from filing_portal.settings.embedded import LOGGING as _LOGGING

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["127.0.0.1"]

# Standard output tells the story; only what went wrong is said beside it.
LOGGING = {
    **_LOGGING,
    "handlers": {name: {**handler, "level": "ERROR"} for name, handler in _LOGGING["handlers"].items()},
}
