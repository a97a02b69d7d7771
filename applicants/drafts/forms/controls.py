"""Form controls for each kind of particular, made by one factory: a new particular needs no code here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import loader
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applicants.drafts.forms.answers import BY_TYPES, place_names
from applicants.drafts.forms.conditions import NO, YES, Applicability, applicability, choice_conditions
from applicants.words import help_with_article, why_asked
from registry.labels import particulars as words
from registry.labels.division_words import division_label
from registry.labels.province_words import full_name
from registry.lists import active_entries, entry_names
from registry.rules.codes import jurisdictions
from registry.rules.particulars import AnswerKind, Particular, find_particular
from registry.rules.particulars.conditions import NEVER, Condition
from registry.rules.particulars.materials import Materials, date_of, is_given
from registry.rules.particulars.service_categories import CATEGORIES

# More choices than this are shown as a drop-down list instead of buttons.
_MOST_BUTTONS = 7
_LONG_TEXT = 1500

Choices = list[tuple[str, Any]]


class PortalRenderer(DjangoTemplates):
    """Renders this app's widgets from the portal's templates, all others from Django's."""

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("applicants/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


RENDERER: BaseRenderer = PortalRenderer()


@dataclass(slots=True)
class SameTick:
    """The tick that takes over the answer to another question; `applies_when` is that of the other one."""

    name: str
    label: Promise | str
    is_ticked: bool
    applies_when: str


class AnswerField(forms.Field):
    """A field with the texts its template shows. It accepts any answer; the catalogue validates later."""

    def __init__(
        self,
        particular: Particular,
        *,
        widget: forms.Widget,
        where: Applicability,
        asked: bool,
        materials: Materials | None = None,
    ) -> None:
        super().__init__(
            required=False,
            widget=widget,
            label=str(words.label_of(particular.key)),
            help_text=help_with_article(particular.key, particular.basis, materials),
        )
        self.particular = particular
        self.asked = asked
        self.why = why_asked(particular.basis)
        self.basis = words.article_of(particular.key) if self.why else ""
        self.applies_when = where.when
        self.starts_hidden = not where.applies_now
        # Where the answer on the page comes from, if it was not typed.
        self.note: Promise | str = ""
        self.same: SameTick | None = None


class PlaceWidget(forms.Widget):
    """Province, prefecture and county as three lists; a button fetches the next list without scripts."""

    template_name = "applicants/drafts/widgets/place.html"

    def __init__(self, levels: Sequence[jurisdictions.ProvinceDivisions]) -> None:
        super().__init__()
        self._provinces = levels

    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, dict(attrs or {}))
        code = str(value or "")
        lists = self._lists(code)
        labels = (_("Province"), _("City or prefecture"), _("County or district"))
        context["widget"]["levels"] = [
            {
                "number": number,
                "name": level_name,
                "label": label,
                "places": places,
                "chosen": chosen,
                "is_open": bool(places) or number == 0,
            }
            for number, (level_name, label, (places, chosen)) in enumerate(
                zip(place_names(name), labels, lists, strict=True)
            )
        ]
        context["widget"]["source"] = reverse_lazy("applicants:places")
        return context

    def _lists(self, code: str) -> list[tuple[list[tuple[str, str]], str]]:
        """For each level, the choices and the chosen code."""
        provinces = [(each.province.code, full_name(each.province.code)) for each in self._provinces]
        found = next((each for each in self._provinces if each.province.code[:2] == code[:2]), None)
        if found is None:
            return [(provinces, ""), ([], ""), ([], "")]
        prefectures = [(each.code, division_label(each.code, each.name)) for each in found.prefectures]
        below = next((each for each in found.prefectures if each.code[:4] == code[:4]), None)
        if below is None:
            return [(provinces, found.province.code), (prefectures, ""), ([], "")]
        counties = [(each.code, division_label(each.code, each.name)) for each in below.counties]
        county = code if code in {each.code for each in below.counties} else ""
        return [(provinces, found.province.code), (prefectures, below.code), (counties, county)]


@dataclass(frozen=True, slots=True)
class TypesOfCategory:
    """The types of service of one category, as boxes under its name."""

    name: str
    label: Promise | str
    choices: Choices
    chosen: tuple[str, ...]


class TypesWidget(forms.Widget):
    """What the service is, asked by its types alone: the boxes of every category under the name of the category."""

    template_name = "applicants/drafts/widgets/types.html"
    use_fieldset = True

    def __init__(self, categories: Sequence[TypesOfCategory]) -> None:
        super().__init__()
        self._categories = categories

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, dict(attrs or {}))
        context["widget"] |= {"categories": self._categories, "marker": BY_TYPES, "marked": YES}
        return context


class FittingRadioSelect(forms.RadioSelect):
    """Radio buttons, some of which are offered only for certain answers to another question."""

    template_name = "applicants/drafts/widgets/choices.html"

    def __init__(self, *, choices: Choices, where: Mapping[str, Applicability]) -> None:
        super().__init__(choices=choices)
        self._where = where

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        where = self._where.get(str(value))
        option["applies_when"] = where.when if where is not None else ""
        option["starts_hidden"] = where is not None and not where.applies_now
        return option


class Lists:
    """The administrator's lists, each read once per page; a retired entry is shown only where it is chosen."""

    def __init__(self) -> None:
        self._entries: dict[str, Choices] = {}
        self._names: dict[str, dict[str, str]] = {}

    def choices(self, list_name: str) -> Choices:
        if list_name not in self._entries:
            self._entries[list_name] = [(entry.code, str(entry)) for entry in active_entries(list_name)]
        return list(self._entries[list_name])

    def name_of(self, list_name: str, code: str) -> str:
        if list_name not in self._names:
            self._names[list_name] = entry_names(list_name)
        return self._names[list_name].get(code, code)


