"""A fault chosen for a deficient item is saved with its remark, and the verdict pressed again keeps both."""

from __future__ import annotations

import re

import pytest

from review.models import ChecklistMark
from tests.builders.register import Cast, submitted
from tests.review.officers import sign_in, url

pytestmark = pytest.mark.django_db

DESCRIPTION = "service.description"
ANCHOR = "service-description"
FAULT = "technical_description_vague"


def test_a_chosen_fault_is_posted_at_once_and_the_button_says_what_it_saves(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    press = {"key": DESCRIPTION, "revision": 1, "verdict": "deficient"}
    client.post(url("mark", case), press)
    page = client.get(url("case", case)).content.decode()
    (fault,) = re.findall(rf'<select [^>]*id="fault-{ANCHOR}"[^>]*>', page)
    assert re.search(rf'hx-post="{url("mark", case)}[^"]*" hx-trigger="change"', fault)
    assert f'hx-target="#mark-{ANCHOR}-who" hx-select="#mark-{ANCHOR}-who"' in fault
    (button,) = re.findall(rf'<button [^>]*id="remark-{ANCHOR}-save"[^>]*>([^<]+)<', page)
    assert button == "Save the fault and the remark"
    # The verdict that is already given sends the fault and the remark along.
    (again,) = re.findall(rf'<button [^>]*id="mark-{ANCHOR}-deficient"[^>]*>', page)
    assert f'form="remark-{ANCHOR}-form"' in again
    assert f'<form class="remark" id="remark-{ANCHOR}-form"' in page

    headers = {"HX-Request": "true", "HX-Target": f"mark-{ANCHOR}-who"}
    answer = client.post(url("mark", case), {**press, "code": FAULT, "remark": "样例"}, headers=headers)
    assert re.search(rf'id="mark-{ANCHOR}-who"[^>]*>.*saved: ', answer.content.decode(), re.S)
    assert ChecklistMark.objects.values_list("code", "remark").get() == (FAULT, "样例")
