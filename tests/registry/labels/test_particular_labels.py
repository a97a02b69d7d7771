"""Every question, choice and gap has words in English and Chinese."""

from __future__ import annotations

import ast
import gettext
import re
import subprocess
from pathlib import Path

import pytest
from django.utils import translation

from registry.labels import particulars as labels
from registry.rules.particulars import Particular, Slot, UnknownParticular, particulars, sections, slots
from registry.rules.particulars.completeness import GAP_CODES, Gap

ROOT = Path(__file__).resolve().parents[3]
WORD_FILES = sorted((ROOT / "registry/labels").glob("*.py"))
EVERY_PARTICULAR = [entry for top in particulars() for entry in (top, *top.fields)]
EVERY_ENTRY: list[Particular | Slot] = [*EVERY_PARTICULAR, *slots()]
FACT_NAMES = (
    *("minimum", "maximum", "length", "stated", "listed", "on", "maximum_megabytes", "found", "expected"),
)
FACTS: dict[str, object] = {**dict.fromkeys(FACT_NAMES, 1), "changed": "applicant.name"}


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> gettext.GNUTranslations:
    catalogue = tmp_path_factory.mktemp("locale") / "django.mo"
    source = ROOT / "registry/locale/zh_Hans/LC_MESSAGES/django.po"
    # Without --use-fuzzy msgfmt leaves fuzzy messages out, so that they are found missing below.
    subprocess.run(["msgfmt", "--check-format", "-o", catalogue, source], check=True)
    with catalogue.open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_section_particular_and_slot_has_its_words() -> None:
    for section in sections():
        assert str(labels.section_label(section))
    for entry in EVERY_ENTRY:
        assert str(labels.label_of(entry.key))
    whole: list[Particular | Slot] = [*particulars(), *slots()]
    for entry in whole:
        assert str(labels.help_of(entry.key))
        assert bool(str(labels.article_of(entry.key))) == bool(entry.basis)


def test_no_words_are_left_without_a_particular() -> None:
    keys = {entry.key for entry in EVERY_ENTRY}
    assert set(labels._LABELS) == keys
    assert set(labels._HELP_TEXTS) <= keys
    assert set(labels.GAP_MESSAGES) == set(GAP_CODES)


@pytest.mark.parametrize("entry", EVERY_PARTICULAR, ids=lambda entry: entry.key)
def test_every_fixed_choice_has_its_words(entry: Particular) -> None:
    fixed = entry.extra_choices if isinstance(entry.choices, str) else entry.choices + entry.extra_choices
    assert set(labels.CHOICE_LABELS.get(entry.key, {})) == set(fixed)
    for code in fixed:
        assert str(labels.choice_label(entry.key, code)) not in ("", code)


def test_a_choice_of_a_kept_list_is_named_by_the_list() -> None:
    assert labels.choice_label("service.application_fields", "energy") == "energy"


@pytest.mark.parametrize("code", GAP_CODES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_gap_says_what_to_do(code: str, language: str) -> None:
    with translation.override(language):
        message = labels.gap_message(Gap("service.websites.url", code, FACTS, 1))
    assert "%" not in message
    assert "2" in message


def test_a_gap_in_a_slot_names_the_slot_alone() -> None:
    with translation.override("en"):
        message = labels.gap_message(Gap("attachments.icp_proof", "file_type_not_allowed", {}, 0))
    assert message == "Upload “Proof of the ICP filing” as PDF, JPEG, PNG, HEIC, WebP or TIFF."


def test_an_unknown_key_has_no_words() -> None:
    with pytest.raises(UnknownParticular):
        labels.label_of("service.horoscope")


def messages_in(path: Path) -> set[tuple[str | None, str]]:
    """The (context, message) pairs that a module marks for translation."""
    found: set[tuple[str | None, str]] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [
            argument.value
            for argument in node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if node.func.id == "_":
            found.add((None, texts[0]))
        elif node.func.id == "pgettext_lazy":
            found.add((texts[0], texts[1]))
    return found


@pytest.mark.parametrize("path", WORD_FILES, ids=lambda path: path.stem)
def test_every_message_has_its_chinese(path: Path, chinese: gettext.GNUTranslations) -> None:
    missing = [
        (context, message)
        for context, message in messages_in(path)
        # One of placeholders alone has its language in what it is filled with.
        if re.search(r"[A-Za-z]", re.sub(r"%\(\w+\)s", "", message))
        and not any(
            "一" <= character <= "鿿"
            for character in (chinese.pgettext(context, message) if context else chinese.gettext(message))
        )
    ]
    assert [message for message in missing if message[1] not in {"API", "BaaS"}] == []


def test_no_particular_promises_notices_to_an_address_that_gets_none() -> None:
    """Notices go to the verified addresses of accounts alone: see registry/notices/recipients.py."""
    with translation.override("en"):
        texts = [str(labels.help_of(entry.key)) for entry in EVERY_PARTICULAR]
        about = [text for text in texts if "Notices" in text]
        assert len(about) == 1
        assert all("Notices go to the accounts" in text and "not here" in text for text in about)
        assert [text for text in texts if "sent here" in text] == []
