"""Keeps the four translation catalogues: the portal's, the book's and one for each desk.

    python -m deploy.messages                  collects the texts of code and templates: `make messages`
    python -m deploy.messages reword FILE…     and gives reworded English the Chinese that it had before

A rewording is a line of JSON, {"old": "…", "new": "…", "context": null}, with the ids as gettext sees them; each form
of a plural is a line of its own. Code and templates must have the new words already.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.core.management import call_command
from django.core.management.commands import makemessages

from deploy.catalogues import LOCALE, Key, catalogue_paths, read_catalogue, write_catalogue
from filing_portal.messages import compile_messages

REPOSITORY = Path(__file__).resolve().parents[1]
ROOMS = ("applicants", "filing_portal", "registry", "review")
# Whose pages lie in a folder of templates; all other templates are shared and belong to the portal.
ROOM_OF_PAGES = {
    "applicants": "applicants",
    "review": "review",
    **dict.fromkeys(("account", "documents", "inbox", "mfa", "office", "registry"), "registry"),
}

_PLACEHOLDER = re.compile(r"%\(\w+\)")


@dataclass(frozen=True)
class Rewording:
    """A message id that was replaced by another, or the plural of one."""

    old: str
    new: str
    context: str | None = None

    @property
    def old_key(self) -> Key:
        return self.context, self.old

    @property
    def new_key(self) -> Key:
        return self.context, self.new


def room_of(path: PurePath) -> str | None:
    """The room whose catalogue holds the texts of a file; None where no text is collected."""
    if path.parts[0] == "templates":
        return ROOM_OF_PAGES.get(path.parts[1], "filing_portal")
    return path.parts[0] if path.parts[0] in ROOMS else None


class _Collector(makemessages.Command):
    # No guessing: a text that nothing says any more keeps its translation, as an obsolete entry, for its rewording.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    # The settings name the catalogues of this checkout, which may not be the tree that is collected.
    settings_available = False

    def find_files(self, root: str) -> list[makemessages.TranslatableFile]:
        """Django would put each text into the nearest catalogue above its file."""
        files = []
        for file in super().find_files(root):
            room = room_of(PurePath(file.path))
            if room is not None:
                file.locale_dir = str(Path(room, "locale").absolute())
                files.append(file)
        return files


def collect(root: Path) -> None:
    """Brings the catalogues below `root` in line with its code and templates."""
    with chdir(root):
        call_command(
            _Collector(),
            locale=[LOCALE],
            ignore_patterns=["var", "static", "tests", "node_modules"],
            no_wrap=True,
            add_location="file",
            verbosity=0,
        )


def find_unfinished(root: Path) -> list[str]:
    """`catalogue: untranslated: id` or `catalogue: fuzzy: id` for every text that Chinese readers get in English."""
    return [
        f"{path.relative_to(root)}: {'fuzzy' if message.is_fuzzy else 'untranslated'}: {message.id}"
        for path in catalogue_paths(root)
        for message in read_catalogue(path)
        if not message.is_obsolete and not message.is_finished
    ]


def carry_over(root: Path, rewordings: Sequence[Rewording] = ()) -> list[str]:
    """Fills in the translations of texts that were reworded, or moved to another catalogue; to follow `collect`.

    Old ids that neither code nor templates have any more are dropped. Gives a sentence for every rewording that it
    leaves alone: the old id has no translation, or the new one has another, other placeholders, or no place in code
    and templates. A second call changes nothing.
    """
    catalogues = {path: read_catalogue(path) for path in catalogue_paths(root)}
    messages = [message for catalogue in catalogues.values() for message in catalogue if message.id]
    current = [message for message in messages if not message.is_obsolete]
    # Where an id is obsolete in one catalogue and current in another, the current translation counts.
    forms = {
        message.key: message.forms for message in messages if message.is_obsolete and message.is_finished
    }
    forms |= {message.key: message.forms for message in current if message.is_finished}
    in_use = {message.key for message in current}
    plurals = {(message.context, message.plural) for message in current if message.plural is not None}
    carried, problems = _follow(rewordings, forms, in_use=in_use | plurals)

    new_plurals = {(rewording.context, rewording.old, rewording.new) for rewording in rewordings}
    for message in current:
        if message.is_finished:
            continue
        if message.key in forms:
            message.finish(forms[message.key])
        elif (message.context, message.previous.get("msgid_plural"), message.plural) in new_plurals:
            message.finish(message.forms)

    dropped = in_use | {rewording.old_key for rewording in carried}
    for path, catalogue in catalogues.items():
        write_catalogue(
            path, [entry for entry in catalogue if not (entry.is_obsolete and entry.key in dropped)]
        )
    return problems


def _follow(
    rewordings: Sequence[Rewording], forms: dict[Key, list[str]], *, in_use: set[Key]
) -> tuple[list[Rewording], list[str]]:
    """Adds the new ids to `forms`; gives the rewordings it could follow, and a sentence for each of the others."""
    followed: list[Rewording] = []
    problems: list[str] = []
    waiting = list(dict.fromkeys(rewordings))
    # A text may have been reworded twice, and the lines may come in any order.
    while ready := [rewording for rewording in waiting if rewording.old_key in forms]:
        waiting = [rewording for rewording in waiting if rewording not in ready]
        for rewording in ready:
            if _placeholders(rewording.old) != _placeholders(rewording.new):
                problems.append(f"The new id has other placeholders: {rewording}")
            elif forms.setdefault(rewording.new_key, forms[rewording.old_key]) != forms[rewording.old_key]:
                problems.append(f"The new id has another translation: {rewording}")
            else:
                followed.append(rewording)

    leading_to_use = set(in_use)
    while more := {entry.old_key for entry in followed if entry.new_key in leading_to_use} - leading_to_use:
        leading_to_use |= more
    unused = [rewording for rewording in followed if rewording.new_key not in leading_to_use]
    problems += [f"Neither code nor templates have the new id: {rewording}" for rewording in unused]
    # What is known by its new id was done before, or is the plural of a message.
    known = forms.keys() | in_use
    problems += [f"The old id has no translation: {entry}" for entry in waiting if entry.new_key not in known]
    return [rewording for rewording in followed if rewording not in unused], problems


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def read_rewordings(path: Path) -> list[Rewording]:
    rewordings = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rewordings.append(Rewording(**json.loads(line)))
        except (TypeError, ValueError) as error:
            raise SystemExit(f"{path}:{number}: {error}") from error
    return rewordings


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.messages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command")
    rewording = commands.add_parser("reword", help="carry the Chinese over to reworded English")
    rewording.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="rewordings, one JSON object a line"
    )
    arguments = parser.parse_args()

    rewordings = [entry for path in getattr(arguments, "files", []) for entry in read_rewordings(path)]
    collect(REPOSITORY)
    problems = carry_over(REPOSITORY, rewordings)
    compile_messages(REPOSITORY)
    for line in [*problems, *find_unfinished(REPOSITORY)]:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
