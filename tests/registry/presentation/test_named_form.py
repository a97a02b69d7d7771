"""An officers' form names what to choose, to tick or to fill in, and says when an optional field is needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override

from registry.presentation.named_form import NamedForm, needed_now, needed_when


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


class Example(NamedForm):
    """A form with a field of each sort."""

    fault = forms.ChoiceField(label="存在的问题", choices=[("", "—"), ("a", "a")])
    agreed = forms.BooleanField(label="已核对")
    reason = forms.CharField(label="退回原因")
    own = forms.CharField(label="说明", error_messages={"required": "样例：请写明。"})
    note = forms.CharField(label="备注", required=False)
    tick = forms.BooleanField(label="不列此项", required=False)


def test_what_is_missing_is_named_with_what_to_do() -> None:
    found = Example({}).errors
    assert {name: list(errors) for name, errors in found.items()} == {
        "fault": ["Choose “存在的问题”."],
        "agreed": ["Tick “已核对”."],
        "reason": ["Fill in “退回原因”."],
        "own": ["样例：请写明。"],
    }


def test_the_names_of_one_form_stay_with_it() -> None:
    first, second = Example({}), Example({})
    first.fields["reason"].label = "另一名称"
    assert list(first.errors["reason"]) == ["Fill in “另一名称”."]
    assert list(second.errors["reason"]) == ["Fill in “退回原因”."]
    assert forms.CharField().error_messages["required"] == "This field is required."


@pytest.mark.parametrize(
    ("name", "said"),
    [("reason", "(required)"), ("note", "(optional)"), ("tick", ""), ("agreed", "(required)")],
)
def test_a_field_says_whether_it_is_needed_and_a_free_tick_says_nothing(name: str, said: str) -> None:
    shown = render_to_string("includes/field_need.html", {"field": Example()[name]})
    assert (said in shown, "field__need" in shown) == (True, bool(said))


def test_what_is_needed_sometimes_says_when() -> None:
    form = Example()
    needed_when(form.fields["note"], "（邮寄的须填写）")
    shown = render_to_string("includes/field_need.html", {"field": form["note"]})
    assert "（邮寄的须填写）" in shown
    assert "optional" not in shown
    needed_now(form.fields["note"])
    assert "(required)" in render_to_string("includes/field_need.html", {"field": form["note"]})
