"""Forms of the administrator and the auditor."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.accounts.forms import EmailField, MobileField, NameField
from registry.accounts.officers import OFFICE_ROLES
from registry.labels.act_words import recorded_on_any_kind
from registry.labels.consultation_words import CONSULTATION_ACTS
from registry.labels.ending_words import STRIKING_OFF_ACTS
from registry.labels.list_words import LIST_ACTS
from registry.labels.objection_words import OBJECTION_ACTS
from registry.labels.office_words import OFFICE_ACTS
from registry.labels.province_words import full_name
from registry.labels.quality_words import ROUND_ACTS
from registry.labels.reasons import PLACE_LABELS, article_label
from registry.labels.states import label_of
from registry.models import Account, Event, ListEntry
from registry.office.trail import events_shown, streams_of
from registry.presentation.text_fields import LineField, ProseField, ReasonField
from registry.presentation.trails import DaysForm
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.particulars.reasons import ARTICLES
from registry.rules.substance import LONGEST_REASON
from registry.rules.workflow.states import NATION, Act, Role, StreamKind

_NATIONAL_OFFICE = "national"


def reason_field() -> ReasonField:
    """The field for why an act is done."""
    return ReasonField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Stays with the act in the auditor's trail: no personal data here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say why. The reason stays with the act.")},
    )


class ReasonForm(forms.Form):
    """Why an act is done that needs no other particulars."""

    reason = reason_field()


_ROLES_WITHOUT_OFFICE = (Role.APPLICANT, Role.SYSTEM)


class EntryForm(forms.Form):
    """The names of a list's entry in both languages; a reason for rejection has article, places and remedy too."""

    name_zh = LineField(label=_("Name in Chinese"), max_length=80)
    name_en = LineField(label=_("Name in English"), max_length=80)
    article = forms.ChoiceField(label=_("Article"))
    places = forms.MultipleChoiceField(
        label=_("May be pinned to"),
        choices=[(place.value, label) for place, label in PLACE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    remedy_zh = ProseField(
        label=_("What to do, in Chinese"),
        required=False,
        max_length=1000,
        help_text=_(
            "Offered to officers and kept with the decision as it stands then. Left empty, the officer "
            "writes it each time."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    remedy_en = ProseField(
        label=_("What to do, in English"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    reason = reason_field()

    def __init__(self, *args: Any, list_name: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if list_name != ListEntry.ListName.REASONS:
            for name in _REASON_FIELDS:
                del self.fields[name]
            return
        self.fields["article"].choices = [("", "—"), *((key, article_label(key)) for key in ARTICLES)]  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """The columns of the entry that the form gives."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("code", "reason")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        missing = [name for name in ("remedy_zh", "remedy_en") if name in data and not data[name]]
        if len(missing) == 1:
            self.add_error(missing[0], _("Give it in both languages, or in none."))
        return data


_REASON_FIELDS = ("article", "places", "remedy_zh", "remedy_en")


class NewEntryForm(EntryForm):
    """A new entry of a list, with its code; a main chain has its kind too."""

    code = forms.CharField(
        label=_("Entry code"),
        max_length=64,
        help_text=_(
            "Small letters, digits and underscores. It is stored in filings and decisions and never changes."
        ),
        validators=[
            RegexValidator(
                r"\A[a-z0-9_]+\Z", _("Use only small letters, digits and underscores."), "code_characters"
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of chain"),
        choices=[
            ("public", _("Public chain")),
            ("consortium", _("Consortium chain")),
            ("private", _("Private chain")),
        ],
    )

    field_order = ("name_zh", "name_en", "code", "kind", *_REASON_FIELDS, "reason")

    def __init__(self, *args: Any, list_name: str, **options: Any) -> None:
        super().__init__(*args, list_name=list_name, **options)
        if list_name != ListEntry.ListName.MAIN_CHAINS:
            del self.fields["kind"]


class OfficeForm(forms.Form):
    """Role and province of an officer."""

    role = forms.ChoiceField(label=_("Role"))
    province_code = forms.ChoiceField(
        label=_("Province"), required=False, help_text=_("Only for provincial officers.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [(role.value, label_of(role)) for role in OFFICE_ROLES]  # type: ignore[attr-defined]
        self.fields["province_code"].choices = [("", "—"), *_province_choices()]  # type: ignore[attr-defined]


class MoveForm(OfficeForm):
    """Another role or province of an officer, and why."""

    reason = reason_field()


class NewOfficerForm(OfficeForm):
    """A new office account."""

    name = NameField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField()
    mobile = MobileField(required=False)

    field_order = ("name", "role", "province_code", "email", "mobile")


# Acts about members have a trail of their own.
_IN_THE_TRAIL = tuple(kind.value for kind in StreamKind if kind is not StreamKind.MEMBERSHIP)


class EventFilterForm(DaysForm):
    """The filter of the trail; every field is optional."""

    act = forms.ChoiceField(label=_("Act"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)
    actor = forms.ChoiceField(label=_("Who"), required=False)
    case = forms.CharField(label=_("Receipt number"), required=False, max_length=40)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        anything: list[tuple[str, Any]] = [("", _("All"))]
        officers = Account.objects.exclude(role=Role.APPLICANT.value).order_by("name", "id")
        choices: dict[str, list[tuple[str, Any]]] = {
            "act": [
                *((act.value, recorded_on_any_kind(act)) for act in Act),
                *((act.value, words) for act, words in LIST_ACTS.items()),
                *((act.value, words) for act, words in OBJECTION_ACTS.items()),
                *((act.value, words) for act, words in STRIKING_OFF_ACTS.items()),
                *((act.value, words) for act, words in CONSULTATION_ACTS.items()),
                *((act.value, words) for act, words in ROUND_ACTS.items()),
                *((act.value, words) for act, words in OFFICE_ACTS.items()),
            ],
            "office": [(_NATIONAL_OFFICE, _("National office")), *_province_choices()],
            "actor": [
                *((role.value, label_of(role)) for role in _ROLES_WITHOUT_OFFICE),
                *((str(officer.pk), officer.name) for officer in officers),
            ],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [*anything, *offered]  # type: ignore[attr-defined]

    def clean_case(self) -> tuple[uuid.UUID, ...]:
        """The streams of the application with this receipt number: its own, and that of the office's acts about it."""
        case = self.cleaned_data["case"]
        found = streams_of(case) if case else ()
        if case and not found:
            raise forms.ValidationError(_("There is no application with this receipt number."))
        return found

    def selected(self) -> QuerySet[Event] | None:
        """The events that the form selects, of all but members; None when it is not valid."""
        found = self.narrowed(events_shown().filter(stream_kind__in=_IN_THE_TRAIL))
        if found is None or not self.is_bound:
            return found
        data = self.cleaned_data
        if data["act"]:
            found = found.filter(act=data["act"])
        if data["office"] == _NATIONAL_OFFICE:
            found = found.filter(actor_role__in=[role.value for role in NATION])
        elif data["office"]:
            found = found.filter(province_code=data["office"])
        if data["actor"] in _ROLES_WITHOUT_OFFICE:
            found = found.filter(actor_role=data["actor"])
        elif data["actor"]:
            found = found.filter(actor=data["actor"])
        return found.filter(stream_id__in=data["case"]) if data["case"] else found


def _province_choices() -> list[tuple[str, str]]:
    return [(province.code, full_name(province.code)) for province in PROVINCES]
