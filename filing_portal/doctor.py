"""`manage.py doctor` and `manage.py keys`: they answer where the settings themselves refuse to start.

manage.py doctor    names everything that keeps production from starting or from working; exit status 1 if anything does
manage.py keys      prints new keys and passwords as lines of an .env file; nothing is written
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Mapping

from filing_portal.settings.keys import KEY_BYTES
from filing_portal.settings.soundness import problems_of
from filing_portal.supervisor import say

_PASSWORDS = ("POSTGRES_PASSWORD", "POSTGRES_WEB_PASSWORD", "REDIS_PASSWORD")


def doctor() -> int:
    """First the variables; what is around the portal is asked only with variables that it can start with."""
    problems = [str(each) for each in problems_of(os.environ)]
    if not problems:
        problems = _around()
    for problem in problems:
        say(problem)
    say(f"{len(problems)} to mend." if problems else "Nothing to mend.")
    return 1 if problems else 0


def keys() -> int:
    """New keys and passwords, each random; the name of the data key is the one that its values will bear."""
    say(f"FILING_PORTAL_SECRET_KEY={secrets.token_urlsafe(64)}")
    say(f"FILING_PORTAL_DATA_KEYS=key-{secrets.token_hex(3)}:{_random_key()}")
    say(f"FILING_PORTAL_INDEX_KEY={_random_key()}")
    for name in _PASSWORDS:
        say(f"{name}={secrets.token_urlsafe(24)}")
    return 0


COMMANDS: Mapping[str, Callable[[], int]] = {"doctor": doctor, "keys": keys}


def _around() -> list[str]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "filing_portal.settings.production"
    import django

    django.setup()
    from filing_portal.surroundings import problems_around

    return list(problems_around())


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
