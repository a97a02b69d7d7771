"""The form of one wizard section: the catalogue's particulars in order, groups as repeated rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorList
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applicants.drafts.forms.answers import SAME_AS, same_name, section_answers, to_control
from applicants.drafts.forms.conditions import YES, Applicability, applicability, row_applicability
from applicants.drafts.forms.controls import RENDERER, AnswerField, ControlFactory, Lists, SameTick
from applicants.drafts.forms.understood import understood
from applicants.words import help_with_article, why_asked
from registry.labels import particulars as words
from registry.labels.date_format import day
from registry.presentation.materials import PresentedRow, division_text
from registry.rules.codes import jurisdictions
from registry.rules.particulars import AnswerKind, Particular, particulars_of
from registry.rules.particulars.conditions import NEVER
from registry.rules.particulars.consistency.chains import usual_kind
from registry.rules.particulars.form_version import version_of
from registry.rules.particulars.gaps import FILE_MISSING, MISSING, Gap
from registry.rules.particulars.materials import Materials, date_of, is_given, value_of
from registry.rules.particulars.service_categories import CATEGORIES

_MISSING_CODES = frozenset({MISSING, FILE_MISSING, "foreign_nodes_unexplained", "no_website_app_or_account"})


def is_missing(gap: Gap) -> bool:
    """Whether a gap is only a missing answer, not a wrong one."""
    return gap.code in _MISSING_CODES


# On the page these come first: what they say is read before the rest is asked.
_FIRST = {
    "applicant": (
        *("nature", "document_type", "nationality", "document_number"),
        *("organisation_type", "name", "document_address", "division_code"),
    )
}
# Where the categories follow from the types, these stand under the names of the categories.
_TYPES = frozenset(category.types_key for category in CATEGORIES)
_SAME_LABELS = {"applicant.mailing_address": _("The same as the address on the document")}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that was not typed, and the note that says where it comes from.

    What is only usual is the applicant's own answer once its page was sent: then the note goes.
    """

    answer: Any
    note: Promise | str
    is_only_usual: bool = False


class ControlForm(forms.Form):
    """A form of ready-made fields that only displays answers; `parse_section` reads the submitted ones."""

    default_renderer = RENDERER

    def __init__(self, fields: Mapping[str, AnswerField], answers: Mapping[str, Any], *, prefix: str = ""):
        initial = {name: to_control(each.particular, answers.get(name)) for name, each in fields.items()}
        super().__init__(initial=initial, prefix=prefix or None, use_required_attribute=False)
        self.fields.update(fields)
        self.full_clean()

    def flag(self, name: str, message: str) -> None:
        """Adds an error message to a field."""
        self.errors.setdefault(name, ErrorList(renderer=self.renderer)).append(message)


@dataclass(slots=True)
class Group:
    """A repeated group on the page: its rows, an empty row to copy, and the messages about the group."""

    particular: Particular
    label: Promise | str
    row_label: Promise | str
    help_text: str
    why: Promise | str
    basis: Promise | str
    asked: bool
    applies_when: str
    starts_hidden: bool
    rows: list[ControlForm]
    empty_row: ControlForm
    note: Promise | str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.particular.name

    @property
    def anchor(self) -> str:
        return f"group-{self.name}"

    @property
    def may_add(self) -> bool:
        return len(self.rows) < self.particular.max_rows


@dataclass(slots=True)
class FixedAnswer:
    """An answer that the register already has; it is shown, not asked."""

    key: str
    label: Promise | str
    value: str
    # The value its control would send: conditions of other fields refer to it.
    sent: str

    @property
    def name(self) -> str:
        return self.key.split(".")[1]


@dataclass(slots=True)
class Item:
    """One item on the page: a field, a group, a fixed answer, or an answer that an amendment keeps locked."""

    field: BoundField | None = None
    group: Group | None = None
    fixed: FixedAnswer | None = None
    locked: PresentedRow | None = None

    @property
    def is_extra(self) -> bool:
        """Whether it is asked, and may be left out whatever else is answered."""
        if self.group is not None:
            return self.group.particular.required is NEVER
        field = self.field.field if self.field is not None else None
        return isinstance(field, AnswerField) and not field.asked and field.particular.required is NEVER

    def is_given_or_wrong(self, answers: Mapping[str, Any]) -> bool:
        if self.group is not None:
            return bool(self.group.rows or self.group.errors)
        return self.field is not None and bool(is_given(answers.get(self.field.name)) or self.field.errors)


