"""The verify page: a filing number leads to its record, a certificate is told genuine, superseded or not issued."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from registry.documents.badges import badge_png, badge_svg
from registry.labels.ending_words import standing_words
from registry.labels.files import limits_said, with_limits
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.public.words import standing_sentence
from registry.publication import record
from registry.publication.record import Found
from registry.publication.verification import certificate_with
from registry.rules.particulars.attachments import MAX_FILE_BYTES

_BADGES = {"svg": (badge_svg, "image/svg+xml"), "png": (badge_png, "image/png")}
_BADGE_SECONDS = 3600


class CertificateForm(forms.Form):
    """A certificate as a file; it is read, and kept nowhere."""

    file = forms.FileField(
        label=gettext_lazy("Certificate as PDF"),
        help_text=with_limits(gettext_lazy("At most %(megabytes)s MB. The file is compared and not kept.")),
        error_messages={
            "required": gettext_lazy("Choose the PDF file of the certificate."),
            "empty": gettext_lazy("The file is empty. Choose the PDF file of the certificate."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_FILE_BYTES:
            text = gettext_lazy("The file has more than %(megabytes)s MB. No certificate is that large.")
            raise forms.ValidationError(limits_said(text))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def verify(request: HttpRequest) -> HttpResponse:
    """The two questions; posted with a file, the answer."""
    is_posted = request.method == "POST"
    form = CertificateForm(request.POST, request.FILES) if is_posted else CertificateForm()
    context: dict[str, Any] = {"form": form, "crumbs": crumbs((_("Verify"), ""))}
    if not is_posted:
        return page_of(request, "registry/verify.html", context)
    if not form.is_valid():
        return page_of(request, "registry/verify.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    found = certificate_with(_digest(form.cleaned_data["file"]))
    context |= {"is_answered": True, "certificate": found}
    if found is not None:
        outcome = record.look_up(found.number)
        if isinstance(outcome, Found):
            context |= {
                "filing": outcome.filing,
                "record_url": reverse("public:filing", args=[found.number]),
                "standing_label": standing_words(outcome.filing.standing, outcome.filing.end_ground),
                "standing_sentence": standing_sentence(outcome.filing),
            }
    return page_of(request, "registry/verify.html", context)


@require_safe
@limited
def badge(_request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The badge of a filing, as it stands now; other sites may show it."""
    outcome = record.look_up(number)
    if kind not in _BADGES or not isinstance(outcome, Found) or outcome.filing.number != number:
        raise Http404
    draw, content_type = _BADGES[kind]
    response = HttpResponse(
        draw(number, outcome.filing.standing, outcome.filing.end_ground), content_type=content_type
    )
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=_BADGE_SECONDS)
    return response


def _digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
