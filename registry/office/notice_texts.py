"""The administrator's pages for the wording of notices: list, editor with preview, and return to the shipped text."""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.gateways.sms import signature
from registry.labels.office_words import PROPOSAL_REFUSALS
from registry.labels.place_words import refusal_words
from registry.models import Account, NoticeText, OfficeProposal
from registry.notices.fact_words import place_description
from registry.notices.kinds import COMMON_FACTS, LANGUAGES, NoticeKind, Wording, all_kinds
from registry.notices.wording import (
    confirm_wording,
    current_wording,
    faults_of_part,
    language_of,
    parts_of,
    proposal_key,
    propose_wording,
    sample_message,
    versions_of,
    wording_of,
)
from registry.notices.wording import render as render_notice
from registry.office.forms import ReasonForm, reason_field
from registry.presentation.decline_form import DeclineForm
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.text_fields import LineField, ProseField
from registry.presentation.versions import ShownVersion
from registry.rules.notice_texts import (
    LONGEST_BODY,
    LONGEST_MESSAGE,
    LONGEST_SMS,
    LONGEST_SUBJECT,
    messages_of,
)
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.streams import office_proposals

_GROUPS = {
    "applications": gettext_lazy("About applications, to applicants"),
    "filings": gettext_lazy("About filings, to applicants"),
    "desk": gettext_lazy("About cases, to the desks"),
    "objectors": gettext_lazy("About objections, to who objects"),
    "members": gettext_lazy("About members and agents"),
    "people": gettext_lazy("About officers, to their offices"),
    "reminders": gettext_lazy("Reminders"),
    "calendar": gettext_lazy("About the official days"),
}
_OTHER_GROUP = gettext_lazy("Other notices")
_LANGUAGE_NAMES = {"zh-hans": gettext_lazy("Chinese"), "en": gettext_lazy("English")}


