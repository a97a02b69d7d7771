"""The reverse proxy that is shipped agrees with what the portal believes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from registry.rules.particulars.attachments import MAX_FILE_BYTES


@pytest.fixture(scope="module")
def configuration(repository: Path) -> str:
    """nginx's directives, without comments."""
    return re.sub(r"#.*", "", (repository / "deploy" / "nginx.conf").read_text(encoding="utf-8"))


def test_what_a_client_says_about_its_way_here_is_replaced(configuration: str) -> None:
    headers = dict(re.findall(r"proxy_set_header\s+(\S+)\s+(\S+);", configuration))
    assert headers == {
        "Connection": '""',
        "Host": "$host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-Host": "$host",
        "X-Forwarded-Port": '""',
        "Forwarded": '""',
        "X-Real-IP": '""',
    }


def test_a_file_of_the_allowed_size_passes_with_its_form(configuration: str) -> None:
    megabytes = int(re.findall(r"client_max_body_size\s+(\d+)m;", configuration)[0])
    assert MAX_FILE_BYTES + (1 << 20) <= megabytes << 20 <= 2 * MAX_FILE_BYTES


def test_it_hands_on_to_the_port_that_the_compose_file_publishes(
    configuration: str, repository: Path
) -> None:
    published = (repository / "docker-compose.yml").read_text(encoding="utf-8")
    assert '"127.0.0.1:${PORT:-8000}:8000"' in published
    assert re.findall(r"server\s+(127\.0\.0\.1:\d+);", configuration) == ["127.0.0.1:8000"]


def test_files_of_a_snapshot_carry_the_headers_of_the_portals_own_answers(repository: Path) -> None:
    shipped = (repository / "deploy" / "portal-headers.conf").read_text(encoding="utf-8")
    given = {
        name: value.strip('"') for name, value in re.findall(r'add_header (\S+) ("[^"]+"|\S+);', shipped)
    }
    answer = Client().get("/api/v1/filings/x/", secure=True)
    own = {"Content-Security-Policy", "Strict-Transport-Security"}
    expected = set(answer.headers) - {"Content-Type", "Content-Length", "Content-Language", "Vary", "Allow"}
    expected -= {"Cache-Control", "ETag"}
    assert set(given) == expected | own
    assert {name: answer.headers[name] for name in expected - own} == {
        name: value for name, value in given.items() if name not in own
    }
    assert "default-src 'none'" in given["Content-Security-Policy"]


def test_what_is_no_file_of_a_snapshot_goes_to_the_portal(configuration: str) -> None:
    found = re.findall(r"location ([^{]+) \{\s+try_files (\S+) (\S+);", configuration)
    assert [fallback for _place, _file, fallback in found] == ["@portal"] * 3
    assert "open_file_cache" not in configuration
    chosen = re.search(r'"~(\^\(GET\|HEAD\)[^"]+)"', configuration)
    assert chosen is not None
    from_files = ("GET  ", "HEAD  ", "GET  */*", "GET  application/json", "GET  text/html,*/*;q=0.8")
    from_portal = ("POST  ", "GET page=2 */*", "GET  text/html", "GET  application/json; indent=4")
    assert [bool(re.search(chosen[1], asked)) for asked in from_files] == [True] * len(from_files)
    assert [bool(re.search(chosen[1], asked)) for asked in from_portal] == [False] * len(from_portal)


def test_it_leaves_compressing_to_the_portal_which_knows_what_is_secret(configuration: str) -> None:
    assert re.findall(r"\b(gzip\S*|brotli\S*)\s+(\S+);", configuration) == [("gzip", "off")]


def test_its_log_has_no_addresses_as_one_may_be_a_key(configuration: str) -> None:
    ((name, fields),) = re.findall(r"log_format (\w+) '([^']+)';", configuration)
    assert re.findall(r"access_log (.+);", configuration) == [f"/var/log/nginx/portal.log {name}"]
    assert set(re.findall(r"\$(\w+)", fields)) == {
        "remote_addr",
        "time_iso8601",
        "request_method",
        "status",
        "body_bytes_sent",
        "request_time",
    }
    assert re.findall(r"error_log (.+);", configuration) == ["/var/log/nginx/portal-error.log crit"]
