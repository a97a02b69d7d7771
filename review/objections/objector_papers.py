"""What the objector is told, as the national office sees it: each notice, printed as a letter, and sent again."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.documents.objector_letters import objector_letter
from registry.errors import NotFound
from registry.files.views import inert_answer
from registry.models import Notice, Objection
from registry.notices.inbox import present_notices, with_deliveries
from registry.rules.workflow.states import Role
from registry.storage import objection_parts
from review.access import national_officer
from review.notices.unreached_views import answer_send_again, ways_to_send_again


def notices_about(objection: Objection) -> list[dict[str, object]]:
    """What the objector was told, in order, each with the deliveries that can be sent again."""
    told = present_notices(with_deliveries(objection.notices.order_by("created_at", "pk")))
    return [{"sent": each, "again": ways_to_send_again(each)} for each in told]


@require_safe
def letter(request: HttpRequest, objection_id: uuid.UUID, notice_id: uuid.UUID) -> HttpResponse:
    """A notice as a letter to print; name and address stand on it for heads alone."""
    officer, notice = national_officer(request), _find(objection_id, notice_id)
    is_head = officer.acts_as is Role.NATIONAL_HEAD
    addressee = (
        objection_parts.statement_of(notice.objection) if is_head and notice.objection is not None else None
    )
    answer = inert_answer(objector_letter(notice, addressee=addressee), "application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{notice.kind}.pdf"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: HttpRequest, objection_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """Resends a message to the objector after a confirmation."""
    officer = national_officer(request)
    objection = Objection.objects.filter(pk=objection_id).first()
    if objection is None:
        raise NotFound("objection_unknown")
    return answer_send_again(
        request,
        objection.notices.all(),
        delivery_id,
        by=officer,
        back_url=reverse("review:objection", args=[objection_id]),
        crumbs=_crumbs(objection_id, objection.receipt_number),
    )


def _crumbs(objection_id: uuid.UUID, number: str) -> list[dict[str, str]]:
    return [
        {"url": reverse("review:objections"), "label": _("Objections")},
        {"url": reverse("review:objection", args=[objection_id]), "label": number},
    ]


def _find(objection_id: uuid.UUID, notice_id: uuid.UUID) -> Notice:
    found = Notice.objects.filter(pk=notice_id, objection=objection_id).select_related("objection")
    notice = with_deliveries(found).first()
    if notice is None:
        raise NotFound("notice_unknown")
    return notice
