"""How the public meets a service: its names, forms, addresses, and who holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.rules.codes.icp_numbers import province_code_of_icp_number
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars.consistency.definitions import Found, Stated, question
from registry.rules.particulars.likeness import core_of, registrable_domain, spelling_of
from registry.rules.particulars.materials import Materials, is_given, rows_of, value_of
from registry.rules.particulars.service_categories import CATEGORY_BY_CODE, EXPLORER

_NAME = "service.service_name"
_FORMS = "service.service_forms"
_WEBSITES, _APPS = "service.websites", "service.apps"
_TYPES_OF_APPLICATION = CATEGORY_BY_CODE["application_operator"].types_key
_NAMED = (_WEBSITES, _APPS, "service.mini_programs", "service.official_accounts")

_SHORTEST_COMMON = 2
_ON_A_SCREEN = ("website", "app", "mini_program", "official_account", "other")
# What a description calls the forms in which a service is offered.
_FORM_IN_WORDS = {
    "mini_program": re.compile(r"小程序|mini[- ]?program", re.IGNORECASE),
    "app": re.compile(r"手机应用|手机客户端|安卓|(?<![a-z])(?:ios|android|apps?)(?![a-z])", re.IGNORECASE),
}
_SITE_IN_ICP_NUMBER = re.compile(r"-[0-9A-Z]+\Z")
_NOTHING = re.compile(
    r"(?:无|没有|不(?:需|用|做|要|核|验|认|实)|暂无|none\b|no\b|n/a|na\b|not )", re.IGNORECASE
)


@question(_NAME, *_NAMED, "applicant.name", "applicant.group_name")
def names_agree(stated: Stated) -> Iterator[Found]:
    """The public meets the service under its name, or its applicant's."""
    materials = stated.materials
    known = [
        name
        for key in (_NAME, "applicant.name", "applicant.group_name")
        if is_given(name := value_of(materials, key)) and isinstance(name, str)
    ]
    if not is_given(value_of(materials, _NAME)):
        return
    for key in _NAMED:
        for index, row in enumerate(rows_of(materials, key)):
            name = row.get("name")
            if isinstance(name, str) and name.strip() and not any(_are_alike(name, each) for each in known):
                yield Found(f"{key}.name", {"found": name.strip(), "name": value_of(materials, _NAME)}, index)
                return


@question(_TYPES_OF_APPLICATION, _FORMS)
def explorer_has_a_page(stated: Stated) -> Iterator[Found]:
    """What an explorer gives out is pages: it is no service of a node or an interface alone."""
    yield from _without_screen(stated.materials, EXPLORER)


@question(_TYPES_OF_APPLICATION, _FORMS)
def wallet_has_a_screen(stated: Stated) -> Iterator[Found]:
    """A wallet is used on a site, in an app or in a mini-program."""
    yield from _without_screen(stated.materials, "wallet")


@question(_FORMS, _WEBSITES, _APPS)
def forms_are_those_listed(stated: Stated) -> Iterator[Found]:
    """A website or an app that is listed is a form of the service."""
    forms = _chosen(stated.materials, _FORMS)
    for key, form in ((_WEBSITES, "website"), (_APPS, "app")):
        if forms and form not in forms and rows_of(stated.materials, key):
            yield Found(_FORMS, {"service_form": form, "listed": key})
            return


@question(_FORMS, "service.description")
def forms_are_those_described(stated: Stated) -> Iterator[Found]:
    """A form that the description speaks of is a form of the service."""
    forms, described = _chosen(stated.materials, _FORMS), value_of(stated.materials, "service.description")
    if not forms or not isinstance(described, str):
        return
    for form, words in _FORM_IN_WORDS.items():
        if form not in forms and words.search(described):
            yield Found(_FORMS, {"service_form": form})
            return


