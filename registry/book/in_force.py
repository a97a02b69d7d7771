"""The materials in force: of the applicant, whose facts have one home, and of a filing, which holds the service's.

What a change starts from and is compared with comes from here, and so does what a form shows of a registered applicant.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from registry.book.revisions import get_revision, materials_of, revisions_at
from registry.models import Applicant, Application, Filing
from registry.rules.particulars import APPLICANT_SECTIONS, APPLICANT_SLOTS, public_columns
from registry.rules.particulars.form_version import new_materials
from registry.rules.particulars.materials import ANSWERS, empty_materials
from registry.rules.particulars.public import APPLICANT_COLUMNS
from registry.rules.workflow.events import Base
from registry.rules.workflow.states import Act, Kind


def applicant_materials_in_force(applicant: Applicant) -> dict[str, Any]:
    """The materials of the revision that holds the applicant's facts; empty before the first approval.

    Their service part is that revision's own: a change of the applicant carries it along unaltered.
    """
    if applicant.facts_application_id is None:
        return {}
    return materials_of(get_revision(applicant.facts_application_id, applicant.facts_revision_number or 0))


def applicant_columns_in_force(applicant: Applicant) -> dict[str, Any]:
    """The applicant's public columns in force; empty before the first approval."""
    return applicant_columns_of(applicant_materials_in_force(applicant))


def applicant_columns_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The applicant's public columns among its materials in force."""
    return {
        name: value for name, value in public_columns(facts).items() if facts and name in APPLICANT_COLUMNS
    }


def materials_in_force(filing: Filing) -> dict[str, Any]:
    """The materials in force of a filing, with the applicant's facts from their home; empty before approval."""
    if filing.in_force_application_id is None:
        return {}
    materials = materials_of(
        get_revision(filing.in_force_application_id, filing.in_force_revision_number or 0)
    )
    facts = applicant_materials_in_force(filing.applicant)
    return with_applicant_part(materials, facts) if facts else materials


def materials_before_change(application: Application) -> dict[str, Any] | None:
    """The materials that a change started from and would replace; None for first filings and cancellations.

    A change of the service cannot alter the applicant: its own applicant part stands on both sides.
    """
    kind = Kind(application.kind)
    if kind not in (Kind.CHANGE, Kind.APPLICANT_CHANGE):
        return None
    base = Base.of(application.events.get(act=Act.SUBMIT.value).payload)
    if base is None:
        return None
    before = materials_of(get_revision(uuid.UUID(base.application_id), base.revision_number))
    if kind is Kind.APPLICANT_CHANGE:
        return before
    return with_applicant_part(
        before, materials_of(get_revision(application.pk, application.revision_number))
    )


def materials_replaced(application: Application, *, by: Mapping[str, Any]) -> dict[str, Any] | None:
    """As `materials_before_change`, for materials that state the applicant as it is by now.

    What has moved of the applicant since is no matter of a change of the service: its part is the same on both sides.
    """
    before = materials_before_change(application)
    if before is None or application.kind == Kind.APPLICANT_CHANGE:
        return before
    return with_applicant_part(before, by)


def versions_before(
    application: Application, *, number: int, now: Mapping[str, Any]
) -> tuple[dict[str, Any], ...]:
    """What was handed in before a revision of an application, the oldest first, with the documents that prove it.

    That is what a change would replace, and the application's earlier revisions. `now` are the materials that are
    compared with them: where the application cannot alter its applicant, its part is the same on all sides.
    """
    replaced = materials_replaced(application, by=now)
    homes = [(application.pk, earlier) for earlier in range(1, number)]
    revisions = revisions_at(homes) if homes else {}
    versions = [] if replaced is None else [replaced]
    versions += [materials_of(revisions[home]) for home in homes if home in revisions]
    facts_home = application.applicant.facts_application_id
    if application.kind == Kind.APPLICANT_CHANGE or facts_home in (None, application.pk):
        return tuple(versions)
    return tuple(with_applicant_part(each, now) for each in versions)


def applicant_before_change(kind: Kind, applicant: Applicant | None) -> dict[str, Any] | None:
    """The applicant's materials that a change of the applicant would replace; None for any other kind.

    Scans among them prove the particulars in force, and nothing that the change alters.
    """
    if kind is not Kind.APPLICANT_CHANGE or applicant is None:
        return None
    return applicant_materials_in_force(applicant) or None


def base_of_filing(filing: Filing) -> Base | None:
    """A reference to the filing's revision in force, as a change or cancellation stores it; None without one."""
    if filing.in_force_application_id is None:
        return None
    return Base(str(filing.in_force_application_id), filing.in_force_revision_number or 0)


def base_of_applicant(applicant: Applicant) -> Base | None:
    """A reference to the revision that holds the applicant's facts, as a change stores it; None without one."""
    if applicant.facts_application_id is None:
        return None
    return Base(str(applicant.facts_application_id), applicant.facts_revision_number or 0)


def facts_edition(applicant: Applicant | None) -> str:
    """What identifies the facts in force that a page shows; empty where the register has none."""
    base = base_of_applicant(applicant) if applicant is not None else None
    return "" if base is None else f"{base.application_id}:{base.revision_number}"


def supplies_particulars(kind: Kind, filing: Filing | None) -> bool:
    """Whether a change is the first of an imported filing, and supplies what its list did not say."""
    return kind is Kind.CHANGE and filing is not None and lacks_particulars(filing)


def lacks_particulars(filing: Filing) -> bool:
    """Whether the register has only what an earlier list says of a filing."""
    return filing.is_imported and filing.in_force_application_id is None


def states_the_applicant(kind: Kind, filing: Filing | None) -> bool:
    """Whether an application about a filing states its applicant too: the first one does, a later change does not."""
    return kind is Kind.INITIAL or supplies_particulars(kind, filing)


def known_materials(filing: Filing) -> dict[str, Any]:
    """The materials in force of a filing; of an imported one without, what the register knows of it all the same.

    That is the applicant's facts or, before there are any, its document, name and place, and the service's name.
    """
    if filing.in_force_application_id is not None:
        return materials_in_force(filing)
    applicant, materials = filing.applicant, new_materials()
    materials["service"] = {"service_name": filing.service_name}
    if facts := applicant_materials_in_force(applicant):
        return with_applicant_part(materials, facts)
    materials["applicant"] = {
        "nature": applicant.nature,
        "name": applicant.name,
        "division_code": applicant.division_code,
        "document_type": applicant.document_type,
        "document_number": applicant.credit_code or applicant.document_number or "",
        **({"nationality": applicant.nationality} if applicant.nationality else {}),
    }
    return materials


def applicant_part(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of the materials that hold an applicant's facts, the facts without the service they came with."""
    return with_applicant_part(empty_materials(), facts) if facts else {}


def with_applicant_part(materials: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The materials with the applicant's sections and files replaced by those of the facts."""
    kept = {name: files for name, files in materials["attachments"].items() if name not in APPLICANT_SLOTS}
    brought = {name: files for name, files in facts["attachments"].items() if name in APPLICANT_SLOTS}
    sections = {section: dict(facts[section]) for section in APPLICANT_SECTIONS}
    whole = {**materials, **sections, "attachments": {**kept, **brought}}
    # An answer holds only while what its question compares is as it was answered.
    answers = {**materials.get(ANSWERS, {}), **facts.get(ANSWERS, {})}
    return {**whole, ANSWERS: answers} if answers else whole
