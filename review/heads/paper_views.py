"""The page of an office's papers: what they carry, a change proposed by the head and confirmed by another officer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.documents.paper_settings import (
    check_settings,
    confirm_settings,
    office_code_of,
    propose_settings,
    proposed_settings,
    remedies_of,
    require_own,
    settings_of,
    versions_of,
)
from registry.documents.samples import sample_paper
from registry.errors import NotFound
from registry.files.papers import PDF
from registry.files.views import inert_answer, saved_as
from registry.labels.office_words import CHANGED, PROPOSAL_REFUSALS, value_words
from registry.labels.paper_words import MISSING_BODIES, NUMBERS, SERIES, SETTING_FAULTS
from registry.models import Account, OfficeProposal
from registry.presentation.decline_form import DeclineForm
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.named_form import NamedForm, needed_now
from registry.presentation.text_fields import LineField, ReasonField
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.office.papers import (
    LONGEST_MARK,
    LONGEST_NAME,
    PaperSeries,
    PaperSettings,
    PaperSettingsRefused,
    mark_key,
    paper_number,
)
from registry.rules.substance import LONGEST_REASON
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.streams import office_proposals
from review.access import is_head, officer_of


class PaperSettingsForm(NamedForm):
    """What an office sets for its papers, and why."""

    office_name = LineField(
        label=gettext_lazy("Full official name of the office"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("In red at the head of every paper, and above the date where the seal goes."),
    )
    reconsideration_body = LineField(
        label=gettext_lazy("Body for administrative reconsideration"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy(
            "Named in decisions of not filing and of striking off. As a rule the people's government of the same "
            "level (Administrative Reconsideration Law, Article 24), for a department of the State Council "
            "that department itself (Article 25). Left empty, the paper says what the law says in general."
        ),
    )
    court = LineField(
        label=gettext_lazy("People's court for an action"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy(
            "As a rule that of the place of the office (Administrative Litigation Law, Article 18). Left empty, the "
            "paper says what the law says in general."
        ),
    )
    needs_signed_form = forms.BooleanField(
        label=gettext_lazy("Decide only once the review form that the leader signed is filed with the case"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    reason = ReasonField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Stays with the act in the auditor's trail: no personal data here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say why. The reason stays with the act.")},
    )

    def __init__(self, *args: Any, office_code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._office_code = office_code
        for series in PaperSeries:
            self.fields[mark_key(series)] = LineField(label=str(SERIES[series]), max_length=LONGEST_MARK)
        self.order_fields(
            [
                "office_name",
                *(mark_key(series) for series in PaperSeries),
                "reconsideration_body",
                "court",
                "needs_signed_form",
                "reason",
            ]
        )
        for name, field in self.fields.items():
            if name not in ("needs_signed_form", "reason"):
                field.widget.attrs["lang"] = "zh-CN"
        # A preview needs no reason.
        needed_now(self.fields["reason"])
        self.fields["reason"].required = self.data.get("act") == "propose"

    @property
    def settings(self) -> PaperSettings:
        """The settings as typed; call on a valid form."""
        return self._typed(self.cleaned_data)

    def _typed(self, data: Mapping[str, Any]) -> PaperSettings:
        return PaperSettings.of({**settings_of(self._office_code).as_content(), **data})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                check_settings(self._office_code, self._typed(data))
            except PaperSettingsRefused as refusal:
                for fault in refusal.faults:
                    self.add_error(fault.name, str(SETTING_FAULTS[fault.code]))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """What the papers of the officer's office carry; its head proposes a change, with a preview of it."""
    officer = officer_of(request)
    code = office_code_of(officer.acts_as, officer.province_code)
    if request.method != "POST":
        kept = kept_form(request)
        if kept is None:
            return _page(request, officer)
        return _page(
            request,
            officer,
            form=PaperSettingsForm(initial=kept.dict(), office_code=code),
            is_restored=True,
        )
    form = PaperSettingsForm(request.POST, initial=settings_of(code).as_content(), office_code=code)
    if not form.is_valid():
        return _page(request, officer, form=form, status=HTTPStatus.BAD_REQUEST)
    if request.POST.get("act") != "propose":
        return _page(request, officer, form=form, previewed=form.settings)
    try:
        propose_settings(form.settings, reason=form.cleaned_data["reason"], by=officer, at=clock.now())
    except TransitionNotAllowed as error:
        refusal = str(PROPOSAL_REFUSALS[error.code])
        return _page(
            request,
            officer,
            form=form,
            previewed=form.settings,
            refusal=refusal,
            status=HTTPStatus.CONFLICT,
        )
    forget_form(request)
    messages.success(
        request, _("The change is proposed. Another officer of your office looks at it and confirms.")
    )
    return redirect("review:papers")


