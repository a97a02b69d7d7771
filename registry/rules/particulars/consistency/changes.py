"""The days of changes beside what they change."""

from __future__ import annotations

from collections.abc import Iterator

from registry.rules.particulars.attachments import is_of_applicant
from registry.rules.particulars.consistency.definitions import Found, Stated, error
from registry.rules.particulars.materials import date_of, value_of

_STARTED_ON = "service.service_started_on"


@error(_STARTED_ON)
def change_follows_the_start_of_the_service(stated: Stated) -> Iterator[Found]:
    """Nothing of a service changes before the service began (Art. 11)."""
    started_on = date_of(value_of(stated.materials, _STARTED_ON))
    for key, typed in stated.changed_on.items():
        changed_on = date_of(typed)
        if changed_on is None or started_on is None or is_of_applicant(key):
            # The applicant is older than its services.
            continue
        if changed_on < started_on:
            yield Found(key, {"on": started_on.isoformat()})


RULES = (change_follows_the_start_of_the_service,)
