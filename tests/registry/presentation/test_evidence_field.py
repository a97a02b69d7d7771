"""The field by which evidence is handed in."""

from __future__ import annotations

import pytest
from django.utils import translation

from registry.presentation.evidence_field import EvidenceField


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "最多 5 个文件"), ("en", "Up to 5 files")])
def test_its_help_is_in_the_language_of_the_page(language: str, words: str) -> None:
    with translation.override("en" if language == "zh-hans" else "zh-hans"):
        field = EvidenceField()
    with translation.override(language):
        assert str(field.help_text).startswith(words)
