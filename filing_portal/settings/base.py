"""Settings common to all installations: apps, middleware and libraries; no keys, servers or addresses."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from filing_portal.logs import logging_config
from filing_portal.settings.accounts import *  # noqa: F403
from filing_portal.settings.site import read_identity

# Allows type parameters on Django classes that do not support them at runtime.
django_stubs_ext.monkeypatch()

SITE_IDENTITY = read_identity(os.environ.get("FILING_PORTAL_SITE_IDENTITY", ""))
BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("FILING_PORTAL_VAR_DIR", BASE_DIR / "var"))

DEBUG = False
SAMPLE_DATA = False
# What each app adds to the sample register: registry imports neither applicants nor review.
SAMPLE_MAKERS = [
    "registry.sample.notices.make_sample_notices",
    "registry.office.sample_articles.make_sample_articles",
    "applicants.sample.make_sample_drafts",
    "review.sample.make_working_papers",
]
# Marks a case of the sample register before an officer acts on it: the marks are the desk's.
SAMPLE_EXAMINER = "review.sample.examine"
CLOCK_OFFSET_SECONDS = 0
# Serials of sample numbers begin with 0000; production never issues these.
ISSUES_SAMPLE_NUMBERS = True

INSTALLED_APPS = [
    "registry",
    "applicants",
    "review",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "filing_portal.middleware.RequestLogMiddleware",
    "filing_portal.middleware.ResponseHeadersMiddleware",
    "filing_portal.middleware.ContentPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "filing_portal.middleware.CompressionMiddleware",
    # Requests to the API go no further than this.
    "filing_portal.api_path.PublicApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Before anything reads a body.
    "filing_portal.upload_gate.UploadGateMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "filing_portal.middleware.PlainTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "filing_portal.kept_forms.SessionHolderMiddleware",
    "registry.accounts.middleware.SessionLimitsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "filing_portal.middleware.RefusalMiddleware",
    "filing_portal.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "filing_portal.urls"
WSGI_APPLICATION = "filing_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str | None] = {}

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.notices.context.inbox",
                "review.notices.context.waiting_to_be_told",
            ],
        },
    },
]

# Languages and time ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
# The rooms' catalogues are found as those of apps and, as the first of them, replace what a library says. The portal
# is no app.
LOCALE_PATHS = [BASE_DIR / "filing_portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files ----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("FILING_PORTAL_STATIC_ROOT", VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Libraries bring styles and scripts for pages of theirs that nobody sees here.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
# Nothing names a file without the hash of its content.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
ATTACHMENT_ROOT = VAR_DIR / "attachments"
# Signed PDFs as they were sent, beside the rebuilt copies among the attachments.
ORIGINAL_ROOT = VAR_DIR / "originals"
PICTURE_ROOT = VAR_DIR / "pictures"
QUARANTINE_ROOT = VAR_DIR / "quarantine"
DOCUMENT_ROOT = VAR_DIR / "documents"
LIST_ROOT = VAR_DIR / "lists"
OBJECTION_ROOT = VAR_DIR / "objections"
STRIKING_OFF_ROOT = VAR_DIR / "striking_off"
CONSULTATION_ROOT = VAR_DIR / "consultations"
CONTACT_ROOT = VAR_DIR / "contacts"
TELLING_ROOT = VAR_DIR / "tellings"
# Where the public record lies as files for a web server (manage.py snapshot); None: nowhere.
SNAPSHOT_ROOT = Path(given) if (given := os.environ.get("FILING_PORTAL_SNAPSHOT_ROOT")) else None
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Sessions and requests ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "registry.Account"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "filing_portal.error_pages.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# API ------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    # filing_portal/access.py decides who may call what, for pages and API alike.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "filing_portal.api_errors.problem_response",
    # Per IP address: more than a person reads, less than it takes to read out the register by guessing.
    "DEFAULT_THROTTLE_RATES": {"public_api": "120/min", "public_pages": "300/min"},
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Blockchain information service filings",
    "DESCRIPTION": "The public record of blockchain information service filings. "
    "Filing is registration only, never an endorsement.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": False,
    "ENUM_NAME_OVERRIDES": {"ListKindEnum": ["filings", "cancelled", "struck_off", "corrigenda"]},
    "PATH_CONVERTER_OVERRIDES": {
        "list_kind": {"type": "string", "enum": ["cancelled", "struck-off", "corrigenda"]},
    },
}

# The desk -------------------------------------------------------------------------------------------------

# A claim on which its officer does nothing for so long, in working days, ends: the case returns to the queue.
CLAIM_IDLE_WORKING_DAYS = 3

# Web sites of cases ---------------------------------------------------------------------------------------

# Whether the filed addresses are looked at, when a case arrives at a desk and when an officer asks.
SITE_VISITS = os.environ.get("FILING_PORTAL_SITE_VISITS", "").strip() != "false"
# Where the visitor listens (filing_portal/visitor.py).
VISITOR_SOCKET = Path(
    os.environ.get("FILING_PORTAL_VISITOR_SOCKET", "").strip() or VAR_DIR / "visitor" / "socket"
)

# Batch lists ----------------------------------------------------------------------------------------------

# The announcements give 10 working days to object, in writing; what was posted on the last day is waited for this long.
OBJECTION_POST_WORKING_DAYS = 5
# Nothing published says how long an applicant has for its statement, or the office to decide: these are this portal's.
OBJECTION_ANSWER_WORKING_DAYS = 5
OBJECTION_DECISION_WORKING_DAYS = 20
# What a head may add to the time to decide, once and with reasons.
OBJECTION_EXTENSION_WORKING_DAYS = 10
# Who objected, what they wrote and their files are erased so long after the end: no longer than is needed (Personal
# Information Protection Law, Art. 19). A decision may be sued over for six months (Administrative Litigation Law,
# Art. 46); the rest is this portal's reserve.
OBJECTION_RETENTION_DAYS = 365

# Statistics -----------------------------------------------------------------------------------------------

# Decision times by province and month stay with the heads of the offices until the national office opens them.
DECISION_TIMES_ARE_PUBLIC = os.environ.get("FILING_PORTAL_DECISION_TIMES_PUBLIC", "false") == "true"

# Striking off ---------------------------------------------------------------------------------------------

# A notice that is announced because nobody can be reached counts as served when so many days have passed since.
STRIKING_OFF_ANNOUNCEMENT_DAYS = 30

# The decoder ----------------------------------------------------------------------------------------------

# What it may spend on one file, however many pages that has, in seconds: the processor time of the children that draw
# it, and the time since it was begun. docs/operators.md says what was measured.
DECODER_FILE_CPU_SECONDS = 180
DECODER_FILE_WALL_SECONDS = 600

# Background jobs ------------------------------------------------------------------------------------------

CELERY_BROKER_URL = ""
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")

# Logs: one line an event, no personal data ----------------------------------------------------------------

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(as_json=True)
