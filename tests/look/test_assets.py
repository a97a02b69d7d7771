"""Styles, scripts and vendored files: what is named is there, and is what the list says."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from registry.templatetags.portal import STATE_TONES

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
ICONS = (STATIC / "img/icons.svg").read_text(encoding="utf-8")
SYMBOLS = set(re.findall(r'<symbol id="([a-z-]+)"', ICONS))
LISTED = re.findall(
    r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", (STATIC / "vendor/VENDORED.md").read_text(encoding="utf-8")
)


def templates() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))


def test_vendored_files_are_those_of_the_list() -> None:
    assert LISTED != []
    assert [(name, hashlib.sha256((ROOT / name).read_bytes()).hexdigest()) for name, _sum in LISTED] == LISTED


def test_every_vendored_file_is_listed() -> None:
    kept = {".js", ".css", ".ttf", ".otf", ".woff2"}
    folders = (STATIC / "vendor", ROOT / "registry/data/fonts")
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in kept]
    assert sorted(path.relative_to(ROOT).as_posix() for path in found) == sorted(
        name for name, _sum in LISTED
    )


def test_a_licence_stands_beside_every_vendored_file() -> None:
    assert [name for name, _sum in LISTED if not (ROOT / name).with_name("LICENSE").is_file()] == []


def test_no_source_map_is_promised() -> None:
    found = [path for path in STATIC.rglob("*.*s") if "sourceMappingURL" in path.read_text(encoding="utf-8")]
    assert found == []


def test_every_static_file_a_template_names_exists() -> None:
    named = set(re.findall(r"\{% static \"([^\"]+)\" %\}", templates()))
    assert "css/tokens.css" in named
    assert [name for name in sorted(named) if not (STATIC / name).is_file()] == []


def test_every_file_a_style_names_exists() -> None:
    named = [
        (sheet.parent / address).resolve()
        for sheet in (STATIC / "css").glob("*.css")
        for address in re.findall(r"url\(\"([^\"]+)\"\)", sheet.read_text(encoding="utf-8"))
    ]
    assert named != []
    assert [path for path in named if not path.is_file()] == []


def test_every_custom_property_a_style_uses_is_set() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css"))
    used = set(re.findall(r"var\((--[a-z0-9-]+)", text))
    assert used - set(re.findall(r"(--[a-z0-9-]+)\s*:", text)) == set()


def test_every_icon_a_template_names_exists() -> None:
    named = set(re.findall(r"icons\.svg\" %\}#([a-z-]+)\"", templates()))
    assert named - SYMBOLS == set()
    assert {f"status-{tone}" for tone in STATE_TONES.values()} | {"status-open"} <= SYMBOLS
