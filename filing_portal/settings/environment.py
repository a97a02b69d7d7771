"""Reads settings from environment variables."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Former names of modules that operators may name in their environment, with the present ones.
_MOVED_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "registry.accounts.mail": "registry.gateways.mail",
        "registry.accounts.sms": "registry.gateways.sms",
        "registry.accounts.sms_gateway": "registry.gateways.sms_gateway",
    }
)


def dotted_name(variable: str, default: str, *, environ: Mapping[str, str]) -> str:
    """The dotted class name in a variable; a former name is replaced by the present one, with a warning."""
    name = environ.get(variable, "").strip() or default
    module, _, attribute = name.rpartition(".")
    if module not in _MOVED_MODULES:
        return name
    present = f"{_MOVED_MODULES[module]}.{attribute}"
    warnings.warn(f"{variable} names {name}, which has moved: write {present}.", FutureWarning, stacklevel=2)
    return present


def web_threads(environ: Mapping[str, str]) -> int:
    """How many requests a web process works on at once; the web server does not start with what is no number."""
    return int(environ.get("FILING_PORTAL_WEB_THREADS", "").strip() or 4)


def database(url: str, *, password: str = "") -> dict[str, Any]:
    """Django's database settings from a URL postgresql://user:password@host:port/name; the password may come apart."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL is written as postgresql://user:password@host:port/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": password or unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # A stuck lock or query must end in a visible error, not in a growing queue of waiting requests.
            "options": "-c lock_timeout=10s -c statement_timeout=60s"
            " -c idle_in_transaction_session_timeout=60s",
        },
    }


def redis_address(url: str, *, password: str) -> str:
    """The address of Redis with the password in it, whatever characters it is made of."""
    if not password:
        return url
    parts = urlsplit(url)
    return parts._replace(
        netloc=f"{parts.username or ''}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    ).geturl()


def sms_gateway(description: str, secret: str) -> dict[str, Any]:
    """The SMS gateway's description from JSON text, with the secret added. Raises ImproperlyConfigured."""
    try:
        gateway = json.loads(description) if description else {}
    except json.JSONDecodeError as error:
        raise ImproperlyConfigured("FILING_PORTAL_SMS_GATEWAY is not JSON.") from error
    if not isinstance(gateway, dict) or "secret" in gateway:
        raise ImproperlyConfigured(
            "FILING_PORTAL_SMS_GATEWAY is a JSON object without the secret, "
            "which stands in FILING_PORTAL_SMS_GATEWAY_SECRET."
        )
    if gateway and "url" not in gateway:
        raise ImproperlyConfigured("FILING_PORTAL_SMS_GATEWAY does not say the gateway's url.")
    return {**gateway, "secret": secret} if gateway else {}


def redis_transport_options() -> dict[str, Any]:
    """Redis timeouts of seconds: a page must not wait for an unreachable broker, since jobs find their work anyway."""
    return {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "retry_on_timeout": False,
        "max_retries": 1,
        "interval_start": 0,
        "interval_max": 0.2,
    }