class SectionForm:
    """The controls of one section, filled with the answers as typed.

    `fixed` holds the keys whose answers come from the register, `locked` the rows that an amendment shows but
    does not ask. `add_row` names a group that gets one more empty row. A field that cannot apply whatever is
    chosen on this page is left out; one that does not apply now is hidden. `suggested` are answers by name that other
    answers give: they are shown where nothing is typed, with their note as long as they stand. `names` are the
    particulars of the page, where the section stands on several; None stands for all. A name with a dot is a field of
    the first row of a group. `is_fresh` is a section that nobody has saved yet: what is mostly so is ticked then.
    `by_types` asks what the service is by its types alone, of which the categories follow.
    """

    def __init__(
        self,
        section: str,
        materials: Materials,
        *,
        today: date,
        fixed: frozenset[str] = frozenset(),
        locked: Mapping[str, PresentedRow] | None = None,
        add_row: str = "",
        suggested: Mapping[str, Suggestion] | None = None,
        names: Collection[str] | None = None,
        is_fresh: bool = False,
        by_types: bool = False,
    ) -> None:
        self.section = section
        self._by_types = by_types and section == "content"
        self._is_fresh = is_fresh
        self._suggested = suggested or {}
        typed = section_answers(dict(materials), section)
        given = {
            name: each.answer
            for name, each in self._suggested.items()
            if "." not in name and not is_given(typed.get(name))
        }
        self._filled_in = frozenset(given)
        self._answers = {**typed, **given}
        materials = {**materials, section: self._answers}
        self._materials = materials
        self._today = today
        self._factory = ControlFactory(materials, places=jurisdictions.divisions(today), lists=Lists())
        self._add_row = add_row
        self._locked = locked or {}
        on_page = [each for each in _in_order_of_the_page(section) if names is None or each.name in names]
        elsewhere = [each.key for each in particulars_of(section) if each not in on_page]
        asked_here = [each for each in on_page if not (self._by_types and each.key in _TYPES)]
        without = frozenset((*self._locked, *elsewhere))
        self.groups: dict[str, Group] = {}
        self._taken_over: set[str] = set()
        fields: dict[str, AnswerField] = {}
        order: list[tuple[str, Particular]] = []
        for particular in asked_here:
            where = applicability(
                particular.applies, materials, section=section, without=without, by_types=self._by_types
            )
            if not where.is_possible:
                continue
            if particular.key in self._locked and not where.applies_now:
                continue
            order.append((self._put(particular, where, fields, fixed), particular))
        self._add_same_ticks(fields)
        self.form = ControlForm(fields, self._answers)
        for name in self._taken_over:
            # Shown by its tick; what is typed beside it is meant.
            self.form.initial[name] = ""
        self.items = [self._item(what, particular) for what, particular in order]

    @property
    def version(self) -> int:
        """The version of the form that is on the page."""
        return version_of(self._materials)

    @property
    def has_locked(self) -> bool:
        """Whether the page shows a locked answer."""
        return any(item.locked is not None for item in self.items)

    @property
    def has_fixed(self) -> bool:
        """Whether the page shows an answer from the register."""
        return any(item.fixed is not None for item in self.items)

    @property
    def asked_items(self) -> list[Item]:
        """What the page asks, or shows as answered; what may be left out stands behind `more_items`."""
        return [each for each in self.items if not each.is_extra]

    @property
    def more_items(self) -> list[Item]:
        """What may be left out whatever else is answered."""
        return [each for each in self.items if each.is_extra]

    @property
    def more_is_open(self) -> bool:
        """Whether something behind them is given, or wrong."""
        return any(each.is_given_or_wrong(self._answers) for each in self.more_items)

    def asks(self, key: str) -> bool:
        """Whether the page has a control for a particular of this section, or for the group of a row's field."""
        name = key.split(".")[1]
        return name in self.form.fields or name in self.groups

    def flag(self, gaps: Iterable[Gap], *, with_missing: bool) -> None:
        """Adds the gaps of this section as errors to their fields; missing answers only `with_missing`."""
        for gap in gaps:
            if gap.key.split(".")[0] != self.section or (is_missing(gap) and not with_missing):
                continue
            message = words.gap_message(replace(gap, row=None))
            name = gap.particular_key.split(".")[1]
            group = self.groups.get(name)
            if group is None:
                self.flag_field(name, message)
            elif gap.row is None or gap.key == gap.particular_key or gap.row >= len(group.rows):
                group.errors.append(message)
            else:
                group.rows[gap.row].flag(gap.key.rsplit(".", 1)[1], message)

    def flag_field(self, name: str, message: str) -> None:
        """Adds an error message to a field of this section, if it is on the page."""
        if name in self.form.fields:
            if name in self._taken_over:
                self.form.initial[name] = self._answers.get(name, "")
            self.form.flag(name, message)

    def ask_only_when_late(self, name: str, *, is_late: bool) -> None:
        """Shows a field only where the day that the page asks for is late; the page says it as `is_late`."""
        field = self.form.fields.get(name)
        if isinstance(field, AnswerField):
            field.applies_when, field.starts_hidden, field.asked = f"is_late={YES}", not is_late, True

    def ask_for(self, name: str) -> None:
        """Marks a field as required by the date rule, which the catalogue does not know."""
        field = self.form.fields.get(name)
        if isinstance(field, AnswerField):
            field.asked = True

    def error_list(self) -> list[dict[str, str]]:
        """All errors on the page in order, with the id of their field, for the summary at the top."""
        found: list[dict[str, str]] = []
        for item in self.items:
            if item.field is not None:
                found += _messages(item.field)
            elif item.group is not None:
                group = item.group
                found += [{"target": group.anchor, "label": "", "message": each} for each in group.errors]
                for row in group.rows:
                    found += [entry for bound in row for entry in _messages(bound)]
        return found

    def _put(
        self,
        particular: Particular,
        where: Applicability,
        fields: dict[str, AnswerField],
        fixed: frozenset[str],
    ) -> str:
        if particular.key in fixed:
            return "fixed"
        if particular.key in self._locked:
            return "locked"
        asked = particular.required(self._materials)
        if particular.kind is AnswerKind.GROUP:
            self.groups[particular.name] = self._group(particular, where, asked=asked)
            return "group"
        answer = self._answers.get(particular.name)
        made = self._factory.field(particular, answer, where=where, asked=asked)
        if self._by_types and particular.key == "content.categories":
            self._factory.by_types(made, self._answers)
        suggestion = self._suggested.get(particular.name)
        if suggestion is not None and suggestion.answer == answer:
            has_note = particular.name in self._filled_in or not suggestion.is_only_usual
            made.note = suggestion.note if has_note else ""
        made.note = made.note or understood(particular, answer)
        fields[particular.name] = made
        return "field"

    def _add_same_ticks(self, fields: Mapping[str, AnswerField]) -> None:
        for key, label in _SAME_LABELS.items():
            name, other = key.split(".")[1], SAME_AS[key].split(".")[1]
            if not key.startswith(f"{self.section}.") or name not in fields or other not in fields:
                continue
            answer = self._answers.get(name)
            is_answered, is_other = is_given(answer), is_given(self._answers.get(other))
            is_same = is_answered and answer == self._answers.get(other)
            is_ticked = is_same or (self._is_fresh and not is_answered and not is_other)
            if is_ticked:
                self._taken_over.add(name)
            fields[name].same = SameTick(same_name(name), label, is_ticked, fields[other].applies_when)
            own = fields[name].applies_when
            fields[name].applies_when = "&".join(filter(None, (own, f"{same_name(name)}!={YES}")))

    def _group(self, particular: Particular, where: Applicability, *, asked: bool) -> Group:
        given = self._answers.get(particular.name)
        rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
        suggestion = self._suggested.get(particular.name)
        note: Promise | str = ""
        if suggestion is not None and suggestion.answer == given:
            has_note = particular.name in self._filled_in or not suggestion.is_only_usual
            note = suggestion.note if has_note else ""
        if not rows and asked:
            rows.append({})
        if self._add_row == particular.name:
            rows.append({})
        return Group(
            particular=particular,
            label=words.label_of(particular.key),
            row_label=words.row_label_of(particular.key),
            help_text=help_with_article(particular.key, particular.basis, self._materials),
            why=why_asked(particular.basis),
            basis=words.article_of(particular.key),
            asked=asked,
            applies_when=where.when,
            starts_hidden=not where.applies_now,
            note=note,
            rows=[self._row(particular, row, str(index)) for index, row in enumerate(rows)],
            empty_row=self._row(particular, {}, "__prefix__"),
        )

    def _row(self, group: Particular, row: Mapping[str, Any], index: str) -> ControlForm:
        fields, notes = {}, {}
        if index == "0":
            found = {name: self._suggested.get(f"{group.name}.{name}") for name in _names_of(group)}
            notes = {name: each for name, each in found.items() if each and not is_given(row.get(name))}
            row = {**row, **{name: each.answer for name, each in notes.items()}}
        for each in group.fields_for(self._materials):
            where = row_applicability(each.applies, row)
            asked = each.required(row)
            fields[each.name] = self._factory.field(each, row.get(each.name), where=where, asked=asked)
            note = notes[each.name].note if each.name in notes else ""
            fields[each.name].note = note or understood(each, row.get(each.name))
            # The group already says why its rows are asked for.
            fields[each.name].why = fields[each.name].basis = ""
            if each.name == "chain" and any(other.name == "kind" for other in group.fields):
                fields[each.name].widget.attrs |= self._usual_kinds(fields[each.name].widget)
            fields[each.name].help_text = str(words.help_of(each.key))
        return ControlForm(fields, row, prefix=f"{group.name}-{index}")

    def _usual_kinds(self, widget: forms.Widget) -> dict[str, str]:
        """What static/js/usual_kind.js reads: the kind of each chain, and that of the others."""
        codes = [str(code) for code, _label in getattr(widget, "choices", ())]
        usual = {code: kind for code in codes if (kind := usual_kind({"chain": code}))}
        stated = value_of(self._materials, "service.chain_kind")
        return {
            "data-usual": json.dumps(usual),
            "data-usual-otherwise": stated if isinstance(stated, str) else "",
        }

    def _item(self, what: str, particular: Particular) -> Item:
        if what == "group":
            return Item(group=self.groups[particular.name])
        if what == "field":
            return Item(field=self.form[particular.name])
        if what == "locked":
            return Item(locked=self._locked[particular.key])
        answer = self._answers.get(particular.name)
        text, sent = self._text(particular, answer), str(to_control(particular, answer))
        return Item(fixed=FixedAnswer(particular.key, words.label_of(particular.key), text, sent))

    def _text(self, particular: Particular, answer: Any) -> str:
        if not is_given(answer):
            return ""
        if particular.kind is AnswerKind.DIVISION:
            return division_text(str(answer), on=self._today)
        if particular.kind is AnswerKind.CHOICE:
            return str(words.choice_label(particular.key, str(answer)))
        if particular.kind is AnswerKind.YES_NO:
            return str(words.yes_no_label(answer=answer is True))
        if particular.kind is AnswerKind.DATE and (on := date_of(answer)) is not None:
            return day(on)
        return str(answer)


def _in_order_of_the_page(section: str) -> list[Particular]:
    first = _FIRST.get(section, ())
    found = particulars_of(section)
    return sorted(found, key=lambda each: first.index(each.name) if each.name in first else len(first))


def _names_of(group: Particular) -> list[str]:
    return [each.name for each in group.fields]


def _messages(bound: BoundField) -> list[dict[str, str]]:
    return [{"target": bound.auto_id, "label": "", "message": str(each)} for each in bound.errors]
