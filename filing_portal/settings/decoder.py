"""Settings of the decoder and of the visits in production: the database that is their work list, and the keys.

They have no broker, cache, gateway or mail server, no key that signs sessions and none that finds what is encrypted.
"""

from __future__ import annotations

import os
import secrets

from filing_portal.settings.soundness import REQUIRED_BY_DECODER, refuse_unsound

refuse_unsound(os.environ, required=REQUIRED_BY_DECODER)

from filing_portal.settings.base import *  # noqa: E402, F403
from filing_portal.settings.environment import database  # noqa: E402
from filing_portal.settings.keys import decode_keys  # noqa: E402

# They sign nothing; the framework wants one.
SECRET_KEY = secrets.token_urlsafe(64)
PERSONAL_DATA_KEYS = decode_keys(
    os.environ["FILING_PORTAL_DATA_KEYS"].strip(), variable="FILING_PORTAL_DATA_KEYS"
)
# It stands on the papers with which a statement is compared.
PORTAL_BASE_URL = os.environ["FILING_PORTAL_BASE_URL"].strip().rstrip("/")
DATABASES = {
    "default": database(
        os.environ["DATABASE_URL"].strip(), password=os.environ.get("FILING_PORTAL_DATABASE_PASSWORD", "")
    )
}
ISSUES_SAMPLE_NUMBERS = False
