"""What to do about each gap; %(label)s is the particular, the other values are the gap's facts."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GAP_MESSAGES: dict[str, Promise] = {
    "missing": _("Fill in “%(label)s”."),
    "file_missing": _("Upload “%(label)s”."),
    "not_understood": _("“%(label)s” could not be read; enter it again."),
    "nothing_visible": _(
        "“%(label)s” holds only characters that nobody can see. Delete them, and type what is meant."
    ),
    "unprintable": _(
        "No document can print %(found)s in “%(label)s”, and a name must be printed as it is. "
        "Write it as the identity document's machine-readable line or an official proof of the name has it."
    ),
    "too_short": _("Say more in “%(label)s”: at least %(minimum)s characters, now %(length)s."),
    "too_long": _("Shorten “%(label)s” to %(maximum)s characters; it has %(length)s."),
    "too_small": _("Give at least %(minimum)s for “%(label)s”."),
    "too_large": _("Give at most %(maximum)s for “%(label)s”."),
    "too_many_rows": _("List at most %(maximum)s entries under “%(label)s”."),
    "not_a_choice": _("Choose again for “%(label)s”: what was chosen is not in the list any more."),
    "not_a_number": _("Give a whole number for “%(label)s”."),
    "not_a_date": _("Give a date such as 2026-11-22 for “%(label)s”."),
    "invalid_url": _("Give a full web address for “%(label)s”, beginning with http:// or https://."),
    "several_addresses": _(
        "“%(label)s” takes one address: leave one there, and where entries can be added, give each other one its own."
    ),
    "trailing_punctuation": _(
        "The address under “%(label)s” ends with “%(found)s”, which is no part of it: remove it."
    ),
    "private_address": _(
        "“%(label)s” works only inside a network or a machine: give the address that the public opens."
    ),
    "invalid_email": _("Give an e-mail address for “%(label)s”, such as name@example.cn."),
    "invalid_mobile": _(
        "Give a mobile number for “%(label)s”: 11 digits, or outside the mainland + and the country code, such as +852."
    ),
    "invalid_phone": _("Give a phone number with area code for “%(label)s”, such as 010-12345678."),
    "invalid_icp_number": _(
        "Give the ICP filing number as shown on the website, such as 京ICP备12345678号-1, "
        "or the number of the licence, such as 京B2-20201234."
    ),
    "invalid_app_filing_number": _(
        "Give the app's own filing number, which ends with A, such as 京ICP备12345678号-2A: "
        "that of a website or mini-program is another."
    ),
    "invalid_mini_program_filing_number": _(
        "Give the mini-program's own filing number, which ends with X, such as 京ICP备12345678号-3X, or with K for a "
        "quick app: that of a website or app is another."
    ),
    "invalid_filing_number": _(
        "This is no filing number of a blockchain information service: copy it whole from the register or from the "
        "foot of the provider's site, with its prefix …网信备 and its 20 characters."
    ),
    "icp_letter_differs": _(
        "ICP filing numbers of that province begin with %(expected)s, not with %(found)s: "
        "compare the number with the ICP register."
    ),
    "invalid_ip_address": _("Give an IP address for “%(label)s”."),
    "invalid_server_address": _("Give an IP address or a host name for “%(label)s”."),
    "invalid_unified_social_credit_code": _(
        "The credit code is wrong: compare its 18 characters with the licence. If the licence shows it exactly so, "
        "choose “Credit code whose check character deviates” as the type of document."
    ),
    "invalid_credit_code_with_deviation": _(
        "Compare the 18 characters of the credit code with the licence. If nothing deviates in it, "
        "choose “Unified social credit code” as the type of document."
    ),
    "invalid_resident_id": _("The identity card number is wrong: compare its 18 characters with the card."),
    "invalid_passport": _("The passport number is wrong: compare it with the passport."),
    "invalid_hong_kong_macau_permit": _(
        "The permit number is wrong: it begins with H or M, followed by digits."
    ),
    "invalid_taiwan_permit": _("The permit number is wrong: compare its digits with the permit."),
    "invalid_hong_kong_macau_residence_permit": _(
        "The number of the residence permit is wrong: it has 18 characters and begins with 81 or 82."
    ),
    "invalid_taiwan_residence_permit": _(
        "The number of the residence permit is wrong: it has 18 characters and begins with 83."
    ),
    "invalid_foreign_permanent_resident_card": _(
        "The card number is wrong: compare it with the card. It has 18 characters and begins with 9, or on cards "
        "from before December 2023 three letters and 12 digits."
    ),
    "division_not_registrable": _(
        "Choose the place of registration down to the county, or to the city where it has no counties."
    ),
    "document_type_contradicts_nature": _(
        "Choose a document that fits the applicant: an organisation files under its credit code, "
        "an individual under a personal document."
    ),
    "no_website_app_or_account": _(
        "Give at least one website, app or official account through which the service is offered."
    ),
    "service_start_in_future": _(
        "A service is filed once it has started: give the day on which it started, today at the latest."
    ),
    "service_start_too_early": _("Check the year: there was no blockchain before %(on)s."),
    "chain_kind_contradicts_main_chains": _(
        "The kind of chain matches none of the main chains listed: correct one or the other."
    ),
    "contract_address_not_asked": _("Remove the contract address: it is asked only for public chains."),
    "node_counts_differ": _(
        "The places list %(listed)s nodes, the number of nodes says %(stated)s: make them agree."
    ),
    "foreign_nodes_unexplained": _(
        "Explain the nodes abroad: where they are, who runs them, what they hold, why they are needed."
    ),
    "management_system_required": _(
        "Set up the management system first: a provider must have rules for registration, review, "
        "emergencies and protection (Art. 5)."
    ),
    "log_retention_too_short": _("Content and logs must be kept for at least %(minimum)s months (Art. 17)."),
    "none_beside_others": _("Either tick “None of the above”, or the matters that apply, not both."),
    "licence_not_yet_valid": _("The licence is valid only from %(on)s: list it when it is in force."),
    "licence_expired": _("The licence expired on %(on)s: give the one in force, or remove it."),
    "licence_validity_reversed": _("The licence ends before it begins: correct the days of validity."),
    "agent_is_person_in_charge": _(
        "The agent has the name of the person in charge. Who answers for the filing files without an agent: say so. If "
        "they are two persons of one name, write with it whom the agent works for."
    ),
    "authority_expired": _(
        "The letter of authority expired on %(on)s: upload one in force and give its last day."
    ),
    "file_type_not_allowed": _("Upload “%(label)s” as PDF, JPEG, PNG, HEIC, WebP or TIFF."),
    "file_too_large": _(
        "A file under “%(label)s” is over %(maximum_megabytes)s MB: scan it at a lower resolution."
    ),
    "files_too_large": _("All files together are over %(maximum_megabytes)s MB: make some smaller."),
    "too_many_files": _("Keep at most %(maximum)s files under “%(label)s”."),
    "former_proof": _(
        "Replace the scan under “%(label)s” with a new one: the one here shows the former “%(changed)s”."
    ),
    "too_few_files": _("Upload at least %(minimum)s scans under “%(label)s”, one for each matter ticked."),
}

ROW_MESSAGE = _("Entry %(number)s: %(message)s")

_CODE_LENGTH = _(
    "A credit code has 18 characters, and %(found)s are given: compare it with the licence and type it again."
)
_CODE_CHARACTERS = _(
    "Character %(place)s of the credit code, “%(found)s”, cannot stand there: the letters I, O, S, V and Z are never "
    "used, and characters 3 to 8 are digits. Compare it with the licence: 1 is easily taken for I, 0 for O, 5 for S, "
    "2 for Z."
)
# What to do about a gap whose fact "problem" says more; the other facts are those of the problem.
PROBLEM_MESSAGES: dict[tuple[str, str], Promise] = {
    (code, problem): message
    for code in ("invalid_unified_social_credit_code", "invalid_credit_code_with_deviation")
    for problem, message in (("length", _CODE_LENGTH), ("characters", _CODE_CHARACTERS))
}
PROBLEM_MESSAGES |= {
    ("invalid_url", "mail_address"): _(
        "“%(found)s” is an e-mail address: give the web address for “%(label)s”, such as https://docs.example.cn/."
    ),
    ("invalid_url", "file_name"): _(
        "“%(found)s” is the name of a file: give the web address for “%(label)s” under which it is opened. If it is "
        "the address itself, write https:// before it."
    ),
    ("invalid_url", "ip_address"): _(
        "“%(found)s” is an IP address: write http:// or https:// before it if users open “%(label)s” by it, else give "
        "the web address that they open."
    ),
    ("invalid_url", "no_address"): _(
        "“%(found)s” is no web address: copy it for “%(label)s” from the address bar of the browser, beginning with "
        "http:// or https://."
    ),
}
PROBLEM_MESSAGES["invalid_unified_social_credit_code", "check_character"] = _(
    "The credit code does not agree with its check character, the last one: one of its 18 characters is mistyped, or "
    "two are exchanged. Compare it with the licence. If the licence shows it exactly so, choose “Credit code whose "
    "check character deviates” as the type of document."
)