class WordingForm(forms.Form):
    """The parts of a wording, each checked for its placeholders."""

    subject = LineField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT)
    body = ProseField(
        label=gettext_lazy("Text of inbox and e-mail"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    sms = LineField(
        label=gettext_lazy("Text message"),
        max_length=LONGEST_SMS,
        help_text=gettext_lazy(
            "The gateway's template of the same code has to say the same: have it approved there first."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = reason_field()

    def __init__(self, *args: Any, kind: NoticeKind, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.language = kind, language
        for name, field in self.fields.items():
            if name != "reason":
                field.widget.attrs["lang"] = language
        # A preview needs no reason.
        self.fields["reason"].required = self.data.get("act") == "propose"
        if not kind.has_sms:
            del self.fields["sms"]

    @property
    def wording(self) -> Wording:
        data = self.cleaned_data
        return Wording(data.get("subject", ""), data.get("body", ""), data.get("sms", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for part in parts_of(self.kind, self.wording, self.language):
            if part.name in data:
                for fault in faults_of_part(self.kind, part):
                    self.add_error(part.name, refusal_words(fault, known=self.kind.places))
        return data


@require_safe
def notice_texts(request: HttpRequest) -> HttpResponse:
    """Every kind of notice by its subject, and which wordings differ from the shipped ones."""
    language = language_of(get_language() or "")
    groups: dict[str, list[dict[str, Any]]] = {}
    newest: dict[tuple[str, str], NoticeText] = {}
    for text in NoticeText.objects.order_by("version"):
        newest[text.kind, text.language] = text
    for kind in all_kinds().values():
        texts = [
            {
                "language": each,
                "name": _LANGUAGE_NAMES[each],
                "is_changed": bool((found := newest.get((kind.code, each))) and found.subject),
            }
            for each in LANGUAGES
        ]
        subject = _rendered_sample(kind, language, kind.shipped[language]).subject
        row = {"kind": kind, "subject": subject, "texts": texts}
        groups.setdefault(kind.group if kind.group in _GROUPS else "", []).append(row)
    shown = [{"label": _GROUPS.get(name, _OTHER_GROUP), "rows": rows} for name, rows in groups.items()]
    return render(request, "office/notice_texts.html", {"groups": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def notice_text(request: HttpRequest, kind_code: str, language: str) -> HttpResponse:
    """Proposes a wording of one kind in one language, with a preview of sample facts; another person confirms it."""
    kind = _kind_or_404(kind_code, language)
    kept = kept_form(request) if request.method != "POST" else None
    if request.method != "POST":
        form = _wording_form(kind, language, kept)
        return _text_page(request, kind, language, form=form, is_restored=kept is not None)
    form = WordingForm(request.POST, kind=kind, language=language)
    refusal, is_valid = "", form.is_valid()
    if is_valid:
        wording = form.wording
        if request.POST.get("act") == "propose":
            try:
                propose_wording(
                    kind,
                    language,
                    wording,
                    reason=form.cleaned_data["reason"],
                    by=_editor(request),
                    at=clock.now(),
                )
            except TransitionNotAllowed as error:
                refusal = str(PROPOSAL_REFUSALS[error.code])
            else:
                forget_form(request)
                messages.success(request, _("The text is proposed. Another person looks at it and confirms."))
                return redirect("office:notice_text", kind.code, language)
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK if is_valid else HTTPStatus.BAD_REQUEST
    return _text_page(request, kind, language, form=form, refusal=refusal, is_draft=is_valid, status=status)


def _wording_form(kind: NoticeKind, language: str, kept: QueryDict | None = None) -> WordingForm:
    """The form with what was kept of it, else with the wording in use."""
    wording = current_wording(kind, language)
    given = {"subject": wording.subject, "body": wording.body, "sms": wording.sms}
    initial = kept.dict() if kept is not None else given
    return WordingForm(initial=initial, kind=kind, language=language)


def _text_page(
    request: HttpRequest,
    kind: NoticeKind,
    language: str,
    *,
    form: WordingForm,
    refusal: str = "",
    is_draft: bool = False,
    is_restored: bool = False,
    decline_form: DeclineForm | None = None,
    shipped_form: ReasonForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page of one text, with whatever was typed into one of its three forms."""
    wording = form.wording if is_draft else current_wording(kind, language)
    versions = versions_of(kind.code, language)
    own_language = language_of(get_language() or "")
    context = {
        "form": form,
        "kind": kind,
        "language": language,
        "template_code": kind.sms_template_code(language),
        "language_name": _LANGUAGE_NAMES[language],
        "other": next(each for each in LANGUAGES if each != language),
        "title": _rendered_sample(kind, own_language, kind.shipped[own_language]).subject,
        "places": [
            {
                "name": name,
                "words": place_description(name, kind.facts.get(name) or COMMON_FACTS[name]),
                "is_required": name in kind.required,
            }
            for name in kind.places
        ],
        "preview": _rendered_sample(kind, language, wording),
        "must_say": kind.must_say[language],
        "count": _count_of(kind, wording, language) if kind.has_sms else None,
        "refusal": refusal,
        "proposed": _proposed(request, kind, language),
        "decline_form": decline_form or DeclineForm(),
        "shipped_form": shipped_form or _shipped_form(),
        "is_draft": is_draft,
        "is_restored": is_restored,
        "versions": [
            ShownVersion(
                each.version, each.changed_at, each.changed_by.name, each.body, each.subject, each.sms
            )
            for each in versions
        ],
        "is_changed": bool(versions and versions[0].subject),
    }
    return render(request, "office/notice_text.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_text_shipped(request: HttpRequest, kind_code: str, language: str) -> HttpResponse:
    """Proposes to return to the shipped wording; earlier versions are kept, and a refused reason stays typed."""
    kind = _kind_or_404(kind_code, language)
    own_form = _wording_form(kind, language)
    if request.method != "POST":
        kept = kept_form(request)
        if kept is None:
            return redirect("office:notice_text", kind.code, language)
        typed = _shipped_form(initial=kept.dict())
        return _text_page(request, kind, language, form=own_form, shipped_form=typed, is_restored=True)
    form = _shipped_form(request.POST)
    if not form.is_valid():
        return _text_page(
            request, kind, language, form=own_form, shipped_form=form, status=HTTPStatus.BAD_REQUEST
        )
    reason = form.cleaned_data["reason"]
    try:
        propose_wording(kind, language, None, reason=reason, by=_editor(request), at=clock.now())
    except TransitionNotAllowed as error:
        refusal = str(PROPOSAL_REFUSALS[error.code])
        return _text_page(
            request,
            kind,
            language,
            form=own_form,
            shipped_form=form,
            refusal=refusal,
            status=HTTPStatus.CONFLICT,
        )
    forget_form(request)
    messages.success(request, _("The shipped text is proposed. Another person looks at it and confirms."))
    return redirect("office:notice_text", kind.code, language)


def _shipped_form(data: Any = None, **options: Any) -> ReasonForm:
    return ReasonForm(data, auto_id="shipped_%s", **options)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_text_decide(request: HttpRequest, kind_code: str, language: str) -> HttpResponse:
    """Confirms or declines the proposed wording that the page showed, or withdraws one's own.

    A refused reason stays typed, and is put back when the session had ended.
    """
    kind = _kind_or_404(kind_code, language)
    if request.method != "POST":
        kept = kept_form(request)
        if kept is None:
            return redirect("office:notice_text", kind.code, language)
        own_form = _wording_form(kind, language)
        typed = DeclineForm(initial=kept.dict())
        return _text_page(request, kind, language, form=own_form, decline_form=typed, is_restored=True)
    try:
        proposal_id, act = uuid.UUID(request.POST.get("proposal", "")), OfficeAct(request.POST.get("act", ""))
    except ValueError as error:
        raise Http404 from error
    at, by = clock.now(), _editor(request)
    form = DeclineForm(request.POST, is_declined=act is OfficeAct.CHANGE_DECLINED)
    if not form.is_valid():
        return _text_page(
            request,
            kind,
            language,
            form=_wording_form(kind, language),
            decline_form=form,
            status=HTTPStatus.BAD_REQUEST,
        )
    try:
        if act is OfficeAct.CHANGE_CONFIRMED:
            confirm_wording(proposal_id, kind, language, by=by, at=at)
            messages.success(request, _("The text is in force; notices made from now on say it."))
        else:
            office_proposals.end(
                proposal_id,
                act,
                subject=OfficeSubject.NOTICE_TEXT,
                reason=form.cleaned_data["reason"],
                by=by,
                at=at,
            )
            messages.success(request, _("The proposal is ended; the text stays as it was."))
    except TransitionNotAllowed as error:
        return _text_page(
            request,
            kind,
            language,
            form=_wording_form(kind, language),
            decline_form=form,
            refusal=str(PROPOSAL_REFUSALS[error.code]),
            status=HTTPStatus.CONFLICT,
        )
    forget_form(request)
    return redirect("office:notice_text", kind.code, language)


def _proposed(request: HttpRequest, kind: NoticeKind, language: str) -> dict[str, Any] | None:
    """The open proposal of a wording: as it would be sent, beside who proposed it and what may be done with it."""
    found: OfficeProposal | None = office_proposals.open_proposal(
        OfficeSubject.NOTICE_TEXT, proposal_key(kind, language)
    )
    if found is None:
        return None
    wording = wording_of(found) or kind.shipped[language]
    open_acts = office_proposals.acts_open_on(found, _editor(request))
    return {
        "proposal": found,
        "is_shipped": not found.content,
        "now": _rendered_sample(kind, language, current_wording(kind, language)),
        "preview": _rendered_sample(kind, language, wording),
        "sms_length": len(_rendered_sample(kind, language, wording).sms),
        "may_confirm": OfficeAct.CHANGE_CONFIRMED in open_acts,
        "may_withdraw": OfficeAct.CHANGE_WITHDRAWN in open_acts,
    }


def _editor(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def _count_of(kind: NoticeKind, wording: Wording, language: str) -> dict[str, Any]:
    """How long the text message is as it is sent, and how long each of its places is in the sample."""
    message = sample_message(kind, wording.sms, language)
    lengths = {
        name: len(sample_message(kind, f"{{{name}}}", language)) - len(signature()) for name in kind.places
    }
    return {
        "characters": len(message),
        "messages": messages_of(message),
        "longest": LONGEST_MESSAGE,
        "signature": signature(),
        "lengths": json.dumps(lengths),
    }


def _rendered_sample(kind: NoticeKind, language: str, wording: Wording) -> Any:
    """The wording rendered with the kind's sample facts."""
    sample_name = _("sample recipient")
    path = reverse("applicants:dashboard")
    return render_notice(kind, kind.sample, language, recipient=sample_name, link_path=path, wording=wording)


def _kind_or_404(kind_code: str, language: str) -> NoticeKind:
    kind = all_kinds().get(kind_code)
    if kind is None or language not in LANGUAGES:
        raise Http404
    return kind
