"""What a particular is: one question of the forms, and one slot for files, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.rules.particulars.conditions import ALWAYS, NEVER, Condition
from registry.rules.particulars.materials import Materials

SHORT_TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 4000

JPEG = "image/jpeg"
PNG = "image/png"
PDF = "application/pdf"
HEIC = "image/heic"
WEBP = "image/webp"
TIFF = "image/tiff"
FILE_TYPES = (JPEG, PNG, PDF)
# Taken as well, and kept as one of those.
UPLOAD_TYPES = (*FILE_TYPES, HEIC, WEBP, TIFF)
# What the dialog for choosing a file offers; not every browser knows the type of every file.
UPLOAD_CHOICE = ",".join((*UPLOAD_TYPES, ".heic", ".heif", ".tif", ".tiff"))


class AnswerKind(StrEnum):
    """How a particular is answered; decides the form control and the check of its format."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    DATE = "date"
    INTEGER = "integer"
    URL = "url"
    EMAIL = "email"
    MOBILE = "mobile"
    PHONE = "phone"
    DOCUMENT_NUMBER = "document_number"
    DIVISION = "division"
    ICP_NUMBER = "icp_number"
    APP_FILING_NUMBER = "app_filing_number"
    MINI_PROGRAM_FILING_NUMBER = "mini_program_filing_number"
    FILING_NUMBER = "filing_number"
    IP_ADDRESS = "ip_address"
    SERVER_ADDRESS = "server_address"
    GROUP = "group"


class PersonalKind(StrEnum):
    """What a personal answer says of a natural person.

    `OPERATION` is how a person's service is run, which is personal data only because a person runs it.
    """

    NAME = "name"
    IDENTITY = "identity"
    CONTACT = "contact"
    OPERATION = "operation"


# What identifies a natural person or leads to the person. A name is read beside the scan that proves it.
MASKED_KINDS = frozenset({PersonalKind.IDENTITY, PersonalKind.CONTACT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Particular:
    """One question of the forms (or one field of a repeated group).

    `applies` says whether it is asked, `required` whether it must be answered where it is asked, `personal`
    whether the answer is personal data of a natural person, and `personal_kind` of which kind it then is. They take
    the whole materials; for a field of a group `applies` and `required` take the row, `personal` still the
    materials. `within` takes the materials as well: where it does not hold, the group has no such field.

    `choices` is a fixed tuple of codes, or the name of a list that an administrator keeps; `extra_choices`
    are codes that mean something to the rules and stand after such a list ("none", "other"). `basis` is the
    article ("11", "11(1)", "17"), "" where only the form asks. `printed` values stand on the authenticity
    statement, which has to be signed anew when one of them changes. An answer that `names_somebody` says who an
    identity is: every paper must be able to print it, for a wrong character would be somebody else. One that
    `came_later` was not asked of what was filed before: where it is not answered, nobody looks for it.
    """

    key: str
    kind: AnswerKind
    applies: Condition = ALWAYS
    required: Condition = ALWAYS
    personal: Condition = NEVER
    personal_kind: PersonalKind | None = None
    within: Condition = ALWAYS
    choices: tuple[str, ...] | str = ()
    extra_choices: tuple[str, ...] = ()
    max_length: int = SHORT_TEXT_LENGTH
    minimum: int | None = None
    maximum: int | None = None
    max_rows: int = 1
    fields: tuple[Particular, ...] = ()
    basis: str = "11(1)"
    printed: bool = False
    names_somebody: bool = False
    came_later: bool = False

    @property
    def section(self) -> str:
        return self.key.split(".", 1)[0]

    @property
    def name(self) -> str:
        """The last part of the key: the name inside its section, or inside its row."""
        return self.key.rsplit(".", 1)[1]

    def fields_for(self, materials: Materials) -> tuple[Particular, ...]:
        """The fields that its rows have in these materials."""
        return tuple(field for field in self.fields if field.within(materials))

    def is_masked(self, materials: Materials) -> bool:
        """Whether the answer is shown to an office only with a reason."""
        return self.personal_kind in MASKED_KINDS and self.personal(materials)

    @property
    def list_name(self) -> str | None:
        """The administrator-kept list the choices come from, None where they are fixed."""
        return self.choices if isinstance(self.choices, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place for scans and documents: `attachments.<name>` holds a list of files.

    One that `came_later` was not asked of what was filed before: where it is empty, nobody looks for it.
    """

    key: str
    applies: Condition = ALWAYS
    required: Condition = ALWAYS
    personal: Condition = NEVER
    file_types: tuple[str, ...] = FILE_TYPES
    max_files: int = 1
    basis: str = "11(1)"
    came_later: bool = False

    @property
    def section(self) -> str:
        return "attachments"

    @property
    def name(self) -> str:
        return self.key.rsplit(".", 1)[1]
