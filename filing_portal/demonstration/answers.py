"""What a person types and picks: the sample materials as the controls of the forms send them, and the scans."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from applicants.drafts.forms.answers import place_names, to_control
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars import AnswerKind, Particular, particulars_of
from registry.storage.checks import sandbox

_SCAN_WIDTH = 1000


def typed_answers(section: str, materials: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a section by the names of its controls."""
    typed: dict[str, Any] = {}
    for particular in particulars_of(section):
        answer = materials[section].get(particular.name)
        if answer is None:
            continue
        if particular.kind is AnswerKind.GROUP:
            typed |= _rows(particular, answer)
        elif particular.kind is AnswerKind.DIVISION:
            levels = (province_code_of(answer), f"{answer[:4]}00", answer)
            typed |= dict(zip(place_names(particular.name), levels, strict=True))
        else:
            typed[particular.name] = to_control(particular, answer)
    return typed


def _rows(group: Particular, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    typed: dict[str, Any] = {f"{group.name}-TOTAL_FORMS": str(len(rows))}
    for index, row in enumerate(rows):
        for each in group.fields:
            if each.name in row:
                typed[f"{group.name}-{index}-{each.name}"] = to_control(each, row[each.name])
    return typed


def scan_file(name: str, content: bytes) -> SimpleUploadedFile:
    """A picture as a browser uploads it."""
    return SimpleUploadedFile(f"{name}.png", content, "image/png")


def signed_scan(statement: bytes) -> bytes:
    """The printed statement's first page with a sample seal on it, scanned."""
    drawn = sandbox.draw(statement, "application/pdf", page_number=1, width=_SCAN_WIDTH)
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    x, y = picture.width * 3 // 4, picture.height * 4 // 5
    ImageDraw.Draw(picture).ellipse((x - 90, y - 90, x + 90, y + 90), outline="#b3261e", width=6)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
