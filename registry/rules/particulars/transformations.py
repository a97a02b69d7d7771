"""Operations on whole materials: clear what is irrelevant, split off personal data, compare, print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.rules.particulars.catalogue import find_particular, is_particular, is_slot, particulars, slots
from registry.rules.particulars.definitions import AnswerKind, Particular
from registry.rules.particulars.form_version import (
    FORM,
    carried_over,
    is_stated_version,
    version_of,
    with_version,
)
from registry.rules.particulars.materials import (
    ANSWERS,
    SECTIONS,
    Materials,
    digest_of,
    files_of,
    is_given,
    value_of,
)

# The keys of a file entry that may be stored in plain. The name is personal: scans bear names of people. So do
# signatures, and the names of the files within a PDF.
_PLAIN_FILE_KEYS = frozenset(
    {"id", "sha256", "size_bytes", "content_type", "page_count", "original_sha256", "original_size_bytes"}
)


def clear_irrelevant(materials: Materials) -> dict[str, Any]:
    """The materials without what the answers make irrelevant, and without unknown keys; answers to questions stay.

    Repeats until nothing more is dropped, since another answer may have depended on a dropped one. Row fields
    that do not apply are dropped from their rows; slots that do not apply are dropped with their files.
    """
    version = version_of(materials)
    current = {section: dict(_section(materials, section)) for section in SECTIONS}
    current = with_version(current, version)
    while True:
        cleared = with_version(_cleared_once(current), version)
        if cleared == current:
            return cleared | ({ANSWERS: dict(materials[ANSWERS])} if materials.get(ANSWERS) else {})
        current = cleared


def _cleared_once(materials: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    cleared: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for particular in particulars():
        answers = materials[particular.section]
        if particular.name not in answers or not particular.applies(materials):
            continue
        value = answers[particular.name]
        if particular.kind is AnswerKind.GROUP and isinstance(value, list):
            fields = particular.fields_for(materials)
            value = [_cleared_row(fields, row) if isinstance(row, Mapping) else row for row in value]
        cleared[particular.section][particular.name] = value
    for slot in slots():
        files = materials["attachments"]
        if slot.name in files and slot.applies(materials):
            cleared["attachments"][slot.name] = files[slot.name]
    return cleared


def _cleared_row(fields: tuple[Particular, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    current = dict(row)
    while True:
        asked = [field.name for field in fields if field.applies(current)]
        kept = {name: current[name] for name in asked if name in current}
        if kept == current:
            return kept
        current = kept


def _section(materials: Materials, section: str) -> Mapping[str, Any]:
    answers = materials.get(section)
    return answers if isinstance(answers, Mapping) else {}


def on_version_of(base: Materials, materials: Materials) -> dict[str, Any]:
    """The materials on the version of the form that `base` is of, with its answers to what their own does not ask."""
    moved = carried_over(materials, to=version_of(base))
    for particular in particulars():
        answer = value_of(base, particular.key)
        is_asked_again = particular.applies(moved) and not particular.applies(materials)
        if is_asked_again and is_given(answer) and not is_given(value_of(moved, particular.key)):
            moved[particular.section] = {**moved[particular.section], particular.name: answer}
    return moved


# ---------------------------------------------------------------- personal data


def split_personal(materials: Materials) -> tuple[dict[str, Any], dict[str, Any]]:
    """The materials in two parts: what may be stored in plain, and personal data for the encrypted store.

    A key that the tables do not know counts as personal, so that a mistake cannot expose it. The personal
    part holds rows of a group and files of a slot by their index ("0", "1", …). `join_personal` puts both
    together.
    """
    public: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for section, answers in materials.items():
        if section == FORM and is_stated_version(answers):
            public[section] = answers
            continue
        if section not in SECTIONS or not isinstance(answers, Mapping):
            personal[section] = answers
            continue
        public[section], hidden = _split_section(materials, section, answers)
        if hidden:
            personal[section] = hidden
    return public, personal


def _split_section(
    materials: Materials, section: str, answers: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    plain: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    for name, value in answers.items():
        key = f"{section}.{name}"
        if section == "attachments" and is_slot(key) and isinstance(value, list):
            rows, hidden_rows = _split_rows(value, _PLAIN_FILE_KEYS)
        elif _is_plain_group(key) and isinstance(value, list):
            fields = find_particular(key).fields
            rows, hidden_rows = _split_rows(
                value, frozenset(field.name for field in fields if not field.personal(materials))
            )
        elif _is_plain_value(materials, key, value):
            plain[name] = value
            continue
        else:
            hidden[name] = value
            continue
        plain[name] = rows
        if hidden_rows:
            hidden[name] = hidden_rows
    return plain, hidden


def _is_plain_group(key: str) -> bool:
    return is_particular(key) and find_particular(key).kind is AnswerKind.GROUP


def _is_plain_value(materials: Materials, key: str, value: object) -> bool:
    if (
        not is_particular(key)
        or find_particular(key).kind is AnswerKind.GROUP
        or find_particular(key).personal(materials)
    ):
        return False
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return value is None or isinstance(value, (str, bool, int))


def _split_rows(rows: list[Any], plain_names: frozenset[str]) -> tuple[list[Any], dict[str, Any]]:
    plain: list[Any] = []
    hidden: dict[str, Any] = {}
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            plain.append({})
            hidden[str(index)] = row
            continue
        rest = {name: value for name, value in row.items() if not _is_plain_cell(name, value, plain_names)}
        plain.append({name: value for name, value in row.items() if name not in rest})
        if rest:
            hidden[str(index)] = rest
    return plain, hidden


def _is_plain_cell(name: str, value: object, plain_names: frozenset[str]) -> bool:
    return name in plain_names and (value is None or isinstance(value, (str, bool, int)))


def join_personal(public_part: Mapping[str, Any], personal_part: Mapping[str, Any]) -> dict[str, Any]:
    """The whole materials again: the inverse of `split_personal`, equal to the byte in canonical JSON."""
    joined: dict[str, Any] = {section: dict(answers) for section, answers in public_part.items()}
    for section, hidden in personal_part.items():
        if section not in joined:
            joined[section] = hidden
            continue
        for name, value in hidden.items():
            if name in joined[section]:
                joined[section][name] = _joined_rows(joined[section][name], value)
            else:
                joined[section][name] = value
    return joined


def _joined_rows(rows: list[Any], hidden: Mapping[str, Any]) -> list[Any]:
    joined = []
    for index, row in enumerate(rows):
        rest = hidden.get(str(index), {})
        joined.append({**row, **rest} if isinstance(rest, Mapping) else rest)
    return joined


# ---------------------------------------------------------------- comparing and printing


def changed_keys(before: Materials, after: Materials) -> tuple[str, ...]:
    """The keys of particulars and slots whose answers differ, in the order of the forms.

    Absent, "" and an empty list are the same: not given. Files are compared by their SHA-256, in order; a
    file that was only renamed or uploaded again has not changed. What is asked of neither, but was asked once, is no
    change when it goes; nor is what a later version of the form asks no more.
    """
    as_before = with_version(after, version_of(before))
    changed = [
        particular.key
        for particular in particulars()
        if (particular.applies(after) or (particular.applies(before) and not particular.applies(as_before)))
        and _comparable(value_of(before, particular.key)) != _comparable(value_of(after, particular.key))
    ]
    changed += [slot.key for slot in slots() if _hashes(before, slot.key) != _hashes(after, slot.key)]
    return tuple(changed)


def _comparable(value: Any) -> Any:
    if not is_given(value):
        return None
    if isinstance(value, Mapping):
        comparable = {name: _comparable(one) for name, one in value.items()}
        return {name: one for name, one in comparable.items() if one is not None}
    if isinstance(value, list):
        return [_comparable(one) for one in value]
    # True == 1 in Python, but a yes is not a count.
    return (type(value).__name__, value)


def _hashes(materials: Materials, key: str) -> list[object]:
    return [digest_of(file) for file in files_of(materials, key)]


def printed_values(materials: Materials) -> dict[str, Any]:
    """What the authenticity statement prints: the given answers of printed particulars, by key, in order."""
    return {
        particular.key: value_of(materials, particular.key)
        for particular in particulars()
        if particular.printed
        and particular.applies(materials)
        and is_given(value_of(materials, particular.key))
    }
