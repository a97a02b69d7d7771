"""The catalogues: where texts are collected, and how reworded ones keep their Chinese."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

import pytest
from django.utils.translation import trans_real

from deploy.catalogues import Message, catalogue_paths, read_catalogue, write_catalogue
from deploy.messages import ROOMS, Rewording, carry_over, collect, find_unfinished, read_rewordings, room_of
from tests.house.sources import REPOSITORY, tracked_files

HEADER = Message(
    id="",
    forms=["Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"],
)
SAVED = Message(id="Saved.", forms=["已保存。"])
HEARING = Message(id="Heard", context="at a hearing", forms=["已听取"])
DAYS_LEFT = Message(id="%(count)s day left", plural="%(count)s days left", forms=["还剩 %(count)s 天"])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout in which the reviewers' desk and its pages say four translated things."""
    for room in ROOMS:
        write_messages(tmp_path, room)
    write_messages(tmp_path, "review", SAVED, HEARING, DAYS_LEFT)
    (tmp_path / "templates/review").mkdir(parents=True)
    say(tmp_path, saved="Saved.", heard="Heard", day="%(count)s day left", days="%(count)s days left")
    collect(tmp_path)
    assert find_unfinished(tmp_path) == []
    return tmp_path


def write_messages(tree: Path, room: str, *messages: Message) -> None:
    path = tree / room / "locale/zh_Hans/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_catalogue(path, [HEADER, *messages])


def say(tree: Path, *, saved: str, heard: str, day: str, days: str) -> None:
    (tree / "templates/review/case.html").write_text(
        f'{{% load i18n %}}{{% translate "{saved}" %}}{{% translate "{heard}" context "at a hearing" %}}'
    )
    (tree / "review/words.py").write_text(f'ngettext("{day}", "{days}", 2)\n')


def translations(tree: Path, room: str = "review") -> dict[tuple[str | None, str], list[str]]:
    """Every entry of a room's catalogue, an obsolete one too."""
    messages = read_catalogue(tree / room / "locale/zh_Hans/LC_MESSAGES/django.po")
    return {message.key: message.forms for message in messages if message.id}


def test_reworded_texts_keep_their_chinese(tree: Path) -> None:
    say(tree, saved="It is saved.", heard="Was heard", day="%(count)s day more", days="%(count)s days more")
    collect(tree)
    assert len(find_unfinished(tree)) == 3
    rewordings = [
        Rewording("Saved.", "It is saved."),
        Rewording("Heard", "Was heard", context="at a hearing"),
        Rewording("%(count)s day left", "%(count)s day more"),
        Rewording("%(count)s days left", "%(count)s days more"),
    ]
    assert carry_over(tree, rewordings) == []
    expected = {
        (None, "It is saved."): SAVED.forms,
        ("at a hearing", "Was heard"): HEARING.forms,
        (None, "%(count)s day more"): DAYS_LEFT.forms,
    }
    assert translations(tree) == expected
    collect(tree)
    assert find_unfinished(tree) == []
    assert carry_over(tree, rewordings) == []
    assert translations(tree) == expected


def test_a_plural_may_be_reworded_alone(tree: Path) -> None:
    say(tree, saved="Saved.", heard="Heard", day="%(count)s day left", days="%(count)s days more")
    collect(tree)
    assert find_unfinished(tree) == ["review/locale/zh_Hans/LC_MESSAGES/django.po: fuzzy: %(count)s day left"]
    assert carry_over(tree, [Rewording("%(count)s days left", "%(count)s days more")]) == []
    collect(tree)
    assert find_unfinished(tree) == []
    assert translations(tree)[DAYS_LEFT.key] == DAYS_LEFT.forms


def test_a_text_reworded_twice_keeps_its_chinese_in_any_order_of_lines(tree: Path) -> None:
    say(tree, saved="All saved.", heard="Heard", day="%(count)s day left", days="%(count)s days left")
    collect(tree)
    assert (
        carry_over(tree, [Rewording("It is saved.", "All saved."), Rewording("Saved.", "It is saved.")]) == []
    )
    assert translations(tree)[None, "All saved."] == SAVED.forms
    assert (None, "Saved.") not in translations(tree)


def test_an_old_text_that_is_still_said_elsewhere_keeps_its_chinese(tree: Path) -> None:
    (tree / "applicants/words.py").write_text('gettext("It is saved.")\n')
    collect(tree)
    assert carry_over(tree, [Rewording("Saved.", "It is saved.")]) == []
    assert translations(tree, "applicants") == {(None, "It is saved."): SAVED.forms}
    assert translations(tree)[SAVED.key] == SAVED.forms


def test_a_new_text_with_another_translation_is_named_and_both_stay(tree: Path) -> None:
    write_messages(tree, "registry", Message(id="Stored.", forms=["已存储。"]))
    (tree / "registry/words.py").write_text('gettext("Stored.")\n')
    say(tree, saved="Stored.", heard="Heard", day="%(count)s day left", days="%(count)s days left")
    collect(tree)
    rewording = Rewording("Saved.", "Stored.")
    assert carry_over(tree, [rewording]) == [f"The new id has another translation: {rewording}"]
    assert translations(tree, "registry") == {(None, "Stored."): ["已存储。"]}
    assert translations(tree)[SAVED.key] == SAVED.forms


