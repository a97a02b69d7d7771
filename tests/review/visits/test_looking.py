"""A look ends within its time, its bytes and its memory, whatever the site does, and says in a word what it saw."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import time
import zlib
from pathlib import Path

import pytest

from review.visits.looking import connection as connections
from review.visits.looking import fetching, limits
from review.visits.looking.fetching import Asked, look
from review.visits.looking.guard import Rules
from tests.builders.web_sites import Manner, answer, certificate, hangs, says, sends_on, site

LOCAL = (ipaddress.ip_network("127.0.0.0/8"),)
HTML = "Content-Type: text/html\r\n"


def looked(manner: Manner, *, path: str = "/", seconds: float | None = None) -> list[Asked]:
    with site(manner) as asked:
        if seconds is not None:
            patched = pytest.MonkeyPatch()
            patched.setattr(fetching, "LOOK_SECONDS", seconds)
        try:
            return list(
                look(asked.url(path), rules=Rules(frozenset({asked.port}), let_through=LOCAL), agent="test")
            )
        finally:
            if seconds is not None:
                patched.undo()


def test_it_says_who_looks_and_brings_neither_cookies_nor_credentials() -> None:
    def manner(connection: socket.socket, path: str) -> None:
        to = "Location: /second?q=a\r\n" if path == "/" else ""
        status = "302 Found" if to else "200 OK"
        connection.sendall(answer(b"x", status=status, headers=f"Set-Cookie: a=b\r\n{HTML}{to}"))

    with site(manner) as asked:
        rules = Rules(frozenset({asked.port}), let_through=LOCAL)
        list(look(asked.url("/"), rules=rules, agent="Visitor/1.0 (+https://portal.example.cn)"))
    assert asked.paths == ["/", "/second?q=a"]
    for head in asked.heads:
        assert "User-Agent: Visitor/1.0 (+https://portal.example.cn)\r\n" in head
        assert not {"cookie", "authorization", "referer"} & {
            line.partition(":")[0].lower() for line in head.splitlines()
        }


@pytest.mark.parametrize("status", [200, 403, 404, 500, 503])
def test_every_status_is_an_answer(status: int) -> None:
    [(step, found)] = looked(says(b"<title>x</title>", status=f"{status} Some words"))
    assert (step.status, step.problem) == (status, "")
    assert found is not None
    assert found.page is not None


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Same", "308 Same for ever"]
)
def test_redirects_are_followed_and_each_is_shown(status: str) -> None:
    def manner(connection: socket.socket, path: str) -> None:
        page = answer(b"<title>end</title>", headers=HTML)
        connection.sendall(
            page if path == "/end" else answer(b"", status=status, headers="Location: /end\r\n")
        )

    first, second = looked(manner)
    assert (first[0].leads_to.endswith("/end"), first[0].by, second[0].status) == (True, "redirect", 200)


def test_a_page_that_sends_on_by_itself_is_followed() -> None:
    def manner(connection: socket.socket, path: str) -> None:
        refresh = b"<META HTTP-EQUIV='Refresh' CONTENT='0;URL=/end'>"
        connection.sendall(answer(b"<title>end</title>" if path == "/end" else refresh))

    first, second = looked(manner)
    assert (first[0].by, second[0].url.endswith("/end"), second[0].status) == ("page", True, 200)


def test_a_page_that_only_loads_itself_again_has_opened() -> None:
    [(step, _found)] = looked(says(b"<meta http-equiv=refresh content='30; url=/'><title>live</title>"))
    assert (step.status, step.leads_to) == (200, "")


def test_a_circle_is_named() -> None:
    def manner(connection: socket.socket, path: str) -> None:
        to = "/b" if path == "/a" else "/a"
        connection.sendall(answer(b"", status="302 Found", headers=f"Location: {to}\r\n"))

    steps = looked(manner, path="/a")
    assert [step.problem for step, _answer in steps] == ["", "", "goes_in_circles"]


def test_redirects_without_end_end() -> None:
    def manner(connection: socket.socket, path: str) -> None:
        to = f"/{int(path[1:] or 0) + 1}"
        connection.sendall(answer(b"", status="302 Found", headers=f"Location: {to}\r\n"))

    steps = looked(manner)
    assert len(steps) == limits.MOST_REDIRECTS + 2
    assert steps[-1][0].problem == "too_many_redirects"


@pytest.mark.parametrize(
    "to", ["", "http://", "http://[", "\\\\127.0.0.1\\", "ht!tp://x", "http://a..b/", "/\x00", "中文 路径"]
)
def test_a_redirect_to_nowhere_is_no_error_of_ours(to: str) -> None:
    steps = looked(
        lambda connection, _path: connection.sendall(
            f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()
        )
    )
    assert steps[-1][0].problem or steps[-1][0].status


def test_a_site_that_says_nothing_is_left_in_time() -> None:
    started = time.monotonic()
    [(step, _none)] = looked(hangs(30), seconds=1.0)
    assert step.problem == "too_slow"
    assert time.monotonic() - started < 4


def test_a_head_that_drips_is_left_in_time() -> None:
    def drip(connection: socket.socket, _path: str) -> None:
        for each in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000:
            connection.sendall(bytes([each]))
            time.sleep(0.05)

    started = time.monotonic()
    [(step, _none)] = looked(drip, seconds=1.0)
    assert step.problem == "too_slow"
    assert time.monotonic() - started < 4


def test_of_a_body_that_drips_is_kept_what_came() -> None:
    def drip(connection: socket.socket, _path: str) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\n{HTML}\r\n<title>slow</title>".encode())
        while True:
            connection.sendall(b".")
            time.sleep(0.05)

    started = time.monotonic()
    [(step, found)] = looked(drip, seconds=1.0)
    assert time.monotonic() - started < 4
    assert found is not None
    assert found.page is not None
    assert (step.status, found.is_cut, found.page.title) == (200, True, "slow")


def endless(connection: socket.socket, _path: str) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\n{HTML}\r\n<title>long</title>".encode())
    while True:
        connection.sendall(b"x" * 65_536)


def test_a_body_without_end_is_cut() -> None:
    [(step, found)] = looked(endless)
    assert found is not None
    assert found.page is not None
    assert (step.status, found.is_cut, found.page.title) == (200, True, "long")
    assert found.size_bytes <= limits.MOST_PAGE_BYTES


def test_chunks_without_end_are_cut() -> None:
    def chunks(connection: socket.socket, _path: str) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\n{HTML}Transfer-Encoding: chunked\r\n\r\n".encode())
        while True:
            connection.sendall(b"10000\r\n" + b"y" * 65_536 + b"\r\n")

    [(step, found)] = looked(chunks)
    assert found is not None
    assert (step.status, found.is_cut) == (200, True)


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_bomb_is_unpacked_no_further_than_a_page(packing: str) -> None:
    plain = b"<title>bomb</title>" + b"0" * 300_000_000
    packed = gzip.compress(plain, 9) if packing == "gzip" else zlib.compress(plain, 9)
    [(step, found)] = looked(says(packed, headers=f"{HTML}Content-Encoding: {packing}\r\n"))
    assert found is not None
    assert found.page is not None
    assert (step.status, found.is_cut, found.page.title) == (200, True, "bomb")
    assert found.size_bytes <= limits.MOST_PAGE_BYTES


def test_a_packed_page_is_read() -> None:
    packed = gzip.compress("<title>链</title>".encode())
    [(_step, found)] = looked(says(packed, headers=f"{HTML}Content-Encoding: gzip\r\n"))
    assert found is not None
    assert found.page is not None
    assert found.page.title == "链"


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_page_that_is_packed_wrongly_opens_without_text(packing: str) -> None:
    [(step, found)] = looked(says(b"not packed", headers=f"{HTML}Content-Encoding: {packing}\r\n"))
    assert found is not None
    assert (step.status, found.is_cut) == (200, True)


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\x01\x02",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Flood: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 200_000,
        b"",
    ],
)
def test_what_is_no_answer_of_a_web_server_is_named(sent: bytes) -> None:
    [(step, _none)] = looked(lambda connection, _path: connection.sendall(sent))
    assert step.problem in {"no_web_answer", "broke_off"}


def test_a_connection_that_breaks_off_within_the_page_leaves_what_came() -> None:
    [(step, found)] = looked(
        lambda connection, _path: connection.sendall(
            f"HTTP/1.1 200 OK\r\n{HTML}Content-Length: 5000\r\n\r\n<title>half</title>".encode()
        )
    )
    assert found is not None
    assert found.page is not None
    assert (step.status, found.page.title) == (200, "half")


def test_a_file_is_named_and_not_loaded() -> None:
    headers = "Content-Type: application/vnd.android.package-archive\r\n"
    [(step, found)] = looked(says(b"PK" * 100, headers=headers))
    assert found is not None
    assert (step.status, found.page, found.size_bytes) == (200, None, 200)


def test_a_closed_port_is_named() -> None:
    with site(says(b"x")) as closed:
        port = closed.port
    steps = list(
        look(f"http://127.0.0.1:{port}/", rules=Rules(frozenset({port}), let_through=LOCAL), agent="test")
    )
    assert steps[-1][0].problem == "connection_refused"


def test_a_look_up_that_hangs_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "NAME_SECONDS", 0.3)

    def resolve(_host: str, _port: int) -> list[str]:
        time.sleep(20)
        return []

    started = time.monotonic()
    [(step, _none)] = look("http://site.cn/", rules=Rules(), agent="test", resolve=resolve)
    assert step.problem == "name_too_slow"
    assert time.monotonic() - started < 2


def test_a_name_without_an_address_is_named() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    [(step, _none)] = look("http://site.cn/", rules=Rules(), agent="test", resolve=resolve)
    assert step.problem == "name_unknown"


# ---------------------------------------------------------------- certificates


def secure(
    context: object, monkeypatch: pytest.MonkeyPatch, *, trusted: Path | None = None, name: str
) -> str:
    if trusted is not None:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with site(says(b"<title>x</title>"), context=context) as asked:  # type: ignore[arg-type]
        rules = Rules(frozenset({asked.port}), let_through=LOCAL)
        steps = list(
            look(
                asked.url(scheme="https", host=name),
                rules=rules,
                agent="test",
                resolve=lambda _host, _port: ["127.0.0.1"],
            )
        )
    step = steps[-1][0]
    return step.problem or str(step.status)


def test_a_certificate_that_is_in_order_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = certificate(tmp_path, name="site.cn")
    assert secure(context, monkeypatch, trusted=tmp_path / "site.cn.pem", name="site.cn") == "200"


def test_what_is_wrong_with_a_certificate_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = certificate(tmp_path, name="site.cn")
    assert secure(context, monkeypatch, name="site.cn") == "tls_self_signed"
    trusted = tmp_path / "site.cn.pem"
    assert secure(context, monkeypatch, trusted=trusted, name="other.cn") == "tls_other_name"
    with site(says(b"plain")) as plain:
        rules = Rules(frozenset({plain.port}), let_through=LOCAL)
        [(step, _none)] = look(plain.url(scheme="https"), rules=rules, agent="test")
    assert step.problem == "tls_failed"


def test_a_redirect_from_plain_to_encrypted_shows_both(tmp_path: Path) -> None:
    context = certificate(tmp_path, name="site.cn")
    with site(says(b"x"), context=context) as second, site(sends_on(second.url(scheme="https"))) as first:
        rules = Rules(frozenset({first.port, second.port}), let_through=LOCAL)
        steps = list(look(first.url(), rules=rules, agent="test"))
    assert [(step.status, step.problem) for step, _answer in steps] == [(302, ""), (0, "tls_self_signed")]
