"""A visitor's choice of text size and contrast, stored in cookies only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE_AGE_SECONDS = 365 * 24 * 3600

# What a visitor may set: the name of the field, its cookie, and its values; the first is the default.
DISPLAY_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("portal_text", ("normal", "large")),
    "contrast": ("portal_contrast", ("normal", "high")),
}


@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """Stores the chosen text size or contrast in a cookie and redirects to the page it was chosen on."""
    back_to = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back_to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back_to = "/"
    response = HttpResponseRedirect(back_to)
    for field, (cookie, values) in DISPLAY_CHOICES.items():
        chosen = request.POST.get(field)
        if chosen == values[0]:
            response.delete_cookie(cookie, samesite="Lax")
        elif chosen in values:
            response.set_cookie(
                cookie,
                chosen,
                max_age=COOKIE_AGE_SECONDS,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
    return response