@question(_WEBSITES, "applicant.division_code", "applicant.name")
def icp_number_is_of_the_applicants_province(stated: Stated) -> Iterator[Found]:
    """An ICP number is given in the province of its holder, who is the applicant."""
    of_place = province_code_of(value_of(stated.materials, "applicant.division_code"))
    for index, row in enumerate(rows_of(stated.materials, _WEBSITES)):
        number = row.get("icp_number")
        of_number = province_code_of_icp_number(number) if isinstance(number, str) else ""
        if of_place and of_number and of_number != of_place:
            facts = {
                "found": str(number).strip(),
                "province_of_number": of_number,
                "province_of_place": of_place,
            }
            yield Found(f"{_WEBSITES}.icp_number", facts, index)
            return


@question(_WEBSITES)
def icp_numbers_have_one_holder(stated: Stated) -> Iterator[Found]:
    """The sites of one holder share an ICP number, and differ behind its hyphen."""
    holders: list[str] = []
    for index, row in enumerate(rows_of(stated.materials, _WEBSITES)):
        number = row.get("icp_number")
        if not isinstance(number, str) or "ICP备" not in number.upper():
            continue
        holders.append(_SITE_IN_ICP_NUMBER.sub("", number.strip().upper()).removesuffix("号"))
        if holders[-1] != holders[0]:
            yield Found(f"{_WEBSITES}.icp_number", {"found": number.strip()}, index)
            return


@question("service.published_rules_url", _WEBSITES, "applicant.home_page_url", basis="7")
def rules_are_published_on_a_site_of_the_service(stated: Stated) -> Iterator[Found]:
    """A provider publishes its own rules, on a site of its own (Art. 7)."""
    sites = [row.get("url") for row in rows_of(stated.materials, _WEBSITES)]
    if not sites:
        return
    sites.append(value_of(stated.materials, "applicant.home_page_url"))
    own = {registrable_domain(site) for site in sites if isinstance(site, str)} - {""}
    rules = value_of(stated.materials, "service.published_rules_url")
    domain = registrable_domain(rules) if isinstance(rules, str) else ""
    if domain and own and domain not in own:
        yield Found("service.published_rules_url", {"found": domain})


@question("service.other_real_name_method", "service.real_name_methods", basis="8")
def real_name_method_is_a_method(stated: Stated) -> Iterator[Found]:
    """Another way of checking real names says which (Art. 8)."""
    method = value_of(stated.materials, "service.other_real_name_method")
    if isinstance(method, str) and _NOTHING.match(method.strip()):
        yield Found("service.other_real_name_method")


@question("service.technical_supporter", "applicant.name", basis="2")
def technical_supporter_is_another(stated: Stated) -> Iterator[Found]:
    """A technical supporter is named where it is another than the applicant (Art. 2)."""
    supporter, name = (
        value_of(stated.materials, key) for key in ("service.technical_supporter", "applicant.name")
    )
    if not isinstance(supporter, str) or not isinstance(name, str) or not supporter.strip():
        return
    if spelling_of(supporter) == spelling_of(name):
        yield Found("service.technical_supporter")


RULES = (
    names_agree,
    explorer_has_a_page,
    wallet_has_a_screen,
    forms_are_those_listed,
    forms_are_those_described,
    icp_number_is_of_the_applicants_province,
    icp_numbers_have_one_holder,
    rules_are_published_on_a_site_of_the_service,
    real_name_method_is_a_method,
    technical_supporter_is_another,
)


def _without_screen(materials: Materials, service_type: str) -> Iterator[Found]:
    forms = _chosen(materials, _FORMS)
    is_offered = service_type in _chosen(materials, _TYPES_OF_APPLICATION)
    if is_offered and forms and not any(form in _ON_A_SCREEN for form in forms):
        yield Found(_FORMS, {"service_type": service_type})


def _chosen(materials: Materials, key: str) -> list[str]:
    chosen = value_of(materials, key)
    return [each for each in chosen if isinstance(each, str)] if isinstance(chosen, list) else []


def _are_alike(name: str, other: str) -> bool:
    """Whether two names share two characters in a row, apart from words that say only what sort of thing it is."""
    first, second = core_of(name), core_of(other)
    parts = {
        first[place : place + _SHORTEST_COMMON] for place in range(max(1, len(first) - _SHORTEST_COMMON + 1))
    }
    return any(part in second for part in parts)
