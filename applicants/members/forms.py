"""Forms for invitations, roles, letters of authority, and requests to act for a registered applicant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.accounts.backends import read_email, read_mobile
from registry.labels.files import with_limits
from registry.labels.particulars import proof_label
from registry.members.claims import SECOND_SIDE, proof_slots
from registry.members.invitations import LetterGiven, Recipient
from registry.members.words import MEMBER_REFUSALS
from registry.models import Applicant, Invitation, MembershipClaim
from registry.presentation.day_fields import DayField
from registry.presentation.held_fields import HeldFileField, HeldInput, HoldsFiles
from registry.presentation.text_fields import ProseField
from registry.rules.codes.typed import is_meant_as_email
from registry.rules.members.permissions import MemberRole, Scope, is_letter_in_force
from registry.rules.particulars.definitions import UPLOAD_CHOICE

AGENT = "agent"
LONGEST_EXPLANATION = 2000

_ONLY_AGENTS = "role=agent"
_SCOPES = [
    (Scope.ALL_ACTS.value, _("All acts: fill in, hand in, supplement, withdraw")),
    (Scope.PREPARE_ONLY.value, _("Preparing only: an owner hands in")),
]


def _scan(label: Any, *, required: bool = True) -> forms.FileField:
    return HeldFileField(
        label=label,
        required=required,
        help_text=with_limits(_("PDF, JPEG, PNG, HEIC, WebP or TIFF, at most %(megabytes)s MB each.")),
        widget=HeldInput(attrs={"accept": UPLOAD_CHOICE}),
        error_messages={"required": _("Choose a file first.")},
    )


def scan_field(slot: str) -> forms.FileField:
    """The field for a scan that proves a claim; whether it is needed the form says."""
    field = _scan(proof_label(slot), required=False)
    if slot == "letter_of_authority":
        field.help_text = with_limits(
            _(
                "Signed by the legal representative or principal, or by the individual, and naming you. "
                "PDF, JPEG, PNG, HEIC, WebP or TIFF, at most %(megabytes)s MB each."
            )
        )
    return field


def _last_day() -> DayField:
    return DayField(
        label=_("The letter is valid until"),
        help_text=_("Its last day counts."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LetterForm(HoldsFiles):
    """A letter of authority: scan, scope and last day."""

    scope = forms.ChoiceField(
        label=_("What the letter covers"),
        choices=_SCOPES,
        widget=forms.RadioSelect,
        initial=Scope.ALL_ACTS.value,
    )
    letter = _scan(_("Scan of the signed letter of authority"))
    letter_valid_until = _last_day()

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today = today

    def clean_letter_valid_until(self) -> date | None:
        """Refuses a day that has passed."""
        until: date | None = self.cleaned_data["letter_valid_until"]
        if not is_letter_in_force(until, today=self._today):
            raise forms.ValidationError(str(MEMBER_REFUSALS["letter_already_expired"]))
        return until

    def given(self) -> LetterGiven:
        """The letter in a valid form."""
        cleaned = self.cleaned_data
        return LetterGiven(cleaned["letter"], Scope(cleaned["scope"]), cleaned["letter_valid_until"])


class InviteForm(LetterForm):
    """An invitation: the recipient, the role, and an agent's letter of authority."""

    recipient = forms.CharField(
        label=_("Mobile or e-mail address"),
        max_length=254,
        help_text=_("Only an account that has verified it can accept. The invitation is valid for 14 days."),
        error_messages={"required": _("Enter a mobile number or an e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        label=_("To be"),
        choices=[
            (MemberRole.EDITOR.value, _("Editor: fills in and hands in")),
            (MemberRole.OWNER.value, _("Owner: everything, including the members")),
            (AGENT, _("Agent: an editor under a letter of authority")),
        ],
        widget=forms.RadioSelect,
        initial=MemberRole.EDITOR.value,
    )

    field_order = ("recipient", "role", "scope", "letter", "letter_valid_until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("scope", "letter", "letter_valid_until"):
            field = self.fields[name]
            field.required = False
            field.asked = True  # type: ignore[attr-defined]
            field.applies_when = _ONLY_AGENTS  # type: ignore[attr-defined]

    def clean_recipient(self) -> Recipient:
        """The recipient's mobile number in E.164, or e-mail address."""
        text = self.cleaned_data["recipient"].strip()
        if is_meant_as_email(text):
            email = read_email(text)
            if email is not None:
                return Recipient(Invitation.Channel.EMAIL, email)
            raise forms.ValidationError(_("Enter an e-mail address in the form name@example.com."))
        mobile = read_mobile(text)
        if mobile is None:
            raise forms.ValidationError(
                _(
                    "Enter a mobile number, outside the mainland with + and the country code, or an e-mail address."
                )
            )
        return Recipient(Invitation.Channel.SMS, mobile)

    def clean(self) -> dict[str, Any]:
        """Requires a complete letter for an agent, and drops it for any other role."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") != AGENT:
            for name in ("scope", "letter", "letter_valid_until"):
                self.errors.pop(name, None)
            return cleaned
        missing = {
            "scope": _("Choose what the letter covers."),
            "letter": _("Choose a file first."),
            "letter_valid_until": _("Give the last day of the letter."),
        }
        for name, message in missing.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        return cleaned

    @property
    def invited_role(self) -> MemberRole:
        role = self.cleaned_data["role"]
        return MemberRole.EDITOR if role == AGENT else MemberRole(role)

    def letter_given(self) -> LetterGiven | None:
        """The agent's letter in a valid form; None for other roles."""
        return self.given() if self.cleaned_data["role"] == AGENT else None


class RoleForm(forms.Form):
    """The new role of a member."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (MemberRole.EDITOR.value, _("Editor: fills in and hands in")),
            (MemberRole.OWNER.value, _("Owner: everything, including the members")),
        ],
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """An owner's answer to an account that asks to act for the applicant."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (MemberRole.EDITOR.value, _("Take in as editor: fills in and hands in")),
            (MemberRole.OWNER.value, _("Take in as owner: everything, including the members")),
            ("decline", _("Decline")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )

    @property
    def role(self) -> MemberRole | None:
        """The role granted in a valid form; None declines."""
        answer = self.cleaned_data["answer"]
        return None if answer == "decline" else MemberRole(answer)


class ScanForm(forms.Form):
    """One scan of a claim's proof, in the place of one that could not be read."""

    def __init__(self, *args: Any, slot: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[slot] = scan_field(slot)
        self.fields[slot].required = True


class ClaimForm(HoldsFiles):
    """A request to act for a registered applicant: the way chosen, an explanation, and scans as proof."""

    way = forms.ChoiceField(
        label=_("How do you want to go on?"),
        choices=[
            (
                MembershipClaim.Way.OWNERS.value,
                _("Ask the owners: they see your name and what you write, and answer"),
            ),
            (
                MembershipClaim.Way.OFFICE.value,
                _("Claim it at the provincial office: it checks your proof and decides"),
            ),
        ],
        widget=forms.RadioSelect,
        initial=MembershipClaim.Way.OWNERS.value,
        error_messages={"required": _("Choose one of the two ways.")},
    )
    explanation = ProseField(
        label=_("Who you are, and why you act for this applicant"),
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever you ask reads this."),
        error_messages={"required": _("Say who you are, and why you act for this applicant.")},
    )

    def __init__(self, *args: Any, applicant: Applicant, **options: Any) -> None:
        super().__init__(*args, **options)
        self.slots = proof_slots(applicant.nature, applicant.document_type)
        for slot in self.slots:
            field = scan_field(slot)
            field.asked = True  # type: ignore[attr-defined]
            field.applies_when = f"way={MembershipClaim.Way.OFFICE.value}"  # type: ignore[attr-defined]
            self.fields[slot] = field

    def clean(self) -> dict[str, Any]:
        """Requires every scan when the request goes to the office; the first may show both sides of a card."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("way") == MembershipClaim.Way.OFFICE:
            for slot in self.slots:
                if not cleaned.get(slot) and slot not in (*self.errors, SECOND_SIDE):
                    self.add_error(slot, _("Choose a file first."))
        return cleaned

    def proof(self) -> Mapping[str, Any]:
        """The scans in a valid form, by slot."""
        return {slot: self.cleaned_data[slot] for slot in self.slots if self.cleaned_data.get(slot)}
