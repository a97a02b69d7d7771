"""Measures the public record over HTTP beside plain views over the same table, in one run.

`python benchmarks/http.py` starts a PostgreSQL and a Redis of its own, fills the register with 3,000 filings of
invented names, writes records ahead, and starts gunicorn twice with the product's own configuration and one worker:
with the portal in its production settings, and with `benchmarks/plain_views.py`, REST framework's views without any
middleware. Both answer in turn, round by round, so that what else runs on the machine slows both. Where nginx is
installed it serves a snapshot by the rules of `deploy/nginx.conf`, and beside it one small file.

What is measured has one processor, the same for all, and whoever asks, the database and the counters have the others:
otherwise who asks takes its time from who answers, the more of it the faster the answers are.

It prints answers a second and the ratio to the floor, and ends with 1 when ready bytes are below 2 times the plain
view, a page below 1 time the plain page, or the snapshot below 0.8 of the small file. Load goes to 127.0.0.1 only.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from pathlib import Path
from urllib.parse import quote

REPOSITORY = Path(__file__).resolve().parents[1]
# Instead of this folder, in which this module has the name of one of Python's.
sys.path[0] = str(REPOSITORY)
PUBLIC_ADDRESS = "https://127.0.0.1"
os.environ["FILING_PORTAL_BASE_URL"] = PUBLIC_ADDRESS

from benchmarks.scale import as_owner, servers
from benchmarks.search import Maker, fill
from tests.services.postgres import PostgresServer
from tests.services.processes import OwnedProcess, free_port
from tests.services.production import WEB_ROLE, make_web_role
from tests.services.production import environment as of_production

SIZE = 3_000
RECORDS = 1_000
ROUNDS = 12
ROUND_SECONDS = 1.0
# As many as keep one processor busy: nginx answers faster than two of them ask.
CLIENTS = 2
CLIENTS_OF_NGINX = 4
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go: a port, and the paths that are asked for in turn."""

    port: int
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is measured, its floor, and how many times the floor it is to reach; 0 where nothing is asked.

    `rates` has for each round the answers a second of both.
    """

    name: str
    target: Target
    floor: Target
    least: float = 0.0
    rates: list[tuple[float, float]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median over the rounds of what both did right after each other."""
        return statistics.median(mine / floor for mine, floor in self.rates)


def processors() -> tuple[set[int], set[int]]:
    """Those of what is measured, one, and those of everything else; on a machine with one they are the same."""
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}


MEASURED_ON, ASKED_FROM = processors()


def main() -> None:
    """Fills, starts, measures and prints; whether each ratio is reached."""
    # For whatever is started from here on.
    os.sched_setaffinity(0, ASKED_FROM)
    with servers() as postgres, tempfile.TemporaryDirectory(prefix="filing-portal-http-") as directory:
        from django.core.management import call_command

        make_web_role(postgres)
        call_command("migrate", verbosity=0)
        with as_owner(postgres) as cursor:
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB_ROLE}"
            )
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB_ROLE}")
        call_command("protect_tables", stdout=io.StringIO())
        fill(postgres, Maker(), last=SIZE)
        numbers, unwritten = write_records()
        variables = production(postgres, os.environ["REDIS_URL"], Path(directory))
        root = Path(directory) / "snapshot"
        collect_static(variables)
        with (
            gunicorn("filing_portal.settings.production", variables) as portal,
            gunicorn("benchmarks.plain_settings", variables) as plain,
        ):
            print(f"{SIZE:,} filings, load average {os.getloadavg()[0]:.1f}\n")
            found = measured(of_gunicorn(portal, plain, numbers, unwritten), clients=CLIENTS)
        if shutil.which("nginx"):
            call_command("snapshot", str(root))
            (root / "current" / "small.json").write_bytes(b"x" * size_of_records(root))
            with nginx(root, Path(directory)) as port:
                found += measured([of_nginx(port, numbers)], clients=CLIENTS_OF_NGINX)
        else:
            print("nginx is not installed: the snapshot is left out.")
    sys.exit(0 if print_table(found) else 1)


# ---------------------------------------------------------------- what is asked


