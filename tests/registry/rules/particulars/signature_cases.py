"""Statements signed electronically, for the rules of consistency: what contradicts, and what does not."""

from __future__ import annotations

from typing import Any

Answers = dict[str, Any]
STATEMENT = "attachments.authenticity_statement"
COMPANY, PERSON = "样例科技（北京）有限公司", "样例负责人"


def signature(state: str = "unchanged", signer: str = COMPANY, **further: str) -> Answers:
    facts = {"field": "S", "kind": "signature", "state": state}
    return facts if state == "unreadable" else {**facts, "changed": "", "signer": signer, **further}


def statement(*signatures: Answers) -> Answers:
    file: Answers = {"id": "1", "name": "样例.pdf", "sha256": "a" * 64, "page_count": 1}
    if signatures:
        file["signatures"] = {"each": list(signatures), "codes": [], "acts": False}
    return {STATEMENT: [file], "applicant.name": COMPANY, "person_in_charge.name": PERSON}


CHANGED = signature("changed", changed="behind")
STAMP = signature(signer="样例时间戳服务") | {"kind": "timestamp"}

CASES: dict[str, tuple[list[Answers], list[Answers]]] = {
    "signed_statement_is_unchanged": (
        [
            statement(CHANGED),
            statement(signature("changed", changed="within")),
            statement(signature(), CHANGED),
            statement(signature("unreadable"), CHANGED),
        ],
        [
            statement(),
            statement(signature()),
            statement(signature("added_to")),
            statement(signature("unreadable")),
        ],
    ),
    "statement_is_signed_by_the_applicant": (
        [
            statement(signature(signer="样例别的公司")),
            statement(signature(signer=""), STAMP),
            statement(signature("added_to", signer="Sample Ltd"), signature("unreadable")),
        ],
        [
            statement(),
            statement(signature()),
            statement(signature(signer="样例科技(北京)有限公司")),
            statement(signature(signer=f"051@{COMPANY}@样例@1")),
            statement(signature(signer="样例别的公司"), signature(signer=PERSON)),
            statement(signature(signer="样例经办人", organisation=COMPANY)),
            statement(signature("unreadable")),
            statement(CHANGED),
            statement(STAMP),
        ],
    ),
}
