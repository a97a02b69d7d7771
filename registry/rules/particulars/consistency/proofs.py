"""Evidence follows facts: what is stated otherwise than before, beside the documents handed in for what was before.

What proves what stands in one table, `registry.rules.particulars.evidence`. That a document issued before cannot show a
new fact is certain only where the fact itself is new: a slip of the pen that is mended stands on the document that was
there all the time, and the applicant says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.rules.particulars.consistency.definitions import Found, Stated, question
from registry.rules.particulars.evidence import (
    AUTHORITY_SLOTS,
    CLOUD_SLOTS,
    EVIDENCE,
    IDENTITY_SLOTS,
    PERSON_SLOTS,
    PRIOR_APPROVAL_SLOTS,
    RELATED_LICENCE_SLOTS,
    SITE_SLOTS,
    outdated_proofs,
)


def _proven_by(slots: Sequence[str]) -> tuple[str, ...]:
    """What the documents in these slots prove, and the slots."""
    keys = [each.key for each in EVIDENCE if set(each.slots) <= set(slots)]
    return tuple(dict.fromkeys([*keys, *slots]))


@question(*_proven_by(IDENTITY_SLOTS), basis="12")
def applicants_document_shows_what_changed(stated: Stated) -> Iterator[Found]:
    """A new name, number or address of the applicant stands on a new licence or a notice of the change."""
    yield from _left_behind(stated, IDENTITY_SLOTS)


@question(*_proven_by(PERSON_SLOTS), basis="12")
def persons_document_shows_what_changed(stated: Stated) -> Iterator[Found]:
    """Another person in charge has another identity document."""
    yield from _left_behind(stated, PERSON_SLOTS[:1])


@question(*_proven_by(AUTHORITY_SLOTS), basis="12")
def letter_of_authority_shows_what_changed(stated: Stated) -> Iterator[Found]:
    """Another agent, scope or last day stands in another letter of authority."""
    yield from _left_behind(stated, AUTHORITY_SLOTS)


@question(*_proven_by(SITE_SLOTS), basis="12")
def icp_proof_shows_what_changed(stated: Stated) -> Iterator[Found]:
    """Another domain or ICP number has another proof."""
    yield from _left_behind(stated, SITE_SLOTS)


@question(*_proven_by(PRIOR_APPROVAL_SLOTS), basis="12")
def prior_approval_shows_what_changed(stated: Stated) -> Iterator[Found]:
    """Another matter that needs approval beforehand has another licence."""
    yield from _left_behind(stated, PRIOR_APPROVAL_SLOTS)


@question(*_proven_by(RELATED_LICENCE_SLOTS), basis="12")
def related_licence_shows_what_changed(stated: Stated) -> Iterator[Found]:
    """Another number or last day of a licence stands on another licence."""
    yield from _left_behind(stated, RELATED_LICENCE_SLOTS)


@question(*_proven_by(CLOUD_SLOTS), basis="12")
def cloud_qualification_shows_what_changed(stated: Stated) -> Iterator[Found]:
    """Another qualification for cloud services has another document."""
    yield from _left_behind(stated, CLOUD_SLOTS)


RULES = (
    applicants_document_shows_what_changed,
    persons_document_shows_what_changed,
    letter_of_authority_shows_what_changed,
    icp_proof_shows_what_changed,
    prior_approval_shows_what_changed,
    related_licence_shows_what_changed,
    cloud_qualification_shows_what_changed,
)


def _left_behind(stated: Stated, slots: Sequence[str]) -> Iterator[Found]:
    """The first of these slots whose files were handed in for something else."""
    for gap in outdated_proofs(stated.versions, stated.materials):
        if gap.key in slots:
            yield Found(gap.key, gap.facts)
            return
