"""Telephone numbers stand on a page as its language writes them, wherever they come from."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from registry.labels.masking import mask_phone
from registry.labels.telephone import telephone
from registry.rules.codes.identifiers import mobile, office_phone

NUMBERS = [
    ("+8613800138000", "138 0013 8000", "+86 138 0013 8000"),
    ("+86 10 1234 5678", "010-12345678", "+86 10 1234 5678"),
    ("+86 755 8654 1234 ext. 801", "0755-86541234 转 801", "+86 755 8654 1234 ext. 801"),
    ("+86 391 366 1234", "0391-3661234", "+86 391 366 1234"),
    ("+86 400 123 4567", "400-123-4567", "+86 400 123 4567"),
    ("+86 138 0013 8000", "138 0013 8000", "+86 138 0013 8000"),
    ("+85291234567", "+852 9123 4567", "+852 9123 4567"),
    ("+886912345678", "+886 912 345 678", "+886 912 345 678"),
    ("+65 6123 4567 ext. 8", "+65 6123 4567 转 8", "+65 6123 4567 ext. 8"),
]


@pytest.mark.parametrize(("kept", "chinese", "english"), NUMBERS)
def test_a_number_is_written_as_the_language_of_the_page_writes_it(
    kept: str, chinese: str, english: str
) -> None:
    with override("zh-hans"):
        assert telephone(kept) == chinese
    with override("en"):
        assert telephone(kept) == english


@pytest.mark.parametrize(("kept", "chinese", "english"), NUMBERS)
def test_what_a_page_writes_is_read_as_the_same_number(kept: str, chinese: str, english: str) -> None:
    check = mobile if " " not in kept else office_phone
    assert check(chinese) == check(english) == check(kept) == kept


@pytest.mark.parametrize(
    "text", ["", "13800138000", "010-12345678", "+86", "+8612", "+999123", "电话见官网", "+"]
)
def test_what_is_no_kept_number_stays_as_it_was_typed(text: str) -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            assert telephone(text) == text


def test_a_masked_number_is_that_of_the_page() -> None:
    with override("zh-hans"):
        assert mask_phone(telephone("+8613800138000")) == "138****8000"
        assert mask_phone(telephone("+86 755 8654 1234 ext. 801")) == "0755-****1234"
        assert mask_phone(telephone("+85291234567")) == "+852****4567"
    with override("en"):
        assert mask_phone(telephone("+8613800138000")) == "+86 138 ****8000"
