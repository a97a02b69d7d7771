"""gunicorn's configuration, the same wherever the portal is served."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from filing_portal.logs import logging_config
from filing_portal.parent_death import end_with_parent
from filing_portal.settings.environment import web_threads
from filing_portal.settings.soundness import problems_of, problems_of_web_server

_settings = os.environ.get("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
_find_problems = problems_of if _settings.endswith("production") else problems_of_web_server
if _problems := _find_problems(os.environ):
    # No traceback around it: gunicorn prints one for every exception but this.
    raise SystemExit("\n".join(["The web server does not start:", *map(str, _problems)]))


_TURN_SECONDS = 0.001


def _number(name: str, *, otherwise: int) -> int:
    return int(os.environ.get(name, "").strip() or otherwise)


bind = f"127.0.0.1:{_number('PORT', otherwise=8000)}"
worker_class = "gthread"
workers = _number("FILING_PORTAL_WEB_WORKERS", otherwise=2)
threads = web_threads(os.environ)
timeout = 60
graceful_timeout = 3
keepalive = 5
max_requests = 5_000
max_requests_jitter = 500
limit_request_line = 8_190
# Loaded once, then forked: a second worker costs no second start.
preload_app = True
# Its default is one socket for all of a user's servers.
control_socket_disable = True
# The request log of filing_portal.middleware names no path; gunicorn's own would.
accesslog = None
if _settings.endswith("embedded"):
    from filing_portal.settings import embedded

    logconfig_dict = embedded.LOGGING
else:
    logconfig_dict = logging_config(as_json=_settings.endswith("production"))


def when_ready(_server: Any) -> None:
    """Before the first worker: no page is served by a role that could rewrite the book.

    What is loaded by then, every page's module among it, is left out of the collector's walks, each of which took
    longer than most pages.
    """
    from django.urls import get_resolver

    from filing_portal.surroundings import refuse_unsafe_role

    refuse_unsafe_role()
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """A web worker never outlives its master, even one that was killed; its threads take short turns.

    A thread that waited for bytes or for the database gets the interpreter back after one turn of a thread that
    computes. A request waits dozens of times: at the default of 5 ms that made a page slow beside uploads.
    """
    end_with_parent()
    sys.setswitchinterval(_TURN_SECONDS)
