"""What a credit code says of itself, and what is said of one that is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from registry.labels.particulars import gap_message
from registry.rules.particulars.credit_code import read_credit_code
from registry.rules.particulars.gaps import Gap, InvalidAnswer

TODAY = date(2026, 3, 2)


def completed(seventeen: str) -> str:
    """The code with its check character by GB 32100-2015, worked out here."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(each) * pow(3, place, 31) for place, each in enumerate(seventeen))
    return seventeen + alphabet[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    ("begins_with", "organisation_type"),
    [
        ("11", "state_organ"),
        ("12", "public_institution"),
        ("13", "social_organisation"),
        ("51", "social_organisation"),
        ("52", "social_organisation"),
        ("53", "social_organisation"),
        ("81", "social_organisation"),
        ("91", "enterprise"),
        # Of sole proprietors and cooperatives, of "others" and of other registrars nothing is read.
        ("92", ""),
        ("93", ""),
        ("19", ""),
        ("A1", ""),
        ("N1", ""),
        ("Y1", ""),
    ],
)
def test_the_first_two_characters_say_the_type_of_organisation(
    begins_with: str, organisation_type: str
) -> None:
    code = completed(f"{begins_with}110108MA0000000")
    assert read_credit_code(code, deviates=False, today=TODAY).organisation_type == organisation_type


@pytest.mark.parametrize(
    ("digits", "place", "division"),
    [
        ("110108", "110108", "110108"),
        # Registered by a city: the county is still to be chosen.
        ("440300", "440300", ""),
        # A city without counties is itself a place of registration.
        ("441900", "441900", "441900"),
        ("110000", "110000", ""),
        # Chongwen was merged into Dongcheng in 2010: its prefecture is what is left.
        ("110103", "110100", ""),
        ("100000", "", ""),
        ("990000", "", ""),
    ],
)
def test_the_digits_of_the_registrar_say_the_place_as_far_as_it_is_in_force(
    digits: str, place: str, division: str
) -> None:
    read = read_credit_code(completed(f"91{digits}MA0000000"), deviates=False, today=TODAY)
    assert (read.place, read.division(TODAY)) == (place, division)


def message_about(text: str, *, deviates: bool = False) -> str:
    with pytest.raises(InvalidAnswer) as refused:
        read_credit_code(text, deviates=deviates, today=TODAY)
    return gap_message(Gap("applicant.document_number", refused.value.code, refused.value.facts))


@pytest.mark.parametrize("deviates", [False, True])
def test_length_and_characters_have_errors_of_their_own(*, deviates: bool) -> None:
    code = completed("91110108MA0000000")
    assert "现填 17 位" in message_about(code[:17], deviates=deviates)
    assert "现填 19 位" in message_about(f"{code}0", deviates=deviates)
    for letter in "IOSVZ":
        assert f"第 9 位不能是“{letter}”" in message_about(f"{code[:8]}{letter}{code[9:]}", deviates=deviates)
    assert "第 5 位不能是“A”" in message_about(f"{code[:4]}A{code[5:]}", deviates=deviates)


def test_a_wrong_check_character_says_so_and_names_the_declaration_of_a_deviation() -> None:
    code = completed("91110108MA0000000")
    deviating = code[:17] + ("1" if code[17] != "1" else "2")
    assert "末位校验码不符" in message_about(deviating)
    assert read_credit_code(deviating, deviates=True, today=TODAY).document_type == (
        "credit_code_with_deviation"
    )
    assert "没有不符" not in message_about(code, deviates=True)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = completed("91110108MA0000000")
    full_width = "".join(chr(ord(each) + 0xFEE0) for each in code.lower())
    for typed in (f" {code} ", code.lower(), f"{code[:8]} {code[8:]}", full_width):
        assert read_credit_code(typed, deviates=False, today=TODAY).number == code
