"""The access matrix, written by hand: who gets in at every address, and whose POST changes anything there.

It knows nothing of `filing_portal/access.py`: the two say the same, or the tests fail. A name may have several
rows, for objects that different visitors may open.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from registry import clock
from registry.labels.list_words import file_name
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes import filing_number
from tests.access.after_filing import ROWS_AFTER_FILING
from tests.access.article_rows import ROWS_OF_ARTICLES
from tests.access.clock_rows import ROWS_OF_CLOCKS
from tests.access.consultation_rows import ROWS_OF_CONSULTATIONS
from tests.access.contact_rows import ROWS_OF_CONTACTS
from tests.access.ending_rows import ROWS_OF_ENDINGS
from tests.access.list_rows import ROWS_OF_LISTS
from tests.access.member_rows import PROOF_ROW, ROWS_OF_MEMBERS
from tests.access.member_scene import scan
from tests.access.notice_rows import ROWS_OF_NOTICES
from tests.access.objection_rows import EVIDENCE_ROW, ROWS_OF_OBJECTIONS
from tests.access.own_text_rows import ROWS_OF_OWN_TEXTS
from tests.access.quality_rows import ROWS_OF_QUALITY
from tests.access.rows import Row, button, form, nothing, page
from tests.access.scene import MASKED_KEY, Scene, key, number_of
from tests.access.statement_rows import ROWS_OF_STATEMENTS
from tests.access.visitors import (
    ADMINISTRATOR,
    APPLICANTS,
    AUDITOR,
    EVERYBODY,
    HEADS,
    MEMBER,
    NATION,
    NOBODY,
    OFFICERS,
    OFFICERS_OF_THE_CASE,
    PROVINCE,
    SIGNED_IN,
    STRANGERS,
    Visitor,
)
from tests.builders.register import MORNING

# ---------------------------------------------------------------- arguments


def _draft(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.draft.pk}


def _section(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.draft.pk, "section_name": "service"}


def _part(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.draft.pk, "section_name": "service", "part_name": "chain"}


def _slot(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.draft.pk, "slot_name": "product_introduction"}


def _first_file(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.draft.pk, "attachment_id": scene.draft_file.pk}


def _refused_file(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.draft.pk, "attachment_id": scene.refused_file.pk}


def _second_file(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.draft.pk, "attachment_id": scene.second_file.pk}


def _amendment(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.amendment.pk}


def _case(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.under_review.application_id}


def _signed(scene: Scene) -> dict[str, Any]:
    return {
        "signer_name": "样例局长",
        "signer_title": "样例职务",
        "signed_on": clock.china_date(MORNING).isoformat(),
        "revision": "1",
        "scan": scan(),
    }


def _claimed(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.claimed.application_id}


def _withdrawn(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.withdrawn.application_id}


def _forward(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.under_review.application_id, "act_name": "forward"}


def _approve(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.at_nation.application_id, "act_name": "approve"}


def _reveal(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.under_review.application_id, "key": MASKED_KEY}


def _officer(scene: Scene) -> dict[str, Any]:
    return {"account_id": scene.officer.pk}


def _entry(scene: Scene) -> dict[str, Any]:
    return {"entry_id": scene.list_entry.pk}


def _passkey(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.passkey.pk}


def _receipt_event(scene: Scene) -> uuid.UUID:
    return scene.under_review.application.events.get(act="submit").pk


def _first_list(scene: Scene) -> dict[str, Any]:
    return {"number": scene.first_list.number}


def _number(scene: Scene) -> dict[str, Any]:
    return {"number": number_of(scene)}


def _head(scene: Scene) -> dict[str, Any]:
    return {"head": filing_number.parse(number_of(scene)).head}


# ---------------------------------------------------------------- what is sent


def _seen(scene: Scene, name: str) -> dict[str, Any]:
    application = getattr(scene, name).application
    return {"revision": application.revision_number, "event": application.last_event_sequence, "key": key()}


def _forwarding(scene: Scene) -> dict[str, Any]:
    return {**_seen(scene, "under_review"), "recommends": "approval", "text": "样例意见：均已核对"}


def _approval(scene: Scene) -> dict[str, Any]:
    return {**_seen(scene, "at_nation"), "text": "样例"}


def _mark(_scene: Scene) -> dict[str, Any]:
    return {"key": "service.description", "verdict": "deficient", "remark": "样例", "revision": "1"}


def _answers(scene: Scene) -> dict[str, Any]:
    return {"service_name": "样例改名服务", "version": scene.draft.version_of("service"), "window": "matrix"}


def _part_answers(scene: Scene) -> dict[str, Any]:
    return {"consensus": "样例共识", "version": scene.draft.version_of("service.chain"), "window": "matrix"}


def _upload(_scene: Scene) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from registry.sample.walk import sample_scan

    return {"file": SimpleUploadedFile("sample.png", sample_scan("matrix"), "image/png")}


def _new_officer(_scene: Scene) -> dict[str, Any]:
    return {"name": "样例新任", "role": "auditor", "province_code": "", "email": "sample.new@example.com"}


_EXPLANATION = {"explanation": "样例：写明理由", "version": "0", "window": "matrix"}

TABLE: Mapping[str, tuple[Row, ...]] = {
    # Everybody ------------------------------------------------------------------------------------------
    "healthz": (page(EVERYBODY),),
    "readyz": (page(EVERYBODY),),
    "set_language": (
        form(EVERYBODY, gets=(302,), sends=lambda _: {"language": "en", "next": "/"}, writes=SIGNED_IN),
    ),
    "schema": (page(EVERYBODY),),
    "public:data_interface": (page(EVERYBODY),),
    "public:home": (page(EVERYBODY),),
    "public:filings": (page(EVERYBODY),),
    "public:filings_csv": (page(EVERYBODY),),
    "public:filings_xlsx": (page(EVERYBODY),),
    "public:filings_json": (page(EVERYBODY),),
    "public:applicant": (page(EVERYBODY, _head),),
    "public:filing": (page(EVERYBODY, _number),),
    "public:filing_qr": (page(EVERYBODY, _number),),
    "public:filing_badge": (page(EVERYBODY, lambda scene: {**_number(scene), "kind": "svg"}),),
    "public:filing_status": (form(EVERYBODY, posts=(422,), writes=NOBODY),),
    "public:verify": (form(EVERYBODY, posts=(422,), writes=NOBODY),),
    "public:batches": (page(EVERYBODY),),
    "public:batch": (page(EVERYBODY, _first_list),),
    "public:batches_feed": (page(EVERYBODY),),
    "public:batches_archive": (page(EVERYBODY, lambda _: {"page": 1}),),
    "files:list_file": (
        page(
            EVERYBODY,
            lambda scene: {**_first_list(scene), "name": file_name(ListKind.FILINGS, 1, "csv")},
        ),
    ),
    "public:statistics": (page(EVERYBODY),),
    "public:statistics_csv": (page(EVERYBODY),),
    "public:batch_statistics": (page(EVERYBODY, _first_list),),
    "public:batch_statistics_csv": (page(EVERYBODY, _first_list),),
    "public:scope": (page(EVERYBODY),),
    "public:planner": (page(EVERYBODY),),
    "public:planner_ics": (page(EVERYBODY, nothing, 302),),
    "public:help": (page(EVERYBODY),),
    "public:site_map": (page(EVERYBODY),),
    "public:problem": (page(EVERYBODY, lambda _: {"slug": "not-a-filing-number"}),),
    "public:robots": (page(EVERYBODY),),
    "public:favicon": (page(EVERYBODY, nothing, 301),),
    "public:set_display": (button(EVERYBODY, sends=lambda _: {"text": "large", "next": "/"}, writes=NOBODY),),
    "api:filings": (page(EVERYBODY),),
    "api:filing": (page(EVERYBODY, _number),),
    "api:deadlines": (page(EVERYBODY, nothing, 400),),
    "api:code_lists": (page(EVERYBODY),),
    "api:code_list": (page(EVERYBODY, lambda _: {"name": "provinces"}),),
    "api:batches": (page(EVERYBODY),),
    "api:batch": (page(EVERYBODY, _first_list),),
    "api:batch_entries": (page(EVERYBODY, _first_list),),
    "api:statistics": (page(EVERYBODY),),
    "api:batches_statistics": (page(EVERYBODY),),
    "api:batch_statistics": (page(EVERYBODY, _first_list),),
    # Signing in and up: who is signed in already is sent on -------------------------------------------------
    # Forms of strangers are counted by their address.
    "account_login": (form(EVERYBODY, gets=(200, 302), posts=(200, 302), writes=STRANGERS),),
    "account_sign_in_by_code": (form(EVERYBODY, gets=(200, 302), posts=(200, 302), writes=NOBODY),),
    "account_logout": (form(EVERYBODY, gets=(200, 302), writes=NOBODY),),
    "account_inactive": (page(EVERYBODY),),
    "account_signup": (form(EVERYBODY, gets=(200, 302), posts=(200, 302), writes=STRANGERS),),
    "account_sign_up_codes": (form(EVERYBODY, gets=(302,), writes=NOBODY),),
    "account_confirm_code": (form(EVERYBODY, gets=(302,), writes=NOBODY),),
    "account_reset_password": (form(EVERYBODY, gets=(200, 302), posts=(200, 302), writes=NOBODY),),
    "account_choose_password": (form(EVERYBODY, gets=(302,), writes=NOBODY),),
    "account_first_password": (
        form(
            EVERYBODY, lambda scene: {**_officer(scene), "token": "wrong-token"}, gets=(302,), writes=NOBODY
        ),
    ),
    "mfa_authenticate": (form(EVERYBODY, gets=(302,), writes=NOBODY),),
    # One's own account ------------------------------------------------------------------------------------
    "account_home": (page(SIGNED_IN),),
    "account_reauthenticate": (form(SIGNED_IN, gets=(200, 302), posts=(200, 302), writes=NOBODY),),
    "account_email": (
        form(SIGNED_IN, sends=lambda _: {"email": "sample.moved@example.com"}, writes=SIGNED_IN),
    ),
    "account_change_phone": (form(SIGNED_IN, sends=lambda _: {"mobile": "19900000777"}, writes=SIGNED_IN),),
    "account_change_password": (form(SIGNED_IN, gets=(200, 302), posts=(200, 302), writes=NOBODY),),
    "account_sessions": (page(SIGNED_IN),),
    "account_end_session": (button(SIGNED_IN, writes=NOBODY),),
    "mfa_index": (page(SIGNED_IN),),
    "mfa_reauthenticate": (form(SIGNED_IN, gets=(200, 302), posts=(200, 302), writes=NOBODY),),
    "mfa_activate_totp": (form(SIGNED_IN, gets=(302,), writes=NOBODY),),
    "mfa_deactivate_totp": (form(SIGNED_IN, writes=SIGNED_IN),),
    "mfa_view_recovery_codes": (page(SIGNED_IN),),
    "mfa_generate_recovery_codes": (form(SIGNED_IN, writes=SIGNED_IN),),
    # The library notes that one's own codes were seen before it looks at the method.
    "mfa_download_recovery_codes": (Row(SIGNED_IN, writes=SIGNED_IN),),
    "mfa_list_webauthn": (page(SIGNED_IN),),
    "mfa_add_webauthn": (form(SIGNED_IN, posts=(200, 302), writes=NOBODY),),
    "mfa_edit_webauthn": (form(MEMBER, _passkey, sends=lambda _: {"name": "样例新名"}, writes=MEMBER),),
    "mfa_remove_webauthn": (form(MEMBER, _passkey, writes=MEMBER),),
    "mfa_reauthenticate_webauthn": (form(SIGNED_IN, posts=(200, 302), writes=NOBODY),),
    # Stored files -----------------------------------------------------------------------------------------
    "files:download": (
        page(MEMBER | OFFICERS_OF_THE_CASE, lambda scene: {"attachment_id": scene.case_file.pk}),
        page(MEMBER, lambda scene: {"attachment_id": scene.draft_file.pk}),
        PROOF_ROW,
        EVIDENCE_ROW,
    ),
    "files:original": (page(MEMBER, lambda scene: {"attachment_id": scene.signed_file.pk}),),
    "files:page": (
        page(
            MEMBER | OFFICERS_OF_THE_CASE,
            lambda scene: {"attachment_id": scene.case_file.pk, "page_number": 1},
        ),
        page(MEMBER, lambda scene: {"attachment_id": scene.draft_file.pk, "page_number": 1}),
    ),
    # Documents that the portal issues: whoever may see the case ----------------------------------------------
    "files:paper": (page(MEMBER | OFFICERS_OF_THE_CASE, lambda scene: {"event_id": _receipt_event(scene)}),),
    "files:certificate": (
        page(
            MEMBER | OFFICERS_OF_THE_CASE,
            lambda scene: {"filing_id": scene.in_force.application.filing_id},
        ),
    ),
    "files:case_file": (page(MEMBER | OFFICERS_OF_THE_CASE, _case),),
    # The applicant's desk -----------------------------------------------------------------------------------
    "applicants:dashboard": (page(APPLICANTS),),
    "applicants:start": (form(APPLICANTS, sends=lambda _: {"applicant": ""}, writes=APPLICANTS),),
    "applicants:places": (page(APPLICANTS),),
    "applicants:draft": (page(MEMBER, _draft, 302),),
    "applicants:delete_draft": (form(MEMBER, _draft, writes=MEMBER),),
    "applicants:services": (
        form(MEMBER, _draft, sends=lambda _: {"act": "add", "new_id": key()}, gets=(302,), writes=MEMBER),
    ),
    "applicants:attachments": (page(MEMBER, _draft),),
    "applicants:upload": (button(MEMBER, _slot, sends=_upload, writes=MEMBER),),
    "applicants:try_file_again": (button(MEMBER, _refused_file, writes=MEMBER),),
    "applicants:remove_file": (button(MEMBER, _first_file, writes=MEMBER),),
    "applicants:move_file": (button(MEMBER, _second_file, writes=MEMBER),),
    "applicants:statement": (page(MEMBER, _draft),),
    "applicants:statement_pdf": (page(MEMBER, _draft),),
    "applicants:check": (page(MEMBER, _draft),),
    "applicants:submit": (
        button(
            MEMBER,
            _draft,
            sends=lambda scene: {"version": scene.draft.version, "declaration": "yes"},
            writes=MEMBER,
        ),
    ),
    "applicants:answer_questions": (
        form(MEMBER, _draft, sends=lambda _scene: {}, gets=(302,), writes=MEMBER),
    ),
    "applicants:section": (form(MEMBER, _section, sends=_answers, writes=MEMBER),),
    "applicants:autosave": (button(MEMBER, _section, sends=_answers, posts=(200,), writes=MEMBER),),
    "applicants:part": (form(MEMBER, _part, sends=_part_answers, writes=MEMBER),),
    "applicants:autosave_part": (button(MEMBER, _part, sends=_part_answers, posts=(200,), writes=MEMBER),),
    "applicants:application": (page(MEMBER, _case),),
    "applicants:amend": (form(MEMBER, _case, gets=(302,), writes=MEMBER),),
    "applicants:amendment": (form(MEMBER, _amendment, sends=lambda _: _EXPLANATION, writes=MEMBER),),
    "applicants:autosave_amendment": (
        button(MEMBER, _amendment, sends=lambda _: _EXPLANATION, posts=(200,), writes=MEMBER),
    ),
    "applicants:open_section": (
        form(MEMBER, lambda scene: {**_amendment(scene), "section_name": "service"}, writes=MEMBER),
    ),
    "applicants:withdraw": (form(MEMBER, _case, writes=MEMBER),),
    "applicants:copy": (button(MEMBER, _withdrawn, writes=MEMBER),),
    # The reviewers' desk ------------------------------------------------------------------------------------
    "review:queue": (page(OFFICERS),),
    "review:cases": (page(OFFICERS),),
    "review:cases_csv": (page(OFFICERS),),
    "review:cases_xlsx": (page(OFFICERS),),
    "review:next": (button(OFFICERS, writes=OFFICERS),),
    "review:case": (page(OFFICERS_OF_THE_CASE, _case),),
    "review:mark": (form(OFFICERS_OF_THE_CASE, _case, gets=(302,), sends=_mark, writes=PROVINCE),),
    "review:note": (
        form(OFFICERS_OF_THE_CASE, _case, sends=lambda _: {"text": "样例"}, writes=OFFICERS_OF_THE_CASE),
    ),
    "review:typed": (
        button(
            OFFICERS_OF_THE_CASE,
            lambda scene: {**_case(scene), "place": "note"},
            sends=lambda _: {"text": "样例"},
            posts=(200,),
            writes=OFFICERS_OF_THE_CASE,
        ),
    ),
    # Turned off in tests: nothing is put on the list.
    "review:sites": (form(OFFICERS_OF_THE_CASE, _case, gets=(302,), writes=NOBODY),),
    "review:save_filters": (
        button(OFFICERS, sends=lambda _: {"name": "样例二", "left": "soon"}, writes=OFFICERS),
    ),
    "review:forget_filters": (
        button(
            frozenset({Visitor.PROVINCIAL}),
            lambda scene: {"saved_id": scene.saved_filters.pk},
            writes=frozenset({Visitor.PROVINCIAL}),
        ),
    ),
    "review:mark_section": (
        button(
            OFFICERS_OF_THE_CASE,
            _claimed,
            sends=lambda _: {"section": "service", "revision": "1"},
            writes=PROVINCE,
        ),
    ),
    "review:claim": (button(OFFICERS_OF_THE_CASE, _case, writes=PROVINCE),),
    "review:viewing": (button(OFFICERS_OF_THE_CASE, _case, writes=OFFICERS_OF_THE_CASE, posts=(200,)),),
    "review:release": (button(OFFICERS_OF_THE_CASE, _claimed, writes=frozenset({Visitor.PROVINCIAL})),),
    "review:reassign": (
        form(
            HEADS,
            _claimed,
            posts=(302, 409),
            sends=lambda _: {"officer": "nobody", "reason": "样例：写明理由"},
            writes=frozenset({Visitor.PROVINCIAL_HEAD}),
        ),
    ),
    "review:hand_over": (
        form(
            OFFICERS,
            posts=(302, 400, 409),
            sends=lambda scene: {
                "officer": str(scene.claimed.application.assignments.get().officer_id),
                "to": str(scene.officer.pk),
                "case": str(scene.claimed.application_id),
                "reason": "样例：写明理由",
            },
            writes=PROVINCE,
        ),
    ),
    "review:bulk": (
        button(
            OFFICERS,
            sends=lambda scene: {"act": "claim", "case": str(_case(scene)["application_id"])},
            writes=PROVINCE,
        ),
    ),
    "review:assign": (
        form(
            HEADS,
            gets=(302,),
            sends=lambda scene: {
                "case": str(scene.claimed.application_id),
                "seen": f"{scene.claimed.application_id}:{scene.claimed.application.assignments.get().officer_id}",
                "officer": "nobody",
                "reason": "样例：写明理由",
            },
            writes=frozenset({Visitor.PROVINCIAL_HEAD}),
        ),
    ),
    "review:leave": (
        form(
            OFFICERS,
            posts=(302, 400),
            sends=lambda scene: {
                "officer": str(scene.cast.provincial.pk),
                "first_on": "2026-03-04",
                "last_on": "2026-03-06",
                "substitute": str(scene.officer.pk),
                "cases": str(scene.claimed.application_id),
            },
            writes=PROVINCE,
        ),
    ),
    "review:end_leave": (button(PROVINCE, lambda scene: {"leave_id": scene.leave.pk}, writes=PROVINCE),),
    "review:calendar": (page(NATION),),
    "review:calendar_proposal": (
        form(
            NATION,
            lambda scene: {"proposal_id": scene.calendar_proposal.pk},
            posts=(302, 409),
            sends=lambda _: {"act": "change_declined", "reason": "样例：写明理由"},
            writes=frozenset({Visitor.NATIONAL}),
        ),
    ),
    "review:calendar_import": (
        form(
            frozenset({Visitor.NATIONAL_HEAD}), writes=NOBODY, sends=lambda _: {"year": "2027"}, posts=(400,)
        ),
    ),
    "review:reveal": (
        form(
            OFFICERS_OF_THE_CASE,
            _reveal,
            sends=lambda _: {"reason": "样例：写明理由"},
            writes=OFFICERS_OF_THE_CASE,
        ),
    ),
    "review:act": (
        form(
            OFFICERS_OF_THE_CASE, _forward, gets=(302,), posts=(302, 409), sends=_forwarding, writes=PROVINCE
        ),
        form(OFFICERS_OF_THE_CASE, _approve, gets=(302,), posts=(302, 409), sends=_approval, writes=NATION),
    ),
    "review:review_form": (page(OFFICERS_OF_THE_CASE, _case),),
    # Whom the case lies with files it; the others see what they may, and are told that it does not lie with them.
    "review:signed_form": (
        form(OFFICERS_OF_THE_CASE, _case, posts=(302, 409), sends=_signed, writes=PROVINCE),
    ),
    "review:review_forms": (page(OFFICERS),),
    # The administrator's lists and office accounts ------------------------------------------------------------
    "office:lists": (page(ADMINISTRATOR),),
    "office:list": (page(ADMINISTRATOR, lambda _: {"list_name": "application_fields"}),),
    "office:list_entry_add": (
        form(
            ADMINISTRATOR,
            lambda _: {"list_name": "application_fields"},
            sends=lambda _: {
                "code": "sample_field",
                "name_zh": "样例",
                "name_en": "Sample",
                "reason": "样例：写明理由",
            },
            writes=ADMINISTRATOR,
        ),
    ),
    "office:list_entry": (
        form(
            ADMINISTRATOR,
            _entry,
            sends=lambda _: {"name_zh": "样例", "name_en": "Sample", "reason": "样例：写明理由"},
            writes=ADMINISTRATOR,
        ),
    ),
    "office:list_entry_move": (
        button(ADMINISTRATOR, _entry, sends=lambda _: {"direction": "down"}, writes=ADMINISTRATOR),
    ),
    "office:list_entry_retire": (
        form(
            ADMINISTRATOR,
            _entry,
            sends=lambda _: {"act": "retire", "reason": "样例：写明理由"},
            writes=ADMINISTRATOR,
        ),
    ),
    "office:accounts": (page(ADMINISTRATOR),),
    "office:account_add": (form(ADMINISTRATOR, sends=_new_officer, posts=(200,), writes=ADMINISTRATOR),),
    "office:account": (
        form(
            ADMINISTRATOR,
            _officer,
            sends=lambda _: {
                "role": "provincial_head",
                "province_code": "440000",
                "reason": "样例：写明理由",
            },
            writes=ADMINISTRATOR,
        ),
    ),
    "office:account_disable": (
        form(
            ADMINISTRATOR,
            _officer,
            sends=lambda _: {"act": "disable", "reason": "样例：写明理由"},
            writes=ADMINISTRATOR,
        ),
    ),
    "office:account_invite": (button(ADMINISTRATOR, _officer, posts=(200, 302), writes=None),),
    # The auditor's trail --------------------------------------------------------------------------------------
    "office:events": (page(AUDITOR),),
    "office:events_csv": (page(AUDITOR),),
    "office:verify": (page(AUDITOR),),
    "review:reveals": (page(AUDITOR),),
    "review:reveals_csv": (page(AUDITOR),),
    **ROWS_AFTER_FILING,
    **ROWS_OF_MEMBERS,
    **ROWS_OF_CLOCKS,
    **ROWS_OF_ARTICLES,
    **ROWS_OF_STATEMENTS,
    **ROWS_OF_LISTS,
    **ROWS_OF_OBJECTIONS,
    **ROWS_OF_ENDINGS,
    **ROWS_OF_CONSULTATIONS,
    **ROWS_OF_CONTACTS,
    **ROWS_OF_QUALITY,
    **ROWS_OF_OWN_TEXTS,
    **ROWS_OF_NOTICES,
}
