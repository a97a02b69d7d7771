"""The ten visitors of the access matrix, and a browser for each."""

from __future__ import annotations

from enum import StrEnum


class Visitor(StrEnum):
    """Who stands before an address. The cases meant are those of a Beijing applicant."""

    ANONYMOUS = "anonymous"
    MEMBER = "member of the applicant"
    STRANGER = "member of another applicant"
    PROVINCIAL = "provincial reviewer of the case's province"
    ELSEWHERE = "provincial reviewer of another province"
    PROVINCIAL_HEAD = "provincial head"
    NATIONAL = "national reviewer"
    NATIONAL_HEAD = "national head"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


EVERYBODY = frozenset(Visitor)
STRANGERS = frozenset({Visitor.ANONYMOUS})
SIGNED_IN = EVERYBODY - STRANGERS
NOBODY: frozenset[Visitor] = frozenset()
MEMBER = frozenset({Visitor.MEMBER})
APPLICANTS = frozenset({Visitor.MEMBER, Visitor.STRANGER})
PROVINCE = frozenset({Visitor.PROVINCIAL, Visitor.PROVINCIAL_HEAD})
NATION = frozenset({Visitor.NATIONAL, Visitor.NATIONAL_HEAD})
HEADS = frozenset({Visitor.PROVINCIAL_HEAD, Visitor.NATIONAL_HEAD})
# The case lies in the jurisdiction of all of these; another province's reviewer is none of them.
OFFICERS_OF_THE_CASE = PROVINCE | NATION
OFFICERS = OFFICERS_OF_THE_CASE | {Visitor.ELSEWHERE}
ADMINISTRATOR = frozenset({Visitor.ADMINISTRATOR})
AUDITOR = frozenset({Visitor.AUDITOR})