def write_records() -> tuple[list[str], list[str]]:
    """Writes the records of the latest filings ahead; gives their numbers, and as many of those before them."""
    from registry.lists import note_names
    from registry.models import Filing
    from registry.snapshot import records

    note_names()
    some = Filing.objects.exclude(number=None).order_by("-numbered_at", "-pk").values_list("pk", "number")
    written, unwritten = some[:RECORDS], some[RECORDS : 2 * RECORDS]
    for filing_id, _number in written:
        records.write(filing_id)
    return [number for _pk, number in written if number], [number for _pk, number in unwritten if number]


def size_of_records(root: Path) -> int:
    """How large a record is, in the middle."""
    return int(
        statistics.median(each.stat().st_size for each in root.glob("current/api/v1/filings/*/index.json"))
    )


def of_gunicorn(
    portal: int, plain: int, numbers: Sequence[str], unwritten: Sequence[str]
) -> list[Comparison]:
    """The product's answers, each beside the plain view."""
    rows = [f"/filings/{quote(number)}/" for number in numbers]
    records = [f"/api/v1{path}" for path in rows]
    live = [f"/api/v1/filings/{quote(number)}/" for number in unwritten]
    plain_row, plain_page = Target(plain, rows), Target(plain, ["/filings/"])
    return [
        Comparison("record, ready bytes", Target(portal, records), plain_row, 2.0),
        Comparison("record, made now", Target(portal, live), plain_row),
        Comparison("page of 30 records", Target(portal, ["/api/v1/filings/"]), plain_page, 1.0),
        Comparison("page, made now", Target(portal, ["/api/v1/filings/?sort=oldest"]), plain_page),
        Comparison("record page (HTML)", Target(portal, rows), plain_row),
    ]


def of_nginx(port: int, numbers: Sequence[str]) -> Comparison:
    """The snapshot beside one small file."""
    records = [f"/api/v1/filings/{quote(number)}/" for number in numbers]
    return Comparison(
        "record, snapshot by nginx",
        Target(port, records),
        Target(port, ["/small.json"]),
        0.8,
    )


# ---------------------------------------------------------------- servers


def production(postgres: PostgresServer, redis: str, directory: Path) -> dict[str, str]:
    """Production's variables for one worker; every request comes over one proxy, which names a visitor of its own."""
    return {
        **of_production(postgres, redis, directory),
        "FILING_PORTAL_ALLOWED_HOSTS": "127.0.0.1",
        "FILING_PORTAL_BASE_URL": PUBLIC_ADDRESS,
        "FILING_PORTAL_WEB_WORKERS": "1",
    }


def collect_static(environment: dict[str, str]) -> None:
    """The styles and scripts that pages name."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=REPOSITORY,
        check=True,
        env={**environment, "DJANGO_SETTINGS_MODULE": "filing_portal.settings.production"},
    )


@contextmanager
def gunicorn(settings: str, environment: dict[str, str]) -> Iterator[int]:
    """gunicorn with these settings and the product's configuration; gives its port."""
    port = free_port()
    command = ["gunicorn", "--config", "python:filing_portal.gunicorn_settings", "--max-requests", "0"]
    command += ["--bind", f"127.0.0.1:{port}", "filing_portal.wsgi"]
    process = OwnedProcess(
        command,
        log=Path(environment["FILING_PORTAL_VAR_DIR"]) / f"{settings}.log",
        env={**environment, "DJANGO_SETTINGS_MODULE": settings},
        cwd=REPOSITORY,
    )
    # Before it makes its worker.
    os.sched_setaffinity(process.pid, MEASURED_ON)
    try:
        process.wait_until(lambda: answers(port), seconds=60, what=settings)
        yield port
    finally:
        process.stop()


