"""Advice to applicants: templates of documents, and the frequent reasons for not filing with examples."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from registry.documents.word_templates import CONTENT_TYPE, template_file
from registry.labels.reasons import citation, fault_name, fault_remedy
from registry.labels.site_texts import is_english
from registry.lists import current_catalogue
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.rules.document_templates import TEMPLATE_ARTICLES, DocumentTemplate, template_text
from registry.rules.particulars.reason_examples import EXAMPLES
from registry.rules.particulars.reasons import Fault

_ONE_DAY_SECONDS = 86_400
_LANGUAGES = {"zh": False, "en": True}
_NAMES = {
    DocumentTemplate.MANAGEMENT_RULES: gettext_lazy("Management rules"),
    DocumentTemplate.EMERGENCY_PLAN: gettext_lazy("Emergency plan"),
    DocumentTemplate.USER_AGREEMENT: gettext_lazy("User agreement and platform convention"),
}
_WHERE = {
    DocumentTemplate.MANAGEMENT_RULES: gettext_lazy("Uploaded under “Management rules and emergency plan”."),
    DocumentTemplate.EMERGENCY_PLAN: gettext_lazy("Uploaded under “Management rules and emergency plan”."),
    DocumentTemplate.USER_AGREEMENT: gettext_lazy(
        "Published on your site or in your app; the form asks for its address."
    ),
}


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates with what a reviewer looks for in each."""
    title = _("Templates and advice")
    context = {
        "title": title,
        "templates": [_shown(template) for template in DocumentTemplate],
        "crumbs": crumbs((_("Help"), reverse("public:help")), (title, "")),
    }
    return page_of(request, "registry/document_templates.html", context)


@require_safe
@limited
def template_docx(_request: HttpRequest, name: str, language: str) -> HttpResponse:
    """A template as a DOCX file."""
    template = next((each for each in DocumentTemplate if each == name), None)
    if template is None or language not in _LANGUAGES:
        raise Http404
    content = template_file(template, english=_LANGUAGES[language])
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{language}.docx"'
    patch_cache_control(response, public=True, max_age=_ONE_DAY_SECONDS)
    return response


@require_safe
def reasons(request: HttpRequest) -> HttpResponse:
    """The reasons of the catalogue, each with what to do and an example."""
    title = _("Common reasons for rejection")
    context = {
        "title": title,
        "reasons": [_explained(fault) for fault in current_catalogue().values()],
        "crumbs": crumbs((_("Help"), reverse("public:help")), (title, "")),
    }
    return page_of(request, "registry/reasons.html", context)


def _shown(template: DocumentTemplate) -> dict[str, Any]:
    return {
        "id": template.value,
        "name": _NAMES[template],
        "where": _WHERE[template],
        "article": citation(TEMPLATE_ARTICLES[template]),
        "looked_for": template_text(template, english=is_english()).looked_for,
        "files": [
            {"label": label, "url": reverse("public:template_docx", args=[template.value, language])}
            for language, label in (("zh", _("In Chinese (DOCX)")), ("en", _("In English (DOCX)")))
        ],
    }


def _explained(fault: Fault) -> dict[str, Any]:
    example = EXAMPLES.get(fault.code)
    english = is_english()
    return {
        "code": fault.code,
        "name": fault_name(fault),
        "article": citation(fault.article),
        "remedy": fault_remedy(fault),
        "seen": (example.seen_en if english else example.seen_zh) if example else "",
        "better": (example.better_en if english else example.better_zh) if example else "",
    }
