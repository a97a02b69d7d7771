"""Pages of the working-day calendar, and of loading a year's holiday notice."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.calendar.current import current_calendar, notices_in_force
from registry.calendar.months import months_of_year
from registry.deadlines import holiday_loading
from registry.deadlines.holiday_loading import Preview
from registry.errors import NotFound, OutOfDate
from registry.labels.calendar_words import PERIOD_LABELS, contradiction_message
from registry.labels.office_words import PROPOSAL_REFUSALS, PROPOSAL_STATES
from registry.models import Account, CalendarNotice, OfficeProposal
from registry.presentation.decline_form import DeclineForm
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.named_form import NamedForm
from registry.presentation.posted import posted_count
from registry.presentation.text_fields import LineField, ProseField
from registry.rules.days.holiday_notice import HolidayNoticeRefused, as_table
from registry.rules.days.official_days import shipped_days
from registry.rules.days.working_days import Calendar
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.office.proposals import ProposalState
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.streams import office_proposals
from review.access import is_head, national_head, national_officer
from review.heads.calendar_alert import missing_years


class NoticeForm(NamedForm):
    """A year's holiday notice as text or table, and where it was published."""

    year = forms.IntegerField(label=gettext_lazy("Year"), widget=forms.NumberInput)
    source = LineField(
        label=gettext_lazy("Published as"),
        max_length=200,
        help_text=gettext_lazy("Title or document number of the notice."),
    )
    text = ProseField(
        label=gettext_lazy("Text of the notice, or a table"),
        max_length=20_000,
        help_text=gettext_lazy(
            "Paste the official text as published, or lines of date,off or work,name: "
            "2027-01-01,off,元旦 and 2027-01-09,work."
        ),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, last = calendar.first_day.year, calendar.last_day.year
        year = self.fields["year"]
        year.widget.attrs |= {"min": first, "max": last}
        self._years = range(first, last + 1)
        self.preview: Preview | None = None

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year not in self._years:
            raise forms.ValidationError(
                _("The calendar knows the years %(first)s to %(last)s.")
                % {"first": self._years[0], "last": self._years[-1]}
            )
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.preview = holiday_loading.preview(cleaned["text"], year=cleaned["year"])
            except HolidayNoticeRefused as refusal:
                for found in refusal.contradictions:
                    self.add_error(
                        "text", _located(found.line_number, found.line, contradiction_message(found))
                    )
        return cleaned


def _located(number: int, line: str, message: str) -> str:
    if not number:
        return message
    shown = line if len(line) <= 60 else f"{line[:60]}…"
    return _("Line %(number)s (%(line)s): %(message)s") % {
        "number": number,
        "line": shown,
        "message": message,
    }


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A year's calendar, the loaded notices with who proposed and confirmed each, and the years without one."""
    officer = national_officer(request)
    current = current_calendar()
    year = _year(request, current, default=clock.today().year)
    context = {
        "year": year,
        "is_announced": year in current.announced_years,
        "months": months_of_year(year, current),
        "previous_year": year - 1 if year > current.first_day.year else None,
        "next_year": year + 1 if year < current.last_day.year else None,
        "loadings": _loadings(),
        "proposals": _open_proposals(),
        "is_head": is_head(officer),
        "missing": missing_years(current) if is_head(officer) else [],
        "last_shipped": max(shipped_days().announced),
    }
    return render(request, "review/heads/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_import_view(request: HttpRequest) -> HttpResponse:
    """The form for a notice, the preview of the deadlines it moves, and proposing it as previewed."""
    national_head(request)
    current = current_calendar()
    if request.method != "POST":
        kept = kept_form(request)
        form = (
            NoticeForm(kept, calendar=current)
            if kept is not None
            else NoticeForm(initial=_initial(request, current), calendar=current)
        )
        return _form_page(request, form, current)
    form = NoticeForm(request.POST, calendar=current)
    if not form.is_valid() or form.preview is None:
        return _form_page(request, form, current, status=HTTPStatus.BAD_REQUEST)
    if request.POST.get("step") == "change":
        return _form_page(request, form, current)
    if request.POST.get("step") != "propose":
        return _preview_page(request, form)
    if form.preview.is_correction and request.POST.get("acknowledged") != "yes":
        error = _("Confirm that the year is announced already and is to be corrected.")
        return _preview_page(request, form, error=error, status=HTTPStatus.BAD_REQUEST)
    return _propose(request, form)


def _propose(request: HttpRequest, form: NoticeForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        proposal = holiday_loading.propose(
            given["text"],
            year=given["year"],
            source=given["source"],
            digest=request.POST.get("digest", ""),
            by=national_head(request),
            at=clock.now(),
        )
    except OutOfDate as refusal:
        return _preview_page(request, form, error=str(_REFUSALS[refusal.code]), status=HTTPStatus.CONFLICT)
    except TransitionNotAllowed as refusal:
        return _preview_page(
            request, form, error=str(PROPOSAL_REFUSALS[refusal.code]), status=HTTPStatus.CONFLICT
        )
    forget_form(request)
    messages.success(
        request,
        _("The notice is proposed. Another officer of your office looks at what it moves and confirms."),
    )
    return redirect("review:calendar_proposal", proposal.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_proposal(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """A proposed notice with what it moves now, for another officer to confirm or decline."""
    officer = national_officer(request)
    found = OfficeProposal.objects.filter(pk=proposal_id, subject=OfficeSubject.CALENDAR.value)
    proposal = found.select_related("proposed_by", "decided_by").first()
    if proposal is None:
        raise NotFound("proposal_unknown", proposal=str(proposal_id))
    if request.method != "POST":
        kept = kept_form(request)
        typed = DeclineForm(initial=kept.dict()) if kept is not None else None
        return _proposal_page(request, proposal, form=typed, is_restored=kept is not None)
    act = request.POST.get("act", "")
    form = DeclineForm(request.POST, is_declined=act == OfficeAct.CHANGE_DECLINED)
    if not form.is_valid():
        return _proposal_page(request, proposal, form=form, status=HTTPStatus.BAD_REQUEST)
    try:
        if act == OfficeAct.CHANGE_CONFIRMED:
            return _confirm(request, proposal, officer)
        if act not in (OfficeAct.CHANGE_DECLINED, OfficeAct.CHANGE_WITHDRAWN):
            raise NotFound("act_unknown")
        office_proposals.end(
            proposal.pk,
            OfficeAct(act),
            subject=OfficeSubject.CALENDAR,
            reason=form.cleaned_data["reason"],
            by=officer,
            at=clock.now(),
        )
    except TransitionNotAllowed as refusal:
        proposal.refresh_from_db()
        error = str(PROPOSAL_REFUSALS[refusal.code])
        return _proposal_page(request, proposal, form=form, error=error, status=HTTPStatus.CONFLICT)
    forget_form(request)
    messages.success(request, _("The proposal is ended; the calendar stays as it was."))
    return redirect("review:calendar")


def _confirm(request: HttpRequest, proposal: OfficeProposal, officer: Account) -> HttpResponse:
    # One that is decided already is refused as that, whatever the calendar says by now.
    is_open = proposal.state == ProposalState.PROPOSED
    is_correction = is_open and proposal.content["year"] in current_calendar().announced_years
    if is_correction and request.POST.get("acknowledged") != "yes":
        error = _("Confirm that the year is announced already and is to be corrected.")
        return _proposal_page(request, proposal, error=error, status=HTTPStatus.BAD_REQUEST)
    try:
        notice = holiday_loading.confirm(
            proposal.pk, digest=request.POST.get("digest", ""), by=officer, at=clock.now()
        )
    except OutOfDate as refusal:
        error = str(_REFUSALS[refusal.code])
        return _proposal_page(request, proposal, error=error, status=HTTPStatus.CONFLICT)
    messages.success(
        request,
        ngettext(
            "The notice for %(year)s is in force. %(count)s open deadline moved; both sides are being told.",
            "The notice for %(year)s is in force. %(count)s open deadlines moved; both sides are being told.",
            notice.moved_count,
        )
        % {"year": notice.year, "count": notice.moved_count},
    )
    return HttpResponseRedirect(f"{reverse('review:calendar')}?year={notice.year}")


def _proposal_page(
    request: HttpRequest,
    proposal: OfficeProposal,
    *,
    form: DeclineForm | None = None,
    error: str = "",
    is_restored: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    given = proposal.content
    is_open = proposal.state == ProposalState.PROPOSED
    open_acts = office_proposals.acts_open_on(proposal, national_officer(request))
    context: dict[str, Any] = {
        "proposal": proposal,
        "is_open": is_open,
        "state_label": PROPOSAL_STATES[ProposalState(proposal.state)],
        "may_confirm": OfficeAct.CHANGE_CONFIRMED in open_acts,
        "may_withdraw": OfficeAct.CHANGE_WITHDRAWN in open_acts,
        "given": given,
        "form": form or DeclineForm(),
        "error": error,
        "is_restored": is_restored,
    }
    if is_open:
        context |= _shown_preview(holiday_loading.preview(given["text"], year=given["year"]))
    return render(request, "review/heads/calendar_proposal.html", context, status=status)


def _open_proposals() -> QuerySet[OfficeProposal]:
    found = OfficeProposal.objects.filter(
        subject=OfficeSubject.CALENDAR.value, state=ProposalState.PROPOSED.value
    )
    return found.select_related("proposed_by").order_by("proposed_at")


def _loadings() -> list[dict[str, Any]]:
    """Every loaded notice, the newest first, with who confirmed it; those of before were loaded by one officer."""
    confirmed = OfficeProposal.objects.filter(
        subject=OfficeSubject.CALENDAR.value, state=ProposalState.CONFIRMED.value
    ).select_related("decided_by")
    by_moment = {(each.key, each.decided_at): each.decided_by for each in confirmed}
    notices = CalendarNotice.objects.select_related("loaded_by").order_by("-loaded_at")
    return [
        {"notice": each, "confirmed_by": by_moment.get((str(each.year), each.loaded_at))} for each in notices
    ]


_REFUSALS: dict[str, Promise] = {
    "calendar_preview_outdated": gettext_lazy(
        "Something has changed since the preview. Nothing was loaded; this is what would move now."
    ),
    "calendar_year_unchanged": gettext_lazy("These days are in force already. Nothing was changed."),
}


def _form_page(
    request: HttpRequest, form: NoticeForm, current: Calendar, *, status: int = 200
) -> HttpResponse:
    given = form["year"].value()
    is_correction = posted_count(str(given)) in current.announced_years
    context = {"form": form, "is_correction": is_correction, "year": given}
    return render(request, "review/heads/calendar_import.html", context, status=status)


def _preview_page(
    request: HttpRequest, form: NoticeForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    # Computed anew, also after a refused loading, so that all numbers are of one moment.
    given = form.cleaned_data
    found = holiday_loading.preview(given["text"], year=given["year"])
    context = {"given": given, "error": error, **_shown_preview(found)}
    return render(request, "review/heads/calendar_preview.html", context, status=status)


def _shown_preview(found: Preview) -> dict[str, Any]:
    """The effect of a notice as pages show it."""
    changed = frozenset(day.on for day in found.changed_days)
    months = months_of_year(found.year, found.after, changed=changed)
    if any(day.year < found.year for day in changed):
        months = [months_of_year(found.year - 1, found.after, changed=changed)[-1], *months]
    return {
        "preview": found,
        "months": months,
        "moves": [{"move": move, "what": PERIOD_LABELS[move.of.period]} for move in found.moves],
    }


def _initial(request: HttpRequest, current: Calendar) -> dict[str, Any]:
    """Initial values: the requested year or the first without a notice; for a correction, the days in force."""
    year = _year(request, current, default=max(current.announced_years) + 1)
    if year not in current.announced_years:
        return {"year": year}
    announced = notices_in_force().get(year) or shipped_days().announced[year]
    return {"year": year, "text": as_table(announced)}


def _year(request: HttpRequest, current: Calendar, *, default: int) -> int:
    year = posted_count(request.GET.get("year")) or default
    return min(max(year, current.first_day.year), current.last_day.year)
