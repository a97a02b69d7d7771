"""The public record as files: the same bytes as the API, written in one step each, and nothing stale left standing."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from unittest import mock
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from registry import clock, tasks
from registry.book import endings
from registry.lists import note_names
from registry.models import BatchList, Filing
from registry.publication import edition as editions
from registry.publication.addresses import record_url
from registry.publication.edition import edition
from registry.publication.ready import numbered_filings
from registry.snapshot import files, records, site_map
from registry.snapshot.files import CURRENT, Tree
from tests.builders import register as build
from tests.builders.public_register import PUBLIC, every_state
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import rename_service

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Path:
    """The directory that the job keeps."""
    settings.SNAPSHOT_ROOT = tmp_path / "snapshot"
    return tmp_path / "snapshot"


def record_file(root: Path, filing: Filing) -> Path:
    return root / CURRENT / f"api/v1/filings/{filing.number}/index.json"


def served(path: str) -> bytes:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.getvalue()


def all_files(root: Path) -> dict[str, bytes]:
    """Everything that a web server finds, by its path."""
    shown = root / CURRENT
    return {str(each.relative_to(shown)): each.read_bytes() for each in shown.rglob("*") if each.is_file()}


def snapshot(directory: Path, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("snapshot", str(directory))
    return capsys.readouterr().out.strip()


def test_the_files_have_the_bytes_of_the_api(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = every_state(cast, tmp_path)
    count = Filing.objects.exclude(number=None).count()
    directory = tmp_path / "snapshot"
    # Two lists, and five files of the one that was published here; the site map and its one part.
    said = (
        f"{count} records, {count} of them written; 8 files of lists and 2 of the site map written; 0 earlier"
    )
    assert snapshot(directory, capsys) == f"{said} editions removed."
    found = all_files(directory)
    for name in PUBLIC:
        assert record_file(directory, made[name]).read_bytes() == served(
            f"/api/v1/filings/{quote(str(made[name].number))}/"
        )
    kinds = {"api/v1/lists/index.json", "api/v1/lists/1/index.json", "api/v1/lists/2/index.json"}
    kinds |= {path for path in found if path.startswith("files/lists/2/")}
    for path in kinds:
        assert found[path] == served("/" + path.removesuffix("index.json")), path
    maps = {"sitemap.xml", "sitemap-1.xml"}
    assert len(found) == count + 8 + 2
    assert {path for path in found if not path.startswith("api/v1/filings/")} == kinds | maps
    named = ElementTree.fromstring(found["sitemap-1.xml"])
    addresses = [str(each.text) for each in named.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(addresses) == len(set(addresses))
    assert {record_url(str(made[name].number)) for name in PUBLIC} < set(addresses)
    assert str(made["pending"].pk) not in "".join(addresses)
    for address in addresses:
        assert Client().get(unquote(address.removeprefix("http://testserver"))).status_code == 200, address


def test_a_second_run_writes_only_what_changed(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = build.filing_of(build.in_force(cast))
    build.in_force(cast, seed=2)
    directory = tmp_path / "snapshot"
    assert snapshot(directory, capsys).startswith("2 records, 2 of them written; 1 files of lists and 2 of")
    times = {path: path.stat().st_mtime_ns for path in directory.rglob("*.json")}
    assert snapshot(directory, capsys).startswith("2 records, 0 of them written; 0 files of lists and 0 of")
    rename_service(cast, first, "样例新名", at=MORNING + DAY)
    # What was cut short, by whatever means, is mended.
    other = next(each for each in times if str(first.number) not in str(each) and "filings" in str(each))
    other.write_bytes(other.read_bytes()[:40])
    assert snapshot(directory, capsys).startswith("2 records, 2 of them written; 0 files of lists and 0 of")
    for filing in Filing.objects.all():
        written = record_file(directory, filing).read_bytes()
        assert written == served(f"/api/v1/filings/{quote(str(filing.number))}/")


def test_the_job_replaces_the_file_of_every_filing_that_had_an_event(cast: Cast, root: Path) -> None:
    filing = build.filing_of(build.in_force(cast))
    tasks.sweep_records()
    before = record_file(root, filing).read_bytes()
    rename_service(cast, filing, "样例新名", at=MORNING + DAY)
    assert record_file(root, filing).read_bytes() == before
    tasks.sweep_records()
    assert "样例新名" in record_file(root, filing).read_text()
    assert record_file(root, filing).read_bytes() == served(f"/api/v1/filings/{quote(str(filing.number))}/")


def test_a_cancelled_filings_file_says_so_after_one_sweep(cast: Cast, root: Path, tmp_path: Path) -> None:
    made = every_state(cast, tmp_path)
    with clock.stopped_at(MORNING + 60 * DAY):
        while tasks.sweep_records():
            pass
        assert '"standing":"in_force"' in record_file(root, made["ending"]).read_text()
        endings.take_effect(made["ending"].pk, at=MORNING + 120 * DAY)
        assert tasks.sweep_records() == 1
    assert '"standing":"cancelled"' in record_file(root, made["ending"]).read_text()


def test_another_edition_takes_all_files_of_the_one_before_away_in_one_step(
    cast: Cast, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filing = build.filing_of(build.in_force(cast))
    tasks.sweep_records()
    assert record_file(root, filing).exists()
    with mock.patch.object(editions, "_edition", return_value="another"):
        with mock.patch.object(records, "to_write", return_value=[]):
            tasks.sweep_records()
        # The web server passes on what it has not.
        assert not record_file(root, filing).exists()
        tasks.sweep_records()
        assert record_file(root, filing).exists()
        trees = {each.name for each in root.iterdir() if each.is_dir() and not each.is_symlink()}
        assert len(trees - {".unfinished"}) == 2
        assert snapshot(root, capsys).endswith("1 earlier editions removed.")
    assert record_file(root, filing).exists()


def test_nothing_is_written_where_no_directory_is_set(cast: Cast, tmp_path: Path) -> None:
    build.in_force(cast)
    before = sorted(tmp_path.rglob("*"))
    assert tasks.sweep_records() == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_reader_sees_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    tree = Tree(tmp_path, "edition")
    assert tree.put("/api/v1/lists/", b"old")
    path = tree.path_of("/api/v1/lists/")
    opened = path.open("rb")
    with mock.patch.object(os, "open", side_effect=OSError), pytest.raises(OSError):
        tree.put("/api/v1/lists/", b"newer")
    assert path.read_bytes() == b"old"
    assert tree.put("/api/v1/lists/", b"newer")
    assert (opened.read(), path.read_bytes()) == (b"old", b"newer")
    opened.close()
    assert not tree.put("/api/v1/lists/", b"newer")
    assert path.stat().st_mode & 0o777 == 0o644


def test_an_event_while_the_command_writes_is_not_overwritten(cast: Cast, tmp_path: Path) -> None:
    filing = build.filing_of(build.in_force(cast))
    records.write(filing.pk)
    tree = files.tree_of(note_names(), root=tmp_path / "snapshot")
    assert tree is not None
    (found,) = numbered_filings(edition=edition(), after="", most=9)
    rename_service(cast, filing, "样例新名", at=MORNING + DAY)
    assert records.put_file(tree, found)
    assert "样例新名" in tree.path_of(files.record_address(str(filing.number))).read_text()


def test_the_site_map_is_in_parts(cast: Cast) -> None:
    build.in_force(cast)
    with mock.patch.object(site_map, "ADDRESSES_A_PART", 3):
        parts = list(site_map.parts())
    assert [part.count(b"<url>") for part in parts] == [3, 3, 1]
    assert site_map.index(2).count(b"<loc>http://testserver/sitemap-") == 2


def test_the_digest_of_a_lists_file_is_that_of_the_manifest(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every_state(cast, tmp_path)
    snapshot(tmp_path / "snapshot", capsys)
    batch_list = BatchList.objects.get(number=2)
    folder = tmp_path / "snapshot" / CURRENT / "files/lists/2"
    digests = {hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}
    assert digests == set(batch_list.files.values_list("sha256", flat=True))
