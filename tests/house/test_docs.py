"""What the documentation names is there: files, modules, commands of make, and the words of the glossary."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from deploy.lifecycle import page
from tests.house.sources import REPOSITORY, ROOMS, own_files, read, tracked_files

GLOSSARY = Path("docs/glossary.md")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(rf"(?:{'|'.join(ROOMS)}|tests|docs|templates|static|deploy|benchmarks)/[\w./*-]*")
_MODULE = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.\w+)+")


def _pages() -> list[Path]:
    return [
        path for path in tracked_files() if path.suffix == ".md" and path.parts[0] not in ("static", "tests")
    ]


@cache
def _names() -> tuple[frozenset[str], str]:
    """Every path there is, folders included, and all the code of the portal as one text."""
    paths = {path.as_posix() for path in tracked_files()}
    folders = {parent.as_posix() for path in tracked_files() for parent in path.parents}
    return frozenset(paths | folders), "\n".join(read(path) for path in own_files(".py", ".html"))


@pytest.mark.parametrize("page", _pages(), ids=str)
def test_every_path_and_module_a_page_names_is_there(page: Path) -> None:
    paths, _code = _names()
    missing = []
    for text in _CODE.findall(read(page)):
        if _PATH.fullmatch(text) and "*" not in text and text.rstrip("/") not in paths:
            missing.append(text)
        if (
            _MODULE.fullmatch(text)
            and not text.endswith((".css", ".js", ".html"))
            and not _is_module(text, paths)
        ):
            missing.append(text)
    assert missing == []


def _is_module(dotted: str, paths: frozenset[str]) -> bool:
    """Whether the longest part that can be a module is one, and the rest stands in it."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if candidate in paths:
                rest = parts[length:]
                return not rest or rest[0] in read(Path(candidate))
    return False


def test_every_name_of_the_glossary_is_in_the_code() -> None:
    _paths, code = _names()
    rows = [line.split("|") for line in read(GLOSSARY).splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in _CODE.findall(row[3])]
    assert len(named) > 50
    missing = [name for name in named if not re.search(rf"\b{re.escape(name.rpartition('.')[2])}\b", code)]
    assert missing == []


def test_every_chinese_term_of_the_glossary_is_shown_somewhere() -> None:
    shown = "\n".join(
        read(path) for path in tracked_files() if path.suffix in (".po", ".toml", ".json", ".html", ".py")
    )
    rows = [line.split("|") for line in read(GLOSSARY).splitlines() if line.startswith("| ")]
    terms = [
        term.strip() for row in rows for term in re.split("[、（）]", row[2]) if term.strip("- 第N批清单")
    ]
    assert [term for term in terms if re.search(r"[一-鿿]", term) and term not in shown] == []


def test_every_command_of_make_that_a_page_names_is_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        target
        for page in _pages()
        for target in re.findall(r"(?:`|^ {4})make ([a-z-]+)", read(page), re.MULTILINE)
    }
    assert named - targets == set()


def test_no_page_sends_an_operator_back_in_time() -> None:
    """Going back to an old migration takes away the tables of all that came after it."""
    backwards = re.compile(r"migrate\s+(?:registry|applicants|review)\s+(?:\d{4}|zero)")
    assert [str(page) for page in _pages() if backwards.search(read(page))] == []
    assert backwards.search("run `manage.py migrate registry 0004`")


def test_the_page_of_the_lifecycle_is_made_from_the_tables() -> None:
    assert read(Path("docs/lifecycle.md")) == page()
