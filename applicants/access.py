"""The drafts, applications and filings an account may see. Every query of this app starts here.

Anything else does not exist for the account: the views answer 404.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from applicants.models import Draft
from registry import clock
from registry.book.uptake import with_uptake
from registry.models import Account, Applicant, Application, Filing, Membership, MembershipClaim
from registry.rules.members.permissions import MemberRole


def applicants_of(account: Account) -> QuerySet[Applicant]:
    """The applicants this account is an active member of."""
    active = Membership.objects.filter(account=account, revoked_at__isnull=True).values("applicant_id")
    return Applicant.objects.filter(pk__in=active)


def drafts_of(account: Account) -> QuerySet[Draft]:
    """The unsubmitted drafts the account may see: its own without an applicant, and those of its applicants."""
    return all_drafts_of(account).filter(application_id__isnull=True)


def all_drafts_of(account: Account) -> QuerySet[Draft]:
    """Like `drafts_of`, with submitted drafts: a form sent twice finds the application it created."""
    own = Q(applicant__isnull=True, account=account)
    return Draft.objects.filter(own | Q(applicant__in=applicants_of(account)))


def applications_of(account: Account) -> QuerySet[Application]:
    """The applications of the account's applicants, with their filings and whether an office has taken them up."""
    found = Application.objects.filter(applicant__in=applicants_of(account))
    return with_uptake(found.select_related("filing", "applicant"), at=clock.now())


def submitted_jointly_with(application: Application, account: Account) -> QuerySet[Application]:
    """The applications of a joint submission, this one included, in order; empty if it was submitted alone."""
    found = applications_of(account).order_by("receipt_number")
    if application.together_id is None:
        return found.none()
    return found.filter(together_id=application.together_id)


def filings_of(account: Account) -> QuerySet[Filing]:
    """The filings of the account's applicants."""
    return Filing.objects.filter(applicant__in=applicants_of(account))


def owned_by(account: Account) -> QuerySet[Applicant]:
    """The applicants this account is an owner of."""
    owned = Membership.objects.filter(account=account, role=MemberRole.OWNER.value, revoked_at__isnull=True)
    return Applicant.objects.filter(pk__in=owned.values("applicant_id"))


def requests_to(account: Account) -> QuerySet[MembershipClaim]:
    """The unanswered requests to act for the applicants this account owns, oldest first."""
    waiting = MembershipClaim.objects.filter(way=MembershipClaim.Way.OWNERS, outcome="")
    return (
        waiting.filter(applicant__in=owned_by(account))
        .select_related("account", "applicant")
        .order_by("created_at")
    )
