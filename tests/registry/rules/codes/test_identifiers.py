"""Identifiers: what is well formed becomes canonical, what is not is refused with its reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from registry.rules.codes import identifiers
from registry.rules.codes.identifiers import (
    app_filing_number,
    deviating_credit_code,
    email,
    hong_kong_macau_permit,
    icp_number,
    ip_address,
    is_public_address,
    mini_program_filing_number,
    mobile,
    office_phone,
    passport,
    permanent_resident_card,
    residence_permit,
    resident_id,
    taiwan_permit,
    unified_social_credit_code,
    url,
)
from registry.rules.errors import InvalidIdentifier

TODAY = date(2026, 11, 22)

Validator = Callable[[str], str]
VALIDATORS: dict[str, Validator] = {
    "unified_social_credit_code": unified_social_credit_code,
    "deviating_credit_code": deviating_credit_code,
    "resident_id": partial(resident_id, today=TODAY),
    "residence_permit": partial(residence_permit, today=TODAY),
    "passport": passport,
    "permanent_resident_card": partial(permanent_resident_card, today=TODAY),
    "hong_kong_macau_permit": hong_kong_macau_permit,
    "taiwan_permit": taiwan_permit,
    "mobile": mobile,
    "office_phone": office_phone,
    "email": email,
    "icp_number": icp_number,
    "app_filing_number": app_filing_number,
    "mini_program_filing_number": mini_program_filing_number,
    "url": url,
    "ip_address": ip_address,
}


def code_of(validator: Validator, text: str) -> str:
    with pytest.raises(InvalidIdentifier) as refusal:
        validator(text)
    return refusal.value.code


def with_check(seventeen: str) -> str:
    return seventeen + ric.calc_check_digit(seventeen + "0")


ACCEPTED = [
    ("unified_social_credit_code", "91110000600037341L", "91110000600037341L"),
    ("unified_social_credit_code", " 9111 0000-6000 37341l ", "91110000600037341L"),
    ("unified_social_credit_code", "９１１１００００６０００３７３４１Ｌ", "91110000600037341L"),
    ("resident_id", "11010519491231002X", "11010519491231002X"),
    ("resident_id", "110105 19491231 002x", "11010519491231002X"),
    ("residence_permit", "810000199408230021", "810000199408230021"),
    # Check characters worked out by hand after the notice of the National Immigration Administration.
    ("permanent_resident_card", "911999199001010014", "911999199001010014"),
    ("deviating_credit_code", "９１１１００００６０００３７３４１x", "91110000600037341X"),
    ("permanent_resident_card", "９４４９９９ 19851231 0127", "944999198512310127"),
    ("permanent_resident_card", "xxx110090010100", "XXX110090010100"),
    ("permanent_resident_card", "UTO 3100 850229 18", "UTO310085022918"),
    ("permanent_resident_card", "XXX440300123107", "XXX440300123107"),
    ("passport", "e12345678", "E12345678"),
    ("passport", "G 123 456", "G123456"),
    ("hong_kong_macau_permit", "h12345678", "H12345678"),
    ("hong_kong_macau_permit", "M1234567890", "M1234567890"),
    ("taiwan_permit", "12345678", "12345678"),
    ("taiwan_permit", "0123456789b", "0123456789B"),
    ("mobile", "13800138000", "+8613800138000"),
    ("mobile", "+86 199-0000-1234", "+8619900001234"),
    ("mobile", "0086 138 0013 8000", "+8613800138000"),
    ("mobile", "１３８００１３８０００", "+8613800138000"),
    ("mobile", "+852 9123 4567", "+85291234567"),
    ("mobile", "00852 9123-4567", "+85291234567"),
    ("mobile", "＋８５３ ６６００ ００００", "+85366000000"),
    ("mobile", "+886 900 000 000", "+886900000000"),
    ("mobile", "+886 0900 000 000", "+886900000000"),
    ("mobile", "+1 (202) 555-0100", "+12025550100"),
    ("mobile", "+44 7400 000000", "+447400000000"),
    ("office_phone", "010-62345678", "+86 10 6234 5678"),
    ("office_phone", "(021) 6234 5678转12", "+86 21 6234 5678 ext. 12"),
    ("office_phone", "010-62345678-801", "+86 10 6234 5678 ext. 801"),
    ("office_phone", "400-810-0000", "+86 400 810 0000"),
    ("office_phone", "13800138000", "+86 138 0013 8000"),
    ("office_phone", "+852 2123 4567", "+852 2123 4567"),
    ("email", " Zhang.San@Example.COM ", "Zhang.San@example.com"),
    ("email", "a@例子.中国", "a@xn--fsqu00a.xn--fiqs8s"),
    ("icp_number", "京ICP备12345678号-1", "京ICP备12345678号-1"),
    ("icp_number", "京 icp 备 12345678", "京ICP备12345678号"),
    ("icp_number", "沪ICP备2021012345号－1a", "沪ICP备2021012345号-1A"),
    ("icp_number", "京ICP证030173号", "京ICP证030173号"),
    ("icp_number", "粤B2-20201234", "粤B2-20201234"),
    ("icp_number", "A2.B1-20201234-3", "A2.B1-20201234-3"),
    ("app_filing_number", "京 icp 备 12345678 － 2a", "京ICP备12345678号-2A"),
    ("mini_program_filing_number", "粤ICP备2021012345号－3x", "粤ICP备2021012345号-3X"),
    ("url", "HTTPS://Example.com/Path?b=1#c", "https://example.com/Path?b=1#c"),
    ("url", "http://例子.中国:80/规则", "http://xn--fsqu00a.xn--fiqs8s/规则"),
    ("url", "https://203.0.113.9:8443/", "https://203.0.113.9:8443/"),
    ("url", "https://[2001:DB8:0::1]/", "https://[2001:db8::1]/"),
    ("ip_address", " 8.8.8.8 ", "8.8.8.8"),
    ("ip_address", "2001:4860:4860:0:0:0:0:8888", "2001:4860:4860::8888"),
]

REFUSED = [
    ("deviating_credit_code", "91110000600037341L", "does_not_deviate"),
    ("deviating_credit_code", "9111000060003734", "length"),
    ("deviating_credit_code", "91110000600O37341X", "characters"),
    ("unified_social_credit_code", "9111000060003734", "length"),
    ("unified_social_credit_code", "91110000600037341X", "check_character"),
    ("unified_social_credit_code", "91110000600O37341L", "characters"),
    ("unified_social_credit_code", "Z1110000600037341L", "characters"),
    ("resident_id", "110105491231002", "length"),
    ("resident_id", "11010519491231002A", "characters"),
    ("resident_id", "110105194912310021", "check_character"),
    ("resident_id", with_check("11010519490230001"), "birth_date"),
    ("resident_id", with_check("11010520261123001"), "birth_date_in_future"),
    ("resident_id", with_check("99010519491231002"), "province_unknown"),
    ("resident_id", "810000199408230021", "is_residence_permit"),
    ("residence_permit", "11010519491231002X", "not_a_residence_permit"),
    ("permanent_resident_card", "911999199001010015", "check_character"),
    ("permanent_resident_card", "11010519491231002X", "not_a_permanent_resident_card"),
    ("permanent_resident_card", with_check("99999919900101001"), "province_unknown"),
    ("permanent_resident_card", with_check("91199920270101001"), "birth_date_in_future"),
    ("permanent_resident_card", with_check("91199919901301001"), "birth_date"),
    ("permanent_resident_card", "XXX110090010101", "check_character"),
    ("permanent_resident_card", "XXX990090010100", "province_unknown"),
    ("permanent_resident_card", "XXX110090130100", "birth_date"),
    ("permanent_resident_card", "XX1110090010100", "characters"),
    ("permanent_resident_card", "XXX11009001010", "length"),
    ("resident_id", "911999199001010014", "province_unknown"),
    ("passport", "E123", "length"),
    ("passport", "ABCDEFG", "characters"),
    ("passport", "E1234567!", "characters"),
    ("hong_kong_macau_permit", "H1234567", "length"),
    ("hong_kong_macau_permit", "K12345678", "characters"),
    ("hong_kong_macau_permit", "H123456789", "characters"),
    ("taiwan_permit", "1234567", "length"),
    ("taiwan_permit", "123456789", "characters"),
    ("mobile", "1380013800", "not_a_mobile"),
    ("mobile", "010-62345678", "not_a_mobile"),
    ("mobile", "+852 2123 4567", "not_a_mobile"),
    ("mobile", "9123 4567", "not_a_mobile"),
    ("mobile", "+999 123456789", "not_a_mobile"),
    ("mobile", "+852 9123 456", "not_a_mobile"),
    ("mobile", "1380013800O", "characters"),
    ("mobile", "1" * 61, "too_long"),
    ("office_phone", "12345", "not_a_telephone_number"),
    ("office_phone", "010-6234567a", "not_a_telephone_number"),
    ("office_phone", "please call", "not_a_telephone_number"),
    ("email", "example.com", "at_sign_missing"),
    ("email", "a..b@example.com", "local_part"),
    ("email", "a@b@example.com", "local_part"),
    ("email", "a b@example.com", "local_part"),
    ("email", "张@example.com", "local_part"),
    ("email", "a@localhost", "host_without_dot"),
    ("email", "a@-example.com", "host"),
    ("email", "a@example..com", "host"),
    ("email", "a@" + "b" * 64 + ".com", "host"),
    ("icp_number", "ICP备12345678号", "not_an_icp_number"),
    ("icp_number", "东ICP备12345678号", "not_an_icp_number"),
    ("icp_number", "京ICP备12345号", "not_an_icp_number"),
    ("icp_number", "京网信备1101081963896882001X号", "not_an_icp_number"),
    ("url", "example", "no_address"),
    ("url", "ftp://example.com", "scheme"),
    ("url", "javascript:alert(1)", "scheme"),
    ("url", "https://user:secret@example.com/", "credentials"),
    ("url", "https://localhost/", "host_without_dot"),
    ("url", "https:///path", "host_missing"),
    ("url", "https://example.com:99999/", "port"),
    ("url", "https://[::1/", "host"),
    ("url", "https://exam_ple.com/", "host"),
    ("url", "https://1.2.3/", "host"),
    ("url", "https://exam ple.com/", "characters"),
    ("url", "https://example.com/<b>", "characters"),
    ("url", "https://example.com\\@evil.example/", "characters"),
    ("url", "https://example.com/" + "a" * 2000, "too_long"),
    ("ip_address", "1.2.3", "not_an_ip_address"),
    ("ip_address", "1.2.3.4/24", "not_an_ip_address"),
    ("ip_address", "01.2.3.4", "not_an_ip_address"),
]


@pytest.mark.parametrize(("validator", "text", "canonical"), ACCEPTED)
def test_what_is_well_formed_becomes_canonical_and_stays_so(
    validator: str, text: str, canonical: str
) -> None:
    assert VALIDATORS[validator](text) == canonical
    assert VALIDATORS[validator](canonical) == canonical


@pytest.mark.parametrize(("validator", "text", "code"), REFUSED)
def test_what_is_not_well_formed_is_refused_with_its_reason(validator: str, text: str, code: str) -> None:
    assert code_of(VALIDATORS[validator], text) == code


@pytest.mark.parametrize("validator", VALIDATORS)
@pytest.mark.parametrize("text", ["", " \u3000\t\n", "\u200b"])
def test_nothing_given_is_named_as_such(validator: str, text: str) -> None:
    assert code_of(VALIDATORS[validator], text) == "empty"


def test_somebody_born_today_has_an_identity_number() -> None:
    assert resident_id(with_check("11010520261122001"), TODAY)


@given(
    start=st.sampled_from(["91", "12", "51", "A1", "N2", "Y1"]),
    middle=st.text("0123456789", min_size=6, max_size=6),
    rest=st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
)
@settings(max_examples=100, deadline=None)
def test_every_single_character_error_in_a_credit_code_is_found(start: str, middle: str, rest: str) -> None:
    code = start + middle + rest
    code += uscc.calc_check_digit(code)
    assert unified_social_credit_code(code) == code
    for place, character in enumerate(code):
        for other in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if other != character:
                with pytest.raises(InvalidIdentifier):
                    unified_social_credit_code(code[:place] + other + code[place + 1 :])


@given(
    division=st.sampled_from(["110108", "440304", "330103", "620200"]),
    born_on=st.dates(date(1920, 1, 1), TODAY),
    serial=st.integers(0, 999),
)
@settings(max_examples=100, deadline=None)
def test_every_wrong_digit_in_an_identity_number_is_found(division: str, born_on: date, serial: int) -> None:
    number = with_check(f"{division}{born_on:%Y%m%d}{serial:03d}")
    assert resident_id(number, TODAY) == number
    for place in range(17):
        for other in "0123456789":
            if other != number[place]:
                with pytest.raises(InvalidIdentifier):
                    resident_id(number[:place] + other + number[place + 1 :], TODAY)


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("10.0.0.1", False), ("127.0.0.1", False), ("::1", False), ("2400:3200::1", True)],
)
def test_private_addresses_are_recognised(address: str, public: bool) -> None:
    assert is_public_address(address) is public


@given(text=st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_is_either_canonical_or_refused(text: str) -> None:
    for validator in VALIDATORS.values():
        try:
            canonical = validator(text)
        except InvalidIdentifier:
            continue
        assert validator(canonical) == canonical


@pytest.mark.parametrize("length", [60, 250, 2_000, 50_000])
@pytest.mark.parametrize(
    "unit", ["1", "a", "-", "a.", " a", "@", "\ufdfa", "a@", "转1", "\u200b", "(", "1-", "%", "[", "中"]
)
def test_hostile_input_costs_nothing(unit: str, length: int) -> None:
    text = (unit * length)[:length]
    for prefix in ("", "https://", "a@"):
        for name, validator in VALIDATORS.items():
            started = time.process_time()
            with suppress(InvalidIdentifier):
                validator(prefix + text)
            assert time.process_time() - started < 0.05, (name, prefix)


def test_every_validator_is_tested() -> None:
    public = {
        name
        for name, value in vars(identifiers).items()
        if callable(value) and getattr(value, "__module__", "") == identifiers.__name__ and name[0] != "_"
    }
    assert public == set(VALIDATORS) | {"is_public_address"}
