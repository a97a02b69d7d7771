"""What a mask leaves: of every kind no more than a few original characters in a row, however the value was typed."""

from __future__ import annotations

from itertools import pairwise

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.labels.masking import mask, mask_email, mask_phone
from registry.rules.particulars import AnswerKind

_SEPARATORS = ("", "-", " ", ") ", "－", "  ")
_BEFORE_EXTENSION = ("-", " - ", "转", " 转 ", "分机", "#", " ext. ", ";ext=", "x", " Ext.", "－", "轉")

area_codes = st.sampled_from(["010", "021", "0755", "0592", "0898", "0471"])
digits = st.text("0123456789", min_size=7, max_size=8)
extensions = st.text("0123456789", min_size=1, max_size=6)


def longest_run(original: str, masked: str) -> int:
    """The length of the longest part of the original that stands in the masked text as well."""
    best, ended = 0, [0] * (len(masked) + 1)
    for character in original:
        row = [0]
        for place, other in enumerate(masked):
            row.append(ended[place] + 1 if character == other and character != "*" else 0)
        best, ended = max(best, *row), row
    return best


def digits_of(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


@given(
    area=area_codes,
    number=digits,
    between=st.sampled_from(_SEPARATORS),
    country=st.sampled_from(["", "+86 ", "0086", "+86"]),
)
@settings(max_examples=300, deadline=None)
def test_an_office_phone_shows_its_area_and_four_digits_and_no_more(
    area: str, number: str, between: str, country: str
) -> None:
    masked = mask_phone(f"{country}{area}{between}{number}")
    assert masked.endswith(f"****{number[-4:]}")
    assert number[:4] not in masked.split("****")[0].removeprefix(country) or number[:4] in area
    assert longest_run(number, masked.removeprefix(country)[len(area) :]) <= 4


@given(
    area=area_codes,
    number=digits,
    extension=extensions,
    before=st.sampled_from(_BEFORE_EXTENSION),
    between=st.sampled_from(_SEPARATORS),
)
@settings(max_examples=300, deadline=None)
def test_an_extension_neither_shows_nor_opens_the_number_before_it(
    area: str, number: str, extension: str, before: str, between: str
) -> None:
    assert mask_phone(f"{area}{between}{number}{before}{extension}") == mask_phone(f"{area}{between}{number}")


def test_the_canonical_form_of_an_extension_is_masked_like_the_typed_one() -> None:
    assert mask("+86 755 8654 1234 ext. 801", AnswerKind.PHONE) == "+86 755 ****1234"
    assert mask("0755-86541234-801", AnswerKind.PHONE) == "0755-****1234"


EXAMPLES = [
    phonenumbers.format_number(example, form)
    for region in ("CN", "HK", "MO", "TW", "US", "GB", "DE", "JP", "SG", "KR")
    for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    if (example := phonenumbers.example_number_for_type(region, kind)) is not None
    for form in (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
]


@pytest.mark.parametrize("written", EXAMPLES)
def test_numbers_of_other_places_hide_half_of_their_subscriber(written: str) -> None:
    masked = mask_phone(written)
    assert longest_run(digits_of(written)[-8:], digits_of(masked.split("****")[1])) == 4
    assert len(digits_of(masked)) <= len(digits_of(written)) - 4


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000 13900139000",
        "13800138000/13900139000",
        "张三 13800138000",
        "请拨打 0755-86541234 找张三",
        "１３８００１３８０００",
        "86541234",
        "801",
        "",
    ],
)
@pytest.mark.parametrize("kind", [AnswerKind.MOBILE, AnswerKind.PHONE])
def test_what_is_no_telephone_number_is_hidden_all_the_same(typed: str, kind: AnswerKind) -> None:
    masked = mask(typed, kind)
    assert longest_run(typed, masked) <= 6
    assert sum(1 for each in masked if each != "*") <= max(len(typed) // 4, 8)


@given(text=st.text(max_size=80))
@settings(max_examples=500, deadline=None)
def test_no_mask_of_any_kind_leaves_a_long_run(text: str) -> None:
    for kind in AnswerKind:
        masked = mask(text, kind)
        # The domain of a whole e-mail address is shown, a telephone number's country and area.
        if kind is AnswerKind.EMAIL and masked != mask(text, AnswerKind.TEXT):
            masked = masked.rpartition("@")[0]
        assert longest_run(text, masked) <= 8, kind


@pytest.mark.parametrize("kind", [AnswerKind.DOCUMENT_NUMBER, AnswerKind.TEXT, AnswerKind.LONG_TEXT])
@given(text=st.text(st.characters(exclude_characters="*"), min_size=1, max_size=80))
@settings(max_examples=200, deadline=None)
def test_a_document_number_and_a_text_keep_no_run_and_less_than_half(kind: AnswerKind, text: str) -> None:
    masked = mask(text, kind)
    assert longest_run(text, masked) <= 6
    assert len(masked.replace("*", "")) * 2 <= len(text)


@pytest.mark.parametrize("local", ["a", "ab", "zhang.san", "z" * 64])
def test_of_the_name_in_an_e_mail_address_one_character_shows_at_most(local: str) -> None:
    shown, _, domain = mask_email(f"{local}@example.com").partition("***")
    assert (shown, domain) == (local[0] if len(local) > 1 else "", "@example.com")


@pytest.mark.parametrize(
    "typed",
    ["张三@北京市东城区样例路12号", "zhangsan@example.com 13800138000", "@example.com", "a@b@13800138000"],
)
def test_what_is_no_e_mail_address_shows_no_more_than_any_text(typed: str) -> None:
    assert mask_email(typed) == mask(typed, AnswerKind.TEXT)


def test_the_stars_do_not_tell_how_much_they_hide() -> None:
    for first, second in pairwise(["010-62345678", "0592-5551234", "0755-86541234"]):
        assert mask_phone(first).count("*") == mask_phone(second).count("*")
