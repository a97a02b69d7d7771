"""The process list of docker-compose.yml, started by hand: production settings, the web's own database role."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg2
import pytest
import yaml

from tests.services import production
from tests.services.postgres import PostgresServer
from tests.services.processes import OwnedProcess, free_port
from tests.services.production import make_web_role
from tests.services.redis import RedisServer

# Together, so that one worker sets up one server.
pytestmark = pytest.mark.xdist_group("production")


@pytest.fixture(scope="module")
def postgres(repository: Path) -> Iterator[PostgresServer]:
    """A server whose database was prepared as the container prepares it."""
    server = PostgresServer()
    server.start()
    try:
        make_web_role(server)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    """A broker of its own."""
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def commands(repository: Path) -> dict[str, list[str]]:
    """What docker-compose.yml starts, service by service."""
    services = yaml.safe_load((repository / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return {name: service["command"] for name, service in services.items() if "command" in service}


@pytest.fixture(scope="module")
def environment(
    postgres: PostgresServer, redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Production's variables, for the web role."""
    return production.environment(postgres, redis.url(), tmp_path_factory.mktemp("production"))


@pytest.fixture(scope="module")
def told_less(environment: dict[str, str], repository: Path) -> dict[str, dict[str, str]]:
    """Of these variables what docker-compose.yml gives the services that are told less than the others."""
    compose = yaml.safe_load((repository / "docker-compose.yml").read_text(encoding="utf-8"))
    found = {}
    for service in ("decoder", "visits", "visitor"):
        named = compose["services"][service]["environment"]
        machine = {"PATH", "FILING_PORTAL_VAR_DIR", "FILING_PORTAL_VISITOR_SOCKET"}
        kept = {name: value for name, value in environment.items() if name in {*named, *machine}}
        settings = {name: named[name] for name in ("DJANGO_SETTINGS_MODULE",) if name in named}
        found[service] = {**kept, **settings}
    return found


@pytest.fixture(scope="module")
def of_the_decoder(told_less: dict[str, dict[str, str]]) -> dict[str, str]:
    """What the decoder is told."""
    return told_less["decoder"]


@pytest.fixture(scope="module")
def migrated(
    commands: dict[str, list[str]], environment: dict[str, str], postgres: PostgresServer, repository: Path
) -> None:
    """The one-shot service has run, as the owner of the tables."""
    owner = f"postgresql://postgres@127.0.0.1:{postgres.port}/filing_portal"
    subprocess.run(
        commands["migrate"],
        cwd=repository,
        check=True,
        capture_output=True,
        env={**environment, "DATABASE_URL": owner},
    )


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=3) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@pytest.mark.usefixtures("migrated")
def test_the_processes_of_the_compose_file_come_up(
    commands: dict[str, list[str]],
    environment: dict[str, str],
    of_the_decoder: dict[str, str],
    told_less: dict[str, dict[str, str]],
    repository: Path,
    tmp_path: Path,
) -> None:
    port = free_port()
    here = {"0.0.0.0:8000": f"127.0.0.1:{port}", "/run/portal/beat-schedule": str(tmp_path / "schedule")}
    started: list[OwnedProcess] = []

    def start(name: str) -> OwnedProcess:
        command = [here.get(word, word) for word in commands[name]]
        log = tmp_path / f"{name}.log"
        given = told_less.get(name, environment)
        started.append(OwnedProcess(command, log=log, env=given, cwd=repository))
        return started[-1]

    def says(process: OwnedProcess, text: str) -> Callable[[], bool]:
        return lambda: text in process.last_output(20_000)

    def answers_alive(name: str) -> Callable[[], bool]:
        alive = [sys.executable, *commands[name][1:], "--is-alive"]
        return lambda: subprocess.run(alive, cwd=repository, env=told_less[name], check=False).returncode == 0

    try:
        web, worker, beat = start("web"), start("worker"), start("beat")
        decoder, visitor, visits = start("decoder"), start("visitor"), start("visits")
        web.wait_until(lambda: _answers(f"http://127.0.0.1:{port}/readyz"), seconds=60, what="web")
        worker.wait_until(says(worker, "ready."), seconds=60, what="worker")
        beat.wait_until(lambda: any(tmp_path.glob("schedule*")), seconds=60, what="beat")
        decoder.wait_until(says(decoder, "decoder_started"), seconds=60, what="decoder")
        look = [sys.executable, *commands["decoder"][1:], "--is-alive"]
        decoder.wait_until(
            lambda: subprocess.run(look, cwd=repository, env=of_the_decoder, check=False).returncode == 0,
            seconds=60,
            what="the decoder's word",
        )
        visitor.wait_until(answers_alive("visitor"), seconds=60, what="the visitor's word")
        visits.wait_until(answers_alive("visits"), seconds=60, what="the visits' word")
        assert all(process.is_running() for process in started)
    finally:
        for process in started:
            process.stop(seconds=3)


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE registry_event",
        "TRUNCATE registry_filing CASCADE",
        "ALTER TABLE registry_event DISABLE TRIGGER ALL",
        "DROP TABLE registry_event",
        "CREATE TABLE elsewhere (id integer)",
        "UPDATE registry_event SET hash = hash",
        "DELETE FROM registry_event",
        "UPDATE registry_filingevent SET hash = hash",
        "DELETE FROM registry_filingevent",
        "UPDATE registry_revision SET number = number",
        "DELETE FROM registry_revision",
        "UPDATE registry_revisionfile SET slot = slot",
        "UPDATE review_markversion SET verdict = verdict",
        "DELETE FROM review_markversion",
        "UPDATE review_personaldatareveal SET reason = reason",
        "DELETE FROM review_personaldatareveal",
        "UPDATE review_sitevisit SET key = key",
        "DELETE FROM review_sitevisit",
    ],
)
def test_the_web_role_may_neither_alter_a_table_nor_rewrite_what_is_only_added_to(
    postgres: PostgresServer, statement: str
) -> None:
    dsn = f"host=127.0.0.1 port={postgres.port} user=filing_portal_web dbname=filing_portal"
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_event")
        # The trigger can be told to look away; the privilege is not there.
        cursor.execute("SET pgtrigger.ignore = '{registry_event:event_append_only}'")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)


