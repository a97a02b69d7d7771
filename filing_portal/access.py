"""The access table: who may open which URL name. A name without a line is refused.

This is the first check only. Whether an account may see a certain applicant's filing, or a province's case, is
checked in `access.py` of each app, which also answers 404.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from registry.models import Account


class Audience(Flag):
    """The kinds of visitor; audiences are their unions."""

    ANONYMOUS = auto()
    APPLICANT = auto()
    PROVINCIAL_REVIEWER = auto()
    PROVINCIAL_HEAD = auto()
    NATIONAL_REVIEWER = auto()
    NATIONAL_HEAD = auto()
    ADMINISTRATOR = auto()
    AUDITOR = auto()

    PROVINCIAL = PROVINCIAL_REVIEWER | PROVINCIAL_HEAD
    NATIONAL = NATIONAL_REVIEWER | NATIONAL_HEAD
    OFFICER = PROVINCIAL | NATIONAL
    HEAD = PROVINCIAL_HEAD | NATIONAL_HEAD
    EDITOR = NATIONAL_HEAD | ADMINISTRATOR
    SIGNED_IN = APPLICANT | OFFICER | ADMINISTRATOR | AUDITOR
    PUBLIC = ANONYMOUS | SIGNED_IN


ACCESS: dict[str, Audience] = {
    # Process health, language, text size and contrast
    "healthz": Audience.PUBLIC,
    "readyz": Audience.PUBLIC,
    "set_language": Audience.PUBLIC,
    "public:set_display": Audience.PUBLIC,
    # The public register, as pages and as API; registry/publication/record.py decides what it shows
    "public:home": Audience.PUBLIC,
    "public:filings": Audience.PUBLIC,
    "public:filings_csv": Audience.PUBLIC,
    "public:filings_xlsx": Audience.PUBLIC,
    "public:filings_json": Audience.PUBLIC,
    "public:applicant": Audience.PUBLIC,
    "public:filing": Audience.PUBLIC,
    "public:filing_qr": Audience.PUBLIC,
    "public:filing_badge": Audience.PUBLIC,
    "public:announced_notices": Audience.PUBLIC,
    # Both numbers of a receipt are asked: registry/book/application_status.py
    "public:filing_status": Audience.PUBLIC,
    "public:verify": Audience.PUBLIC,
    "public:search": Audience.PUBLIC,
    "public:leaving": Audience.PUBLIC,
    "public:news": Audience.PUBLIC,
    "public:policies": Audience.PUBLIC,
    "public:article": Audience.PUBLIC,
    "public:article_edition": Audience.PUBLIC,
    "public:news_feed": Audience.PUBLIC,
    "public:batches": Audience.PUBLIC,
    "public:batch": Audience.PUBLIC,
    "objections:contact": Audience.PUBLIC,
    "objections:form": Audience.PUBLIC,
    "objections:follow": Audience.PUBLIC,
    "objections:replace_file": Audience.PUBLIC,
    "objections:read_file_again": Audience.PUBLIC,
    "public:batches_feed": Audience.PUBLIC,
    "public:batches_archive": Audience.PUBLIC,
    "public:statistics": Audience.PUBLIC,
    "public:statistics_csv": Audience.PUBLIC,
    "public:batch_statistics": Audience.PUBLIC,
    "public:batch_statistics_csv": Audience.PUBLIC,
    "public:scope": Audience.PUBLIC,
    "public:planner": Audience.PUBLIC,
    "public:planner_ics": Audience.PUBLIC,
    "public:help": Audience.PUBLIC,
    "public:templates": Audience.PUBLIC,
    "public:template_docx": Audience.PUBLIC,
    "public:reasons": Audience.PUBLIC,
    "public:privacy": Audience.PUBLIC,
    "public:privacy_version": Audience.PUBLIC,
    "public:identity_documents": Audience.PUBLIC,
    "public:identity_documents_version": Audience.PUBLIC,
    "public:accessibility": Audience.PUBLIC,
    "public:data_interface": Audience.PUBLIC,
    "public:site_map": Audience.PUBLIC,
    "public:problem": Audience.PUBLIC,
    "public:robots": Audience.PUBLIC,
    "public:favicon": Audience.PUBLIC,
    "api:filings": Audience.PUBLIC,
    "api:filing": Audience.PUBLIC,
    "api:deadlines": Audience.PUBLIC,
    "api:code_lists": Audience.PUBLIC,
    "api:code_list": Audience.PUBLIC,
    "api:batches": Audience.PUBLIC,
    "api:batch": Audience.PUBLIC,
    "api:batch_entries": Audience.PUBLIC,
    "api:statistics": Audience.PUBLIC,
    "api:batches_statistics": Audience.PUBLIC,
    "api:batch_statistics": Audience.PUBLIC,
    # The files of published lists are everybody's
    "files:list_file": Audience.PUBLIC,
    # Stored files; registry/files/access.py checks who may see which
    "files:download": Audience.APPLICANT | Audience.OFFICER,
    "files:original": Audience.APPLICANT | Audience.OFFICER,
    "files:page": Audience.APPLICANT | Audience.OFFICER,
    "files:paper": Audience.APPLICANT | Audience.OFFICER,
    "files:certificate": Audience.APPLICANT | Audience.OFFICER,
    "files:case_file": Audience.APPLICANT | Audience.OFFICER,
    # The applicant's pages; applicants/access.py checks whose draft or application it is
    "applicants:dashboard": Audience.APPLICANT,
    "applicants:start": Audience.APPLICANT,
    "applicants:places": Audience.APPLICANT,
    "applicants:identity_consent": Audience.APPLICANT,
    "applicants:draft": Audience.APPLICANT,
    "applicants:delete_draft": Audience.APPLICANT,
    "applicants:services": Audience.APPLICANT,
    "applicants:attachments": Audience.APPLICANT,
    "applicants:upload": Audience.APPLICANT,
    "applicants:remove_file": Audience.APPLICANT,
    "applicants:try_file_again": Audience.APPLICANT,
    "applicants:move_file": Audience.APPLICANT,
    "applicants:statement": Audience.APPLICANT,
    "applicants:statement_pdf": Audience.APPLICANT,
    "applicants:check": Audience.APPLICANT,
    "applicants:submit": Audience.APPLICANT,
    "applicants:answer_questions": Audience.APPLICANT,
    "applicants:section": Audience.APPLICANT,
    "applicants:autosave": Audience.APPLICANT,
    "applicants:part": Audience.APPLICANT,
    "applicants:autosave_part": Audience.APPLICANT,
    "applicants:application": Audience.APPLICANT,
    "applicants:amend": Audience.APPLICANT,
    "applicants:amendment": Audience.APPLICANT,
    "applicants:autosave_amendment": Audience.APPLICANT,
    "applicants:open_section": Audience.APPLICANT,
    "applicants:inbox": Audience.APPLICANT,
    "applicants:notice": Audience.APPLICANT,
    "applicants:withdraw": Audience.APPLICANT,
    "applicants:copy": Audience.APPLICANT,
    "applicants:clients": Audience.APPLICANT,
    "applicants:clients_csv": Audience.APPLICANT,
    "applicants:clients_xlsx": Audience.APPLICANT,
    "applicants:deadlines": Audience.APPLICANT,
    "applicants:plan_end": Audience.APPLICANT,
    "applicants:calendar_address": Audience.APPLICANT,
    # The secret is in the address: calendar programs cannot sign in.
    "applicants:calendar_feed": Audience.PUBLIC,
    "applicants:filing": Audience.APPLICANT,
    "applicants:change": Audience.APPLICANT,
    "applicants:change_applicant": Audience.APPLICANT,
    "applicants:changes": Audience.APPLICANT,
    "applicants:autosave_changes": Audience.APPLICANT,
    "applicants:cancel": Audience.APPLICANT,
    "applicants:cancellation": Audience.APPLICANT,
    "applicants:withdraw_cancellation": Audience.APPLICANT,
    "applicants:choose_applicant": Audience.APPLICANT,
    "applicants:memberships": Audience.APPLICANT,
    "applicants:members": Audience.APPLICANT,
    "applicants:invite": Audience.APPLICANT,
    "applicants:offer_ownership": Audience.APPLICANT,
    "applicants:member": Audience.APPLICANT,
    "applicants:change_role": Audience.APPLICANT,
    "applicants:renew_letter": Audience.APPLICANT,
    "applicants:read_letter_again": Audience.APPLICANT,
    "applicants:revoke_member": Audience.APPLICANT,
    "applicants:invitation": Audience.APPLICANT,
    "applicants:objection": Audience.APPLICANT,
    "applicants:objection_file": Audience.APPLICANT,
    "applicants:striking_off": Audience.APPLICANT,
    "applicants:replace_statement_file": Audience.APPLICANT,
    "applicants:read_statement_file_again": Audience.APPLICANT,
    "applicants:waive_statement": Audience.APPLICANT,
    "applicants:statement_file": Audience.APPLICANT,
    "applicants:withdraw_invitation": Audience.APPLICANT,
    "applicants:takeover": Audience.APPLICANT,
    "applicants:claim": Audience.APPLICANT,
    "applicants:claim_number": Audience.APPLICANT,
    "applicants:claim_status": Audience.APPLICANT,
    "applicants:put_scan": Audience.APPLICANT,
    "applicants:read_scan_again": Audience.APPLICANT,
    "applicants:withdraw_claim": Audience.APPLICANT,
    "applicants:answer_claim": Audience.APPLICANT,
    # API description
    "schema": Audience.PUBLIC,
    # Signing in and up
    "account_login": Audience.PUBLIC,
    "account_sign_in_by_code": Audience.PUBLIC,
    "account_logout": Audience.PUBLIC,
    "account_inactive": Audience.PUBLIC,
    "account_signup": Audience.PUBLIC,
    "account_sign_up_codes": Audience.PUBLIC,
    "account_confirm_code": Audience.PUBLIC,
    "account_reset_password": Audience.PUBLIC,
    "account_choose_password": Audience.PUBLIC,
    "account_first_password": Audience.PUBLIC,
    "mfa_authenticate": Audience.PUBLIC,
    # One's own account
    "short_address": Audience.SIGNED_IN,
    "account_home": Audience.SIGNED_IN,
    "account_reauthenticate": Audience.SIGNED_IN,
    "account_email": Audience.SIGNED_IN,
    "account_change_phone": Audience.SIGNED_IN,
    "account_change_password": Audience.SIGNED_IN,
    "account_notifications": Audience.SIGNED_IN,
    "account_privacy": Audience.APPLICANT,
    "account_sessions": Audience.SIGNED_IN,
    "account_end_session": Audience.SIGNED_IN,
    "mfa_index": Audience.SIGNED_IN,
    "mfa_reauthenticate": Audience.SIGNED_IN,
    "mfa_activate_totp": Audience.SIGNED_IN,
    "mfa_deactivate_totp": Audience.SIGNED_IN,
    "mfa_view_recovery_codes": Audience.SIGNED_IN,
    "mfa_generate_recovery_codes": Audience.SIGNED_IN,
    "mfa_download_recovery_codes": Audience.SIGNED_IN,
    "mfa_list_webauthn": Audience.SIGNED_IN,
    "mfa_add_webauthn": Audience.SIGNED_IN,
    "mfa_edit_webauthn": Audience.SIGNED_IN,
    "mfa_remove_webauthn": Audience.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Audience.SIGNED_IN,
    # The administrator's lists and office accounts
    "office:lists": Audience.ADMINISTRATOR,
    "office:list": Audience.ADMINISTRATOR,
    "office:list_entry_add": Audience.ADMINISTRATOR,
    "office:list_entry": Audience.ADMINISTRATOR,
    "office:list_entry_move": Audience.ADMINISTRATOR,
    "office:list_entry_retire": Audience.ADMINISTRATOR,
    # Texts of notices, each proposed by one person and confirmed by another
    "office:notice_texts": Audience.EDITOR,
    "office:notice_text": Audience.EDITOR,
    "office:notice_text_shipped": Audience.EDITOR,
    "office:notice_text_decide": Audience.EDITOR,
    "office:accounts": Audience.ADMINISTRATOR,
    "office:account_add": Audience.ADMINISTRATOR,
    "office:account": Audience.ADMINISTRATOR,
    "office:account_disable": Audience.ADMINISTRATOR,
    "office:account_invite": Audience.ADMINISTRATOR,
    "office:jobs": Audience.ADMINISTRATOR,
    "office:run_job": Audience.ADMINISTRATOR,
    # News and policies, each version by one person and its publication by another
    "office:chain_names": Audience.NATIONAL,
    "office:chain_name": Audience.NATIONAL,
    "office:articles": Audience.EDITOR,
    "office:article_add": Audience.EDITOR,
    "office:article": Audience.EDITOR,
    "office:article_edit": Audience.EDITOR,
    "office:article_publish": Audience.EDITOR,
    "office:article_withdraw": Audience.EDITOR,
    # The auditor's trail
    "office:events": Audience.AUDITOR,
    "office:events_csv": Audience.AUDITOR,
    "office:verify": Audience.AUDITOR,
    "office:membership_events": Audience.AUDITOR,
    "review:reveals": Audience.AUDITOR,
    "review:reveals_csv": Audience.AUDITOR,
    # The reviewers' pages; review/access.py checks whether a case is within the jurisdiction
    "review:queue": Audience.OFFICER,
    "review:next": Audience.OFFICER,
    "review:cases": Audience.OFFICER,
    "review:cases_csv": Audience.OFFICER,
    "review:cases_xlsx": Audience.OFFICER,
    "review:case": Audience.OFFICER,
    "review:save_filters": Audience.OFFICER,
    "review:forget_filters": Audience.OFFICER,
    "review:viewing": Audience.OFFICER,
    "review:mark": Audience.OFFICER,
    "review:note": Audience.OFFICER,
    "review:typed": Audience.OFFICER,
    "review:mark_section": Audience.OFFICER,
    "review:inbox": Audience.OFFICER,
    "review:notice": Audience.OFFICER,
    "review:not_told": Audience.OFFICER,
    "review:told": Audience.OFFICER,
    "review:telling_file": Audience.OFFICER,
    "review:send_again": Audience.OFFICER,
    "review:claim": Audience.OFFICER,
    "review:release": Audience.OFFICER,
    "review:reassign": Audience.HEAD,
    "review:hand_over": Audience.OFFICER,
    "review:workload": Audience.HEAD,
    "review:workload_csv": Audience.HEAD,
    "review:papers": Audience.OFFICER,
    "review:papers_decide": Audience.OFFICER,
    "review:papers_sample": Audience.OFFICER,
    "review:membership_claims": Audience.PROVINCIAL,
    "review:membership_claim": Audience.PROVINCIAL,
    "review:reveal": Audience.OFFICER,
    "review:calendar": Audience.NATIONAL,
    "review:calendar_proposal": Audience.NATIONAL,
    "review:calendar_import": Audience.NATIONAL_HEAD,
    "review:objections": Audience.NATIONAL,
    "review:replace_objection_file": Audience.NATIONAL,
    "review:read_objection_file_again": Audience.NATIONAL,
    "review:objection_letter": Audience.NATIONAL,
    "review:objection": Audience.NATIONAL,
    "review:objection_act": Audience.NATIONAL,
    "review:objection_file": Audience.NATIONAL,
    "review:objector_letter": Audience.NATIONAL,
    "review:objector_told": Audience.NATIONAL,
    "review:objector_send_again": Audience.NATIONAL,
    "review:strikings_off": Audience.NATIONAL,
    "review:strike_off": Audience.NATIONAL,
    "review:striking_off": Audience.NATIONAL,
    "review:striking_off_act": Audience.NATIONAL,
    "review:striking_off_file": Audience.NATIONAL,
    "review:replace_striking_off_file": Audience.NATIONAL,
    "review:read_striking_off_file_again": Audience.NATIONAL,
    "review:batches": Audience.NATIONAL,
    "review:compose": Audience.NATIONAL_HEAD,
    "review:preview_list": Audience.NATIONAL_HEAD,
    "review:preview_list_pdf": Audience.NATIONAL_HEAD,
    "review:propose_list": Audience.NATIONAL_HEAD,
    "review:announcement_text": Audience.NATIONAL_HEAD,
    "review:batch": Audience.NATIONAL,
    "review:batch_progress": Audience.NATIONAL,
    "review:batch_pdf": Audience.NATIONAL,
    "review:batch_act": Audience.NATIONAL,
    "review:act": Audience.OFFICER,
    "review:review_form": Audience.OFFICER,
    "review:review_forms": Audience.OFFICER,
}


def audience_for(url_name: str) -> Audience | None:
    """Who may open the URL of this name, with namespace (`review:queue`); None if it has no line."""
    return ACCESS.get(url_name)


def visitor(account: Account | AnonymousUser) -> Audience:
    """The kind of visitor an account is."""
    if not account.is_authenticated:
        return Audience.ANONYMOUS
    return Audience[str(account.role).upper()]
