"""The identity of the site in the footer and head tags that government sites need. All values here are samples.

An installation sets its own in FILING_PORTAL_SITE_IDENTITY, a JSON object with any of these names.
"""

from __future__ import annotations

import json

from django.core.exceptions import ImproperlyConfigured

SAMPLE_IDENTITY = {
    "site_name": "区块链信息服务备案管理系统",
    "site_domain": "portal.example.cn",
    "site_id_code": "0000000000（示例）",
    "organiser": "示例主办单位",
    "operator": "示例承办单位",
    "contact_phone": "010-0000-0000（示例）",
    "contact_email": "contact@portal.example.cn",
    "address": "示例地址",
    "icp_number": "示例ICP备00000000号",
    "police_number": "示例公网安备00000000000000号",
}


def read_identity(text: str) -> dict[str, str]:
    """The sample identity, overridden by the values of a JSON object. Raises ImproperlyConfigured."""
    try:
        given = json.loads(text) if text else {}
    except json.JSONDecodeError as error:
        raise ImproperlyConfigured("FILING_PORTAL_SITE_IDENTITY is not JSON.") from error
    unknown = sorted(set(given) - set(SAMPLE_IDENTITY)) if isinstance(given, dict) else ["(not an object)"]
    if unknown:
        raise ImproperlyConfigured(f"FILING_PORTAL_SITE_IDENTITY does not know: {', '.join(unknown)}.")
    return {**SAMPLE_IDENTITY, **{name: str(value) for name, value in given.items()}}
