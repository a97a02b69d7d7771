"""The form for deciding a membership claim."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Attachment, MembershipClaim
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import SentenceField
from registry.rules.substance import LONGEST_REASON
from review.form_hints import that_stays
from review.members.takeover_forms import ProofField


class ClaimDecisionForm(NamedForm):
    """The office's decision on an account's claim to act for a registered applicant."""

    outcome = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (MembershipClaim.Outcome.JOINED.value, _("Grant: an owner beside the members there are")),
            (
                MembershipClaim.Outcome.REPLACED.value,
                _("Grant instead: the members there are lose their access"),
            ),
            (MembershipClaim.Outcome.DECLINED.value, _("Decline")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    reason = SentenceField(
        label=_("Reason"),
        help_text=that_stays(_("The claimant and the owners read it.")),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give a reason; both sides read it.")},
    )

    def __init__(
        self,
        *args: Any,
        scans: Iterable[tuple[Attachment, Any]] = (),
        has_members: bool = True,
        may_grant: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["proof"] = ProofField(scans)
        self.order_fields(("outcome", "proof", "reason"))
        field = cast(forms.ChoiceField, self.fields["outcome"])
        if not may_grant:
            field.choices = [(MembershipClaim.Outcome.DECLINED.value, _("Decline"))]
        elif not has_members:
            field.choices = [
                (MembershipClaim.Outcome.JOINED.value, _("Grant: the claimant becomes the owner")),
                (MembershipClaim.Outcome.DECLINED.value, _("Decline")),
            ]

    @property
    def chosen(self) -> MembershipClaim.Outcome:
        return MembershipClaim.Outcome(self.cleaned_data["outcome"])

    @property
    def is_declining(self) -> bool:
        return self.chosen is MembershipClaim.Outcome.DECLINED
