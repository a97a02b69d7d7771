"""Settings of production: PostgreSQL and Redis, all keys and addresses from the environment, no sample data."""

from __future__ import annotations

import os

from filing_portal.settings.soundness import REQUIRED, refuse_unsound

# Before the settings of all installations, which stop at the first value that they cannot read.
refuse_unsound(os.environ)

from filing_portal.settings.base import *  # noqa: E402, F403
from filing_portal.settings.environment import (  # noqa: E402
    database,
    redis_address,
    redis_transport_options,
)
from filing_portal.settings.keys import decode_key, decode_keys  # noqa: E402

_given = {name: os.environ[name].strip() for name in REQUIRED}

SECRET_KEY = _given["FILING_PORTAL_SECRET_KEY"]
PERSONAL_DATA_KEYS = decode_keys(_given["FILING_PORTAL_DATA_KEYS"], variable="FILING_PORTAL_DATA_KEYS")
BLIND_INDEX_KEY = decode_key(_given["FILING_PORTAL_INDEX_KEY"], variable="FILING_PORTAL_INDEX_KEY")
ALLOWED_HOSTS = [host.strip() for host in _given["FILING_PORTAL_ALLOWED_HOSTS"].split(",") if host.strip()]
# For health checks of the process itself. Links in mails use PORTAL_BASE_URL, not the host header.
ALLOWED_HOSTS.append("127.0.0.1")
PORTAL_BASE_URL = _given["FILING_PORTAL_BASE_URL"].rstrip("/")
CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]

SAMPLE_DATA = False
ISSUES_SAMPLE_NUMBERS = False
DATABASES = {
    "default": database(
        _given["DATABASE_URL"], password=os.environ.get("FILING_PORTAL_DATABASE_PASSWORD", "")
    )
}
_redis = redis_address(_given["REDIS_URL"], password=os.environ.get("FILING_PORTAL_REDIS_PASSWORD", ""))
CACHES = {
    "default": {
        "BACKEND": "registry.gateways.shared_cache.SharedCache",
        "LOCATION": _redis,
        "KEY_PREFIX": "portal-cache",
        "OPTIONS": {"serializer": "filing_portal.cache_values.JsonSerializer"},
    },
}
CELERY_BROKER_URL = _redis
CELERY_BROKER_TRANSPORT_OPTIONS = redis_transport_options()

SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# The reverse proxy sets this header and removes a client's own: deploy/nginx.conf.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SMS_BACKEND = "registry.gateways.sms_gateway.HttpGatewayBackend"
OFFICERS_NEED_SECOND_FACTOR = True
EMAIL_BACKEND = "registry.gateways.mail.SmtpBackend"
EMAIL_HOST = _given["FILING_PORTAL_EMAIL_HOST"]
EMAIL_PORT = int(os.environ.get("FILING_PORTAL_EMAIL_PORT") or "25")
EMAIL_HOST_USER = os.environ.get("FILING_PORTAL_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("FILING_PORTAL_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("FILING_PORTAL_EMAIL_TLS", "true") == "true"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("FILING_PORTAL_EMAIL_FROM") or f"portal@{ALLOWED_HOSTS[0]}"
