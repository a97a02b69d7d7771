"""The files of an application beside each other, and beside what they are to show."""

from __future__ import annotations

from collections.abc import Iterator

from registry.rules.particulars.consistency.definitions import Found, Stated, question
from registry.rules.particulars.materials import Materials, digest_of, files_of, value_of

_INTRODUCTION = "attachments.product_introduction"
_MANAGEMENT = "attachments.management_system_documents"
_FORMS = "service.service_forms"
_ON_A_SCREEN = ("website", "app", "mini_program", "official_account")


@question(_INTRODUCTION, _FORMS)
def introduction_shows_every_form(stated: Stated) -> Iterator[Found]:
    """The introduction shows a screenshot of each form in which the service is used."""
    files, chosen = files_of(stated.materials, _INTRODUCTION), value_of(stated.materials, _FORMS)
    screens = sum(form in chosen for form in _ON_A_SCREEN) if isinstance(chosen, list) else 0
    pages = sum(_pages(file.get("page_count")) for file in files)
    # One that was not read yet may have any number of pages.
    is_read = all(file.get("page_count") != 0 for file in files)
    if files and is_read and pages < screens:
        yield Found(_INTRODUCTION, {"pages": pages, "forms": screens})


@question(_MANAGEMENT, _INTRODUCTION, basis="5")
def management_documents_are_their_own(stated: Stated) -> Iterator[Found]:
    """Rules for reviewing content are no introduction of the product (Art. 5)."""
    if _digests(stated.materials, _MANAGEMENT) & _digests(stated.materials, _INTRODUCTION):
        yield Found(_MANAGEMENT)


RULES = (introduction_shows_every_form, management_documents_are_their_own)


def _pages(count: object) -> int:
    return count if isinstance(count, int) and count > 0 else 1


def _digests(materials: Materials, key: str) -> set[object]:
    return {digest for file in files_of(materials, key) if (digest := digest_of(file))}
