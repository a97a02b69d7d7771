"""The words of notices: complete in both languages, their places checked, whoever wrote them."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from registry.models import NoticeText
from registry.notices.fact_words import MANNERS
from registry.notices.kinds import LANGUAGES, NoticeKind, Wording, all_kinds, kind_of
from registry.notices.wording import check_wording, current_wording, preview, render, save_wording
from registry.rules.notice_texts import LONGEST_SMS, NoticeTextRefused, fill, places_in
from tests.builders.register import MORNING, Cast

KINDS = list(all_kinds().values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_has_both_languages_with_the_same_places(kind: NoticeKind) -> None:
    chinese, english = (kind.shipped[language] for language in LANGUAGES)
    for part in ("subject", "body", "sms"):
        places = [set(places_in(getattr(wording, part))) for wording in (chinese, english)]
        assert places[0] == places[1], part
    for wording in (chinese, english):
        check_wording(kind, wording)
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
            {"body": "{reasons} {answer_by} {link} {receipt_number} {salary}"},
            "notice_place_unknown",
            ["salary"],
        ),
        ({"body": "{reasons} {answer_by} {receipt_number}"}, "notice_place_missing", ["link"]),
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
        check_wording(kind, Wording(**given))
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
