"""The reverse proxy that is shipped agrees with what the portal believes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


def test_it_leaves_compressing_to_the_portal_which_knows_what_is_secret(configuration: str) -> None:
    assert re.findall(r"\b(gzip\S*|brotli\S*)\s+(\S+);", configuration) == [("gzip", "off")]
