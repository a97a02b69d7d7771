"""gunicorn's configuration, the same wherever the portal is served."""

from __future__ import annotations

import os
from typing import Any

from filing_portal.logs import logging_config
from filing_portal.parent_death import end_with_parent

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("FILING_PORTAL_WEB_WORKERS", "2"))
threads = int(os.environ.get("FILING_PORTAL_WEB_THREADS", "4"))
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
_settings = os.environ.get("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
if _settings.endswith("embedded"):
    from filing_portal.settings import embedded

    logconfig_dict = embedded.LOGGING
else:
    logconfig_dict = logging_config(as_json=_settings.endswith("production"))


def when_ready(_server: Any) -> None:
    """Before the first worker: no page is served by a role that could rewrite the book."""
    from filing_portal.surroundings import refuse_unsafe_role

    refuse_unsafe_role()


def post_fork(_server: Any, _worker: Any) -> None:
    """A web worker never outlives its master, even one that was killed."""
    end_with_parent()
