"""Template filters for labels of the workflow."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from registry.labels.states import label_of
from registry.notices.subject import subject_of
from registry.rules.workflow.states import Kind, State

register = template.Library()
register.filter(subject_of)


@register.filter
def kind_label(kind: str) -> Promise:
    """The label of a kind of application."""
    return label_of(Kind(kind))


@register.filter
def state_label(state: str) -> Promise:
    """The label of the state an application is in."""
    return label_of(State(state))
