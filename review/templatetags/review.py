"""Template filters for labels of the workflow."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from registry.deadlines.case_standing import standing_of
from registry.labels.states import label_of
from registry.notices.subject import subject_of
from registry.rules.workflow.states import Kind

register = template.Library()
register.filter(subject_of)
register.filter(standing_of)


@register.filter
def kind_label(kind: str) -> Promise:
    """The label of a kind of application."""
    return label_of(Kind(kind))
