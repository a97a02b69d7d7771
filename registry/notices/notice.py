"""Notices: created once per recipient, kept as sent, read in the inbox, and when they arrived.

Create a notice in the transaction that finds it due. Nothing is sent here: `registry.notices.delivery` sends.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from registry import clock
from registry.accounts.channels import channels_to
from registry.clock import iso_instant
from registry.models import (
    Account,
    Applicant,
    Application,
    Delivery,
    Event,
    Filing,
    Membership,
    Notice,
    NotificationSettings,
    Objection,
)
from registry.notices.kinds import NoticeKind, kind_of
from registry.notices.recipients import addresses_of_objector
from registry.notices.wording import Rendered, language_of, preview, render
from registry.rules.workflow.events import notice_delivered
from registry.rules.workflow.states import PROVINCE, Role

__all__ = [
    "Rendered",
    "arrival_of",
    "inbox_of",
    "members_of",
    "not_told_of",
    "notify",
    "notify_objector",
    "open_each",
    "open_notice",
    "owners_and",
    "preview",
    "unread_count",
]

# Each channel has its own sweep, so that a gateway that hangs does not delay the other channel.
DELIVER_TASKS: Mapping[str, str] = {
    Delivery.Channel.EMAIL: "registry.tasks.sweep_emails",
    Delivery.Channel.SMS: "registry.tasks.sweep_text_messages",
}
# How a notice arrived, when neither by a gateway nor through an officer.
OPENED, ANSWERED = "opened", "answered"
_NAMESPACE = uuid.UUID("9c1c6a37-5f0b-4a53-9a35-6f3c3a2a8c51")


@transaction.atomic
def notify(
    kind: str,
    *,
    key: str,
    accounts: Iterable[Account],
    facts: Mapping[str, object],
    applicant: Applicant | None = None,
    application: Application | None = None,
    filing: Filing | None = None,
    event: Event | None = None,
    link_path: str = "",
    at: datetime | None = None,
) -> int:
    """Creates a notice for each active account, with deliveries waiting to be sent; gives how many were new.

    A notice is unique by kind, key and account: a second call changes nothing, even with other facts. Give
    `applicant` for a notice that only its members may read: it leaves the inbox when the membership ends. `facts`
    are plain JSON values, exactly those the kind declares. Without `link_path` the link leads to the application.
    Raises NoticeKindMismatch.
    """
    at, known = at or clock.now(), kind_of(kind)
    wanted = {account.pk: account for account in accounts if account.is_active}
    notified = Notice.objects.filter(kind=kind, key=key, account__in=wanted)
    for account_id in notified.values_list("account_id", flat=True):
        wanted.pop(account_id)
    if not wanted:
        return 0
    about = application or filing
    province_code = about.province_code if about is not None else ""
    notices: list[Notice] = []
    for account in wanted.values():
        language = language_of(account.language)
        path = link_path or _path_for(account, application)
        words = render(
            known,
            facts,
            language,
            recipient=account.name,
            link_path=path,
            notice_id=_id_of(kind, key, account.pk),
        )
        notices.append(
            _notice(
                kind,
                key,
                account.pk,
                words,
                language=language,
                at=at,
                account=account,
                applicant=applicant,
                application=application,
                filing=filing if filing is not None or application is None else application.filing,
                event=event,
                province_code=province_code,
                link_path=path,
            )
        )
    # Concurrent calls derive the same ids: the later one's notices and deliveries are ignored as conflicts.
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    made = list(zip(wanted.values(), notices, strict=True))
    Delivery.objects.bulk_create(_deliveries(known, made, at=at), ignore_conflicts=True)
    return len(notices)


@transaction.atomic
def notify_objector(
    kind: str,
    *,
    objection: Objection,
    facts: Mapping[str, object],
    event: Event,
    at: datetime,
    key: str = "",
) -> int:
    """Creates the notice of an event for who made an objection, in the language of the form; gives how many were new.

    It has a delivery by the contact that was proved; without one it is for the office to print. The words name nobody
    who objects: they are stored as they are. A notice is unique by kind and `key`, which is the event's id unless it is
    given. Raises NoticeKindMismatch.
    """
    known, key, language = kind_of(kind), key or str(event.pk), language_of(objection.language)
    words = render(known, facts, language, recipient="")
    notice = _notice(
        kind, key, objection.pk, words, language=language, at=at, objection=objection, event=event
    )
    if Notice.objects.filter(pk=notice.pk).exists():
        return 0
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    Delivery.objects.bulk_create(
        [
            Delivery(notice=notice, channel=channel, next_attempt_at=at)
            for channel in addresses_of_objector(objection)
            if channel in known.channels
        ],
        ignore_conflicts=True,
    )
    return 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and how the notice of an event first arrived.

    `how` is a channel, `opened`, `answered`, or a code of `Notice.ToldHow`; for the latter `noted_by` is the
    officer who noted it.
    """

    at: datetime
    how: str
    noted_by: uuid.UUID | None = None

    def as_details(self) -> dict[str, Any]:
        """The arrival as details of the act NOTICE_DELIVERED."""
        noted_by = str(self.noted_by) if self.noted_by else None
        return notice_delivered(delivered_at=iso_instant(self.at), how=self.how, noted_by=noted_by)


