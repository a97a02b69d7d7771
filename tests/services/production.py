"""What production needs around it, for tests and benchmarks: its variables, and the database's web role."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from filing_portal.settings.site import SAMPLE_IDENTITY
from tests.services.postgres import DATABASE, PostgresServer

WEB_ROLE = "filing_portal_web"
WEB_PASSWORD = "for this test only"
_REPOSITORY = Path(__file__).resolve().parents[2]


def key_of(number: int) -> str:
    """Another key for each number, 32 different bytes."""
    return base64.b64encode(bytes((number * 32 + place) % 256 for place in range(32))).decode()


# All that production asks for, and nothing that it refuses.
COMPLETE: Mapping[str, str] = MappingProxyType(
    {
        "FILING_PORTAL_SECRET_KEY": "for this test only, " * 5,
        "FILING_PORTAL_DATA_KEYS": f"second:{key_of(2)},first:{key_of(1)}",
        "FILING_PORTAL_INDEX_KEY": key_of(3),
        "FILING_PORTAL_ALLOWED_HOSTS": "portal.example.cn",
        "FILING_PORTAL_BASE_URL": "https://portal.example.cn/",
        "FILING_PORTAL_SITE_IDENTITY": json.dumps(
            {name: f"a {name} that was set" for name in SAMPLE_IDENTITY}
        ),
        "FILING_PORTAL_SMS_GATEWAY": '{"url": "https://sms.example.cn/send"}',
        "FILING_PORTAL_SMS_GATEWAY_SECRET": "for this test only",
        "FILING_PORTAL_EMAIL_HOST": "mail.internal",
        "FILING_PORTAL_TRUSTED_PROXIES": "1",
        "DATABASE_URL": "postgresql://web:secret%40word@db.internal:5433/portal",
        "REDIS_URL": "redis://:another%40word@redis.internal:6379/0",
    }
)


def make_web_role(postgres: PostgresServer) -> None:
    """Prepares a new database as the container does: the portal's role may use every table that is made then."""
    subprocess.run(
        ["sh", "deploy/postgres-web-role.sh"],
        cwd=_REPOSITORY,
        check=True,
        capture_output=True,
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": "127.0.0.1",
            "PGPORT": str(postgres.port),
            "POSTGRES_USER": "postgres",
            "POSTGRES_DB": DATABASE,
            "POSTGRES_WEB_PASSWORD": WEB_PASSWORD,
        },
    )


def web_address(postgres: PostgresServer) -> str:
    """DATABASE_URL for web, worker and beat."""
    return f"postgresql://{WEB_ROLE}:x@127.0.0.1:{postgres.port}/{DATABASE}"


def environment(postgres: PostgresServer, redis: str, folder: Path) -> dict[str, str]:
    """Production's variables for these servers, signed in as the web role."""
    return {
        **COMPLETE,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "filing_portal.settings.production",
        "FILING_PORTAL_VAR_DIR": str(folder),
        "DATABASE_URL": web_address(postgres),
        "REDIS_URL": redis,
    }
