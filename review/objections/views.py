"""The pages of objections at the national office: what is open and when it is due, one with its acts, a letter."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.batches import holds, lists, objections
from registry.batches.holds import EntryStanding
from registry.batches.objections import Posted
from registry.book.act_request import Actor
from registry.calendar.current import current_calendar
from registry.calendar.objection_days import decision_due, statement_due
from registry.errors import AttachmentRefused, FilingError, NotFound, StorageFull, TransitionNotAllowed
from registry.files.views import evidence_answer
from registry.gateways.addresses import counted_address
from registry.labels.list_words import short_title
from registry.labels.objection_words import OBJECTION_ACTS, OBJECTION_STATES, OBJECTION_WAYS
from registry.labels.states import refusal_message
from registry.models import Account, Event, Objection, ObjectionPart
from registry.presentation.evidence_block import Addresses, EvidenceBlock, evidence_block
from registry.presentation.evidence_field import ReplacementForm, read_again
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.posted import posted_id
from registry.rules.batches.lifecycle import ListKind
from registry.rules.days.working_days import Calendar
from registry.rules.objections.events import Closing, explanation_of
from registry.rules.objections.lifecycle import OPEN_STATES, ObjectionAct, ObjectionState, ObjectionWay
from registry.rules.workflow.states import Role
from registry.storage import evidence, objection_parts
from registry.storage.evidence import OBJECTION_FILES
from registry.storage.objection_parts import Statement
from review.access import national_officer
from review.desk.stream_acts import OfficerActs, Ticks, history_entry
from review.objections import objector_papers
from review.objections.forms import WORDS, LetterForm

_CLOSED_SHOWN = 50
_OPEN = sorted(state.value for state in OPEN_STATES)
# The acts of officers, in the order of their forms.
_BUTTONS: dict[ObjectionAct, Promise] = {
    ObjectionAct.ADMIT: pgettext_lazy("act on an objection", "Admit"),
    ObjectionAct.REFUSE: pgettext_lazy("act on an objection", "Do not admit"),
    ObjectionAct.SEND: pgettext_lazy("act on an objection", "Ask the applicant"),
    ObjectionAct.PROPOSE_UPHOLDING: pgettext_lazy("act on an objection", "Propose to uphold"),
    ObjectionAct.PROPOSE_DISMISSAL: pgettext_lazy("act on an objection", "Propose to dismiss"),
    ObjectionAct.UPHOLD: pgettext_lazy("act on an objection", "Uphold as proposed"),
    ObjectionAct.DISMISS: pgettext_lazy("act on an objection", "Dismiss as proposed"),
    ObjectionAct.SEND_BACK: pgettext_lazy("act on an objection", "Send back"),
    ObjectionAct.EXTEND: pgettext_lazy("act on an objection", "Extend the time to decide"),
}
_CONFIRMING = (ObjectionAct.UPHOLD, ObjectionAct.DISMISS)
_FOLLOWS: dict[ObjectionAct, Promise] = {
    ObjectionAct.ADMIT: gettext_lazy(
        "The entry does not become final until the objection is decided; the rest of the list goes on."
    ),
    ObjectionAct.REFUSE: gettext_lazy(
        "The objector reads your reasons. The entry becomes final with the list."
    ),
    ObjectionAct.SEND: gettext_lazy("The applicant is told, and not who objects."),
    ObjectionAct.PROPOSE_UPHOLDING: gettext_lazy(
        "A head who is another person confirms it or sends it back."
    ),
    ObjectionAct.PROPOSE_DISMISSAL: gettext_lazy(
        "A head who is another person confirms it or sends it back."
    ),
    ObjectionAct.UPHOLD: gettext_lazy(
        "Both sides read the reasons. The number does not end by it: correcting and striking off are separate steps."
    ),
    ObjectionAct.DISMISS: gettext_lazy("Both sides read the reasons, and the entry is held back no longer."),
    ObjectionAct.SEND_BACK: gettext_lazy("The objection waits for another proposal."),
    ObjectionAct.EXTEND: gettext_lazy(
        "The objector is told the new last day with your reasons. Once only; how many days is a setting of this portal."
    ),
}
_STANDINGS: dict[EntryStanding, Promise] = {
    EntryStanding.OPEN: pgettext_lazy("an entry of a list", "Open to objections"),
    EntryStanding.HELD: pgettext_lazy("an entry of a list", "Held back by an objection"),
    EntryStanding.FINAL: pgettext_lazy("an entry of a list", "Final"),
    EntryStanding.OBJECTION_UPHELD: pgettext_lazy("an entry of a list", "An objection was upheld"),
}
_EXPLAINED = (
    ObjectionAct.REFUSE,
    ObjectionAct.PROPOSE_UPHOLDING,
    ObjectionAct.PROPOSE_DISMISSAL,
    ObjectionAct.SEND_BACK,
    ObjectionAct.EXTEND,
)


@require_safe
def all_objections(request: HttpRequest) -> HttpResponse:
    """The open objections in the order they are due, and the latest that are closed."""
    national_officer(request)
    calendar = current_calendar()
    found = Objection.objects.select_related("entry__batch_list")
    context = {
        "open": [
            _row(each, calendar)
            for each in found.filter(state__in=_OPEN).order_by("received_on", "receipt_number")
        ],
        "closed": [
            _row(each, calendar)
            for each in found.exclude(state__in=_OPEN).order_by("-closed_at", "-pk")[:_CLOSED_SHOWN]
        ],
    }
    return render(request, "review/objections/objections.html", context)


@require_safe
def one_objection(request: HttpRequest, objection_id: uuid.UUID) -> HttpResponse:
    """One objection: what is stated, its days, the acts open to the officer, and its history."""
    officer = national_officer(request)
    return _page(request, _find(objection_id), officer)


@require_http_methods(["GET", "HEAD", "POST"])
def objection_act(request: HttpRequest, objection_id: uuid.UUID, act_name: str) -> HttpResponse:
    """Does one act on an objection; a refused one shows the page as it is now, with what was typed."""
    return _ACTS.answer(request, objection_id, act_name)


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Enters an objection that came by post; its postmark decides whether it is in time."""
    officer, refusal, status = national_officer(request), "", HTTPStatus.OK
    if request.method == "POST":
        form, status = LetterForm(request.POST, request.FILES), HTTPStatus.BAD_REQUEST
        if form.is_valid():
            data = form.cleaned_data
            try:
                received = objections.receive(
                    data["entry"].pk,
                    Statement(name=data["name"], contact=data["contact"], facts=data["facts"]),
                    actor=Actor.of(officer),
                    files=evidence.take(data["scans"]),
                    sender=counted_address(request),
                    posted=Posted(data["posted_on"], data["received_on"]),
                    key=posted_id(request.POST.get("key", "")),
                )
            except (AttachmentRefused, StorageFull) as error:
                form.add_error("scans", str(refusal_message(error)))
            except TransitionNotAllowed as error:
                refusal, status = str(refusal_message(error)), HTTPStatus.CONFLICT
            else:
                forget_form(request)
                return redirect("review:objection", objection_id=received.objection.pk)
    else:
        kept = kept_form(request)
        initial = kept.dict() if kept is not None else {"received_on": clock.today().isoformat()}
        form = LetterForm(initial=initial)
    context = {
        "form": form,
        "refusal": refusal,
        "key": posted_id(request.POST.get("key", "")) or uuid.uuid4(),
        "crumbs": [*_crumbs(), {"url": "", "label": _("A letter")}],
    }
    return render(request, "review/objections/letter.html", context, status=status)


