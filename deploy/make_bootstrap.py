"""Writes the part of Bootstrap that the portal uses: `python -m deploy.make_bootstrap`.

Whatever names a class is read: the templates of the portal and of crispy-forms, the Python sources, the scripts. Of
the vendored style sheet a selector stays when all its classes are named, and a rule with the selectors that stay.
Custom properties that nothing reads go, and animations that nothing plays. What stays is written as it was, one rule
a line, under the header with the licence, and its sum goes into the list of vendored files.

tests/look/test_bootstrap.py fails when the file is not what this makes. Run it again after a page has used a class of
Bootstrap for the first time, or for the last time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import tinycss2
from tinycss2.ast import Declaration, Node

REPOSITORY = Path(__file__).resolve().parents[1]
LIST = REPOSITORY / "static" / "vendor" / "VENDORED.md"
WHOLE = LIST.parent / "bootstrap-5.3.9" / "bootstrap.min.css"
USED = WHOLE.with_name("bootstrap.used.css")

# Classes that a template puts together, with `*` for what is known only when it is rendered, and which classes of
# Bootstrap they can become. One that cannot become any, such as `status--*`, needs no line.
PUT_TOGETHER: dict[str, frozenset[str]] = {
    # An act in the bar of decisions (review/desk/actions.py); its other tones, quiet and seal, are the portal's own.
    "btn-*": frozenset({"btn-primary"}),
}

_ROOMS = ("applicants", "filing_portal", "registry", "review")
# Papers and messages have styles of their own.
_NO_PAGES = ("documents", "notices")
_HEADER = re.compile(r"/\*!.*?\*/", re.DOTALL)
_CODE = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)
_VALUE = re.compile(r"{{.*?}}", re.DOTALL)
_READ = re.compile(r"var\(\s*(--[\w-]+)")
_QUOTED = r"""\s*(?:"([^"]*)"|'([^']*)')"""
_IN_MARKUP = re.compile(r"\bclass\s*=" + _QUOTED)
# `{% include … with button_class="btn-quiet" %}`
_IN_CODE = re.compile(r"\w*class\w*=" + _QUOTED)
# `attrs={"class": "form-control"}`, `attrs["class"] = "form-select"`, `'<span class="nowrap">'`
_IN_PYTHON = re.compile(r"""\bclass["']?\]?\s*[:=]""" + _QUOTED)
_IN_SCRIPT = re.compile(r"(?:className\s*=|classList\.\w+\()" + _QUOTED)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a style sheet: its selectors or its condition, and what it declares or holds."""

    head: str
    declarations: tuple[Declaration, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __str__(self) -> str:
        declared = ";".join(each.serialize() for each in self.declarations)
        return f"{self.head}{{{declared}{''.join(map(str, self.rules))}}}"


def main() -> None:
    """Writes the file, and its sum into the list of vendored files."""
    text = used_part(WHOLE.read_text(encoding="utf-8"), named=named_classes())
    USED.write_text(text, encoding="utf-8")
    name = re.escape(USED.relative_to(REPOSITORY).as_posix())
    its_sum = hashlib.sha256(text.encode()).hexdigest()
    listed = LIST.read_text(encoding="utf-8")
    LIST.write_text(re.sub(rf"(?<=`{name}` \| `)[0-9a-f]*", its_sum, listed), encoding="utf-8")


def used_part(whole: str, *, named: Iterable[str]) -> str:
    """What of the style sheet `whole` can apply where only the classes `named` occur."""
    nodes = tinycss2.parse_stylesheet(whole, skip_comments=True, skip_whitespace=True)
    rules = _without_unread(list(_applying(nodes, named=frozenset(named))))
    played = "".join(re.findall(r"animation(?:-name)?:([^;}]*)", "".join(map(str, rules))))
    kept = [
        rule for rule in rules if not rule.head.startswith("@keyframes") or rule.head.split()[1] in played
    ]
    return "\n".join(['@charset "UTF-8";', *_HEADER.findall(whole), *map(str, kept), ""])


def named_classes() -> set[str]:
    """Every class that a page, a form or a script names, and those that can be put together."""
    found: set[str] = set().union(*PUT_TOGETHER.values())
    for template in templates():
        found.update(_words(_IN_CODE, " ".join(_CODE.findall(template))))
        found.update(classes_in_markup(template))
    for room in _ROOMS:
        for text in _texts(REPOSITORY / room, "*.py"):
            found.update(_words(_IN_PYTHON, text))
    for text in _texts(REPOSITORY / "static" / "js", "*.js"):
        found.update(_words(_IN_SCRIPT, text))
    return found


def templates() -> Iterator[str]:
    """The templates of pages, with those that crispy-forms brings for Bootstrap."""
    own = REPOSITORY / "templates"
    for path in sorted(own.rglob("*.html")):
        if path.relative_to(own).parts[0] not in _NO_PAGES:
            yield path.read_text(encoding="utf-8")
    spec = find_spec("crispy_bootstrap5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("crispy_bootstrap5")
    yield from _texts(Path(spec.origin).parent / "templates", "*.html")


def classes_in_markup(template: str) -> Iterator[str]:
    """The classes of a template's elements, with `*` for what is known only when it is rendered."""
    return _words(_IN_MARKUP, _VALUE.sub("*", _CODE.sub(" ", template)))


