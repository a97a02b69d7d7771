"""`manage.py snapshot DIR`: the public record as files, at the addresses of the API and with the same bytes."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.lists import note_names
from registry.publication.edition import edition
from registry.publication.ready import numbered_filings
from registry.snapshot import files, records

_AT_ONCE = 500


class Command(BaseCommand):
    """Writes what is missing or differs; a run that was killed is gone on with by the next."""

    help = "Writes records, lists, their files and a site map for a web server; only what changed is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="where; a web server reads its folder `current`")

    def handle(self, *_args: Any, directory: Path, **_options: Any) -> None:
        tree = files.tree_of(note_names(), root=directory.absolute())
        if tree is None:
            raise CommandError("Name a directory.")
        filings, written, after = 0, 0, ""
        while found := numbered_filings(edition=edition(), after=after, most=_AT_ONCE):
            written += sum(records.put_file(tree, each) for each in found)
            filings, after = filings + len(found), found[-1].number
        of_lists, of_map = files.put_lists(tree), files.put_site_map(tree)
        tree.show()
        removed = tree.remove_others()
        self.stdout.write(
            f"{filings} records, {written} of them written; {of_lists} files of lists and {of_map} of the site map"
            f" written; {removed} earlier editions removed."
        )