class ControlFactory:
    """Makes the fields of particulars, with the places and lists they choose from."""

    def __init__(
        self,
        materials: Materials,
        *,
        places: Sequence[jurisdictions.ProvinceDivisions],
        lists: Lists,
    ) -> None:
        self._materials = materials
        self._places = places
        self._lists = lists

    def field(self, particular: Particular, answer: Any, *, where: Applicability, asked: bool) -> AnswerField:
        """The field of a particular with its present answer."""
        widget = self._widget(particular, answer)
        return AnswerField(particular, widget=widget, where=where, asked=asked, materials=self._materials)

    def by_types(self, categories: AnswerField, answers: Mapping[str, Any]) -> None:
        """Asks the categories by their types; `answers` are those of the section."""
        asked = []
        for category in CATEGORIES:
            types = find_particular(category.types_key)
            chosen = answers.get(types.name)
            codes = tuple(str(code) for code in chosen) if isinstance(chosen, list) else ()
            label = words.choice_label("content.categories", category.code)
            asked.append(TypesOfCategory(types.name, label, self._choices(types, codes), codes))
        categories.widget = TypesWidget(asked)
        categories.help_text = str(
            _("Tick everything that it is. The category follows from that and is published.")
        )

    def _widget(self, particular: Particular, answer: Any) -> forms.Widget:
        match particular.kind:
            case AnswerKind.LONG_TEXT:
                rows = 9 if particular.max_length > _LONG_TEXT else 4
                return forms.Textarea(attrs={"rows": rows})
            case AnswerKind.CHOICE:
                choices = self._choices(particular, [answer])
                if conditions := choice_conditions(particular.key):
                    return FittingRadioSelect(choices=choices, where=self._where(particular, conditions))
                if len(choices) <= _MOST_BUTTONS and particular.list_name is None:
                    return forms.RadioSelect(choices=choices)
                return forms.Select(choices=[("", _("Choose")), *choices])
            case AnswerKind.MULTI_CHOICE:
                chosen = answer if isinstance(answer, list) else []
                return forms.CheckboxSelectMultiple(choices=self._choices(particular, chosen))
            case AnswerKind.YES_NO:
                return _yes_no(particular)
            case AnswerKind.DIVISION:
                return PlaceWidget(self._places)
            case AnswerKind.DATE:
                # A date control cannot show text that is no date: then a text control shows it.
                is_date = not is_given(answer) or date_of(answer) is not None
                return forms.TextInput(attrs={} if not is_date else {"type": "date"})
        return forms.TextInput(attrs=_TEXT_ATTRIBUTES.get(particular.kind, {}))

    def _where(self, particular: Particular, conditions: Mapping[str, Condition]) -> dict[str, Applicability]:
        return {
            choice: applicability(condition, self._materials, section=particular.section)
            for choice, condition in conditions.items()
        }

    def _choices(self, particular: Particular, chosen: Sequence[Any]) -> Choices:
        """The choices of a particular; a chosen code that has been retired stays listed."""
        if particular.list_name is not None:
            found = self._lists.choices(particular.list_name)
            codes: Sequence[str] = particular.extra_choices
        else:
            fixed = words.in_reading_order(particular.key, particular.choices)
            found, codes = [], (*fixed, *particular.extra_choices)
        found += [(code, words.choice_label(particular.key, code)) for code in codes]
        known = {code for code, _label in found}
        for code in chosen:
            if isinstance(code, str) and code and code not in known:
                label = self._lists.name_of(particular.list_name, code) if particular.list_name else code
                found.append((code, label))
        return found


def _yes_no(particular: Particular) -> forms.Widget:
    """Two radio buttons; a single checkbox where an empty one already means no."""
    if particular.required is NEVER:
        return forms.CheckboxInput(attrs={"value": YES}, check_test=lambda answer: answer == YES)
    choices = [(YES, words.yes_no_label(answer=True)), (NO, words.yes_no_label(answer=False))]
    return forms.RadioSelect(choices=choices)


_NUMBER_ATTRIBUTES = {"autocomplete": "off", "spellcheck": "false"}
_TEXT_ATTRIBUTES: Mapping[AnswerKind, dict[str, str]] = {
    AnswerKind.INTEGER: {"inputmode": "numeric"},
    AnswerKind.URL: {"inputmode": "url", "placeholder": "https://", "spellcheck": "false"},
    AnswerKind.EMAIL: {"inputmode": "email", "spellcheck": "false", "autocapitalize": "none"},
    AnswerKind.MOBILE: {"inputmode": "tel"},
    AnswerKind.PHONE: {"inputmode": "tel"},
    AnswerKind.DOCUMENT_NUMBER: {
        "autocomplete": "off",
        "spellcheck": "false",
        "autocapitalize": "characters",
    },
    AnswerKind.ICP_NUMBER: _NUMBER_ATTRIBUTES,
    AnswerKind.APP_FILING_NUMBER: _NUMBER_ATTRIBUTES,
    AnswerKind.MINI_PROGRAM_FILING_NUMBER: _NUMBER_ATTRIBUTES,
    AnswerKind.FILING_NUMBER: _NUMBER_ATTRIBUTES,
    AnswerKind.IP_ADDRESS: {"spellcheck": "false", "autocapitalize": "none"},
    AnswerKind.SERVER_ADDRESS: {"spellcheck": "false", "autocapitalize": "none"},
}