@pytest.mark.usefixtures("migrated")
def test_a_case_goes_its_whole_way_with_the_rights_of_the_web_role(
    environment: dict[str, str], repository: Path
) -> None:
    program = (
        "import django; django.setup()\n"
        "from registry.integrity.register import verify_register\n"
        "from review.reveals.reveals import reveal\n"
        "from tests.builders.register import Cast, MORNING, in_force, submitted\n"
        "cast = Cast()\n"
        "in_force(cast)\n"
        "application = submitted(cast, seed=2).application\n"
        "officer = cast.provincial\n"
        "reason = 'A sample: the number is compared with the contract.'\n"
        "reveal(application, 'person_in_charge.mobile', reason=reason, officer=officer, at=MORNING)\n"
        "report = verify_register()\n"
        "print(report.counts['events'], [str(each) for each in report.violations])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (answer.stdout, answer.returncode) == ("7 []\n", 0), answer.stderr


@pytest.mark.usefixtures("migrated")
def test_protecting_the_tables_again_changes_nothing(
    environment: dict[str, str], postgres: PostgresServer, repository: Path
) -> None:
    def protect(*arguments: str) -> str:
        owner = f"postgresql://postgres@127.0.0.1:{postgres.port}/filing_portal"
        return subprocess.run(
            [sys.executable, "manage.py", "protect_tables", *arguments],
            cwd=repository,
            env={**environment, "DATABASE_URL": owner},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    append_only = {
        "registry_agreement",
        "registry_article",
        "registry_articleversion",
        "registry_batchentry",
        "registry_batchfile",
        "registry_calendarnotice",
        "registry_chainnamedecision",
        "registry_registerdigest",
        "registry_event",
        "registry_filingevent",
        "registry_issueddocument",
        "registry_membershipevent",
        "registry_papernumber",
        "registry_papersetting",
        "registry_revision",
        "registry_signedform",
        "registry_telling",
        "review_announcementtext",
        "review_contactnote",
        "review_documentopening",
        "review_markversion",
        "review_personaldatareveal",
        "review_sitevisit",
        "review_workingnote",
    }
    assert set(protect().splitlines()) == {
        *(f"filing_portal_web may not UPDATE or DELETE {table}." for table in append_only),
        "filing_portal_web may not DELETE registry_tellingfile.",
        "filing_portal_web may not UPDATE registry_revisionfile.",
    }
    assert protect("--role", "nobody") == "There is no role nobody here; nothing to take from it.\n"


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("name", ["web", "worker", "beat", "decoder", "visits"])
def test_nothing_runs_as_the_owner_of_the_tables(
    name: str,
    commands: dict[str, list[str]],
    environment: dict[str, str],
    postgres: PostgresServer,
    repository: Path,
    tmp_path: Path,
) -> None:
    with closing(psycopg2.connect(f"host=127.0.0.1 port={postgres.port} user=postgres")) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'keeper'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE ROLE keeper LOGIN")
    for role, said in {"postgres": "may do everything", "keeper": "owns tables"}.items():
        with owner_of_a_table(postgres, "keeper"):
            here = {
                "0.0.0.0:8000": f"127.0.0.1:{free_port()}",
                "/run/portal/beat-schedule": str(tmp_path / "s"),
            }
            answer = subprocess.run(
                [here.get(word, word) for word in commands[name]],
                cwd=repository,
                env={
                    **environment,
                    "DATABASE_URL": f"postgresql://{role}@127.0.0.1:{postgres.port}/filing_portal",
                },
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        assert answer.returncode != 0
        assert f"The database role {role} {said}" in answer.stderr


@contextmanager
def owner_of_a_table(postgres: PostgresServer, role: str) -> Iterator[None]:
    """While this lasts, the role owns a table."""
    address = f"host=127.0.0.1 port={postgres.port} user=postgres dbname=filing_portal"
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"CREATE TABLE kept (); ALTER TABLE kept OWNER TO {role}")
        try:
            yield
        finally:
            cursor.execute("DROP TABLE kept")


def test_the_decoder_reaches_nothing_but_the_database_and_is_told_no_secret_that_it_does_not_need(
    repository: Path,
) -> None:
    compose = yaml.safe_load((repository / "docker-compose.yml").read_text(encoding="utf-8"))
    services = compose["services"]
    networks = services["decoder"]["networks"]
    assert all(compose["networks"][name]["internal"] for name in networks)
    reached = {
        name for name, given in services.items() if set(given.get("networks", ["default"])) & set(networks)
    }
    assert reached == {"decoder", "postgres"}
    assert set(services["decoder"]["environment"]) == {
        "DJANGO_SETTINGS_MODULE",
        "FILING_PORTAL_DATA_KEYS",
        # No secret: it stands on the papers with which a statement is compared.
        "FILING_PORTAL_BASE_URL",
        "DATABASE_URL",
        "FILING_PORTAL_DATABASE_PASSWORD",
    }


def test_the_visitor_has_no_key_no_database_and_a_user_and_a_network_of_its_own(repository: Path) -> None:
    compose = yaml.safe_load((repository / "docker-compose.yml").read_text(encoding="utf-8"))
    services = compose["services"]
    visitor, visits = services["visitor"], services["visits"]
    assert set(visitor["environment"]) == {
        # No secret: sites are told who looks.
        "FILING_PORTAL_BASE_URL",
        "FILING_PORTAL_VISITOR_SOCKET",
        "FILING_PORTAL_VISITOR_PORTS",
        "FILING_PORTAL_VISITOR_REFUSED",
    }
    assert visitor["volumes"] == ["visitor-socket:/run/visitor"]
    assert [name for name, given in services.items() if given.get("user") == visitor["user"]] == ["visitor"]
    assert [name for name, given in services.items() if "outside" in given.get("networks", [])] == ["visitor"]
    assert visitor["networks"] == ["outside"]
    # Who asks it has keys, and no way out.
    assert all(compose["networks"][name]["internal"] for name in visits["networks"])
    reached = {
        name
        for name, given in services.items()
        if set(given.get("networks", ["default"])) & set(visits["networks"])
    }
    assert reached == {"visits", "postgres"}
    assert "--let-through" not in visitor["command"]


@pytest.mark.usefixtures("migrated")
def test_the_doctor_names_what_is_wrong_around_the_portal(
    environment: dict[str, str], postgres: PostgresServer, repository: Path
) -> None:
    def doctor(**changed: str) -> list[str]:
        answer = subprocess.run(
            [sys.executable, "manage.py", "doctor"],
            cwd=repository,
            env={**environment, **changed},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        *problems, last = answer.stdout.splitlines()
        assert answer.returncode == 1, answer.stderr
        assert last == f"{len(problems)} to mend."
        return problems

    # Nothing sends mails and messages here, the styles were not collected, and neither decoder nor visits have run.
    with closing(
        psycopg2.connect(f"host=127.0.0.1 port={postgres.port} user=postgres dbname=filing_portal")
    ) as found:
        found.autocommit = True
        found.cursor().execute("DELETE FROM registry_jobrun")
    silent = ("No decoder has said that it lives", "No visits process that a visitor answers")
    always = [
        "The styles are not there",
        "FILING_PORTAL_EMAIL_HOST: no mail",
        "FILING_PORTAL_SMS_GATEWAY: nothing",
    ]
    folder = Path(environment["FILING_PORTAL_VAR_DIR"])
    unwritable = folder / "missing"
    address = f"postgresql://postgres@127.0.0.1:{postgres.port}/filing_portal"
    for changed, said in (
        ({}, [*silent]),
        ({"DATABASE_URL": address}, ["The database role postgres may do everything", *silent]),
        (
            {"DATABASE_URL": address.replace("/filing_portal", "/postgres")},
            ["The database is not of", "The database role"],
        ),
        (
            {"DATABASE_URL": address.replace("postgres@", "nobody@")},
            ["DATABASE_URL: the database cannot be reached"],
        ),
        (
            {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"},
            [*silent, "REDIS_URL: Redis cannot be reached"],
        ),
        (
            {"FILING_PORTAL_VAR_DIR": str(unwritable)},
            [*silent, f"FILING_PORTAL_VAR_DIR: nothing can be written in {unwritable}"],
        ),
        ({"FILING_PORTAL_SITE_VISITS": "false"}, [silent[0]]),
        (
            {"FILING_PORTAL_SNAPSHOT_ROOT": str(unwritable)},
            [*silent, "FILING_PORTAL_SNAPSHOT_ROOT: nothing can be written"],
        ),
    ):
        found = doctor(**changed)
        expected = [*said, *always]
        assert len(found) == len(expected), found
        assert all(line.startswith(start) for line, start in zip(found, expected, strict=True)), found