@contextmanager
def nginx(root: Path, directory: Path) -> Iterator[int]:
    """nginx with the rules of the shipped configuration, without TLS; gives its port."""
    port = free_port()
    shipped = (REPOSITORY / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    (record_file,) = re.findall(r"map .*?\n}\n", shipped, re.DOTALL)
    (place,) = re.findall(r"    location ~ \^/api.*?\n    }\n", shipped, re.DOTALL)
    headers = REPOSITORY / "deploy" / "portal-headers.conf"
    configuration = directory / "nginx.conf"
    configuration.write_text(
        f"""
        daemon off; worker_processes 1; pid {directory}/nginx.pid; error_log {directory}/nginx-errors.log;
        events {{ worker_connections 64; }}
        http {{
        access_log off; sendfile on; keepalive_requests 1000000;
        client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
        fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
        {record_file}
        server {{
            listen 127.0.0.1:{port}; root {root}/current;
            location @portal {{ return 502; }}
            location = /small.json {{ default_type application/json; }}
            {place.replace("portal-headers.conf", str(headers))}
        }}
        }}""",
        encoding="utf-8",
    )
    # Its worker runs as another user, and reads what everybody may.
    directory.chmod(0o755)
    process = OwnedProcess(["nginx", "-c", str(configuration)], log=directory / "nginx.log")
    os.sched_setaffinity(process.pid, MEASURED_ON)
    try:
        process.wait_until(lambda: answers(port), seconds=20, what="nginx")
        yield port
    finally:
        process.stop()


def answers(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


# ---------------------------------------------------------------- load


def measured(comparisons: list[Comparison], *, clients: int) -> list[Comparison]:
    """All of them, round by round, each right before its floor; the first round warms up and is left out."""
    with multiprocessing.get_context("fork").Pool(clients) as pool:
        for turn in range(ROUNDS + 1):
            for each in comparisons:
                rates = (
                    rate_of(pool, each.target, clients=clients),
                    rate_of(pool, each.floor, clients=clients),
                )
                if turn:
                    each.rates.append(rates)
    return comparisons


def rate_of(pool: Pool, target: Target, *, clients: int) -> float:
    """Answers a second to clients that each ask again when they are answered."""
    return sum(pool.starmap(ask, [(target, seed) for seed in range(clients)]))


def ask(target: Target, seed: int) -> float:
    """Asks for the paths in turn over one connection; gives the answers a second. Only 200 is an answer."""
    chance = random.Random(seed)
    asked = [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"
        f"X-Forwarded-For: 10.{chance.randrange(256)}"
        f".{chance.randrange(256)}.{chance.randrange(256)}\r\n\r\n".encode()
        for path in target.paths
        for _visitor in range(1 if len(target.paths) > 1 else RECORDS)
    ]
    chance.shuffle(asked)
    count = 0
    with socket.create_connection(("127.0.0.1", target.port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.perf_counter()
        while time.perf_counter() < started + ROUND_SECONDS:
            connection.sendall(asked[count % len(asked)])
            read_answer(connection)
            count += 1
        return count / (time.perf_counter() - started)


def read_answer(connection: socket.socket) -> None:
    """Reads one answer to its end."""
    read = connection.recv(65_536)
    while b"\r\n\r\n" not in read:
        read += connection.recv(65_536)
    head, _, body = read.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode("latin-1").splitlines()[0])
    length = _LENGTH.search(head)
    while len(body) < int(length[1]) if length else not body.endswith(b"0\r\n\r\n"):
        body += connection.recv(65_536)


def print_table(comparisons: Sequence[Comparison]) -> bool:
    """Prints the medians and the ratios with their spread; whether all reach what is asked."""
    print(f"Answers a second, medians of {ROUNDS} rounds; load average now {os.getloadavg()[0]:.1f}.")
    print(f"{'':28}{'portal':>10}{'floor':>10}{'ratio':>8}{'from':>8}{'to':>7}{'asked':>8}")
    for each in comparisons:
        mine, floor = (statistics.median(rates) for rates in zip(*each.rates, strict=True))
        ratios = sorted(one / other for one, other in each.rates)
        asked = f"{each.least:>7.1f}×" if each.least else ""
        print(
            f"{each.name:28}{mine:>10,.0f}{floor:>10,.0f}{each.ratio:>7.2f}×{ratios[0]:>8.2f}{ratios[-1]:>7.2f}{asked}"
        )
    return all(each.ratio >= each.least for each in comparisons)


if __name__ == "__main__":
    main()