@require_safe
def objection_file(request: HttpRequest, objection_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file that came with an objection, as a download."""
    national_officer(request)
    return evidence_answer(OBJECTION_FILES, pk=file_id, objection=objection_id)


@require_POST
def replace_file(request: HttpRequest, objection_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Puts another scan in the place of one of a letter that could not be read."""
    officer, objection = national_officer(request), _find(objection_id)
    objections.file_of(objection, file_id)
    form, sender = ReplacementForm(request.POST, request.FILES, file_id=file_id), counted_address(request)
    actor = Actor.of(officer)
    if form.put(
        lambda file: objections.replace_file(objection.pk, file_id, file, actor=actor, sender=sender),
        TransitionNotAllowed,
    ):
        return redirect("review:objection", objection_id=objection.pk)
    replacing = {file_id: form}
    return _page(request, objection, officer, refusal=form.refusal, replacing=replacing, status=form.status)


@require_POST
def read_file_again(request: HttpRequest, objection_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Has a scan of a letter read once more whose reading broke off."""
    officer, objection = national_officer(request), _find(objection_id)
    actor, sender = Actor.of(officer), counted_address(request)
    read_again(
        request,
        lambda: objections.read_file_again(objection.pk, file_id, actor=actor, sender=sender),
        TransitionNotAllowed,
    )
    return redirect("review:objection", objection_id=objection.pk)


# ---------------------------------------------------------------- parts of the pages


def _perform(
    objection: Objection,
    act: ObjectionAct,
    officer: Account,
    *,
    seen: int,
    text: str = "",
    ticked: Sequence[str] = (),
) -> None:
    actor = Actor.of(officer)
    if act is ObjectionAct.ADMIT:
        released = [uuid.UUID(each) for each in ticked]
        objections.admit(objection.pk, actor=actor, released=released, seen_sequence=seen)
    elif act is ObjectionAct.SEND:
        objections.send(objection.pk, actor=actor, text=text, seen_sequence=seen)
    elif act in _CONFIRMING:
        objections.confirm(objection.pk, actor=actor, seen_sequence=seen)
    elif act is ObjectionAct.EXTEND:
        objections.extend(objection.pk, actor=actor, explanation=text, seen_sequence=seen)
    else:
        objections.explain(objection.pk, act=act, actor=actor, explanation=text, seen_sequence=seen)


def _page(
    request: HttpRequest,
    objection: Objection,
    officer: Account,
    *,
    forms: dict[ObjectionAct, Form] | None = None,
    refusal: FilingError | None = None,
    replacing: Mapping[uuid.UUID, ReplacementForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page of one objection; `forms` are those that were sent, with what was typed.

    `replacing` are forms for files that were refused, by the file in whose place they stand.
    """
    statement = objection_parts.statement_of(objection)
    actor, today = Actor.of(officer), clock.today()
    offered = objections.acts_open(objection, actor, today=today)
    may_read_again = objections.may_read_again(objection, actor, today=today)
    is_head = officer.acts_as is Role.NATIONAL_HEAD
    # What the applicant is asked begins with what the objector wrote.
    begins = {ObjectionAct.SEND: statement.facts} if statement is not None else {}
    until, is_provisional = lists.last_day_to_object(objection.entry.batch_list)
    context = _row(objection, current_calendar()) | {
        "until": until,
        "until_is_provisional": is_provisional,
        "statement_due": statement_due(objection),
        "statement": statement,
        "shows_who": is_head and statement is not None,
        "way": OBJECTION_WAYS[ObjectionWay(objection.way)],
        "evidence": _evidence(objection, offered, replacing or {}, may_read_again=may_read_again),
        "question": objection_parts.text_of(objection, ObjectionPart.Kind.QUESTION),
        "answer": objection_parts.text_of(objection, ObjectionPart.Kind.ANSWER),
        "standing": _STANDINGS[holds.standing_of(objection.entry)] if is_head else "",
        "strike_off": _strike_off_link(objection),
        "is_upheld": is_head and objection.state == ObjectionState.UPHELD,
        "corrigendum_url": f"{reverse('review:compose', args=[ListKind.CORRIGENDA])}?entry={objection.entry_id}",
        "history": [
            history_entry(event, OBJECTION_ACTS[ObjectionAct(event.act)], _text(event))
            for event in objections.history_of(objection)
        ],
        "told": objector_papers.notices_about(objection),
        "is_by_post": objection.way == ObjectionWay.POST,
        "crumbs": [*_crumbs(), {"url": "", "label": objection.receipt_number}],
    }
    context |= _ACTS.context(objection, offered, sent=forms or {}, refusal=refusal, begins=begins)
    return render(request, "review/objections/objection.html", context, status=status)


def _evidence(
    objection: Objection,
    offered: Collection[ObjectionAct],
    sent: Mapping[uuid.UUID, ReplacementForm],
    *,
    may_read_again: bool,
) -> EvidenceBlock:
    """The files; those of a letter the office replaces."""
    released = objections.released_files(objection).values_list("pk", flat=True)

    def at(name: str) -> Callable[[uuid.UUID], str]:
        return lambda file_id: reverse(f"review:{name}", args=[objection.pk, file_id])

    addresses = Addresses(reverse("review:objection", args=[objection.pk]), opens=at("objection_file"))
    if ObjectionAct.REPLACE_FILE in offered:
        addresses = replace(addresses, replaces=at("replace_objection_file"))
    if may_read_again:
        addresses = replace(addresses, reads_again=at("read_objection_file_again"))
    notes = dict.fromkeys(released, _("released to the applicant"))
    return evidence_block(objections.files_of(objection), addresses, notes=notes, sent=sent)


def _strike_off_link(objection: Objection) -> dict[str, str]:
    """Where the striking off that followed from an upheld objection is, or else is proposed."""
    followed = objection.strikings_off.order_by("-proposed_at").first()
    if followed is not None:
        return {"url": reverse("review:striking_off", args=[followed.pk]), "label": followed.number}
    address = reverse("review:strike_off", args=[objection.filing_id])
    return {"url": f"{address}?objection={objection.pk}", "label": _("Propose to strike the filing off")}


def _row(objection: Objection, calendar: Calendar) -> dict[str, Any]:
    entry = objection.entry
    due = decision_due(objection, calendar=calendar) if objection.state in _OPEN else None
    return {
        "objection": objection,
        "entry": entry,
        "list_title": short_title(entry.batch_list.number or 0),
        "list_url": reverse("review:batch", args=[entry.batch_list_id]),
        "state_label": OBJECTION_STATES[ObjectionState(objection.state)],
        "due": due,
        "is_overdue": due is not None and clock.today() > due.due_on,
    }


def _files_to_release(objection: Objection) -> list[tuple[str, str]]:
    return [
        (str(file.pk), f"{file.position}. {file.name}")
        for file in objections.files_of(objection)
        if file.is_readable
    ]


def _text(event: Event) -> str:
    act = ObjectionAct(event.act)
    if act in _EXPLAINED:
        return explanation_of(event.payload)
    if act in _CONFIRMING:
        late = Closing.of(event.payload).late_by_working_days
        return _("%(days)s working days after the last day") % {"days": late} if late else ""
    return ""


def _find(objection_id: uuid.UUID) -> Objection:
    found = Objection.objects.select_related("entry__batch_list", "filing").filter(pk=objection_id).first()
    if found is None:
        raise NotFound("objection_unknown")
    return found


def _crumbs() -> list[dict[str, str]]:
    return [{"url": reverse("review:objections"), "label": _("Objections")}]


_ACTS = OfficerActs[Objection, ObjectionAct](
    buttons=_BUTTONS,
    follows=_FOLLOWS,
    recorded=OBJECTION_ACTS,
    words=WORDS,
    seals=_CONFIRMING,
    find=_find,
    perform=_perform,
    show=_page,
    page_name="review:objection",
    act_name="review:objection_act",
    ticks={
        ObjectionAct.ADMIT: Ticks(
            gettext_lazy("Files that the applicant may open"),
            gettext_lazy(
                "Open each file first. Tick it only if nothing in it says who objects: the rest stays with the office."
            ),
            _files_to_release,
        )
    },
)
