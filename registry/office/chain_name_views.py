"""The national office's pages of chain names that applicants typed: the list, and a decision on one."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.errors import NotFound, OutOfDate
from registry.lists import active_entries
from registry.models import Account
from registry.office import chain_names, lists
from registry.office.chain_names import CHAINS, Act, TypedName
from registry.office.forms import NewEntryForm
from registry.presentation.posted import posted_count
from registry.presentation.text_fields import ReasonField
from registry.rules.substance import LONGEST_REASON

_FOR_ADOPTING = ("name_zh", "name_en", "code", "kind")
# What each act has to be given.
_WANTED: Mapping[str, tuple[str, ...]] = {
    Act.ADOPT.value: _FOR_ADOPTING,
    Act.JOIN.value: ("entry",),
    Act.REFUSE.value: ("reason",),
}


class DecisionForm(NewEntryForm):
    """What becomes of a typed name; each act asks for its own fields."""

    act = forms.ChoiceField(
        label=gettext_lazy("What becomes of this name"), choices=Act.choices, widget=forms.RadioSelect
    )
    entry = forms.ChoiceField(label=gettext_lazy("Entry that it is counted under"), required=False)
    reason = ReasonField(
        label=gettext_lazy("Why it does not come into the list"), max_length=LONGEST_REASON, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, list_name=CHAINS, **options)
        self.order_fields(("act", "entry", *_FOR_ADOPTING, "reason"))
        for act, names in _WANTED.items():
            for name in names:
                field = self.fields[name]
                field.required = False
                # Shown until the script knows the act: without scripts nothing may be out of reach.
                field.asked, field.applies_when = True, f"act={act}"  # type: ignore[attr-defined]
        entries = [(each.code, str(each)) for each in active_entries(CHAINS)]
        self.fields["entry"].choices = [("", gettext_lazy("Choose")), *entries]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in _WANTED.get(str(data.get("act")), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed for what you chose."))
        return data


@require_safe
def chain_name_list(request: HttpRequest) -> HttpResponse:
    """Every typed name, those that await a decision first."""
    names = chain_names.typed_names()
    entries = {each.code: str(each) for each in active_entries(CHAINS)}
    rows = [
        {"typed": each, "entry": entries.get(each.decision.code, each.decision.code) if each.decision else ""}
        for each in names
    ]
    return render(request, "office/chain_names.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def chain_name(request: HttpRequest) -> HttpResponse:
    """One typed name, given in the query, and the decision on it."""
    try:
        typed = chain_names.typed_name(request.GET.get("name", ""))
    except NotFound:
        messages.warning(request, _("No filing or open application states this name."))
        return redirect("office:chain_names")
    form = DecisionForm(request.POST or None, initial={"name_zh": typed.name, "name_en": typed.name})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if posted_count(request.POST.get("version")) != typed.version + 1:
            form.add_error(
                None, _("Somebody has decided on this name meanwhile. Look again before you decide.")
            )
            status = HTTPStatus.CONFLICT
        elif form.is_valid() and _is_decided(form, typed, by=cast("Account", request.user)):
            messages.success(request, _("The decision is recorded."))
            return redirect("office:chain_names")
    context = {"form": form, "typed": typed, "version": typed.version + 1}
    return render(request, "office/chain_name.html", context, status=status)


def _is_decided(form: DecisionForm, typed: TypedName, *, by: Account) -> bool:
    """Records the decision; False with an error on the form where it cannot be."""
    data, at = form.cleaned_data, clock.now()
    try:
        match data["act"]:
            case Act.ADOPT:
                given = {name: data[name] for name in _FOR_ADOPTING}
                chain_names.adopt(typed, **given, by=by, at=at)
            case Act.JOIN:
                chain_names.join(typed, code=data["entry"], by=by, at=at)
            case _:
                chain_names.refuse(typed, reason=data["reason"], by=by, at=at)
    except lists.CodeTaken:
        form.add_error("code", _("The list has an entry of this code, perhaps a retired one."))
    except OutOfDate:
        form.add_error(None, _("Somebody has decided on this name meanwhile. Look again before you decide."))
    else:
        return True
    return False