@pytest.mark.parametrize(
    ("rewording", "problem"),
    [
        (Rewording("Never said", "Saved at last"), "The old id has no translation"),
        (Rewording("Heard", "Was heard"), "The old id has no translation"),
        (Rewording("Saved.", "Not said yet"), "Neither code nor templates have the new id"),
        (Rewording("%(count)s day left", "%(days)s day left"), "The new id has other placeholders"),
    ],
    ids=lambda value: value.new if isinstance(value, Rewording) else "",
)
def test_a_rewording_that_does_not_fit_is_named_and_changes_nothing(
    tree: Path, rewording: Rewording, problem: str
) -> None:
    before = translations(tree)
    assert carry_over(tree, [rewording]) == [f"{problem}: {rewording}"]
    assert translations(tree) == before


def test_rewordings_are_read_from_lines_of_json_and_a_bad_line_is_named(tmp_path: Path) -> None:
    lines = tmp_path / "rewordings.jsonl"
    lines.write_text(
        '{"old": "Saved.", "new": "It is saved.", "context": null}\n'
        '{"old": "Heard", "new": "Was heard", "context": "at a hearing"}\n'
    )
    assert read_rewordings(lines) == [
        Rewording("Saved.", "It is saved."),
        Rewording("Heard", "Was heard", context="at a hearing"),
    ]
    lines.write_text('{"old": "Saved.", "new": "It is saved."}\n{"old": "Heard"}\n')
    with pytest.raises(SystemExit, match="jsonl:2: "):
        read_rewordings(lines)


def test_a_text_that_moves_to_another_desk_takes_its_chinese_along(tree: Path) -> None:
    (tree / "templates/review/case.html").rename(tree / "templates/case.html")
    collect(tree)
    assert len(find_unfinished(tree)) == 2
    assert carry_over(tree) == []
    assert find_unfinished(tree) == []
    assert translations(tree, "filing_portal") == {SAVED.key: SAVED.forms, HEARING.key: HEARING.forms}
    assert translations(tree) == {DAYS_LEFT.key: DAYS_LEFT.forms}


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("filing_portal/access.py", "filing_portal"),
        ("templates/base.html", "filing_portal"),
        ("templates/includes/footer.html", "filing_portal"),
        ("templates/bootstrap5/field.html", "filing_portal"),
        ("applicants/drafts/pages/check.py", "applicants"),
        ("templates/applicants/start.html", "applicants"),
        ("review/case/views.py", "review"),
        ("templates/review/case.html", "review"),
        ("registry/office/views.py", "registry"),
        ("templates/documents/receipt.html", "registry"),
        ("templates/mfa/totp/activate_form.html", "registry"),
        ("manage.py", None),
        ("deploy/messages.py", None),
    ],
)
def test_the_texts_of_a_file_belong_to_its_room(path: str, room: str | None) -> None:
    assert room_of(PurePath(path)) == room


def test_each_room_has_the_one_catalogue() -> None:
    catalogues = [f"{room}/locale/zh_Hans/LC_MESSAGES/django.po" for room in ROOMS]
    assert sorted(path.as_posix() for path in tracked_files() if path.suffix == ".po") == catalogues


def test_a_catalogue_is_written_as_it_was_read(tmp_path: Path) -> None:
    for path in catalogue_paths(REPOSITORY):
        write_catalogue(tmp_path / "django.po", read_catalogue(path))
        assert (tmp_path / "django.po").read_bytes() == path.read_bytes()


def test_the_catalogues_win_over_those_of_the_libraries() -> None:
    """A library that translates the same words, or an entry in the wrong place, would show here."""
    chinese = trans_real.translation("zh-hans")
    for path in catalogue_paths(REPOSITORY):
        for message in read_catalogue(path):
            if not message.id or message.is_obsolete:
                continue
            text = f"{message.context}\x04{message.id}" if message.context else message.id
            if message.plural is None:
                assert chinese.gettext(text) == message.forms[0]
            else:
                assert chinese.ngettext(text, message.plural, 2) == message.forms[0]


def test_both_languages_name_the_same_kinds_of_files() -> None:
    """A text that is reworded keeps its Chinese, and with it what the English says no longer."""
    kinds = re.compile(r"\b(?:PDF|JPEG|PNG|HEIC|WebP|TIFF|CSV|XLSX|JSON|DOCX|OFD|WPS)\b", re.ASCII)
    differing = [
        (path.parts[-5], message.id)
        for path in catalogue_paths(REPOSITORY)
        for message in read_catalogue(path)
        if message.id and not message.is_obsolete and message.is_finished
        for form in message.forms
        if set(kinds.findall(f"{message.id} {message.plural or ''}")) != set(kinds.findall(form))
    ]
    assert differing == []


def test_a_space_stands_between_a_number_and_its_measure_word_and_before_it() -> None:
    """One way for all: 共 5 个, neither 共5个 nor 共5 个."""
    number, measure = r"(?:%\([a-z_]+\)[sd]|[0-9][0-9,]*)", "[个项件页天次条份名家轮位种]"
    crowded = re.compile(rf"{number}{measure}|[\u4e00-\u9fff]{number} {measure}")
    found = [
        form
        for path in catalogue_paths(REPOSITORY)
        for message in read_catalogue(path)
        if message.id and not message.is_obsolete
        for form in message.forms
        if crowded.search(form)
    ]
    assert found == []
