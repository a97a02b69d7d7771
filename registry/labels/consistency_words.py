"""The words of the rules of consistency: what contradicts what, and what to do about it.

Applicant and reviewer read the same words. %(label)s is the particular, the other values are the facts of the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.labels import applicant_words, content_words
from registry.labels.choice_words import CHOICE_LABELS
from registry.labels.province_words import full_name
from registry.labels.service_words import LABELS as SERVICE_LABELS
from registry.rules.codes.contract_addresses import find_public_chain
from registry.rules.particulars.service_categories import CATEGORY_BY_CODE

_NO_LETTERS = _(
    "“%(label)s” holds no letter, and no name is written so: give the name as the document has it."
)
_LEFT_BEHIND = _(
    "“%(changed)s” is stated otherwise than before, and the document under “%(label)s” was handed in for what was "
    "stated then. Attach the one that shows it, such as the new licence, the new scan or a notice of the change; or "
    "say where the attached document shows it already."
)
_DIGITS = _("“%(label)s” holds digits, which no identity document writes in a name. Is it written so there?")

CONSISTENCY_TEXTS: Mapping[str, Promise] = {
    "credit_code_fits_organisation_type": _(
        "A credit code that begins with %(begins_with)s belongs to another sort of organisation than "
        "“%(organisation_type)s”: compare the code with the certificate, and correct it or the type."
    ),
    "credit_code_is_of_the_place_of_registration": _(
        "The credit code was given in %(province_of_code)s, and the place of registration lies in "
        "%(province_of_place)s. Has the applicant moved, or is one of the two wrong?"
    ),
    "person_in_charge_is_old_enough": _(
        "By the number of the document the person in charge is not yet %(years)s years old and cannot act for an "
        "organisation: compare the number with the document."
    ),
    "person_in_charge_is_of_age": _(
        "By the number of the document the person in charge is not yet %(years)s years old. Is the number right, and "
        "does the person live on work of his or her own?"
    ),
    "individual_is_of_age": _(
        "By the number of the document the applicant is not yet %(years)s years old. Is the number right, and who "
        "acts for the applicant?"
    ),
    "applicant_name_has_letters": _NO_LETTERS,
    "person_in_charge_name_has_letters": _NO_LETTERS,
    "agent_name_has_letters": _NO_LETTERS,
    "contact_name_has_letters": _NO_LETTERS,
    "service_name_has_letters": _NO_LETTERS,
    "person_in_charge_name_has_no_digits": _DIGITS,
    "agent_name_has_no_digits": _DIGITS,
    "names_agree": _(
        "The service is called “%(name)s”, and the public meets it as “%(found)s”. Which is its name, and how do the "
        "two belong together?"
    ),
    "explorer_has_a_page": _(
        "“%(service_type)s” provides its content as pages, and no form of the service shows any. Through what do "
        "users see it?"
    ),
    "wallet_has_a_screen": _(
        "“%(service_type)s” is used on a screen, and no form of the service has one. Through what is it used?"
    ),
    "forms_are_those_listed": _(
        "Entries stand under “%(listed)s”, and “%(service_form)s” is not among the forms of the service. "
        "Is it one of them?"
    ),
    "forms_are_those_described": _(
        "The description speaks of “%(service_form)s”, which is not among the forms of the service. Is it one of them?"
    ),
    "icp_number_is_of_the_applicants_province": _(
        "The ICP number %(found)s was given in %(province_of_number)s, and the applicant is registered in "
        "%(province_of_place)s. Who holds it, and how does the holder belong to the applicant?"
    ),
    "icp_numbers_have_one_holder": _(
        "The websites have ICP numbers of several holders, %(found)s among them. Who holds them, and how do the "
        "holders belong to the applicant?"
    ),
    "rules_are_published_on_a_site_of_the_service": _(
        "The rules are published under %(found)s, which is none of the websites given. Whose site is it, and where "
        "do users find it?"
    ),
    "real_name_method_is_a_method": _(
        "The other way of checking real names says that there is none. Users whose identity is not checked may not be "
        "served (Art. 8): how is it checked?"
    ),
    "technical_supporter_is_another": _(
        "The technical supporter is the applicant itself. Is there another organisation that gives the support?"
    ),
    "public_network_is_stated_as_public": _(
        "%(chain)s is a public chain, and “%(chain_kind)s” is stated: correct the chain or its kind."
    ),
    "chain_is_of_its_usual_kind": _(
        "A chain of this name is usually of another kind than “%(chain_kind)s”. If another chain runs on its "
        "software, which is it, and who runs it?"
    ),
    "contract_address_is_of_its_chain": _(
        "“%(found)s” is no address of a contract on %(chain)s: copy the whole address from an explorer of the chain."
    ),
    "contract_address_looks_like_one": _(
        "“%(found)s” is not as long as contract addresses usually are. Is it the whole address?"
    ),
    "server_can_be_reached": _(
        "%(found)s works only inside a machine or a network, or is reserved: give the address that the public "
        "reaches."
    ),
    "explorer_server_can_be_reached": _(
        "%(found)s works only inside a machine or a network, or is reserved: give the address that the public "
        "reaches."
    ),
    "server_address_is_no_example": _(
        "%(found)s is reserved for examples and belongs to nobody. Does the service really run there?"
    ),
    "one_server_stands_in_one_place": _(
        "The address %(found)s is given with two places. Where does the server stand?"
    ),
    "nodes_abroad_are_stated": _(
        "This place of nodes seems to lie outside the mainland, and nodes abroad are denied. Which is right?"
    ),
    "servers_abroad_are_explained": _(
        "This deployment place seems to lie outside the mainland, and nodes abroad are denied. "
        "What runs there?"
    ),
    "shares_make_up_the_chain": _(
        "The shares of the countries add up to %(percent)s percent. Where are the other nodes, or which share is wrong?"
    ),
    "many_nodes_stand_in_several_countries": _(
        "The public chain has %(stated)s nodes, and all of them are said to stand in one place, %(found)s. Do none "
        "stand elsewhere?"
    ),
    "introduction_shows_every_form": _(
        "The service is used in %(forms)s forms, and the introduction has %(pages)s page. Does it show a screenshot of "
        "each, with what it says about the service and the rights of its users?"
    ),
    "management_documents_are_their_own": _(
        "The same file is attached as product introduction and as management system. Where are the way and the scope "
        "of the review of content described?"
    ),
    "signed_statement_is_unchanged": _(
        "“%(file)s” was changed after it was signed. Remove it, sign the statement anew, and upload it exactly as the "
        "signing program saved it: not printed, not joined with other files."
    ),
    "statement_is_signed_by_the_applicant": _(
        "The statement is signed electronically by %(found)s, whose certificate bears neither the applicant's name nor "
        "that of the person in charge. How does the signer belong to the applicant?"
    ),
    "applicants_document_shows_what_changed": _LEFT_BEHIND,
    "persons_document_shows_what_changed": _LEFT_BEHIND,
    "letter_of_authority_shows_what_changed": _LEFT_BEHIND,
    "icp_proof_shows_what_changed": _LEFT_BEHIND,
    "prior_approval_shows_what_changed": _LEFT_BEHIND,
    "related_licence_shows_what_changed": _LEFT_BEHIND,
    "cloud_qualification_shows_what_changed": _LEFT_BEHIND,
    "upstream_is_in_the_register": _(
        "The register has no filing %(found)s: compare the number with the provider's site, or say that there is none."
    ),
    "upstream_is_in_force": _(
        "The filing %(found)s of “%(name)s” has ended: give that of the chain or platform that the service runs on "
        "now, or say that there is none."
    ),
    "upstream_goes_on": _(
        "The filing %(found)s ends on %(on)s. What does the service run on after that day?"
    ),
    "upstream_is_another_service": _(
        "%(found)s is the filing of this very service, which cannot run on itself: give the number of the chain or "
        "platform, or say that the applicant itself runs it."
    ),
    "upstream_is_somebody_elses": _(
        "%(found)s is a filing of the applicant itself, “%(name)s”. Does the applicant run the chain or platform "
        "itself?"
    ),
    "upstream_is_the_technical_supporters": _(
        "The technical supporter is “%(supporter)s”, and the filing %(found)s is of “%(name)s”. How do the two belong "
        "together?"
    ),
    "own_platform_has_no_supporter": _(
        "The applicant itself runs chain and platform, and “%(supporter)s” is named as technical supporter. What does "
        "it do, and has it filed its service?"
    ),
    "change_follows_the_start_of_the_service": _(
        "“%(label)s”: the day of the change lies before the start of the service on %(on)s. Correct the day."
    ),
}


def _chain_name(code: str) -> str:
    chain = find_public_chain(code)
    if chain is None:
        return code
    return chain.name_zh if (get_language() or "").startswith("zh") else chain.name_en


def _choice(key: str) -> Callable[[str], Promise | str]:
    return lambda code: CHOICE_LABELS[key].get(code, code)


_PROVEN = {**applicant_words.LABELS, **SERVICE_LABELS, **content_words.LABELS}
_FACTS_IN_WORDS: Mapping[str, Callable[[str], Promise | str]] = {
    "organisation_type": _choice("applicant.organisation_type"),
    "chain_kind": _choice("service.chain_kind"),
    "service_form": _choice("service.service_forms"),
    "service_type": _choice(CATEGORY_BY_CODE["application_operator"].types_key),
    "listed": lambda key: SERVICE_LABELS[key],
    "changed": lambda key: _PROVEN[key],
    "chain": _chain_name,
    "province_of_code": full_name,
    "province_of_place": full_name,
    "province_of_number": full_name,
}


def consistency_text(name: str, facts: Mapping[str, Any], *, label: Promise | str) -> str:
    """What a rule found, in the language now active; `label` is that of the particular it was found at."""
    in_words = {
        key: _FACTS_IN_WORDS[key](value) if key in _FACTS_IN_WORDS else value for key, value in facts.items()
    }
    return str(CONSISTENCY_TEXTS[name]) % {**in_words, "label": label}
