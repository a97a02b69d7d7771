"""The start page of a first filing: who files, with the credit code read at once, and what will be needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applicants import access
from applicants.applicant_choice import choice_of, parse_id
from applicants.drafts import steps
from applicants.drafts import store as drafts
from applicants.drafts.credit_code import KnownOrganisation, StatedCode, read_stated_code
from applicants.drafts.derived import own_facts
from applicants.drafts.needed_files import file_limits, needed_files
from applicants.drafts.pages.frame import account_of, crumbs
from applicants.identity_consent import consent_context, take_consent
from applicants.models import Draft
from registry import clock
from registry.labels import particulars as words
from registry.labels.province_words import full_name
from registry.members import invitations
from registry.models import Account, Applicant
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.materials import division_text
from registry.rules.particulars.applicant import INDIVIDUAL, ORGANISATION
from registry.rules.particulars.gaps import Gap, InvalidAnswer

_READ, _CLAIM, _BEGIN = "read", "claim", "begin"
_CODE_LENGTH = 18
_CHECK_CHARACTER = "check_character"
_CODE = "applicant.document_number"


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity somebody files: for whom, whether as an agent, and whether as the person in charge."""

    code: str
    label: Promise
    nature: str
    by_agent: bool = False
    in_charge: bool = False

    def answers(self, account: Account) -> dict[str, dict[str, Any]]:
        """What this says of the filing, by section; an individual's own facts follow from the nature."""
        said = {"applicant": {"nature": self.nature, "filed_by_agent": self.by_agent}}
        return {**said, "person_in_charge": own_facts(account)} if self.in_charge else said


CAPACITIES = (
    Capacity(
        "in_charge",
        gettext_lazy("For an organisation, as its legal representative or principal"),
        ORGANISATION,
        in_charge=True,
    ),
    Capacity("staff", gettext_lazy("For an organisation, as one of its staff"), ORGANISATION),
    Capacity(
        "agent",
        gettext_lazy("For an organisation, as an agent with a letter of authority"),
        ORGANISATION,
        by_agent=True,
    ),
    Capacity("self", gettext_lazy("For myself, as an individual"), INDIVIDUAL),
    Capacity(
        "agent_of_individual",
        gettext_lazy("For another individual, as an agent with a letter of authority"),
        INDIVIDUAL,
        by_agent=True,
    ),
)
_OF_INDIVIDUALS = ",".join(each.code for each in CAPACITIES if each.nature == INDIVIDUAL)


