"""Template filters for labels of the workflow."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from registry.labels.act_words import state_label
from registry.labels.states import label_of
from registry.models import Application
from registry.notices.subject import subject_of
from registry.rules.workflow.states import Kind, State

register = template.Library()
register.filter(subject_of)


@register.filter
def kind_label(kind: str) -> Promise:
    """The label of a kind of application."""
    return label_of(Kind(kind))


@register.filter
def stage(application: Application) -> Promise:
    """The label of the state an application is in, in the words of its kind."""
    return state_label(Kind(application.kind), State(application.state))
