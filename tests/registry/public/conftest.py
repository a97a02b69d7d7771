"""The public pages are tested with the filings that their reads are tested with."""

from __future__ import annotations

from tests.registry.publication.conftest import _fresh_limits as _fresh_limits
from tests.registry.publication.conftest import one_filing as one_filing
