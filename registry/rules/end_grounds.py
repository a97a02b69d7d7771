"""Why the office ends a filing by itself."""

from __future__ import annotations

from enum import StrEnum


class EndGround(StrEnum):
    """Why the office strikes a filing off: 撤销备案 for false materials, 依职权注销 when its applicant is gone."""

    FALSE_MATERIALS = "false_materials"
    APPLICANT_GONE = "applicant_gone"
