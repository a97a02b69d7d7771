"""The words of notices: complete in both languages, their places checked, whoever wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry.models import NoticeText
from registry.notices.fact_words import MANNERS
from registry.notices.kinds import LANGUAGES, NoticeKind, Wording, all_kinds, kind_of
from registry.notices.wording import (
    check_wording,
    current_wording,
    preview,
    render,
    save_wording,
)
from registry.rules.notice_texts import LONGEST_SMS, NoticeTextRefused, fill, messages_of, places_in
from tests.builders.register import MORNING, Cast
from tests.registry.notices.test_pages import as_account

__all__ = ["as_account"]

# What a decision against the applicant says by law, by language.
REMEDIES = (
    " You may apply for administrative reconsideration within sixty days of receiving this notice, or bring an "
    "administrative action before a court within six months."
)
REMEDIES_ZH = (
    "可以自收到本通知之日起六十日内依法申请行政复议，也可以自收到之日起六个月内依法向人民法院提起行政诉讼。"
)
KINDS = list(all_kinds().values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_has_both_languages_with_the_same_places(kind: NoticeKind) -> None:
    chinese, english = (kind.shipped[language] for language in LANGUAGES)
    for part in ("subject", "body", "sms"):
        places = [set(places_in(getattr(wording, part))) for wording in (chinese, english)]
        assert places[0] == places[1], part
    for language in LANGUAGES:
        check_wording(kind, kind.shipped[language], language)
    assert bool(chinese.sms) == bool(english.sms) == kind.has_sms
    assert set(kind.facts.values()) <= set(MANNERS)
    assert set(kind.sample) == set(kind.facts)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_what_may_be_about_a_change_or_a_cancellation_is_called_no_filing(kind: NoticeKind) -> None:
    chinese = kind.shipped["zh-hans"]
    said = f"{chinese.subject}{chinese.body}{chinese.sms}".replace("首次备案申请", "")
    assert "备案申请" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_is_said_whole_with_its_sample_facts(kind: NoticeKind, language: str) -> None:
    said = render(
        kind, kind.sample, language, recipient="样例", link_path="/x/", wording=kind.shipped[language]
    )
    assert "{" not in said.subject + said.body + said.sms
    assert len(said.sms) <= LONGEST_SMS
    assert "\n" not in said.subject + said.sms


@pytest.mark.parametrize(
    ("changed", "code", "places"),
    [
        (
            {"body": "{reasons} {answer_by} {link} {receipt_number} {salary}" + REMEDIES},
            "notice_place_unknown",
            ["salary"],
        ),
        ({"body": "{reasons} {answer_by} {receipt_number}" + REMEDIES}, "notice_place_missing", ["link"]),
        ({"subject": "{service_name"}, "notice_brace_alone", None),
        ({"subject": "{service_name!r}"}, "notice_brace_alone", None),
        ({"subject": "{service_name.__class__}"}, "notice_brace_alone", None),
        ({"sms": "}"}, "notice_brace_alone", None),
        ({"sms": " "}, "notice_text_empty", None),
        ({"sms": "x" * 301}, "notice_text_too_long", None),
    ],
)
def test_a_wording_with_a_wrong_place_is_refused(
    changed: dict[str, str], code: str, places: list[str] | None
) -> None:
    kind = kind_of("rejected")
    shipped = kind.shipped["en"]
    given = {"subject": shipped.subject, "body": shipped.body, "sms": shipped.sms} | changed
    with pytest.raises(NoticeTextRefused) as refusal:
        check_wording(kind, Wording(**given), "en")
    assert (refusal.value.code, refusal.value.facts.get("places")) == (code, places)


def test_what_stands_in_a_value_is_never_filled_again() -> None:
    assert fill("{name} {link}", {"name": "{link}", "link": "x"}) == "{link} x"


@pytest.mark.django_db
def test_the_newest_wording_is_used_and_going_back_is_a_version_too(cast: Cast) -> None:
    kind = kind_of("lapsed")
    shipped = current_wording(kind, "en")
    ours = Wording("Ours: {service_name}", "{receipt_number} {link}", "{receipt_number} {link}")
    save_wording(kind, "en", ours, by=cast.administrator, at=MORNING)
    said = preview("lapsed", kind.sample, "en", link_path="/x/")
    assert said.subject == "Ours: 样例溯源平台"
    assert said.sms_parameters == {
        "receipt_number": "2026-11-000001",
        "link": said.body.split(" ")[1],
    }
    assert current_wording(kind, "zh-hans") == kind.shipped["zh-hans"]
    save_wording(kind, "en", None, by=cast.administrator, at=MORNING)
    assert current_wording(kind, "en") == shipped
    assert list(NoticeText.objects.values_list("version", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_the_text_messages_to_register_are_listed_by_code(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("notice_templates")
    lines = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    with_sms = [kind for kind in KINDS if kind.has_sms]
    assert len([code for code in lines if code.startswith("notice_")]) == len(with_sms) * len(LANGUAGES)
    assert lines["notice_lapsed_en"].startswith("Application ${receipt_number} about “${service_name}”")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_no_stray_space_stands_between_chinese_words(kind: NoticeKind) -> None:
    """A space belongs beside figures and Latin letters; after “（含当日）” or 号 it is a hole in the line."""
    shipped = kind.shipped["zh-hans"]
    said = render(kind, kind.sample, "zh-hans", recipient="样例经办人", link_path="/x/", wording=shipped)
    for text in (said.subject, said.body, said.sms):
        assert re.findall(r".{0,8}[一-鿿（）。，：；、“”《》] [一-鿿（）。，：；、“”《》].{0,8}", text) == []


# ---------------------------------------------------------------- what the law has said, and how long a message is


@pytest.mark.parametrize("kind", ["rejected", "struck_off"])
@pytest.mark.parametrize(
    ("language", "remedies", "left_out", "missing"),
    [
        ("zh-hans", REMEDIES_ZH, "申请行政复议", ["申请行政复议"]),
        ("zh-hans", REMEDIES_ZH, "六个月", ["六个月"]),
        ("en", REMEDIES, "administrative reconsideration", ["administrative reconsideration"]),
        ("en", REMEDIES, "before a court", ["before a court"]),
    ],
)
def test_remedies_cannot_be_taken_out_of_a_decision_against_the_applicant(
    kind: str, language: str, remedies: str, left_out: str, missing: list[str]
) -> None:
    found = kind_of(kind)
    places = " ".join(f"{{{name}}}" for name in found.required)
    shipped = found.shipped[language]
    check_wording(found, Wording(shipped.subject, f"{places} {remedies}", shipped.sms), language)
    without = Wording(shipped.subject, f"{places} {remedies}".replace(left_out, ""), shipped.sms)
    with pytest.raises(NoticeTextRefused) as refusal:
        check_wording(found, without, language)
    assert (refusal.value.code, refusal.value.facts["words"]) == ("notice_words_missing", missing)


def test_statutory_words_may_be_broken_by_lines_and_begin_a_sentence() -> None:
    kind = kind_of("rejected")
    shipped = kind.shipped["en"]
    broken = REMEDIES.replace("administrative reconsideration", "Administrative\nreconsideration")
    places = " ".join(f"{{{name}}}" for name in kind.required)
    check_wording(kind, Wording(shipped.subject, places + broken, shipped.sms), "en")


@pytest.mark.django_db
def test_a_wording_saved_before_without_the_remedies_is_not_sent(cast: Cast) -> None:
    kind = kind_of("rejected")
    NoticeText.objects.create(
        kind="rejected",
        language="en",
        version=1,
        subject="Ours",
        body="{reasons} {answer_by} {link} {receipt_number}",
        sms="Ours",
        changed_at=MORNING,
        changed_by=cast.administrator,
    )
    assert current_wording(kind, "en") == kind.shipped["en"]


def test_a_text_message_is_refused_beyond_what_carriers_take_with_its_signature(settings: Settings) -> None:
    kind = kind_of("rejected")
    shipped = kind.shipped["zh-hans"]
    settings.SMS_SIGNATURE = "样例备案系统"
    # The signature has eight characters, its brackets included.
    fits = Wording(shipped.subject, shipped.body, "字" * 300)
    check_wording(kind, fits, "zh-hans")
    settings.SMS_SIGNATURE = "样" * 250
    with pytest.raises(NoticeTextRefused) as refusal:
        check_wording(kind, fits, "zh-hans")
    assert (refusal.value.code, refusal.value.facts["found"]) == ("notice_message_too_long", 552)


@pytest.mark.parametrize(
    ("characters", "messages"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4), (500, 8)]
)
def test_a_message_of_chinese_is_sent_in_parts_of_67(characters: int, messages: int) -> None:
    assert messages_of("字" * characters) == messages


@pytest.mark.django_db
def test_the_editor_counts_the_message_and_names_what_must_stay(
    as_account: Callable[..., Client], cast: Cast, settings: Settings
) -> None:
    settings.SMS_SIGNATURE = "样例"
    client = as_account(cast.administrator)
    address = reverse("office:notice_text", args=["rejected", "zh-hans"])
    shipped = kind_of("rejected").shipped["zh-hans"]
    page = client.get(address)
    # The preview leads to a page of its own, a message by a short address of twelve characters.
    shown = "【样例】" + page.context["preview"].sms
    length = len(shown) - len("/applicant/") + len("/n/abcdefghijkl/")
    assert page.context["count"]["characters"] == length
    assert f"{length} of at most 500 characters" in page.content.decode()
    assert "申请行政复议" in page.content.decode().split("</form>", 1)[1]
    refused = client.post(
        address,
        {
            "subject": shipped.subject,
            "body": shipped.body.split("如不服")[0],
            "sms": shipped.sms,
            "act": "propose",
        },
    )
    assert refused.status_code == 400
    assert "申请行政复议 / 六十日 / 提起行政诉讼 / 六个月" in refused.content.decode()
    assert not NoticeText.objects.exists()
