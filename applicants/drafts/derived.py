"""Answers of a first filing that others give: they are filled in, shown as such, and can be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from applicants.drafts.forms.section import Suggestion
from registry.models import Account
from registry.rules.codes.identifiers import ip_address
from registry.rules.codes.jurisdictions import division_name, is_registrable
from registry.rules.codes.places_in_addresses import place_in_address
from registry.rules.errors import InvalidIdentifier
from registry.rules.particulars.applicant import INDIVIDUAL, ORGANISATION
from registry.rules.particulars.consistency.chains import usual_kind
from registry.rules.particulars.consistency.hosting import has_nodes_abroad
from registry.rules.particulars.credit_code import credit_code_in
from registry.rules.particulars.materials import Materials, is_given, rows_of, value_of
from registry.rules.particulars.service import CHAIN_KINDS, UNFILED_UPSTREAM
from registry.rules.particulars.service_categories import CATEGORIES

_NAMED_AS_THE_SERVICE = (
    "service.websites",
    "service.apps",
    "service.mini_programs",
    "service.official_accounts",
)
_MOSTLY_IN_COMMON = (
    *(
        f"service.{name}"
        for name in (
            *("service_forms", "application_fields", "other_application_field", "chain_kind", "consensus"),
            *("node_count", "node_places", "node_countries", "has_nodes_abroad", "nodes_abroad_explanation"),
            *("server_addresses", "upstream", "upstream_filings", "no_upstream_filing_reason"),
            *("real_name_methods", "other_real_name_method", "log_retention_months", "complaint_channel"),
            "prior_approval_matters",
        )
    ),
    "content.categories",
    *(key for category in CATEGORIES for key in (category.types_key, category.main_chains_key)),
)

FROM_THE_CODE = _("Read from the credit code. Change it if the licence says otherwise.")
FROM_THE_ACCOUNT = _("Taken from your account, where it is verified. Change it if another one is to be used.")
FROM_THE_OWN_NAME = _("Your name as in your account. Change it if your document writes it otherwise.")
MOSTLY_SO = _("Filled in as it usually is. Change it if yours differs.")

FROM_THE_ADDRESS = _("Read from the address on the document. Change it if the document says otherwise.")
FROM_THE_NAME = _("As the service is called. Change it if it is called otherwise here.")
FROM_THE_PLACES = _("Follows from the places of the nodes. Change it if that is not so.")
FROM_THE_APPLICANT = _("As where the applicant is. Change it if the node stands elsewhere.")
FROM_THE_FIRST_NODE = _("As the first node. Change it if this server stands elsewhere.")
AS_THE_SERVERS = _("As given for the servers of the service. Change it if these stand elsewhere.")
AS_THE_WEBSITE = _("As the website of the service. Change it if transactions are looked up elsewhere.")
OF_A_PUBLIC_CHAIN = _("Usually so with a public chain. Change it if somebody runs a platform between.")
NOBODY_RUNS_IT = _("A public chain is kept by all of its nodes; there is no operator that could file it.")
AS_BEFORE = _("As given for “%(name)s”. Look at it, and change what differs.")


def suggestions(materials: Materials, *, account: Account, today: date) -> dict[str, Suggestion]:
    """What other answers and the account give, by key, whether or not something else is answered there."""
    return {
        **_by_custom(materials),
        **_by_the_chain(materials),
        **_by_the_servers(materials),
        **_by_the_places(materials, today=today),
        **_by_the_address(materials, today=today),
        **_by_the_code(materials, today=today),
        **_by_the_account(materials, account),
        **_by_the_name(materials),
    }


def with_derived(materials: Materials, *, account: Account, today: date) -> dict[str, Any]:
    """The materials with what follows from them, wherever nothing is answered.

    What is only usual is not among it: it counts once its page has been sent.
    """
    result: dict[str, Any] = dict(materials)
    given = {
        **_by_the_places(materials, today=today),
        **_by_the_address(materials, today=today),
        **_by_the_code(materials, today=today),
        **_by_the_account(materials, account),
    }
    for key, found in given.items():
        if found.is_only_usual or key.count(".") > 1:
            continue
        section, name = key.split(".")
        is_whole = key != "applicant.division_code" or is_registrable(str(found.answer), today)
        if is_whole and not is_given(value_of(result, key)):
            result[section] = {**result[section], name: found.answer}
    for key, found in _by_the_name(materials).items():
        section, group, name = key.split(".")
        first, *further = rows_of(result, f"{section}.{group}") or ({},)
        if first and not is_given(first.get(name)):
            result[section] = {**result[section], group: [{**first, name: found.answer}, *further]}
    for category in CATEGORIES:
        section, name = category.main_chains_key.split(".")
        if rows := rows_of(result, category.main_chains_key):
            chains = [_with_kind(row, materials) for row in rows]
            result[section] = {**result[section], name: chains}
    return result


def _with_kind(row: Mapping[str, Any], materials: Materials) -> dict[str, Any]:
    """A main chain with the kind that it has by its name, or that the service states of its chain."""
    if is_given(row.get("kind")) or not is_given(row.get("chain")):
        return dict(row)
    kind = usual_kind(row) or value_of(materials, "service.chain_kind")
    return {**row, "kind": kind} if is_given(kind) else dict(row)


def _by_the_code(materials: Materials, *, today: date) -> dict[str, Suggestion]:
    read = credit_code_in(materials, today=today)
    if read is None or value_of(materials, "applicant.nature") == INDIVIDUAL:
        return {}
    found = {"applicant.organisation_type": read.organisation_type, "applicant.division_code": read.place}
    return {key: Suggestion(answer, FROM_THE_CODE) for key, answer in found.items() if answer}


def _by_the_account(materials: Materials, account: Account) -> dict[str, Suggestion]:
    """What an account gives of an individual who files in person, and which of its facts a person in charge has."""
    own = own_facts(account)
    notes = {"name": FROM_THE_OWN_NAME, "mobile": FROM_THE_ACCOUNT, "email": FROM_THE_ACCOUNT}
    keys = {name: f"person_in_charge.{name}" for name in own}
    if _files_in_person(materials):
        keys["name"] = "applicant.name"
    else:
        # Nobody is taken for the person in charge: these were filled in because somebody said so.
        own = {name: each for name, each in own.items() if value_of(materials, keys[name]) == each}
    return {keys[name]: Suggestion(each, notes[name]) for name, each in own.items()}


def _files_in_person(materials: Materials) -> bool:
    is_own = value_of(materials, "applicant.filed_by_agent") is False
    return is_own and value_of(materials, "applicant.nature") == INDIVIDUAL


def is_taken_from_account(materials: Materials, account: Account) -> bool:
    """Whether an individual files in person, whose contact details are those that the account has verified."""
    if not _files_in_person(materials):
        return False
    own = own_facts(account)
    return all(
        own.get(name) == value_of(materials, f"person_in_charge.{name}") for name in ("mobile", "email")
    )


def _by_the_address(materials: Materials, *, today: date) -> dict[str, Suggestion]:
    """The place of registration, where the address on the document begins with it."""
    address = value_of(materials, "applicant.document_address")
    place = place_in_address(address, today) if isinstance(address, str) else ""
    return {"applicant.division_code": Suggestion(place, FROM_THE_ADDRESS)} if place else {}


def _by_the_name(materials: Materials) -> dict[str, Suggestion]:
    """What the service is called where it is offered: mostly as everywhere else."""
    name = value_of(materials, "service.service_name")
    if not isinstance(name, str) or not name.strip():
        return {}
    return {f"{group}.name": Suggestion(name.strip(), FROM_THE_NAME) for group in _NAMED_AS_THE_SERVICE}


def _by_the_places(materials: Materials, *, today: date) -> dict[str, Suggestion]:
    """Where the first node and the servers stand, and whether nodes are abroad: as the other places say."""
    found: dict[str, Suggestion] = {}
    here = _place_of_applicant(materials, today=today)
    if here:
        usual = Suggestion(here, FROM_THE_APPLICANT, is_only_usual=True)
        found["service.node_places.place"] = usual
    abroad = has_nodes_abroad(materials)
    if abroad is not None:
        found["service.has_nodes_abroad"] = Suggestion(abroad, FROM_THE_PLACES)
    place = next((row.get("place") for row in rows_of(materials, "service.node_places")), None)
    if isinstance(place, str) and place.strip():
        usual = Suggestion(place.strip(), FROM_THE_FIRST_NODE, is_only_usual=True)
        found["service.server_addresses.place"] = usual
    return found


def _by_the_servers(materials: Materials) -> dict[str, Suggestion]:
    """What an explorer or a BaaS platform states once more: its servers and website are mostly those of the service."""
    servers = rows_of(materials, "service.server_addresses")
    explorer = [
        {"ip_address": row["address"], "place": row["place"]}
        for row in servers
        if is_given(row.get("place")) and _is_ip_address(row.get("address"))
    ]
    room = next((row["place"] for row in servers if is_given(row.get("place"))), None)
    site = next((row.get("url") for row in rows_of(materials, "service.websites")), None)
    found = {
        "content.explorer_servers": (explorer, AS_THE_SERVERS),
        "content.baas_machine_room_place": (room, AS_THE_SERVERS),
        "content.explorer_url": (site, AS_THE_WEBSITE),
    }
    return {
        key: Suggestion(answer, note, is_only_usual=True)
        for key, (answer, note) in found.items()
        if is_given(answer)
    }


def _is_ip_address(text: object) -> bool:
    try:
        return bool(ip_address(str(text)))
    except InvalidIdentifier:
        return False


def _place_of_applicant(materials: Materials, *, today: date) -> str:
    """Where the applicant is by its address, or by its place of registration; "" where neither says it.

    In Chinese, from the province down: it becomes part of what is filed.
    """
    address = value_of(materials, "applicant.document_address")
    code = place_in_address(address, today) if isinstance(address, str) else ""
    code = code or value_of(materials, "applicant.division_code")
    if not isinstance(code, str) or not is_registrable(code, today):
        return ""
    return "".join(division_name(code, today))


def _by_the_chain(materials: Materials) -> dict[str, Suggestion]:
    """Who runs a public chain: all of its nodes, and nobody files it."""
    if value_of(materials, "service.chain_kind") != CHAIN_KINDS[0]:
        return {}
    # It becomes part of what is filed, which the offices read.
    with override("zh-hans"):
        reason = str(NOBODY_RUNS_IT)
    found = {
        "service.upstream": UNFILED_UPSTREAM,
        "service.no_upstream_filing_reason": reason,
    }
    return {key: Suggestion(answer, OF_A_PUBLIC_CHAIN, is_only_usual=True) for key, answer in found.items()}


def own_facts(account: Account) -> dict[str, str]:
    """Name, mobile and mail address of an account, by the names of the person in charge; only what is verified."""
    found = {
        "name": account.name,
        "mobile": account.mobile if account.mobile_verified_at is not None else "",
        "email": account.email if account.email_verified_at is not None else "",
    }
    return {name: each for name, each in found.items() if each}


def as_before(materials: Materials) -> dict[str, Suggestion]:
    """What another service of the same applicant mostly has in common with the one that was filed last.

    Never what makes it another service: its name and addresses, what it is for, and since when.
    """
    note = AS_BEFORE % {"name": value_of(materials, "service.service_name") or ""}
    found = {key: value_of(materials, key) for key in _MOSTLY_IN_COMMON}
    for category in CATEGORIES:
        rows = rows_of(materials, category.main_chains_key)
        found[category.main_chains_key] = [
            {name: answer for name, answer in row.items() if name != "contract_address"} for row in rows
        ]
    return {key: Suggestion(each, note, is_only_usual=True) for key, each in found.items() if is_given(each)}


def _by_custom(materials: Materials) -> dict[str, Suggestion]:
    found: dict[str, Any] = {
        "service.has_service_contact": False,
        # Its address and number are asked for below it: nobody states it by leaving the page as it was.
        "service.service_forms": ["website"],
    }
    if value_of(materials, "applicant.nature") == INDIVIDUAL:
        found["applicant.document_type"] = "resident_id"
    if value_of(materials, "applicant.nature") == ORGANISATION:
        found["person_in_charge.document_type"] = "resident_id"
    if value_of(materials, "applicant.organisation_type") == "enterprise":
        found["person_in_charge.capacity"] = "legal_representative"
    return {key: Suggestion(answer, MOSTLY_SO, is_only_usual=True) for key, answer in found.items()}
