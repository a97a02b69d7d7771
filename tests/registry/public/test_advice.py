"""Templates, reasons with examples, and the portal's own statements as pages."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from registry.documents.word_templates import CONTENT_TYPE
from registry.lists import current_catalogue
from registry.models import ListEntry
from registry.rules.document_templates import DocumentTemplate
from registry.rules.particulars.reason_examples import EXAMPLES
from registry.rules.particulars.reasons import INITIAL_CATALOGUE

pytestmark = pytest.mark.django_db


def _page(client: Client, name: str, *, language: str = "zh-hans") -> str:
    answer = client.get(reverse(name), headers={"accept-language": language})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.parametrize("template", DocumentTemplate)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_template_is_offered_and_comes_as_a_file(
    client: Client, template: DocumentTemplate, language: str
) -> None:
    address = reverse("public:template_docx", args=[template.value, language])
    assert f'href="{address}"' in _page(client, "public:templates")
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, CONTENT_TYPE)
    assert answer["Content-Disposition"] == f'attachment; filename="{template}-{language}.docx"'
    assert answer.content.startswith(b"PK")


@pytest.mark.parametrize("path", ["nothing.zh", "emergency_plan.fr", "emergency_plan.de"])
def test_there_is_no_other_template(client: Client, path: str) -> None:
    assert client.get(f"/help/templates/{path}.docx").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_reason_of_the_catalogue_stands_there_with_its_remedy(client: Client, language: str) -> None:
    page = _page(client, "public:reasons", language=language)
    for fault in current_catalogue().values():
        name, remedy = (
            (fault.name_en, fault.remedy_en) if language == "en" else (fault.name_zh, fault.remedy_zh)
        )
        assert name in page
        assert remedy in page


def test_a_reason_that_the_administrator_retired_is_not_shown(client: Client) -> None:
    retired = ListEntry.objects.get(list_name=ListEntry.ListName.REASONS, code="file_unreadable")
    assert retired.name_zh in _page(client, "public:reasons")
    retired.is_active = False
    retired.save()
    assert retired.name_zh not in _page(client, "public:reasons")


def test_every_shipped_reason_has_an_example_but_the_open_one() -> None:
    assert set(EXAMPLES) == set(INITIAL_CATALOGUE) - {"other"}
    for example in EXAMPLES.values():
        assert all((example.seen_zh, example.better_zh, example.seen_en, example.better_en))


def test_the_footer_leads_to_privacy_and_accessibility(client: Client) -> None:
    page = _page(client, "public:home")
    assert f'href="{reverse("public:privacy")}"' in page
    assert f'href="{reverse("public:accessibility")}"' in page