def arrival_of(event: Event) -> Arrival | None:
    """The earliest arrival of an event's notice at a member of the applicant; None before any.

    A notice arrives when a gateway accepts the e-mail or text message, when a member opens it, or when an officer
    notes having told the applicant by phone, by post or in person.
    """
    sent = Notice.objects.filter(event=event, account__role=Role.APPLICANT.value)
    outward = Delivery.objects.filter(notice__in=sent).exclude(channel=Delivery.Channel.INBOX)
    found: list[tuple[datetime | None, str, uuid.UUID | None]] = [
        *((at, channel, None) for channel, at in outward.values_list("channel", "sent_at")),
        *((at, OPENED, None) for at in sent.values_list("opened_at", flat=True)),
        *sent.values_list("told_at", "told_how", "told_by"),
    ]
    arrivals = (Arrival(at, how, noted_by) for at, how, noted_by in found if at is not None)
    return min(arrivals, key=lambda arrival: arrival.at, default=None)


def arrived_notices() -> QuerySet[Notice]:
    """The notices that have arrived at a member of an applicant, as `arrival_of` says of an event's."""
    handed_over = Delivery.objects.filter(notice=OuterRef("pk"), sent_at__isnull=False)
    outward = handed_over.exclude(channel=Delivery.Channel.INBOX)
    return Notice.objects.filter(
        Q(opened_at__isnull=False) | Q(told_at__isnull=False) | Exists(outward),
        account__role=Role.APPLICANT.value,
    )


def not_told_of(subjects: Iterable[uuid.UUID], *kinds: str) -> list[uuid.UUID]:
    """Those of these subjects, in their order, that no notice of one of these kinds has as its key."""
    found = list(subjects)
    told = Notice.objects.filter(kind__in=kinds, key__in=[str(each) for each in found])
    known = set(told.values_list("key", flat=True))
    return [each for each in found if str(each) not in known]


def members_of(applicant_id: uuid.UUID) -> list[Account]:
    """The active accounts that act for an applicant now."""
    active = Membership.objects.filter(applicant=applicant_id, revoked_at__isnull=True)
    return list(Account.objects.filter(pk__in=active.values("account"), is_active=True).order_by("pk"))


def owners_and(account_id: uuid.UUID | None, applicant_id: uuid.UUID) -> list[Account]:
    """The active owners of an applicant, and one account if it acts for the applicant."""
    active = Membership.objects.filter(
        Q(role=Membership.MemberRole.OWNER.value) | Q(account=account_id),
        applicant=applicant_id,
        revoked_at__isnull=True,
    )
    return list(Account.objects.filter(pk__in=active.values("account"), is_active=True).order_by("pk"))


def inbox_of(account: Account) -> QuerySet[Notice]:
    """The notices that an account may read: of applicants it still acts for, of cases within its own province."""
    mine = Notice.objects.filter(account=account)
    if account.acts_as is Role.APPLICANT:
        active = Membership.objects.filter(account=account, revoked_at__isnull=True).values("applicant")
        mine = mine.filter(Q(applicant__isnull=True) | Q(applicant__in=active))
    elif account.acts_as in PROVINCE:
        mine = mine.filter(province_code__in=("", account.province_code))
    return mine


def unread_count(account: Account) -> int:
    """How many notices in the inbox have not been opened."""
    return inbox_of(account).filter(opened_at__isnull=True).count()


def open_notice(notice: Notice, *, at: datetime) -> None:
    """Records when the recipient first opened a notice."""
    if Notice.objects.filter(pk=notice.pk, opened_at__isnull=True).update(opened_at=at):
        notice.opened_at = at


def open_each(account: Account, notice_ids: Iterable[uuid.UUID], *, at: datetime) -> int:
    """Records that an account has read these notices; gives how many of its inbox it had not opened before.

    Not for members of applicants: a decision that is opened has arrived, and somebody has to have read it.
    """
    unopened = inbox_of(account).filter(pk__in=list(notice_ids), opened_at__isnull=True)
    return unopened.update(opened_at=at)


def _notice(
    kind: str,
    key: str,
    recipient: uuid.UUID,
    words: Rendered,
    *,
    language: str,
    at: datetime,
    **about: Any,
) -> Notice:
    """The unsaved notice with its words; its id follows from kind, key and recipient."""
    return Notice(
        id=_id_of(kind, key, recipient),
        kind=kind,
        key=key,
        language=language,
        subject=words.subject,
        body=words.body,
        sms=words.sms,
        sms_parameters=dict(words.sms_parameters),
        created_at=at,
        **about,
    )


def _id_of(kind: str, key: str, recipient: uuid.UUID) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, f"{kind}\x1f{key}\x1f{recipient}")


def _path_for(account: Account, application: Application | None) -> str:
    if application is None:
        return ""
    name = "applicants:application" if account.acts_as is Role.APPLICANT else "review:case"
    return reverse(name, args=[application.pk])


def _deliveries(
    kind: NoticeKind, notices: Sequence[tuple[Account, Notice]], *, at: datetime
) -> list[Delivery]:
    """The unsaved deliveries of new notices: the inbox, sent at once, and each outward channel to be used."""
    rows = NotificationSettings.objects.filter(account__in=[account.pk for account, _notice in notices])
    chosen = {row.account_id: row for row in rows}
    made: list[Delivery] = []
    for account, notice in notices:
        inbox = Delivery(notice=notice, channel=Delivery.Channel.INBOX, state=Delivery.State.SENT, sent_at=at)
        made.append(inbox)
        settings = chosen.get(account.pk, NotificationSettings())
        wants = {Delivery.Channel.EMAIL: settings.by_email, Delivery.Channel.SMS: settings.by_sms}
        made += [
            Delivery(notice=notice, channel=channel, next_attempt_at=at)
            for channel in channels_to(account)
            if channel in kind.channels and (wants[channel] or kind.is_formal)
        ]
    return made
