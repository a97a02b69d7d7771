"""The administrator's pages for the wording of notices: list, editor with preview, and return to the shipped text."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.labels.place_words import refusal_words
from registry.models import Account, NoticeText
from registry.notices.fact_words import place_description
from registry.notices.kinds import COMMON_FACTS, LANGUAGES, NoticeKind, Wording, all_kinds
from registry.notices.wording import (
    current_wording,
    faults_of_part,
    language_of,
    parts_of,
    save_wording,
    versions_of,
)
from registry.notices.wording import render as render_notice
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.text_fields import LineField, ProseField
from registry.presentation.versions import ShownVersion
from registry.rules.notice_texts import LONGEST_BODY, LONGEST_SMS, LONGEST_SUBJECT

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

    def __init__(self, *args: Any, kind: NoticeKind, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        for field in self.fields.values():
            field.widget.attrs["lang"] = language
        if not kind.has_sms:
            del self.fields["sms"]

    @property
    def wording(self) -> Wording:
        data = self.cleaned_data
        return Wording(data.get("subject", ""), data.get("body", ""), data.get("sms", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for part in parts_of(self.kind, self.wording):
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
    """Edits the wording of one kind in one language, with a preview of sample facts."""
    kind = _kind_or_404(kind_code, language)
    wording = current_wording(kind, language)
    given = {"subject": wording.subject, "body": wording.body, "sms": wording.sms}
    kept = kept_form(request) if request.method != "POST" else None
    initial = kept.dict() if kept is not None else given
    form = WordingForm(request.POST or None, initial=initial, kind=kind, language=language)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid:
        wording = form.wording
        if request.POST.get("act") == "save":
            by = cast(Account, request.user)
            save_wording(kind, language, wording, by=by, at=clock.now())
            forget_form(request)
            messages.success(request, _("The text is saved; notices made from now on say it."))
            return redirect("office:notice_text", kind.code, language)
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
        "is_draft": is_valid,
        "is_restored": kept is not None,
        "versions": [
            ShownVersion(
                each.version, each.changed_at, each.changed_by.name, each.body, each.subject, each.sms
            )
            for each in versions
        ],
        "is_changed": bool(versions and versions[0].subject),
    }
    is_refused = request.method == "POST" and not is_valid
    return render(request, "office/notice_text.html", context, status=400 if is_refused else 200)


@require_POST
def notice_text_shipped(request: HttpRequest, kind_code: str, language: str) -> HttpResponse:
    """Returns to the shipped wording; earlier versions are kept."""
    kind = _kind_or_404(kind_code, language)
    save_wording(kind, language, None, by=cast(Account, request.user), at=clock.now())
    messages.success(request, _("The shipped text is used again."))
    return redirect("office:notice_text", kind.code, language)


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