def _texts(directory: Path, pattern: str) -> Iterator[str]:
    return (path.read_text(encoding="utf-8") for path in sorted(directory.rglob(pattern)))


def _words(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (word for quoted in pattern.findall(text) for word in "".join(quoted).split())


def _applying(nodes: Iterable[Node], *, named: frozenset[str]) -> Iterator[Rule]:
    """The rules that can apply, without the selectors that cannot."""
    for node in nodes:
        head = tinycss2.serialize(node.prelude)
        if node.type == "qualified-rule":
            selectors = [each for each in _selectors(node.prelude) if _may_match(each, named)]
            if selectors:
                yield Rule(",".join(map(tinycss2.serialize, selectors)), _declarations(node))
        elif node.lower_at_keyword == "keyframes":
            frames = (Rule(tinycss2.serialize(each.prelude), _declarations(each)) for each in _held_by(node))
            yield Rule(f"@keyframes{head}", rules=tuple(frames))
        elif node.content is not None:
            held = tuple(_applying(_held_by(node), named=named))
            if held:
                yield Rule(f"@{node.at_keyword}{head}", rules=held)


def _held_by(node: Node) -> list[Node]:
    rules: list[Node] = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
    return rules


def _declarations(node: Node) -> tuple[Declaration, ...]:
    return tuple(tinycss2.parse_declaration_list(node.content, skip_comments=True, skip_whitespace=True))


def _selectors(prelude: Iterable[Node]) -> list[list[Node]]:
    """The selectors of a list, at its commas; those within `:not(…)` are in the one node that it is."""
    selectors: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            selectors.append([])
        else:
            selectors[-1].append(node)
    return selectors


def _may_match(selector: Sequence[Node], named: frozenset[str]) -> bool:
    """Whether every class of a selector is named; what it excludes with `:not(…)` need not be.

    Attributes `data-bs-…` belong to Bootstrap's scripts and to its dark colours, and the portal has neither.
    """
    attributes = [tinycss2.serialize(node.content) for node in selector if node.type == "[] block"]
    classes = {node.value for dot, node in pairwise(selector) if dot == "." and node.type == "ident"}
    return classes <= named and not any(attribute.startswith("data-bs-") for attribute in attributes)


def _without_unread(rules: list[Rule]) -> list[Rule]:
    """The rules without custom properties that neither they nor the portal's own styles read."""
    own = "".join(_texts(REPOSITORY / "static" / "css", "*.css"))
    while True:
        read = set(_READ.findall(own + "".join(map(str, rules))))
        pruned = [_keep_read(rule, read) for rule in rules]
        fewer = [rule for rule in pruned if rule.declarations or rule.rules]
        if fewer == rules:
            return rules
        rules = fewer


def _keep_read(rule: Rule, read: set[str]) -> Rule:
    kept = (each for each in rule.declarations if each.name in read or not each.name.startswith("--"))
    return replace(rule, declarations=tuple(kept), rules=tuple(_keep_read(each, read) for each in rule.rules))


if __name__ == "__main__":
    main()
