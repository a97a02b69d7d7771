"""Template filters for labels of the workflow."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from registry.deadlines.case_standing import standing_of
from registry.labels.examined_words import unmarked_parts as parts_of
from registry.labels.states import label_of
from registry.notices.subject import subject_of
from registry.rules.workflow.states import Kind
from review.desk.checklist import Checklist

register = template.Library()
register.filter(subject_of)
register.filter(standing_of)


@register.filter
def kind_label(kind: str) -> Promise:
    """The label of a kind of application."""
    return label_of(Kind(kind))


@register.filter
def unmarked_parts(checklist: Checklist) -> list[str]:
    """The items that no officer had to mark and none did, by who examined them, each with its number."""
    return list(parts_of(checklist.examined))