@require_http_methods(["GET", "HEAD", "POST"])
def papers_decide(request: HttpRequest) -> HttpResponse:
    """Confirms or declines the proposed change of one's office's papers, or withdraws one's own proposal.

    What was typed when the session ended is put back here. Without a proposal of the office there is no such page.
    """
    officer, at = officer_of(request), clock.now()
    if request.method != "POST":
        kept = kept_form(request)
        if kept is None and _open_proposal(officer) is None:
            raise NotFound("proposal_unknown")
        if kept is None:
            return redirect("review:papers")
        return _page(request, officer, decline=DeclineForm(initial=kept.dict()), is_restored=True)
    try:
        proposal_id, act = uuid.UUID(request.POST.get("proposal", "")), OfficeAct(request.POST.get("act", ""))
    except ValueError as error:
        raise Http404 from error
    require_own(_proposal(proposal_id), officer)
    decline = DeclineForm(request.POST, is_declined=act is OfficeAct.CHANGE_DECLINED)
    if not decline.is_valid():
        return _page(request, officer, decline=decline, status=HTTPStatus.BAD_REQUEST)
    try:
        if act is OfficeAct.CHANGE_CONFIRMED:
            confirm_settings(proposal_id, by=officer, at=at)
            messages.success(request, _("The change is in force; papers made from now on carry it."))
        else:
            office_proposals.end(
                proposal_id,
                act,
                subject=OfficeSubject.PAPER_SETTINGS,
                reason=decline.cleaned_data["reason"],
                by=officer,
                at=at,
            )
            messages.success(request, _("The proposal is ended; the papers stay as they were."))
    except TransitionNotAllowed as error:
        messages.warning(request, str(PROPOSAL_REFUSALS[error.code]))
    except PaperSettingsRefused as error:
        messages.warning(request, " ".join(str(SETTING_FAULTS[fault.code]) for fault in error.faults))
    else:
        forget_form(request)
    return redirect("review:papers")


@require_safe
def papers_sample(request: HttpRequest) -> HttpResponse:
    """A sample paper of the office as PDF: as proposed where a change is, otherwise as it is in force."""
    officer = officer_of(request)
    code = office_code_of(officer.acts_as, officer.province_code)
    found = _open_proposal(officer)
    is_proposed = found is not None and "proposed" in request.GET
    settings = proposed_settings(found) if found is not None and is_proposed else settings_of(code)
    content = sample_paper(settings, on=clock.today())
    return saved_as(inert_answer(content, PDF), "样张.pdf")


def _page(
    request: HttpRequest,
    officer: Account,
    *,
    form: PaperSettingsForm | None = None,
    decline: DeclineForm | None = None,
    previewed: PaperSettings | None = None,
    refusal: str = "",
    is_restored: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page, with what was typed in one of its forms. While a change waits, no other is begun."""
    code = office_code_of(officer.acts_as, officer.province_code)
    current = settings_of(code)
    proposed = _proposed(officer, current)
    if form is None and proposed is None:
        form = PaperSettingsForm(initial=current.as_content(), office_code=code)
    context = {
        "is_head": is_head(officer),
        "form": form if is_head(officer) else None,
        "decline": decline or DeclineForm(),
        "refusal": refusal,
        "is_restored": is_restored,
        "missing": [MISSING_BODIES[name] for name in current.missing],
        "now": _shown(current),
        "preview": _shown(previewed) if previewed is not None else None,
        "proposed": proposed,
        "versions": versions_of(code),
    }
    return render(request, "review/heads/papers.html", context, status=status)


def _open_proposal(officer: Account) -> OfficeProposal | None:
    code = office_code_of(officer.acts_as, officer.province_code)
    return office_proposals.open_proposal(OfficeSubject.PAPER_SETTINGS, code)


def _proposal(proposal_id: uuid.UUID) -> OfficeProposal:
    subject = OfficeSubject.PAPER_SETTINGS.value
    found = OfficeProposal.objects.filter(pk=proposal_id, subject=subject).first()
    if found is None:
        raise NotFound("proposal_unknown", proposal=str(proposal_id))
    return found


def _proposed(officer: Account, current: PaperSettings) -> dict[str, Any] | None:
    """The open proposal of the office: what it changes, as its papers would say it, and what the officer may do."""
    found = _open_proposal(officer)
    if found is None:
        return None
    settings = proposed_settings(found)
    before, after = current.as_content(), settings.as_content()
    open_acts = office_proposals.acts_open_on(found, officer)
    return {
        "proposal": found,
        "shown": _shown(settings),
        "changes": [
            {
                "label": CHANGED[name],
                "before": value_words(name, before[name], {}),
                "after": value_words(name, after[name], {}),
            }
            for name in after
            if before[name] != after[name]
        ],
        "may_confirm": OfficeAct.CHANGE_CONFIRMED in open_acts,
        "may_withdraw": OfficeAct.CHANGE_WITHDRAWN in open_acts,
    }


def _shown(settings: PaperSettings) -> dict[str, Any]:
    """Settings as papers say them: the name, a number of each kind, and how to challenge a decision."""
    year = clock.today().year
    return {
        "settings": settings,
        "numbers": [
            {"label": NUMBERS[series], "number": paper_number(settings.marks[series], year, 1)}
            for series in PaperSeries
        ],
        "remedies": remedies_of(settings),
    }
