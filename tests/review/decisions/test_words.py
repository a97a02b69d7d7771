"""Every word the desk needs is there: kinds, standings, roles, refusals, reasons and the applicant's status."""

from __future__ import annotations

import pytest
from django.utils import translation

from registry.labels.reasons import WHOLE_LABEL, fault_label, place_label, reason_line
from registry.labels.refusal_words import REFUSAL_MESSAGES
from registry.labels.states import (
    UnknownWord,
    label_of,
    refusal_message,
    status_words,
)
from registry.models import Application, Filing
from registry.rules.consultations.lifecycle import CONSULTATION_STEPS
from registry.rules.endings.lifecycle import STRIKING_OFF_TRANSITIONS
from registry.rules.errors import FilingError
from registry.rules.objections.lifecycle import OBJECTION_TRANSITIONS
from registry.rules.particulars.reasons import ARTICLES, INITIAL_CATALOGUE, WHOLE, InvalidReason, reason
from registry.rules.quality.lifecycle import ROUND_STEPS
from registry.rules.workflow.lifecycle import TRANSITIONS
from registry.rules.workflow.states import Kind, Role, Standing, State
from review.access import Office

TABLE_CODES = {"not_in_this_state", "not_this_role", "not_your_case", "nothing_proposed"}
DATE_CODES = {
    "event_date_missing",
    "event_date_in_future",
    "event_date_out_of_range",
    "changed_on_missing_or_future",
    "changed_before_service_started",
    "late_reason_required",
}
# Reading a file again is no act: it has a rule of its own.
EVIDENCE_CODES = {"evidence_readings_left"}
MEMBER_CODES = {"letter_read", "letter_in_force", "scope_covers"}
LEDGER_CODES = {
    "moved_on",
    "consultation_moved_on",
    "materials_incomplete",
    "idempotency_key_reused",
    "application_unknown",
    "filing_unknown",
    "row_unknown",
    "sequence_exhausted",
    "serials_exhausted",
}


@pytest.mark.parametrize("words", [Kind, Standing, Role])
def test_every_member_has_a_label_in_both_languages(words: type[State]) -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels = [str(label_of(word)) for word in words]
            assert all(labels)
            if language == "zh-hans":
                assert [label for label in labels if label.isascii()] == []


def test_a_word_without_a_label_is_refused() -> None:
    with pytest.raises(UnknownWord):
        label_of(Office.NATION)


def test_every_refusal_says_what_to_do() -> None:
    guards = {guard.name for row in TRANSITIONS for guard in row.guards}
    guards |= {guard.name for row in OBJECTION_TRANSITIONS for guard in row.guards}
    guards |= {guard.name for row in STRIKING_OFF_TRANSITIONS for guard in row.guards}
    guards |= {guard.name for row in CONSULTATION_STEPS for guard in row.guards}
    guards |= {guard.name for row in ROUND_STEPS for guard in row.guards}
    codes = TABLE_CODES | DATE_CODES | MEMBER_CODES | LEDGER_CODES | EVIDENCE_CODES | {"signed_form_filed"}
    assert set(REFUSAL_MESSAGES) == guards | codes
    assert refusal_message(FilingError("never_heard_of"))


@pytest.mark.parametrize(
    ("state", "standing", "kind", "claimed", "words"),
    [
        (State.PROVINCIAL_REVIEW, Standing.PENDING, Kind.INITIAL, False, "未审核"),
        (State.PROVINCIAL_REVIEW, Standing.PENDING, Kind.INITIAL, True, "审核中"),
        (State.NATIONAL_REVIEW, Standing.PENDING, Kind.INITIAL, False, "未审核"),
        (State.NATIONAL_CONFIRMATION, Standing.PENDING, Kind.INITIAL, True, "审核中"),
        (State.APPROVED, Standing.AWAITING_NUMBER, Kind.INITIAL, True, "备案编号发放中"),
        (State.APPROVED, Standing.IN_FORCE, Kind.INITIAL, True, "审核通过"),
        (State.APPROVED, Standing.IN_FORCE, Kind.CHANGE, True, "审核通过"),
        (State.REJECTED, Standing.PENDING, Kind.INITIAL, True, "审核未通过"),
    ],
)
def test_the_status_shown_to_the_applicant(
    state: State, standing: Standing, kind: Kind, claimed: bool, words: str
) -> None:
    application = Application(state=state.value, kind=kind.value, filing=Filing(standing=standing.value))
    with translation.override("zh-hans"):
        assert str(status_words(application, is_claimed=claimed)) == words


def test_every_fault_has_words_and_an_article_a_reason_may_name() -> None:
    faults = INITIAL_CATALOGUE.values()
    assert [fault for fault in faults if not (fault.name_zh and fault.name_en and fault.places)] == []
    assert [fault.code for fault in faults if not (fault.remedy_zh and fault.remedy_en)] == ["other"]
    assert {fault.article for fault in faults} <= set(ARTICLES)
    assert place_label(WHOLE) == WHOLE_LABEL


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"key": "applicant.shoe_size"}, "reason_without_place"),
        ({"code": "ugly"}, "reason_without_fault"),
        ({"article": "999"}, "reason_without_article"),
        ({"code": "other", "remedy": "  "}, "reason_without_remedy"),
        ({"remedy": "好。。。"}, "reason_without_substance"),
        ({"code": "statement_not_on_template"}, "reason_misplaced"),
    ],
)
def test_art_12_a_reason_is_whole_or_refused(changed: dict[str, str], code: str) -> None:
    whole = {"key": "service.websites.url", "code": "site_cannot_be_opened", "remedy": "请修复网站后再报。"}
    assert reason(1, catalogue=INITIAL_CATALOGUE, **whole)["article"] == "11"
    with pytest.raises(InvalidReason, match=code):
        reason(1, catalogue=INITIAL_CATALOGUE, **(whole | changed))


def test_a_reason_reads_as_on_its_day_whatever_the_catalogue_says_since() -> None:
    given = reason(1, catalogue=INITIAL_CATALOGUE, key=WHOLE, code="file_missing")
    older = {"key": WHOLE, "code": "file_missing", "article": "12", "remedy": "请补交。"}
    retired = older | {"code": "of_another_time", "name_zh": "旧名称", "name_en": "Old name"}
    with translation.override("en"):
        assert reason_line(given).endswith(
            "Document missing (Art. 12). To do: Attach the document that is missing."
        )
        assert [fault_label(each) for each in (older, retired)] == ["Document missing", "Old name"]
    with translation.override("zh-hans"):
        assert "请上传所缺材料。" in reason_line(given)
        assert [fault_label(each) for each in (older, retired)] == ["缺少文件", "旧名称"]
        assert fault_label({"code": "never_named"}) == "never_named"
