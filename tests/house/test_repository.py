"""What the repository must not hold, and what must be complete in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.house.sources import REPOSITORY, tracked_files
from tests.house.translations import find_untranslated
from tests.services.processes import ServiceMissing

# Written apart, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"py" r"pi\.org",
            r"python" r"hosted\.org",
            r"npm" r"js\.(?:org|com)",
            r"deb\." r"debian\.org",
            r"extra-" r"index-url",
            r"(?<![\w.-])/ro" r"ot/",
            r"(?<![\w.-])/wo" r"rk/",
            r"(?<![\w.-])/tm" r"p/",
            r"/ho" r"me/\w+/",
        )
    )
)
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}")
LOCKS = (Path("requirements.lock"), Path("requirements-dev.lock"))


def _text(path: Path) -> str:
    try:
        return (REPOSITORY / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_nothing_names_a_package_index_a_path_of_one_machine_or_a_secret() -> None:
    found = [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path in tracked_files()
        if not path.as_posix().startswith("static/vendor/")
        for text in [_text(path)]
        for pattern in (FORBIDDEN, SECRETS)
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_every_locked_library_has_a_hash_and_no_address() -> None:
    for lock in LOCKS:
        entries = re.split(r"\n(?=[A-Za-z0-9])", _text(lock).strip())
        assert len(entries) > 40
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
        assert "://" not in _text(lock)


def test_the_tests_run_on_the_versions_that_the_portal_runs_on() -> None:
    runtime, everything = (
        set(re.findall(r"^([a-z0-9-]+==\S+)", _text(lock), re.MULTILINE)) for lock in LOCKS
    )
    assert runtime - everything == set()


def test_every_text_has_a_chinese_translation() -> None:
    assert find_untranslated() == []


def test_the_compose_file_is_valid() -> None:
    program = shutil.which("docker-compose")
    if program is None:
        raise ServiceMissing("docker-compose is not installed: run `make setup-dev`.")
    answer = subprocess.run(
        [program, "config", "--services"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert sorted(answer.stdout.split()) == [
        "beat",
        "decoder",
        "migrate",
        "postgres",
        "redis",
        "visitor",
        "visits",
        "web",
        "worker",
    ]


def test_no_message_is_translated_in_two_ways() -> None:
    """All catalogues are one at run time: of two translations of the same words one would win everywhere."""
    catalogues = [path for path in tracked_files() if path.suffix == ".po"]
    assert len(catalogues) == 4
    merged = subprocess.run(
        ["msgcat", "--no-wrap", *map(str, catalogues)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # Where translations differ, msgcat gives all of them, each under the name of its catalogue.
    entries = [entry for entry in merged.split("\n\n") if 'msgid ""\nmsgstr' not in entry]
    assert [entry for entry in entries if "#-#-#-#-#" in entry] == []
