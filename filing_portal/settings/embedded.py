"""The default settings: SQLite and a file-based broker under var/, no server to install."""

from __future__ import annotations

import os

from filing_portal.logs import embedded_logging_config
from filing_portal.settings.base import *  # noqa: F403
from filing_portal.settings.base import VAR_DIR
from filing_portal.settings.keys import read_or_make_keys

for _directory in ("broker/queue", "broker/control", "beat", "attachments", "documents", "cache", "outbox"):
    (VAR_DIR / _directory).mkdir(mode=0o700, parents=True, exist_ok=True)

_keys = read_or_make_keys(VAR_DIR / "keys.json")
SECRET_KEY = _keys.secret_key
PERSONAL_DATA_KEYS = _keys.personal_data_keys
BLIND_INDEX_KEY = _keys.blind_index_key

SAMPLE_DATA = os.environ.get("FILING_PORTAL_SAMPLE_DATA", "yes") == "yes"
CLOCK_OFFSET_SECONDS = int(os.environ.get("FILING_PORTAL_CLOCK_OFFSET_SECONDS", "0"))
ALLOWED_HOSTS = os.environ.get("FILING_PORTAL_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
PORTAL_BASE_URL = os.environ.get(
    "FILING_PORTAL_BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
)

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "portal.sqlite3",
        "OPTIONS": {
            # Web and worker write at once: take the write lock at the start of a transaction and wait for it.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        },
    },
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

CELERY_BROKER_URL = "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(VAR_DIR / "broker" / "queue"),
    "data_folder_out": str(VAR_DIR / "broker" / "queue"),
    "control_folder": str(VAR_DIR / "broker" / "control"),
    "store_processed": False,
    # The transport's own second between two looks would give two tasks a second.
    "polling_interval": 0.1,
}

EMAIL_BACKEND = "registry.gateways.mail.FileBackend"
DEFAULT_FROM_EMAIL = "portal@portal.example.cn"

# The supervisor names its children; whatever else runs here is a command.
PROCESS = os.environ.get("FILING_PORTAL_PROCESS", "commands")
LOGGING = embedded_logging_config(VAR_DIR / "logs" / f"{PROCESS}.log", tells=PROCESS != "commands")
