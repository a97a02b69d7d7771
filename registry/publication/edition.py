"""The edition of public records: what decides how their bytes are written."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import django
import rest_framework
from django.conf import settings

_REGISTRY = Path(__file__).resolve().parents[1]
# The code that decides what the bytes are.
_CODE = ("rules", "publication", "public/serializers.py", "public/record_json.py", "models/filing.py")


def edition() -> str:
    """Names the code, the libraries and the public address that records are written with.

    Records of another edition are not served: whatever a deployment changed in the bytes, nobody sees a mixture.
    """
    return _edition(settings.PORTAL_BASE_URL)


@cache
def _edition(portal: str) -> str:
    digest = hashlib.sha256(f"{portal} {django.__version__} {rest_framework.__version__}".encode())
    for part in _CODE:
        path = _REGISTRY / part
        for source in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(f"{source.relative_to(_REGISTRY)}\0".encode() + source.read_bytes())
    return digest.hexdigest()
