"""What a forked process finds loaded; nothing here connects to anything."""

from __future__ import annotations

import django

django.setup()

from registry import tasks  # noqa: E402, F401
from registry.integrity import register  # noqa: E402, F401
from registry.sample import walk  # noqa: E402, F401
