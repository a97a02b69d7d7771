"""Settings: production names everything it misses, embedded makes its keys once, nothing is lax."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from filing_portal.settings.environment import database, dotted_name
from filing_portal.settings.keys import decode_key, decode_keys, read_or_make_keys
from filing_portal.settings.site import SAMPLE_IDENTITY, read_identity
from tests.services.production import COMPLETE, key_of

KEY = key_of(1)


def _manage(
    repository: Path, *arguments: str, settings: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=repository,
        env={**kept, "DJANGO_SETTINGS_MODULE": f"filing_portal.settings.{settings}", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_names_everything_that_is_missing(repository: Path) -> None:
    given = {name: COMPLETE[name] for name in ("FILING_PORTAL_SECRET_KEY", "REDIS_URL")}
    answer = _manage(repository, "check", settings="production", **given)
    assert answer.returncode != 0
    *_before, said = answer.stderr.partition("The portal does not start in production:\n")
    assert said.splitlines() == [f"{name} is not set." for name in COMPLETE if name not in given]


def test_a_class_named_from_before_the_move_is_taken_with_a_warning() -> None:
    for old, present in {
        "registry.accounts.sms.FileBackend": "registry.gateways.sms.FileBackend",
        "registry.accounts.sms_gateway.HttpGatewayBackend": "registry.gateways.sms_gateway.HttpGatewayBackend",
        "registry.accounts.mail.SmtpBackend": "registry.gateways.mail.SmtpBackend",
    }.items():
        with pytest.warns(FutureWarning, match=f"write {present}"):
            assert dotted_name("BACKEND", "a.B", environ={"BACKEND": old}) == present


def test_a_present_name_and_no_name_need_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    assert dotted_name("BACKEND", "a.B", environ={"BACKEND": " registry.accounts.codes.X "}).endswith(
        "codes.X"
    )
    assert dotted_name("BACKEND", "a.B", environ={"BACKEND": ""}) == "a.B"
    assert not recwarn.list


def test_the_deployment_check_of_production_finds_nothing(repository: Path, tmp_path: Path) -> None:
    answer = _manage(
        repository,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        settings="production",
        FILING_PORTAL_VAR_DIR=str(tmp_path),
        **COMPLETE,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("System check identified no issues")


@pytest.mark.parametrize("name", ["FILING_PORTAL_CLOCK_OFFSET_SECONDS", "FILING_PORTAL_SAMPLE_DATA"])
def test_production_refuses_what_is_for_trying_out(repository: Path, name: str) -> None:
    answer = _manage(repository, "check", settings="production", **COMPLETE, **{name: "60"})
    assert answer.returncode != 0
    assert f"{name} is for trying the portal out; production refuses it." in answer.stderr


def test_production_keeps_sample_data_and_debugging_off(repository: Path) -> None:
    program = (
        "from django.conf import settings as s; import json;"
        "print(json.dumps([s.DEBUG, s.SAMPLE_DATA, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " list(s.PERSONAL_DATA_KEYS), s.PORTAL_BASE_URL, s.DATABASES['default']['PASSWORD'],"
        " s.ALLAUTH_TRUSTED_PROXY_COUNT, s.CACHES['default']['OPTIONS']]))"
    )
    answer = _manage(repository, "shell", "--no-imports", "-c", program, settings="production", **COMPLETE)
    assert json.loads(answer.stdout) == [
        False,
        False,
        "__Host-session",
        True,
        ["second", "first"],
        "https://portal.example.cn",
        "secret@word",
        1,
        {"serializer": "filing_portal.cache_values.JsonSerializer"},
    ]


def test_embedded_keys_are_made_once_and_are_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: read_or_make_keys(path), range(8)))
    assert all(keys == made[0] for keys in made)
    assert read_or_make_keys(path) == made[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]
    assert len(made[0].blind_index_key) == 32
    assert [len(key) for key in made[0].personal_data_keys.values()] == [32]
    assert read_or_make_keys(tmp_path / "other.json") != made[0]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no key"),
        ("first", "written as id:base64"),
        ("first:***", "not base64"),
        (f"first:{base64.b64encode(b'short').decode()}", "a key of 5 bytes; 32 are needed"),
        (f"first:{KEY},first:{KEY}", "names the key first twice"),
    ],
)
def test_a_malformed_key_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint):
        decode_keys(text, variable="THE_VARIABLE")


def test_a_key_is_never_repeated_in_the_complaint() -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        decode_key("c2VjcmV0", variable="THE_VARIABLE")
    assert "c2VjcmV0" not in str(raised.value)


@pytest.mark.parametrize("url", ["sqlite:///x", "postgresql://host", "portal"])
def test_only_a_postgresql_address_with_a_name_is_a_database(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        database(url)


def test_the_embedded_database_waits_for_its_writers(repository: Path, tmp_path: Path) -> None:
    program = (
        "from django.db import connection as c; import json; k = c.cursor();"
        "print(json.dumps([k.execute(f'PRAGMA {p}').fetchone()[0] for p in"
        " ('journal_mode', 'synchronous', 'busy_timeout')] + [c.transaction_mode]))"
    )
    answer = _manage(
        repository,
        "shell",
        "--no-imports",
        "-c",
        program,
        settings="embedded",
        FILING_PORTAL_VAR_DIR=str(tmp_path),
    )
    assert json.loads(answer.stdout) == ["wal", 1, 20000, "IMMEDIATE"]


def test_the_sites_identity_is_plainly_a_sample_until_it_is_set() -> None:
    assert read_identity("") == SAMPLE_IDENTITY
    assert "示例" in SAMPLE_IDENTITY["site_id_code"]
    assert read_identity('{"organiser": "A real office"}')["organiser"] == "A real office"
    with pytest.raises(ImproperlyConfigured, match="does not know: organizer"):
        read_identity('{"organizer": "misspelt"}')
    with pytest.raises(ImproperlyConfigured, match="not JSON"):
        read_identity("organiser")


def test_every_dotted_path_of_production_leads_somewhere(repository: Path) -> None:
    """A backend that does not exist would only be noticed when the first code is to be sent."""
    probe = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.utils.module_loading import import_string\n"
        "for path in (settings.SMS_BACKEND, settings.EMAIL_BACKEND, settings.ACCOUNT_ADAPTER,\n"
        "             settings.MFA_ADAPTER, *settings.AUTHENTICATION_BACKENDS, *settings.MIDDLEWARE):\n"
        "    import_string(path)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=repository,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "filing_portal.settings.production",
            **COMPLETE,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
