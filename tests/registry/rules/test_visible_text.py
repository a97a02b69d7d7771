"""What a text may hold so that everybody reads in it what its author saw."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.visible_text import clean, clean_texts, clean_unless_empty, holds_hidden, is_visible


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\xad", "\u061c", "\u200b", "\u2028"]
)
def test_control_and_format_characters_are_hidden(hidden: str) -> None:
    assert holds_hidden(f"样{hidden}例", line_breaks=False)
    assert holds_hidden(f"样{hidden}例", line_breaks=True)


@pytest.mark.parametrize("hidden", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff"])
def test_what_is_no_character_has_no_place_in_a_file(hidden: str) -> None:
    assert holds_hidden(hidden, line_breaks=True)


def test_line_breaks_are_hidden_in_a_line_and_not_in_prose() -> None:
    for text in ("样\n例", "样\r\n例", "样\t例"):
        assert holds_hidden(text, line_breaks=False)
        assert not holds_hidden(text, line_breaks=True)


@pytest.mark.parametrize(
    "text", ["", "样例 Sample", "样\u3000例", "𠮷镕喆㛃", "\U0002ebf0", "\U000323b0", "葛\U000e0100"]
)
def test_blanks_rare_characters_and_those_newer_than_the_table_are_not(text: str) -> None:
    assert not holds_hidden(text, line_breaks=False)


# Any character, half surrogates and those without a meaning among them; what works on its neighbours often.
_ODD = (
    "\u200b\u200c\u200d\ufeff\u2028\u2029\u0301\u0323\u094d\u0958\u3164\ufe0f\U000e0100\U0001f469\U0001f4bb"
)
_ODD += "\u01d6\u0635\u180b\u1820\ud800\U0001f3fd\u2764\u2800\n\t\r\x0b\x85 \u3000样A\u00b7"
TEXTS = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(_ODD)), max_size=40)


@given(text=TEXTS, line_breaks=st.booleans())
def test_cleaning_twice_is_cleaning_once_and_never_lengthens(text: str, *, line_breaks: bool) -> None:
    cleaned = clean(text, line_breaks=line_breaks)
    assert clean(cleaned, line_breaks=line_breaks) == cleaned
    assert len(cleaned) <= len(text)


@given(text=TEXTS, line_breaks=st.booleans())
def test_what_is_cleaned_can_be_stored_and_keeps_every_letter_digit_and_sign(
    text: str, *, line_breaks: bool
) -> None:
    cleaned = clean(text, line_breaks=line_breaks)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert line_breaks or not {"\n", "\t"} & set(cleaned)
    empty = "\u115f\u1160\u3164\uffa0\ufffc\u2800\U0001d159"
    seen = [each for each in text if unicodedata.category(each)[0] in "LNPS" and each not in empty]
    kept = [each for each in cleaned if unicodedata.category(each)[0] in "LNPS"]
    marks = "".join(each for each in text if unicodedata.category(each)[0] == "M")
    if not marks:
        assert unicodedata.normalize("NFD", "".join(kept)) == unicodedata.normalize("NFD", "".join(seen))


@pytest.mark.parametrize(
    "nothing",
    [
        "\u200b",
        "\ufeff",
        "\u2060",
        "\u00ad",
        "\u034f",
        "\u061c",
        "\u180e",
        "\u200e",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u206a",
        "\u3164",
        "\u115f",
        "\u1160",
        "\uffa0",
        "\u17b4",
        "\u2065",
        "\ufff9",
        "\ufffc",
        "\U000e0001",
        "\U000e0041",
        "\U0001d173",
        "\U0001d159",
        "\ud83d",
        "\ufdd0",
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
    ],
)
def test_what_has_no_meaning_goes_wherever_it_stands(nothing: str) -> None:
    for line_breaks in (False, True):
        assert clean(f"{nothing}样{nothing}例{nothing}", line_breaks=line_breaks) == "样例"
        assert clean(f"Sam{nothing}ple", line_breaks=line_breaks) == "Sample"
        assert not is_visible(nothing)


@pytest.mark.parametrize(
    "text",
    [
        "古丽·样例",
        "D’样例",
        "葛\U000e0100飾",
        "\U0001f469\u200d\U0001f4bb",
        "\u2764\ufe0f\u200d\U0001f525",
        "\u0645\u06cc\u200c\u062e\u0648",
        "\u0915\u094d\u200d",
        "\u1820\u180b",
        "1\ufe0f\u20e3",
        "\u0600\u0661",
        "ü",
        "样\u3000例",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "\U0001f469\U0001f3fd\u200d\U0001f4bb",
        "\U000323af",
        "\ue000",
    ],
)
def test_what_has_a_meaning_stays(text: str) -> None:
    assert clean(text, line_breaks=False) == text
    assert clean(text, line_breaks=True) == text
    assert is_visible(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("样\u200d例", "样例"),
        ("a\u200db", "ab"),
        ("\u200dA", "A"),
        ("\u200c样", "样"),
        ("\ufe0f样", "样"),
        ("样 \ufe0f例", "样 例"),
        ("\U0001f469\u200d", "\U0001f469"),
        ("\U0001f469\u200d\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("A\u180b", "A"),
    ],
)
def test_a_joiner_or_selector_stays_only_where_it_joins_or_selects(text: str, kept: str) -> None:
    assert clean(text, line_breaks=False) == kept


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_end_of_a_line_is_one_in_prose_and_none_in_a_line(end: str) -> None:
    assert clean(f"第一行{end}第二行", line_breaks=True) == "第一行\n第二行"
    assert clean(f"样例{end}公司", line_breaks=False) == "样例公司"
    assert clean(f"Sample{end}Company", line_breaks=False) == "Sample Company"
    assert clean(f"{end}样例{end}", line_breaks=False) == "样例"


@pytest.mark.parametrize(
    "blank", ["", " ", "\u3000", "\xa0\u2003", "\u3164", "\u2800", "\u0301", "\u200b\u3164\n"]
)
def test_blanks_fillers_and_marks_alone_are_not_visible_and_stay_to_be_named(blank: str) -> None:
    assert not is_visible(blank)
    assert clean_unless_empty(blank, line_breaks=True) == blank


def test_every_character_alone_is_cleaned_and_those_left_are_seen_marks_or_blanks() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        cleaned = clean(character, line_breaks=False)
        if cleaned and not is_visible(cleaned):
            assert unicodedata.category(cleaned[0])[0] in "MZ", hex(code)


def test_texts_in_details_are_cleaned_at_every_depth() -> None:
    details = {"answers": {"1": "样\u200b例"}, "reasons": [{"text": "\u3164", "number": 3}], "is_late": False}
    assert clean_texts(details) == {
        "answers": {"1": "样例"},
        "reasons": [{"text": "", "number": 3}],
        "is_late": False,
    }


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("\uf0b7\t第一项", "•\t第一项"),
        ("\uf0a7 第二项", "▪ 第二项"),
        ("\uf0d8 第三项", "➢ 第三项"),
        ("\uf0fc 已完成", "✓ 已完成"),
        ("甲\uf0e0乙", "甲→乙"),
        ("好\uf04a", "好☺"),
        # What no font of Word's bullets draws stays: it may be a character of somebody's name.
        ("\ue863", "\ue863"),
    ],
)
def test_the_bullets_of_word_become_the_signs_that_they_draw(pasted: str, meant: str) -> None:
    assert clean(pasted, line_breaks=True) == meant
