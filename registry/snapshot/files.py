"""The public record as files for a web server, at the addresses of the API and with the same bytes.

A directory holds one tree for each edition of the records, and `current`, which names the tree that is served: what a
deployment or a changed name makes stale is taken away in one step. Within a tree each file is replaced in one step.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.urls import reverse

from registry import clock
from registry.batches.files import bytes_of
from registry.models import BatchFile
from registry.public.list_views import file_url
from registry.public.lists_api import list_bytes, lists_bytes
from registry.publication import lists
from registry.publication.edition import edition
from registry.snapshot import site_map

CURRENT = "current"
_INDEX = "index.json"
_UNFINISHED = ".unfinished"
_SITE_MAP = "/sitemap.xml"
_ONE_DAY_SECONDS = 24 * 3600
_READ_BY_ALL = 0o644


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of one edition, under `root`."""

    root: Path
    key: str

    @property
    def folder(self) -> Path:
        return self.root / self.key

    def put(self, address: str, content: bytes) -> bool:
        """Writes what is served at a path of the portal, in one step; whether it was not there already."""
        path = self.path_of(address)
        with suppress(FileNotFoundError):
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                return False
        unfinished = self.root / _UNFINISHED / uuid.uuid4().hex
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(unfinished, "wb", opener=_readable) as file:
            file.write(content)
        unfinished.replace(path)
        return True

    def path_of(self, address: str) -> Path:
        """The file of a path of the portal; one that ends in a slash is a folder with an index."""
        plain = unquote(address).lstrip("/")
        return self.folder / (plain + _INDEX if plain.endswith("/") else plain)

    def show(self) -> bool:
        """Makes this the tree that is served, in one step; whether it was not."""
        link = self.root / CURRENT
        with suppress(OSError):
            if link.readlink() == Path(self.key):
                return False
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.root / f"{_UNFINISHED}-{CURRENT}"
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(self.key)
        unfinished.replace(link)
        return True

    def remove_others(self) -> int:
        """Removes the trees of other editions, and what killed writers left; gives how many trees."""
        others = [each for each in self.root.iterdir() if each.is_dir() and not each.is_symlink()]
        others = [each for each in others if each.name not in (self.key, _UNFINISHED)]
        for each in others:
            shutil.rmtree(each)
        for left in (self.root / _UNFINISHED).glob("*"):
            with suppress(FileNotFoundError):
                # What was never finished has the machine's time.
                if left.stat().st_mtime < clock.of_the_machine().timestamp() - _ONE_DAY_SECONDS:
                    left.unlink()
        return len(others)


def tree_of(names: str, *, root: Path | None = None) -> Tree | None:
    """The tree of records made now from names with this digest; None where no directory is set."""
    root = root or settings.SNAPSHOT_ROOT
    if root is None:
        return None
    return Tree(root, hashlib.sha256(f"{edition()} {names}".encode()).hexdigest()[:16])


def record_address(number: str) -> str:
    """The path at which the API answers with a record."""
    return reverse("api:filing", args=[number])


def put_lists(tree: Tree) -> int:
    """Writes the published lists as the API answers them, and their files; gives how many were not there."""
    written = int(tree.put(reverse("api:batches"), lists_bytes()))
    for shown in lists.public_lists():
        written += tree.put(reverse("api:batch", args=[shown.number]), list_bytes(shown))
        for file in lists.files_of(shown):
            # What was published never changes: it is there, or it is not.
            address = file_url(shown, file.format)
            if not tree.path_of(address).exists():
                row = BatchFile.objects.get(
                    batch_list__kind=shown.kind.value, batch_list__number=shown.number, format=file.format
                )
                written += tree.put(address, bytes_of(row))
    return written


def put_site_map(tree: Tree) -> int:
    """Writes the site map for search engines once a day; gives how many of its files changed."""
    index, now = tree.path_of(_SITE_MAP), clock.now().timestamp()
    with suppress(FileNotFoundError):
        if index.stat().st_mtime > now - _ONE_DAY_SECONDS:
            return 0
    written, count = 0, 0
    for count, content in enumerate(site_map.parts(), start=1):
        written += tree.put(site_map.part_address(count), content)
    written += tree.put(_SITE_MAP, site_map.index(count))
    os.utime(index, (now, now))
    return written


def _readable(path: str, flags: int) -> int:
    return os.open(path, flags, _READ_BY_ALL)
