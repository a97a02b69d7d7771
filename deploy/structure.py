"""Measures the structure of the house: rooms, the arrows between them, circles, long files, contracts.

    deploy/structure.py                 the working tree
    deploy/structure.py --at REVISION   another state of it, for a comparison by the same rule

A room is a package at the root of an app. A file that lies loose there counts as a room of its own: otherwise
a heap of loose files would be one room with no arrow inside it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import grimp

REPOSITORY = Path(__file__).resolve().parents[1]
APPS = ("filing_portal", "applicants", "review", "registry")
# Folders that Django asks for; a migration imports nothing that could be moved.
NO_ROOMS = {"migrations", "management", "templatetags", "locale"}
LONGEST_FILES = 8

Arrows = Counter[tuple[str, str]]


@contextmanager
def checked_out(revision: str | None) -> Iterator[Path]:
    """The folder with the files of a revision, removed afterwards; the working tree without one."""
    if revision is None:
        yield REPOSITORY
        return
    git = ["git", "-C", str(REPOSITORY), "worktree"]
    with tempfile.TemporaryDirectory(prefix="filing-portal-structure-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), revision], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def source_files(root: Path, app: str) -> list[Path]:
    """The Python files of an app without its migrations, relative to the root."""
    return [
        path.relative_to(root)
        for path in sorted((root / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def line_count(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def room_of(module: str) -> str | None:
    """The room of a module; None for an app itself and for Django's own folders."""
    parts = module.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 and parts[1] not in NO_ROOMS else None


def count_arrows(graph: grimp.ImportGraph) -> Arrows:
    """Imports from one room to another, by the pair of rooms; a module that imports another one counts once."""
    arrows: Arrows = Counter()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            source, target = room_of(importer), room_of(imported)
            if source and target and source != target:
                arrows[source, target] += 1
    return arrows


def graph_of_rooms(graph: grimp.ImportGraph) -> grimp.ImportGraph:
    """The graph with each room as one module."""
    rooms = deepcopy(graph)
    for app in APPS:
        for room in graph.find_children(app):
            if room_of(room) is None:
                for module in (room, *graph.find_descendants(room)):
                    rooms.remove_module(module)
            else:
                rooms.squash_module(room)
    return rooms


def find_circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Sets of modules of which each reaches every other one by imports."""
    circles = {
        frozenset(graph.find_upstream_modules(module) & graph.find_downstream_modules(module) | {module})
        for module in graph.modules
    }
    return sorted(sorted(circle) for circle in circles if len(circle) > 1)


def contract_lines(root: Path) -> list[str]:
    """Each contract of that state's pyproject.toml, with KEPT or BROKEN."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    # As wide as the longest name, so that none is broken into two lines.
    environment = {**os.environ, "COLUMNS": "200"}
    answer = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    ).stdout
    return [line.strip() for line in answer.splitlines() if " KEPT" in line or " BROKEN" in line]


def print_apps(root: Path, arrows: Arrows) -> None:
    """One line an app, one for what crosses from app to app, and the sum."""
    print(f"{'':14}{'modules':>8}{'lines':>8}{'loose':>8}{'rooms':>8}{'arrows':>8}{'imports':>9}")
    by_app: dict[tuple[str, ...], Arrows] = {}
    for pair, count in arrows.items():
        apps = tuple(sorted({room.split(".")[0] for room in pair}))
        by_app.setdefault(apps, Counter())[pair] = count
    for app in APPS:
        files = source_files(root, app)
        lines = sum(line_count(root / path) for path in files)
        loose = [path for path in files if len(path.parts) == 2 and path.stem != "__init__"]
        rooms = {path.parts[1] for path in files if len(path.parts) > 2} - NO_ROOMS
        inside = by_app.pop((app,), Counter())
        numbers = f"{len(files):8}{lines:8}{len(loose):8}{len(rooms):8}{len(inside):8}{inside.total():9}"
        print(f"{app:14}{numbers}")
    between = sum(by_app.values(), Counter[tuple[str, str]]())
    print(f"{'between apps':46}{len(between):8}{between.total():9}")
    print(f"{'together':46}{len(arrows):8}{arrows.total():9}")


def print_list(title: str, lines: list[str]) -> None:
    print(f"\n{title}:", *(lines or ["none"]), sep="\n  ")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--at", metavar="REVISION", help="measure this revision, not the working tree")
    revision: str | None = parser.parse_args().at or None
    with checked_out(revision) as root:
        sys.path.insert(0, str(root))
        graph = grimp.build_graph(*APPS, cache_dir=None)
        longest = sorted(
            ((line_count(root / path), path) for app in APPS for path in source_files(root, app)),
            reverse=True,
        )
        print(f"Structure of {revision or 'the working tree'}")
        print(
            "A file that lies loose at the root of an app counts as a room of its own in arrows and circles.\n"
        )
        print_apps(root, count_arrows(graph))
        print_list("Circles between rooms", [", ".join(each) for each in find_circles(graph_of_rooms(graph))])
        print_list("Circles between files", [", ".join(each) for each in find_circles(graph)])
        print_list("Longest files", [f"{lines:4} {path}" for lines, path in longest[:LONGEST_FILES]])
        print_list("Contracts", contract_lines(root))


if __name__ == "__main__":
    main()
