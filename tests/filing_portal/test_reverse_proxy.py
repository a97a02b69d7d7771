"""The reverse proxy that is shipped agrees with what the portal believes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from registry.rules.particulars.attachments import MAX_FILE_BYTES

RECORDS = r"~ ^/api/v1/(filings|lists)/[^%?]*$"


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
    places = re.findall(r"location ([^{@=]+) \{(.*?)\n    \}", configuration, re.DOTALL)
    fallbacks = {place: re.findall(r"= ?@portal;|@portal;", lines) for place, lines in places}
    assert {place: len(found) for place, found in fallbacks.items()} == {
        "/": 0,
        RECORDS: 1,
        r"~ ^/sitemap(-[0-9]+)?\.xml$": 1,
        "/files/lists/": 1,
    }
    assert "open_file_cache" not in configuration
    records = dict(places)[RECORDS]
    assert re.findall(r"error_page ([^=]+) = @portal;", records) == ["403 404 405"]


@pytest.fixture(scope="module")
def is_from_a_file(configuration: str) -> Callable[[str, str, str], bool]:
    """Whether a record is answered from its file: by method, parameters and accepted forms."""
    ((key, lines),) = re.findall(r'map "([^"]+)" \$record_file \{(.*?)\n\}', configuration, re.DOTALL)
    assert key == "$request_method $args $http_accept"
    chosen = re.findall(r'"([^"]*)" "\$\{uri\}index\.json";', lines)

    def asked(method: str, args: str, accept: str) -> bool:
        value = f"{method} {args} {accept}"
        return any(re.search(each[1:], value) if each[0] == "~" else each == value for each in chosen)

    return asked


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "text/html,*/*;q=0.8", "application/*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_plain_question_is_answered_from_the_file(
    is_from_a_file: Callable[[str, str, str], bool], method: str, accept: str
) -> None:
    assert is_from_a_file(method, "", accept)


@pytest.mark.parametrize(
    ("method", "args", "accept"),
    [
        ("POST", "", ""),
        ("GET", "page=2", "*/*"),
        ("GET", "page=2", ""),
        ("GET", "", "text/html"),
        ("GET", "", "application/json; indent=4"),
    ],
)
def test_any_other_question_goes_to_the_portal(
    is_from_a_file: Callable[[str, str, str], bool], method: str, args: str, accept: str
) -> None:
    assert not is_from_a_file(method, args, accept)


def test_an_address_that_decodes_twice_is_no_record(configuration: str) -> None:
    """rewrite decodes once more what the request's address was decoded to; it would lead out of the directory."""
    assert "rewrite ^ $record_file break;" in configuration
    place = RECORDS.removeprefix("~ ")
    assert re.search(place, "/api/v1/filings/京网信备11010100000000001X号/")
    for decoded in ("%2e%2e/%2e%2e/etc/", "a %2e%2e%2f/", "a\n%2e%2e%2f/", "x%3fy/", "x?y/"):
        assert not re.search(place, f"/api/v1/filings/{decoded}")


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
