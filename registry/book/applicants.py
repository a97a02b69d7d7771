"""Applicants in the book, one for each identity document: found, entered with a first owner, changed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from registry import clock
from registry.accounts.limits import LimitReached
from registry.book.in_force import applicant_materials_in_force
from registry.book.revisions import get_revision, materials_of
from registry.lists import current_lists
from registry.members import history, invitations, memberships
from registry.models import Account, Applicant, Application, Attachment, Event, HeadClaim
from registry.models.applicant import head_index, index_of_identity, indexes_of_identity
from registry.rules.codes.filing_number import FilingNumber
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.members.events import MembershipAct
from registry.rules.members.permissions import MemberActRefused, MemberRole, Scope
from registry.rules.particulars import APPLICANT_SECTIONS, particulars_of
from registry.rules.particulars.applicant import ABOUT_THE_AGENT, PASSPORT
from registry.rules.particulars.completeness import Lists, find_gaps
from registry.rules.particulars.materials import date_of, files_of, value_of
from registry.rules.workflow.events import BASE_APPLICATION
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import PUBLIC_STANDINGS, Act, Kind, State

# The application and the number of the revision that holds an applicant's facts.
Home = tuple[uuid.UUID, int]

_ENTERED_AT_ONCE = 500


def find_applicant(given: Mapping[str, Any]) -> Applicant | None:
    """The applicant with the document that the applicant section names; None when the book has none."""
    indexes = indexes_of_identity(given)
    found = {each.document_index: each for each in Applicant.objects.filter(document_index__in=indexes)}
    return next((found[index] for index in indexes if index in found), None)


def public_name_of(applicant: Applicant) -> str:
    """The name that the public register lists an organisation under; "" where it lists none of its filings.

    The public search answers an organisation's credit code with these filings, so that nobody learns more by this.
    """
    if applicant.nature != Applicant.Nature.ORGANISATION:
        return ""
    public = applicant.filings.filter(standing__in=[each.value for each in PUBLIC_STANDINGS])
    name = public.order_by("-numbered_at", "-pk").values_list("applicant_name", flat=True).first()
    return name or ""


def enter_applicant(materials: Mapping[str, Any], *, by: Account, at: datetime) -> Applicant:
    """Creates the applicant that canonical materials describe, with `by` as its first member.

    Filed by an agent, `by` is its agent under the letter of authority of the materials, and ownership is offered to
    the person in charge; otherwise `by` is the owner. An agent that has handed in says by it that the letter covers
    all acts. Raises IntegrityError when another transaction enters the same document at the same time.
    """
    given = materials["applicant"]
    is_organisation = given["nature"] == Applicant.Nature.ORGANISATION
    applicant = Applicant(
        nature=given["nature"],
        name=given["name"],
        document_type=given["document_type"],
        credit_code=given["document_number"] if is_organisation else "",
        document_number=None if is_organisation else given["document_number"],
        nationality=given.get("nationality"),
        document_index=index_of_identity(given),
        division_code=given["division_code"],
        province_code=province_code_of(given["division_code"]),
        created_at=at,
    )
    applicant.save(force_insert=True)
    terms = _first_terms(materials)
    memberships.take_in(applicant, by, terms, at=at)
    founded, facts = MembershipAct.FOUNDED, terms.as_facts()
    history.record(applicant, founded, actor=by, at=at, account=by, facts=facts)
    if terms.is_agent:
        _offer_ownership(applicant, materials, by=by, at=at)
    return applicant


def _first_terms(materials: Mapping[str, Any]) -> memberships.Terms:
    """The terms of who enters an applicant: agent under the letter of the materials, or owner."""
    if value_of(materials, "applicant.filed_by_agent") is not True:
        return memberships.Terms(MemberRole.OWNER)
    scans = files_of(materials, "attachments.letter_of_authority")
    until = date_of(value_of(materials, "applicant.authority_expires_on"))
    letter = Attachment.objects.get(pk=str(scans[0]["id"]))
    return memberships.Terms(MemberRole.EDITOR, True, Scope.ALL_ACTS, letter, until)


def _offer_ownership(
    applicant: Applicant, materials: Mapping[str, Any], *, by: Account, at: datetime
) -> None:
    """Offers ownership to the mobile of the person in charge; the filing does not fail where no more may be sent."""
    try:
        with transaction.atomic():
            invitations.offer_ownership(applicant.pk, _mobile_in(materials), by=by, at=at)
    except LimitReached:
        return


def mobile_of_person_in_charge(applicant: Applicant) -> str:
    """The mobile of the person in charge, of the facts in force or else of the latest application; "" without any."""
    materials = applicant_materials_in_force(applicant)
    if not materials:
        latest = Application.objects.filter(applicant=applicant).order_by("-submitted_at").first()
        materials = (
            materials_of(get_revision(latest.pk, latest.revision_number)) if latest is not None else {}
        )
    return _mobile_in(materials) if materials else ""


def _mobile_in(materials: Mapping[str, Any]) -> str:
    return str(value_of(materials, "person_in_charge.mobile") or "")


def enter_imported(names: Mapping[FilingNumber, str], *, at: datetime) -> dict[FilingNumber, Applicant]:
    """Creates an applicant for each of these numbers, under the name given: all that an earlier list says of it.

    Each number is one of a head of its own. Nobody acts for such an applicant. Raises IntegrityError for a head that
    has an applicant.
    """
    entered = {
        number: Applicant(
            name=name,
            document_index=head_index(number.head),
            division_code=number.division_code,
            province_code=province_code_of(number.division_code),
            created_at=at,
            is_imported=True,
        )
        for number, name in names.items()
    }
    Applicant.objects.bulk_create(entered.values(), batch_size=_ENTERED_AT_ONCE)
    return entered


def identify_imported(applicant: Applicant, stated: HeadClaim) -> None:
    """Makes the stated document that of an imported applicant, whose claim the office grants; it is locked.

    Raises MemberActRefused("head_of_another_document") when it has another one by now, and ("document_registered")
    when another applicant has this one: never are there two applicants with one document.
    """
    if applicant.nature:
        if applicant.document_index != stated.document_index:
            raise MemberActRefused("head_of_another_document")
        return
    is_organisation = stated.nature == Applicant.Nature.ORGANISATION
    applicant.nature, applicant.document_type = stated.nature, stated.document_type
    applicant.credit_code = stated.document_number if is_organisation else ""
    applicant.document_number = None if is_organisation else stated.document_number
    applicant.nationality = stated.nationality
    applicant.document_index = stated.document_index
    try:
        with transaction.atomic():
            applicant.save()
    except IntegrityError:
        raise MemberActRefused("document_registered") from None


def set_facts(application: Application, given: Mapping[str, Any]) -> None:
    """Makes the application's revision the home of its applicant's facts; called when it is approved.

    `given` is the applicant section of that revision. The applicant is locked by the caller. Raises
    TransitionNotAllowed("same_applicant") when another applicant has that document by now.
    """
    applicant = Applicant.objects.get(pk=application.applicant_id)
    index = index_of_identity(given)
    if Applicant.objects.filter(document_index=index).exclude(pk=applicant.pk).exists():
        raise TransitionNotAllowed("same_applicant", act=Act.APPROVE.value)
    is_organisation = applicant.nature == Applicant.Nature.ORGANISATION
    applicant.name = given["name"]
    applicant.document_type = given["document_type"]
    applicant.credit_code = given["document_number"] if is_organisation else ""
    applicant.document_number = None if is_organisation else given["document_number"]
    applicant.nationality = given.get("nationality")
    applicant.document_index = index
    applicant.division_code = given["division_code"]
    applicant.province_code = province_code_of(given["division_code"])
    applicant.facts_application_id = application.pk
    applicant.facts_revision_number = application.revision_number
    applicant.save()


def homes_by_decisions(applicant: Applicant) -> list[Home]:
    """The revision that the decisions make the home of the facts: of the last approved change, else first approval.

    Several only where filings were approved at the same moment, of which one was first; none before any approval.
    """
    return homes_of_several([applicant.pk])[applicant.pk]


def homes_of_several(applicant_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Home]]:
    """The homes that `homes_by_decisions` gives, of several applicants by two queries."""
    approved: dict[uuid.UUID, list[Application]] = {applicant_id: [] for applicant_id in applicant_ids}
    found = (
        Application.objects.filter(
            applicant__in=applicant_ids,
            state=State.APPROVED.value,
        )
        .filter(
            Q(kind__in=(Kind.APPLICANT_CHANGE.value, Kind.INITIAL.value))
            # The first change of an imported filing states the facts as a first filing does; later ones come after it.
            | Q(kind=Kind.CHANGE.value, filing__is_imported=True)
        )
        .only("applicant_id", "kind", "decided_at", "revision_number")
    )
    for application in found.order_by("pk"):
        approved[application.applicant_id].append(application)
    changes = {
        applicant_id: [each for each in applications if each.kind == Kind.APPLICANT_CHANGE]
        for applicant_id, applications in approved.items()
    }
    followed = _followed(each.pk for several in changes.values() for each in several)
    return {
        applicant_id: _homes(
            changes=[each for each in changes[applicant_id] if str(each.pk) not in followed],
            firsts=[each for each in applications if each.kind != Kind.APPLICANT_CHANGE],
        )
        for applicant_id, applications in approved.items()
    }


def _followed(changes: Iterable[uuid.UUID]) -> set[str]:
    """The applications that these changes started from.

    What another change started from came before it, also where the clock went back between the two.
    """
    submissions = Event.objects.filter(application__in=list(changes), act=Act.SUBMIT.value)
    return {str(base) for base in submissions.values_list(BASE_APPLICATION, flat=True)}


def _homes(*, changes: Sequence[Application], firsts: Sequence[Application]) -> list[Home]:
    """The last of the changes that no other started from; where there is none, the first of the first filings."""
    last = max((each.decided_at for each in changes if each.decided_at is not None), default=None)
    first = min((each.decided_at for each in firsts if each.decided_at is not None), default=None)
    decided, moment = (firsts, first) if last is None else (changes, last)
    return [(each.pk, each.revision_number) for each in decided if each.decided_at == moment]


def is_established(applicant: Applicant) -> bool:
    """Whether a filing of the applicant has ever been approved.

    From then on its facts change only by an approved change of the applicant.
    """
    return applicant.facts_application_id is not None


def known_answers(applicant: Applicant, *, kind: Kind = Kind.INITIAL) -> dict[str, Any]:
    """The answers that no form may alter, by the keys of their particulars.

    They are the applicant's document and, once it is established, all of its facts; None stands for an optional one
    that was left empty. A change of the applicant may alter all of them but the nature.
    """
    if kind is Kind.APPLICANT_CHANGE:
        return {"applicant.nature": applicant.nature}
    identity: dict[str, Any] = {
        "applicant.nature": applicant.nature,
        "applicant.document_type": applicant.document_type,
        "applicant.document_number": applicant.credit_code or applicant.document_number or "",
    }
    if applicant.document_type == PASSPORT:
        identity["applicant.nationality"] = applicant.nationality
    facts = applicant_materials_in_force(applicant)
    return {**answers_of_facts(facts), **identity} if facts else identity


def answers_of_facts(facts: Mapping[str, Any], *, lists: Lists | None = None) -> dict[str, Any]:
    """The answers that materials give of their applicant, by key; None for an optional one that was left empty.

    `lists` may be passed if they are known.
    """
    stated = {
        each.key: value_of(facts, each.key)
        for section in APPLICANT_SECTIONS
        for each in particulars_of(section)
        if each.key not in ABOUT_THE_AGENT and each.applies(facts)
    }
    # What is asked since the facts were stated, and was not asked then, is still to be given.
    lists = current_lists() if lists is None else lists
    found = find_gaps(facts, lists=lists, today=clock.today(), filed=lambda: dict(facts))
    missing = {gap.key for gap in found}
    return {key: answer for key, answer in stated.items() if answer is not None or key not in missing}


def correct_applicant(applicant: Applicant, given: Mapping[str, Any]) -> None:
    """Sets the applicant's name and place to those of a new submission; does nothing once it is established.

    Call it in a transaction: the row is locked and read again, since an approval may have come first.
    """
    locked = Applicant.objects.select_for_update(no_key=True).get(pk=applicant.pk)
    if is_established(locked):
        return
    applicant.name, applicant.division_code = given["name"], given["division_code"]
    applicant.province_code = province_code_of(given["division_code"])
    applicant.save(update_fields=["name", "division_code", "province_code"])
