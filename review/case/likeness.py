"""Likely duplicates: filings of other applicants that agree with a case in document, name or domain.

Traits are derived from public columns and found by an index. Outside the officer's jurisdiction only public data
is shown; of a filing that is not public, only its province.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.jobs import runs as jobs
from registry.labels.province_words import full_name
from registry.models import Account, Applicant, Application
from registry.models.applicant import indexes_of_identity
from registry.rules.particulars.likeness import core_of, registrable_domain, spelling_of
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.states import PUBLIC_STANDINGS, Kind
from registry.streams import effects
from review.access import Office, office_of
from review.models import LikenessTrait

# The name of the job under which the sweep stores its failures.
FAILURES = "make_traits"
MOST_SHOWN = 20
_MOST_READ = 200
_SWEPT_AT_ONCE = 500
_VALUE_LENGTH = 255

Trait = tuple[str, str]

SAME_DOCUMENT = _("Same document number")
SAME_PERSON = _("The person in charge files as an individual")
SAME_NAME = _("Same name")
SIMILAR_NAME = _("Nearly the same name")
SAME_DOMAIN = _("Same domain: %(domain)s")


@dataclass(slots=True)
class Likeness:
    """One filing similar to the case, with the traits that agree.

    A filing outside the jurisdiction that is not public has only `province` and `agrees`.
    """

    province: str
    agrees: list[str] = field(default_factory=list)
    application: Application | None = None
    url: str = ""
    number: str = ""
    service_name: str = ""
    applicant_name: str = ""

    @property
    def is_disclosed(self) -> bool:
        return bool(self.service_name)


def traits_of(columns: Mapping[str, Any]) -> frozenset[Trait]:
    """The traits in an application's public columns."""
    names = (columns.get("service_name", ""), *columns.get("app_names", ()))
    kinds = LikenessTrait.Kind
    found = {(kinds.NAME.value, core_of(name)[:_VALUE_LENGTH]) for name in names}
    found |= {
        (kinds.DOMAIN.value, registrable_domain(url)[:_VALUE_LENGTH])
        for url in columns.get("website_urls", ())
    }
    return frozenset((kind, value) for kind, value in found if value)


def refresh_traits(*, most: int = _SWEPT_AT_ONCE) -> int:
    """Makes the traits that events call for, of their applications' latest revisions; returns the number of events."""
    waiting = effects.events_awaiting(EffectKind.TRAITS)[:most]
    return jobs.do_each(FAILURES, waiting, _make_traits, has_more=len(waiting) == most)


@transaction.atomic
def _make_traits(event_id: uuid.UUID) -> None:
    """Replaces the traits of an event's application, unless another transaction does so."""
    if effects.take(event_id, EffectKind.TRAITS) is None:
        return
    application = Application.objects.get(events=event_id)
    LikenessTrait.objects.filter(application=application).delete()
    LikenessTrait.objects.bulk_create(
        (
            LikenessTrait(
                application=application,
                applicant_id=application.applicant_id,
                province_code=application.province_code,
                revision_number=application.revision_number,
                kind=kind,
                value=value,
            )
            for kind, value in sorted(traits_of(application.columns))
        ),
        ignore_conflicts=True,
    )
    effects.settle(event_id, EffectKind.TRAITS, at=clock.now())


def likenesses_of(application: Application, materials: Mapping[str, Any], officer: Account) -> list[Likeness]:
    """Filings of other applicants similar to the case, those with the most agreeing traits first."""
    found: dict[object, Likeness] = {}
    for other, agrees in _agreeing(application, materials):
        key, likeness = _as_seen(other, officer)
        shown = found.setdefault(key, likeness)
        shown.agrees += [each for each in agrees if each not in shown.agrees]
    return sorted(found.values(), key=lambda each: (not each.is_disclosed, -len(each.agrees)))[:MOST_SHOWN]


def _agreeing(application: Application, materials: Mapping[str, Any]) -> list[tuple[Application, list[str]]]:
    """Other applicants' applications with an agreeing trait, newest first, each with the labels of its traits."""
    found: dict[uuid.UUID, tuple[Application, list[str]]] = {}
    others = Application.objects.exclude(applicant=application.applicant_id).select_related("filing")
    for label, indexes in _documents(materials).items():
        namesakes = Applicant.objects.filter(document_index__in=indexes)
        for other in others.filter(applicant__in=namesakes).order_by("-submitted_at")[:_MOST_READ]:
            found.setdefault(other.pk, (other, []))[1].append(str(label))
    wanted = Q(pk__in=[])
    is_about_service = application.kind != Kind.APPLICANT_CHANGE
    for kind, value in traits_of(application.columns) if is_about_service else ():
        wanted |= Q(kind=kind, value=value)
    traits = (
        LikenessTrait.objects.filter(wanted)
        .exclude(applicant_id=application.applicant_id)
        .select_related("application__filing")
        .order_by("-application__submitted_at", "kind", "value")[:_MOST_READ]
    )
    for trait in traits:
        entry = found.setdefault(trait.application_id, (trait.application, []))
        entry[1].append(_words_for(trait, application.columns, trait.application.columns))
    return list(found.values())


def _documents(materials: Mapping[str, Any]) -> dict[Promise, tuple[str, ...]]:
    """The blind indexes by which another applicant with a document of this case would be found, by label."""
    found: dict[Promise, tuple[str, ...]] = {}
    for section, label in (("applicant", SAME_DOCUMENT), ("person_in_charge", SAME_PERSON)):
        given = materials.get(section) or {}
        if given.get("document_type") and given.get("document_number"):
            indexes = indexes_of_identity(given)
            if indexes not in found.values():
                found[label] = indexes
    return found


def _words_for(trait: LikenessTrait, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    if trait.kind == LikenessTrait.Kind.DOMAIN:
        return str(SAME_DOMAIN) % {"domain": trait.value}
    is_same = bool(_spellings(ours) & _spellings(theirs))
    return str(SAME_NAME if is_same else SIMILAR_NAME)


def _spellings(columns: Mapping[str, Any]) -> set[str]:
    names = (columns.get("service_name", ""), *columns.get("app_names", ()))
    return {spelling_of(name) for name in names if name}


def _as_seen(other: Application, officer: Account) -> tuple[object, Likeness]:
    """The likeness as this officer may see it, with a key by which duplicates are merged."""
    province = full_name(other.province_code)
    filing = other.filing
    if office_of(officer) is Office.NATION or other.province_code == officer.province_code:
        shown = Likeness(
            province=province,
            application=other,
            url=reverse("review:case", args=[other.pk]),
            number=(filing.number or "") if filing is not None else "",
            service_name=other.service_name,
            applicant_name=other.applicant_name,
        )
        return (filing.pk if filing is not None else other.pk), shown
    # The materials in force are public; an open change of the same filing is not.
    if filing is not None and filing.standing in PUBLIC_STANDINGS and _is_in_force(other):
        shown = Likeness(
            province=province,
            url=reverse("public:filing", args=[filing.number]),
            number=filing.number or "",
            service_name=filing.service_name,
            applicant_name=filing.applicant_name,
        )
        return filing.pk, shown
    return f"not public in {other.province_code}", Likeness(province=province)


def _is_in_force(application: Application) -> bool:
    filing = application.filing
    return filing is not None and filing.in_force_application_id == application.pk
