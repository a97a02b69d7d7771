"""An officer asks that the web addresses of a case be looked at again, so often and no oftener."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from registry.accounts.limits import Limit, consume
from registry.errors import FilingError
from registry.models import Account, Application
from registry.rules.particulars.materials import Materials
from registry.rules.workflow.states import Kind
from review.visits import waiting
from review.visits.addresses import filed_addresses, words_of

# A site is looked at for an officer no oftener than its visitors would look.
_OF_A_CASE = (1, timedelta(minutes=1))
_OF_AN_OFFICER = (60, timedelta(hours=1))


class VisitRefused(FilingError):
    """Nothing is looked at: visits_off, or no_addresses."""


@transaction.atomic
def look_again(application: Application, materials: Materials, *, officer: Account, at: datetime) -> int:
    """Puts all addresses of the case on the list; gives how many. Raises VisitRefused and LimitReached."""
    if not settings.SITE_VISITS:
        raise VisitRefused("visits_off")
    addresses = filed_addresses(Kind(application.kind), materials)
    if not addresses:
        raise VisitRefused("no_addresses")
    consume(
        [
            Limit("site_visits.case", str(application.pk), *_OF_A_CASE),
            Limit("site_visits.officer", str(officer.pk), *_OF_AN_OFFICER),
        ],
        at=at,
    )
    return waiting.ask(application, addresses, words=words_of(materials), asked_by=officer, at=at)
