"""Tests: PostgreSQL and Redis that the test session started, or those of DATABASE_URL and REDIS_URL.

DATABASE_URL=sqlite:// stands for no server at all: SQLite, cache and broker in the memory of the test process.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from filing_portal.settings.base import *  # noqa: F403
from filing_portal.settings.environment import database, redis_transport_options

VAR_DIR = Path(
    os.environ.get("FILING_PORTAL_TEST_VAR_DIR") or Path(tempfile.gettempdir()) / "filing-portal-test"
)
# Test processes that run at the same time share the directory, but not the files of their own databases.
_OWN_FILES = VAR_DIR / os.environ.get("PYTEST_XDIST_WORKER", "main")
ATTACHMENT_ROOT, DOCUMENT_ROOT = _OWN_FILES / "attachments", _OWN_FILES / "documents"
LIST_ROOT, OBJECTION_ROOT = _OWN_FILES / "lists", _OWN_FILES / "objections"
STRIKING_OFF_ROOT, ORIGINAL_ROOT = _OWN_FILES / "striking_off", _OWN_FILES / "originals"
CONTACT_ROOT = _OWN_FILES / "contacts"
TELLING_ROOT, CONSULTATION_ROOT = _OWN_FILES / "tellings", _OWN_FILES / "consultations"
PICTURE_ROOT, QUARANTINE_ROOT = _OWN_FILES / "pictures", _OWN_FILES / "quarantine"
MEDIA_ROOT = VAR_DIR / "media"
for _directory in (
    ATTACHMENT_ROOT,
    ORIGINAL_ROOT,
    DOCUMENT_ROOT,
    LIST_ROOT,
    OBJECTION_ROOT,
    STRIKING_OFF_ROOT,
    TELLING_ROOT,
    CONSULTATION_ROOT,
    CONTACT_ROOT,
    PICTURE_ROOT,
    QUARANTINE_ROOT,
    MEDIA_ROOT,
    VAR_DIR / "beat",
    VAR_DIR / "outbox",
):
    _directory.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = "for tests only: " + "0123456789abcdef" * 4
PERSONAL_DATA_KEYS = {"test-2": b"2" * 32, "test-1": b"1" * 32}
BLIND_INDEX_KEY = b"i" * 32
CLOCK_OFFSET_SECONDS = int(os.environ.get("FILING_PORTAL_CLOCK_OFFSET_SECONDS", "0"))
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PORTAL_BASE_URL = os.environ.get("FILING_PORTAL_BASE_URL", "http://testserver")
SAMPLE_DATA = False
# Nothing that a test files is looked at, unless the test is about that.
SITE_VISITS = os.environ.get("FILING_PORTAL_SITE_VISITS") == "true"

_database_url = os.environ.get("DATABASE_URL", "postgresql://filing_portal@127.0.0.1:1/filing_portal")
DATABASES: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]
if _database_url == "sqlite://":
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CELERY_BROKER_URL = "memory://"
else:
    DATABASES = {"default": {**database(_database_url), "CONN_MAX_AGE": 0}}
    CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:1/0")
    CELERY_BROKER_TRANSPORT_OPTIONS = redis_transport_options()
    # The cache is emptied after each test, so it has a Redis database of its own beside the broker's.
    _redis_server, _redis_database = CELERY_BROKER_URL.rsplit("/", 1)
    CACHES = {
        "default": {
            "BACKEND": "registry.gateways.shared_cache.SharedCache",
            "LOCATION": f"{_redis_server}/{int(_redis_database) + 1}",
            "KEY_PREFIX": "test-cache",
            "OPTIONS": {"serializer": "filing_portal.cache_values.JsonSerializer"},
        },
    }
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")

# Tests sign in often, and never against an attacker.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = os.environ.get(
    "FILING_PORTAL_TEST_EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "outbox"
DEFAULT_FROM_EMAIL = "portal@portal.example.cn"
