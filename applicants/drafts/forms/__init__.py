"""The forms of the wizard, made from the catalogue of particulars: no field is written by hand."""

from __future__ import annotations

from applicants.drafts.forms.answers import parse_section
from applicants.drafts.forms.section import SectionForm

__all__ = ["SectionForm", "parse_section"]
