"""What may be put into the fields of a form: the officer's own texts, and the catalogue's words where it has some.

Scripts put a text in where the cursor stands. Without them a button sends the form, and the page comes back with the
text at the end of the field; nothing is recorded, and all that was typed stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from registry.labels.reasons import fault_name, fault_remedy
from registry.lists import current_catalogue
from registry.models import Account
from registry.rules.workflow.states import Act
from review.desk.checklist import REMARK_LENGTH
from review.desk.refusals import desk_refusal
from review.desk.unsent import TO_INSERT
from review.models import OwnText
from review.own_texts import own_texts
from review.own_texts.own_texts import OwnTextRefused

INSERT, KEEP = "insert", "keep_text"
# The select beside a field has the field's name after this.
_PLACES = {
    Act.REJECT: OwnText.Place.REASON,
    Act.PROPOSE_REJECTION: OwnText.Place.REASON,
    Act.ASK: OwnText.Place.POINT,
}


@dataclass(frozen=True, slots=True)
class Insertable:
    """A text to choose: what it is chosen by, its name, and itself."""

    key: str
    name: str
    text: str

    @property
    def line(self) -> str:
        """The text on one line, as a remark takes it."""
        return " ".join(self.text.split())

    @property
    def fits_a_line(self) -> bool:
        return len(self.line) <= REMARK_LENGTH


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form offers beside its fields: the officer's own texts, and the remedies of the catalogue of reasons."""

    own: Sequence[Insertable]
    catalogue: Sequence[Insertable] = ()

    @property
    def all(self) -> list[Insertable]:
        return [*self.own, *self.catalogue]


def place_of_act(act: Act) -> OwnText.Place:
    """The kind of texts that an act's form takes."""
    return _PLACES.get(act, OwnText.Place.OPINION)


def offer_to(officer: Account, place: OwnText.Place) -> Offer:
    """What a form of this kind offers to the officer."""
    own = [Insertable(str(each.pk), each.name, each.text) for each in own_texts.texts_for(officer, place)]
    if place not in (OwnText.Place.REASON, OwnText.Place.POINT):
        return Offer(own)
    faults = current_catalogue().items()
    remedies = [Insertable(code, str(fault_name(fault)), fault_remedy(fault)) for code, fault in faults]
    return Offer(own, [each for each in remedies if each.text])


def is_asked(data: QueryDict) -> bool:
    """Whether a form was sent to have a text put in, or kept, and not to be recorded."""
    return INSERT in data or KEEP in data


def answer(data: QueryDict, officer: Account, place: OwnText.Place, *, at: datetime) -> tuple[QueryDict, str]:
    """The form as it is shown again, and what is said of it."""
    if KEEP in data:
        return data, _keep(data.get(str(data[KEEP]), ""), officer, place, at=at)
    name = str(data[INSERT])
    chosen = data.get(f"{TO_INSERT}{name}", "")
    found = next((each for each in offer_to(officer, place).all if each.key == chosen), None)
    if found is None:
        return data, _("Choose a text first, then insert it.")
    typed = data.get(name, "").rstrip()
    more = data.copy()
    more[name] = f"{typed}\n{found.text}" if typed else found.text
    more.pop(f"{TO_INSERT}{name}")
    return more, _("“%(name)s” is inserted. Nothing has been sent yet.") % {"name": found.name}


def _keep(text: str, officer: Account, place: OwnText.Place, *, at: datetime) -> str:
    try:
        kept = own_texts.keep(officer, place, text, at=at)
    except OwnTextRefused as refusal:
        return desk_refusal(refusal)
    if not kept.is_new:
        return _("This text is among your templates already, as “%(name)s”.") % {"name": kept.text.name}
    return _("Kept among your templates as “%(name)s”. Nothing has been sent yet.") % {"name": kept.text.name}
