"""A statement that was signed electronically: whole since, and signed by whom it binds.

What is readable of the signatures stands with the file, as it was read on receipt. A signature that cannot be read here
contradicts nothing: the office looks at it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from registry.rules.particulars.consistency.definitions import Found, Stated, error, question
from registry.rules.particulars.materials import Materials, files_of, value_of

_STATEMENT = "attachments.authenticity_statement"
_WHO_SIGNS = ("applicant.name", "person_in_charge.name")
_HOLDS = ("unchanged", "added_to")
_NOT_IN_NAMES = re.compile(r"[\W_]+")


@error(_STATEMENT)
def signed_statement_is_unchanged(stated: Stated) -> Iterator[Found]:
    """What was changed after it was signed is not what was signed (Electronic Signature Law, Art. 13)."""
    for file in files_of(stated.materials, _STATEMENT):
        if any(each.get("state") == "changed" for each in _signatures(file)):
            yield Found(_STATEMENT, {"file": str(file.get("name", ""))})
            return


@question(_STATEMENT, *_WHO_SIGNS)
def statement_is_signed_by_the_applicant(stated: Stated) -> Iterator[Found]:
    """A certificate among the signatures bears the name of the applicant or of the person in charge."""
    held = [
        signature
        for file in files_of(stated.materials, _STATEMENT)
        for signature in _signatures(file)
        if signature.get("state") in _HOLDS and signature.get("kind") == "signature"
    ]
    names = [name for key in _WHO_SIGNS if (name := _core(value_of(stated.materials, key)))]
    signers = [_core(f"{each.get('signer', '')} {each.get('organisation', '')}") for each in held]
    if held and names and not any(name in signer for name in names for signer in signers):
        found = str(held[0].get("signer") or held[0].get("organisation") or "—")
        yield Found(_STATEMENT, {"found": found})


RULES = (signed_statement_is_unchanged, statement_is_signed_by_the_applicant)


def printed_codes(materials: Materials) -> frozenset[str]:
    """The check codes that stand in the text of signed statements; none where none is a PDF with a signature."""
    return frozenset(
        str(code)
        for file in files_of(materials, _STATEMENT)
        if isinstance(signed := file.get("signatures"), Mapping)
        for code in signed.get("codes", ())
    )


def has_unreadable_signature(materials: Materials) -> bool:
    """Whether the statement bears a signature that cannot be read here."""
    return any(
        signature.get("state") == "unreadable"
        for file in files_of(materials, _STATEMENT)
        for signature in _signatures(file)
    )


def _signatures(file: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    signed = file.get("signatures")
    return list(signed.get("each", ())) if isinstance(signed, Mapping) else []


def _core(name: object) -> str:
    return _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKC", str(name or "")).casefold())