@dataclass(slots=True)
class StartForm:
    """What the start page was sent: who files for whom, and the credit code of an organisation.

    `stated` is the code as it was read; `fault` the reason why it could not be.
    """

    capacity: Capacity | None = None
    typed_code: str = ""
    deviates: bool = False
    stated: StatedCode | None = None
    fault: InvalidAnswer | None = None
    facts: list[tuple[Any, str]] = field(default_factory=list)

    @property
    def error(self) -> str:
        """What to do about the code; empty when nothing is wrong with it."""
        if self.fault is None:
            return ""
        if self._problem == _CHECK_CHARACTER:
            return _(
                "The credit code does not agree with its check character, the last one: one of its 18 characters is "
                "mistyped, or two are exchanged. Compare it with the licence; if that shows it exactly so, tick below."
            )
        return words.gap_message(Gap(_CODE, self.fault.code, self.fault.facts))

    @property
    def typed_length(self) -> int:
        """How many characters were typed so far, of those that count."""
        found = self.fault.facts.get("found") if self.fault is not None else None
        return found if isinstance(found, int) else 0

    @property
    def is_unfinished(self) -> bool:
        """Whether the code is only too short so far."""
        return self._problem == "length" and self.typed_length < _CODE_LENGTH

    @property
    def may_deviate(self) -> bool:
        """Whether the declaration is offered that the licence shows the code so."""
        return self.deviates or self._problem == _CHECK_CHARACTER

    @property
    def _problem(self) -> str:
        return str(self.fault.facts.get("problem", "")) if self.fault is not None else ""

    @property
    def known(self) -> KnownOrganisation | None:
        return self.stated.known if self.stated is not None else None

    @property
    def is_known_elsewhere(self) -> bool:
        """Whether the organisation is in the public register and the account does not act for it."""
        return self.known is not None and not self.known.is_own


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The start page. A POST begins a draft, or says what the credit code leads to; `act=read` only reads the code."""
    account = account_of(request)
    if request.method != "POST":
        kept = kept_form(request)
        return _page(request, account, _form_of(kept, account) if kept is not None else StartForm())
    form = _form_of(request.POST, account)
    if request.POST.get("act") == _READ:
        return render(request, "applicants/drafts/includes/code_read.html", {"form": form, "is_typing": True})
    take_consent(request)
    if chosen := request.POST.get("applicant", ""):
        applicant = get_object_or_404(access.applicants_of(account), pk=parse_id(chosen))
        return _begun(request, drafts.begin_draft(account, applicant=applicant, at=clock.now()))
    if form.error:
        return _page(request, account, form, status=400)
    then = request.POST.get("then", "")
    if form.is_known_elsewhere and then not in (_CLAIM, _BEGIN):
        return _page(request, account, form, status=409)
    return _begin_with(request, account, form, claims=then == _CLAIM)


def _form_of(data: Any, account: Account) -> StartForm:
    capacity = next((each for each in CAPACITIES if each.code == data.get("who")), None)
    form = StartForm(
        capacity=capacity,
        typed_code=data.get("credit_code", "")[:200].strip(),
        deviates=data.get("deviates") == "yes",
    )
    if not form.typed_code or (capacity is not None and capacity.nature == INDIVIDUAL):
        return form
    try:
        form.stated = read_stated_code(
            form.typed_code, deviates=form.deviates, account=account, today=clock.today()
        )
    except InvalidAnswer as fault:
        if fault.facts.get("problem") == "does_not_deviate":
            # The box stayed ticked while the code was put right.
            form.deviates = False
            form.stated = read_stated_code(
                form.typed_code, deviates=False, account=account, today=clock.today()
            )
        else:
            form.fault = fault
            return form
    form.facts = _facts(form.stated)
    return form


def _facts(stated: StatedCode) -> list[tuple[Any, str]]:
    """What the code says, in words: the type of document, of organisation, and the place."""
    read = stated.read
    found: list[tuple[Any, str]] = [
        (
            words.label_of("applicant.document_type"),
            str(words.choice_label("applicant.document_type", read.document_type)),
        )
    ]
    if read.organisation_type:
        kind = words.choice_label("applicant.organisation_type", read.organisation_type)
        found.append((words.label_of("applicant.organisation_type"), str(kind)))
    if read.place:
        found.append((words.label_of("applicant.division_code"), _place(read.place)))
    return found


def _place(code: str) -> str:
    return full_name(code) if code.endswith("0000") else division_text(code, on=clock.today())


def _begin_with(request: HttpRequest, account: Account, form: StartForm, *, claims: bool) -> HttpResponse:
    """Begins a draft for what was stated; of an organisation that the account acts for, with what the register has."""
    at, own = clock.now(), form.known
    if own is not None and own.is_own:
        messages.info(
            request,
            _("You act for %(name)s already: what the register has of it is filled in.") % {"name": own.name},
        )
        return _begun(request, drafts.begin_draft(account, applicant=own.applicant, at=at))
    said = form.capacity.answers(account) if form.capacity is not None else {}
    applicant = said.get("applicant", {})
    if form.stated is not None:
        applicant = {**applicant, **form.stated.answers(clock.today())}
    if claims and own is not None:
        applicant = {**applicant, "name": own.name}
    stated = {**said, "applicant": applicant}
    draft = drafts.begin_draft(account, applicant=None, at=at, stated=stated)
    if claims and own is not None:
        forget_form(request)
        return redirect("applicants:claim", draft.pk)
    return _begun(request, draft)


def _begun(request: HttpRequest, draft: Draft) -> HttpResponse:
    forget_form(request)
    return redirect(steps.step_url(draft.pk, "applicant" if draft.applicant_id is None else "service"))


def _page(request: HttpRequest, account: Account, form: StartForm, *, status: int = 200) -> HttpResponse:
    applicants = list(access.applicants_of(account).order_by("name"))
    chosen: Applicant | None = choice_of(request, account).chosen or next(iter(applicants), None)
    if request.method == "POST" or form.typed_code:
        chosen = None
    context = {
        "form": form,
        "capacities": CAPACITIES,
        "of_individuals": _OF_INDIVIDUALS,
        "error_list": [{"target": "credit-code", "label": "", "message": form.error}] if form.error else [],
        "applicants": applicants,
        "chosen": chosen,
        "needed": needed_files(),
        "limits": file_limits(),
        **consent_context(account),
        "invitations": invitations.open_invitations_to(account, at=clock.now()),
        "crumbs": crumbs(_("File a service")),
        "claim_number_url": reverse("applicants:claim_number"),
    }
    return render(request, "applicants/drafts/start.html", context, status=status)
