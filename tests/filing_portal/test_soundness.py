"""Production does not start with settings that are unsafe or cannot work, and says which, all of them at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from redis.connection import parse_url

from filing_portal.settings.environment import redis_address
from filing_portal.settings.soundness import FOR_TRYING_OUT, OPTIONAL, REQUIRED, problems_of
from tests.services.production import COMPLETE, key_of


def variables(**changed: str) -> list[str]:
    """The variables that are complained about."""
    return [each.variable for each in problems_of({**COMPLETE, **changed})]


def test_what_is_complete_is_complained_about_nowhere() -> None:
    assert problems_of(COMPLETE) == []
    assert problems_of({**COMPLETE, "HOME": "/root", "FILING_PORTAL_EMAIL_PORT": ""}) == []


@pytest.mark.parametrize("name", [*REQUIRED])
def test_an_empty_variable_is_a_missing_one(name: str) -> None:
    for value in ("", "  "):
        assert [str(each) for each in problems_of({**COMPLETE, name: value})] == [f"{name} is not set."]


SHORT_KEY = "c2hvcnQ="
UNSAFE = [
    ("FILING_PORTAL_SECRET_KEY", "short"),
    ("FILING_PORTAL_SECRET_KEY", "a" * 80),
    ("FILING_PORTAL_SECRET_KEY", "ab" * 40),
    ("FILING_PORTAL_DATA_KEYS", "first"),
    ("FILING_PORTAL_DATA_KEYS", "first:***"),
    ("FILING_PORTAL_DATA_KEYS", f"first:{SHORT_KEY}"),
    ("FILING_PORTAL_DATA_KEYS", f"first:{key_of(1)},second:{key_of(1)}"),
    ("FILING_PORTAL_DATA_KEYS", "first:" + "A" * 43 + "="),
    ("FILING_PORTAL_INDEX_KEY", SHORT_KEY),
    ("FILING_PORTAL_INDEX_KEY", "A" * 43 + "="),
    # The same as a data key.
    ("FILING_PORTAL_INDEX_KEY", key_of(1)),
    ("FILING_PORTAL_INDEX_KEY", key_of(2)),
    ("FILING_PORTAL_SECRET_KEY", COMPLETE["FILING_PORTAL_DATA_KEYS"]),
    ("FILING_PORTAL_ALLOWED_HOSTS", "*"),
    ("FILING_PORTAL_ALLOWED_HOSTS", "portal.example.cn,*"),
    ("FILING_PORTAL_ALLOWED_HOSTS", "https://portal.example.cn"),
    ("FILING_PORTAL_ALLOWED_HOSTS", "portal.example.cn:443"),
    ("FILING_PORTAL_ALLOWED_HOSTS", "portal.example.cn,"),
    ("FILING_PORTAL_BASE_URL", "http://portal.example.cn"),
    ("FILING_PORTAL_BASE_URL", "portal.example.cn"),
    ("FILING_PORTAL_BASE_URL", "https://portal.example.cn/portal"),
    ("FILING_PORTAL_BASE_URL", "https://somebody@portal.example.cn"),
    ("FILING_PORTAL_BASE_URL", "https://portal.example.cn:port"),
    ("FILING_PORTAL_BASE_URL", "https://another.example.cn"),
    ("FILING_PORTAL_BASE_URL", "https://portal.example.cn.example.com"),
    ("FILING_PORTAL_SITE_IDENTITY", "{}"),
    ("FILING_PORTAL_SITE_IDENTITY", "[]"),
    ("FILING_PORTAL_SITE_IDENTITY", '{"organiser": "A real office"}'),
    ("FILING_PORTAL_SITE_IDENTITY", '{"organizer": "misspelt"}'),
    ("FILING_PORTAL_SITE_IDENTITY", "organiser"),
    ("FILING_PORTAL_TRUSTED_PROXIES", "0"),
    ("FILING_PORTAL_TRUSTED_PROXIES", "9"),
    ("FILING_PORTAL_TRUSTED_PROXIES", "-1"),
    ("FILING_PORTAL_TRUSTED_PROXIES", "one"),
    ("FILING_PORTAL_TRUSTED_PROXIES", "１"),
    ("FILING_PORTAL_SMS_GATEWAY", '{"url": "http://sms.example.cn/send"}'),
    ("FILING_PORTAL_SMS_GATEWAY", '{"url": "https://"}'),
    ("FILING_PORTAL_SMS_GATEWAY", '{"url": "https://sms.example.cn", "secret": "x"}'),
    ("FILING_PORTAL_SMS_GATEWAY", "{}"),
    ("FILING_PORTAL_SMS_GATEWAY", '"https://sms.example.cn"'),
    ("FILING_PORTAL_SMS_GATEWAY", "https://sms.example.cn"),
    ("FILING_PORTAL_SMS_GATEWAY_SECRET", "seven77"),
    ("FILING_PORTAL_EMAIL_HOST", "mail.internal:25"),
    ("FILING_PORTAL_EMAIL_HOST", "smtp://mail.internal"),
    ("FILING_PORTAL_EMAIL_PORT", "smtp"),
    ("FILING_PORTAL_EMAIL_PORT", "0"),
    ("FILING_PORTAL_EMAIL_PORT", "65536"),
    ("FILING_PORTAL_EMAIL_TLS", "True"),
    ("FILING_PORTAL_EMAIL_TLS", "no"),
    # Mails in plain text to another machine.
    ("FILING_PORTAL_EMAIL_TLS", "false"),
    ("FILING_PORTAL_EMAIL_FROM", "the portal"),
    ("FILING_PORTAL_DECISION_TIMES_PUBLIC", "yes"),
    ("FILING_PORTAL_SITE_VISITS", "no"),
    ("FILING_PORTAL_SITE_VISITS", "False"),
    ("FILING_PORTAL_VISITOR_PORTS", "http"),
    ("FILING_PORTAL_VISITOR_PORTS", "80,65536"),
    ("FILING_PORTAL_VISITOR_REFUSED", "the office"),
    ("FILING_PORTAL_VISITOR_REFUSED", "10.0.0.1/8"),
    ("FILING_PORTAL_VISITOR_SOCKET", "run/socket"),
    ("FILING_PORTAL_SMS_PER_DAY", "0"),
    ("FILING_PORTAL_SMS_PER_DAY", "many"),
    ("FILING_PORTAL_WEB_WORKERS", "two"),
    ("FILING_PORTAL_WEB_WORKERS", "0"),
    ("FILING_PORTAL_WEB_WORKERS", "257"),
    ("FILING_PORTAL_WEB_THREADS", "-4"),
    ("FILING_PORTAL_WEB_THREADS", "４"),
    ("PORT", "http"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("FILING_PORTAL_VAR_DIR", "var"),
    ("FILING_PORTAL_SNAPSHOT_ROOT", "../snapshot"),
    # Slips of the pen.
    ("FILING_PORTAL_EMAIL_TSL", "true"),
    ("FILING_PORTAL_SSL_REDIRECT", "false"),
    *((name, "60") for name in FOR_TRYING_OUT),
    ("DATABASE_URL", "sqlite:///portal.sqlite3"),
    ("DATABASE_URL", "postgresql://web:x@db.internal"),
    ("DATABASE_URL", "postgresql://web:x@db.internal:port/portal"),
    ("DATABASE_URL", "postgresql://web:pa/ss@db.internal:5432/portal"),
    ("DATABASE_URL", "postgresql://web:12/34@db.internal:5432/portal"),
    ("DATABASE_URL", "postgresql://web:pa#ss@db.internal:5432/portal"),
    ("DATABASE_URL", "postgresql://web:12#34@db.internal:5432/portal"),
    ("DATABASE_URL", "postgresql://web:pa?ss@db.internal:5432/portal"),
    ("DATABASE_URL", "postgresql://web@db.internal/portal"),
    ("FILING_PORTAL_DATABASE_PASSWORD", "beside the one in the address"),
    ("REDIS_URL", "https://redis.internal"),
    ("REDIS_URL", "redis://redis.internal:6379/zero"),
    ("REDIS_URL", "redis://:pa#ss@redis.internal:6379/0"),
    ("REDIS_URL", "redis://:pa/ss@redis.internal:6379/0"),
    ("REDIS_URL", "redis://redis.internal:6379/0"),
    ("FILING_PORTAL_REDIS_PASSWORD", "beside the one in the address"),
]


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_what_is_unsafe_is_named_once_and_not_repeated_where_it_is_a_secret(name: str, value: str) -> None:
    found = problems_of({**COMPLETE, name: value})
    assert [each.variable for each in found] == [name]
    if "KEY" in name or "SECRET" in name or "PASSWORD" in name or (name.endswith("_URL") and "@" in value):
        assert value not in str(found[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FILING_PORTAL_ALLOWED_HOSTS", "www.example.cn, portal.example.cn"),
        ("FILING_PORTAL_ALLOWED_HOSTS", ".example.cn"),
        ("FILING_PORTAL_ALLOWED_HOSTS", "PORTAL.example.cn"),
        ("FILING_PORTAL_BASE_URL", "https://portal.example.cn:8443"),
        ("FILING_PORTAL_TRUSTED_PROXIES", "3"),
        ("FILING_PORTAL_SMS_GATEWAY", '{"url": "https://sms.example.cn/{template}?to={mobile}"}'),
        ("FILING_PORTAL_EMAIL_FROM", "备案系统 <portal@example.cn>"),
        ("FILING_PORTAL_EMAIL_TLS", "true"),
        ("FILING_PORTAL_SITE_VISITS", "false"),
        ("FILING_PORTAL_VISITOR_PORTS", "80, 443,8443"),
        ("FILING_PORTAL_VISITOR_REFUSED", "93.184.0.0/16, 2400:3200::/32"),
        ("FILING_PORTAL_VISITOR_SOCKET", "/run/visitor/socket"),
        ("DATABASE_URL", "postgresql://web:x@10.0.0.7/portal"),
        ("DATABASE_URL", "postgresql://web@127.0.0.1:5432/portal"),
        ("REDIS_URL", "rediss://user:x@redis.internal"),
        ("REDIS_URL", "redis://127.0.0.1:6379/3"),
    ],
)
def test_what_offices_write_is_taken(name: str, value: str) -> None:
    assert variables(**{name: value}) == []


def test_mails_may_go_to_a_server_on_the_same_machine_in_plain_text() -> None:
    assert variables(FILING_PORTAL_EMAIL_TLS="false", FILING_PORTAL_EMAIL_HOST="localhost") == []


@pytest.mark.parametrize("password", ["a/b", "a#b", "a?b", "a@b", "a:b", "a%b", "ü字 x", "plain"])
def test_a_password_of_any_characters_may_stand_apart(password: str) -> None:
    given = {
        "DATABASE_URL": "postgresql://web@db.internal:5432/portal",
        "REDIS_URL": "redis://redis.internal:6379/1",
        "FILING_PORTAL_DATABASE_PASSWORD": password,
        "FILING_PORTAL_REDIS_PASSWORD": password,
    }
    assert variables(**given) == []
    parts = parse_url(redis_address(given["REDIS_URL"], password=password))
    assert (parts["password"], parts["host"], parts["port"], parts["db"]) == (
        password,
        "redis.internal",
        6379,
        1,
    )


def test_everything_is_named_at_once() -> None:
    unsafe = {"FILING_PORTAL_SECRET_KEY": "short", "FILING_PORTAL_ALLOWED_HOSTS": "*", "REDIS_URL": ""}
    assert sorted(variables(**unsafe)) == sorted(unsafe)


def test_every_variable_that_the_portal_reads_is_known(repository: Path) -> None:
    folders = ("filing_portal", "registry", "review", "applicants", "deploy")
    read: set[str] = set()
    for path in (each for folder in folders for each in (repository / folder).rglob("*") if each.is_file()):
        if path.suffix in {".py", ".sh", ".env", ".conf"}:
            read |= set(re.findall(r"\bFILING_PORTAL_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
    of_tests = {name for name in read if name.startswith("FILING_PORTAL_TEST_")}
    assert read - of_tests == {
        name for name in (*REQUIRED, *OPTIONAL, *FOR_TRYING_OUT) if name.startswith("FILING_PORTAL_")
    }


def test_the_compose_file_and_the_example_name_no_other_variable(repository: Path) -> None:
    known = {*REQUIRED, *OPTIONAL}
    for name in ("docker-compose.yml", "deploy/production.env"):
        text = (repository / name).read_text(encoding="utf-8")
        named = set(re.findall(r"^ *(FILING_PORTAL_[A-Z_]+|DATABASE_URL|REDIS_URL)[:=]", text, re.MULTILINE))
        assert named
        assert named <= known


# ---------------------------------------------------------------- the commands that ask


def command(repository: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=repository,
        env={
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "filing_portal.settings.production",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_doctor_answers_where_the_settings_refuse(repository: Path) -> None:
    unsafe = {**COMPLETE, "FILING_PORTAL_ALLOWED_HOSTS": "*", "FILING_PORTAL_TRUSTED_PROXIES": "0"}
    answer = command(repository, "doctor", **unsafe)
    assert answer.returncode == 1, answer.stderr
    first, second, last = answer.stdout.splitlines()
    assert first.startswith("FILING_PORTAL_ALLOWED_HOSTS lets everybody")
    assert second.startswith("FILING_PORTAL_TRUSTED_PROXIES is not a number from 1 to 5")
    assert last == "2 to mend."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FILING_PORTAL_SITE_IDENTITY", "organiser"),
        ("FILING_PORTAL_TRUSTED_PROXIES", "one"),
        ("FILING_PORTAL_SMS_GATEWAY", "https://sms.example.cn"),
        ("FILING_PORTAL_SMS_PER_DAY", "many"),
    ],
)
def test_a_value_that_cannot_be_read_hides_no_other(repository: Path, name: str, value: str) -> None:
    unsafe = {**COMPLETE, "FILING_PORTAL_ALLOWED_HOSTS": "*", name: value}
    asked = command(repository, "doctor", **unsafe)
    *problems, last = asked.stdout.splitlines()
    assert (sorted(line.split()[0] for line in problems), last) == (
        sorted(["FILING_PORTAL_ALLOWED_HOSTS", name]),
        "2 to mend.",
    )
    assert (
        "\n".join(["The portal does not start in production:", *problems])
        in command(repository, "check", **unsafe).stderr
    )


OF_THE_WEB_SERVER = [
    ("FILING_PORTAL_WEB_WORKERS", "two", "is not a number from 1 to 256."),
    ("FILING_PORTAL_WEB_WORKERS", "1.5", "is not a number from 1 to 256."),
    ("FILING_PORTAL_WEB_THREADS", "0", "is not a number from 1 to 256."),
    ("PORT", "80000", "is not a port, a number from 1 to 65535."),
]


def web_server(repository: Path, settings: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """gunicorn with the portal's configuration, which it only reads."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:filing_portal.gunicorn_settings"]
    return subprocess.run(
        [*command, "--print-config", "filing_portal.wsgi"],
        cwd=repository,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": settings, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("name", "value", "sentence"), OF_THE_WEB_SERVER)
def test_the_web_server_says_in_a_sentence_which_variable_it_cannot_read(
    repository: Path, name: str, value: str, sentence: str
) -> None:
    answer = web_server(repository, "filing_portal.settings.testing", **{name: value})
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == ["The web server does not start:", f"{name} {sentence}"]


def test_the_web_server_names_every_variable_of_production_at_once(repository: Path) -> None:
    unsafe = {**COMPLETE, "FILING_PORTAL_ALLOWED_HOSTS": "*", "FILING_PORTAL_WEB_WORKERS": "two"}
    answer = web_server(repository, "filing_portal.settings.production", **unsafe)
    assert sorted(line.split()[0] for line in answer.stderr.splitlines()[1:]) == [
        "FILING_PORTAL_ALLOWED_HOSTS",
        "FILING_PORTAL_WEB_WORKERS",
    ]


def test_the_web_server_takes_numbers_and_counts_an_empty_variable_as_not_set(repository: Path) -> None:
    answer = web_server(
        repository,
        "filing_portal.settings.testing",
        FILING_PORTAL_WEB_WORKERS="3",
        FILING_PORTAL_WEB_THREADS="",
        PORT="8123",
    )
    shown = dict(re.findall(r"^(workers|threads|bind) += (.+)$", answer.stdout, re.MULTILINE))
    assert shown == {"workers": "3", "threads": "4", "bind": "['127.0.0.1:8123']"}


def test_the_portal_on_one_machine_does_not_start_a_web_server_that_would_stop(repository: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "filing_portal.supervisor", "--port", "8000"],
        cwd=repository,
        env={"PATH": "/usr/bin:/bin", "FILING_PORTAL_WEB_WORKERS": "two"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (
        1,
        "FILING_PORTAL_WEB_WORKERS is not a number from 1 to 256.\n",
    )


def test_keys_are_new_each_time_and_production_takes_them(repository: Path) -> None:
    made = [
        dict(line.split("=", 1) for line in command(repository, "keys").stdout.splitlines()) for _ in range(2)
    ]
    assert set(made[0]) == set(made[1])
    assert not set(made[0].values()) & set(made[1].values())
    passwords = {"POSTGRES_PASSWORD", "POSTGRES_WEB_PASSWORD", "REDIS_PASSWORD"}
    assert set(made[0]) - passwords <= set(REQUIRED)
    assert (
        problems_of({**COMPLETE, **{name: value for name, value in made[0].items() if name not in passwords}})
        == []
    )
    assert json.loads(COMPLETE["FILING_PORTAL_SITE_IDENTITY"])
