"""Lists of every kind, objections, strikings off and filings taken over, in the states in which one looks at them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page

from applicants.changes.change import start_change
from registry import clock
from registry.batches import objections
from registry.batches.corrections import Wanted
from registry.book.act_request import Actor
from registry.models import Account, BatchEntry, BatchList, Filing
from registry.publication.list_kinds import SLUGS
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes.filing_number import parse
from review.batches import draft as drafts
from tests.builders import batch as batches
from tests.builders import claimed, objection, register
from tests.builders import striking_off as endings
from tests.builders.printed_lists import BEIJING, print_list
from tests.builders.register import Cast
from tests.journeys.looks import SEND, Look, filled, press
from tests.journeys.outbox import code_by_sms

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_MOBILE = "19900007391"
# The list of the scene; the one before it was taken over from before the register.
_PRINTED, _OWN = 1, 2


@dataclass(frozen=True, slots=True)
class ListScene:
    """Accounts, and the keys of what they see; the mappings name a state each."""

    cast: Cast
    entry: uuid.UUID
    records: Mapping[str, str]
    head: str
    followed: Mapping[str, str]
    objections: Mapping[str, uuid.UUID]
    strikings_off: Mapping[str, uuid.UUID]
    to_strike_off: uuid.UUID
    claim: uuid.UUID
    heads: Mapping[str, str]
    supplied: uuid.UUID


def make_list_scene() -> ListScene:
    """A list in public with an entry for each thing that can become of one, and a list of each other kind."""
    cast, now = Cast(), clock.now()
    printed = print_list(_PRINTED, published_on=date(2019, 3, 30), services={BEIJING: (2, 2, 1)})
    filings = [
        register.filing_of(register.in_force(cast, seed=7_440 + place, at=now - 30 * _DAY))
        for place in range(9)
    ]
    shown = batches.published(cast, batches.composition(cut_off_on=_day(now - 7 * _DAY)), at=now - 6 * _DAY)
    later = [
        register.filing_of(register.in_force(cast, seed=7_460 + place, at=now - 5 * _DAY))
        for place in range(3)
    ]
    corrected, withdrawn, cancelled, struck_off, *under_proceedings = filings
    batches.cancel(cast, cancelled, ends_on=_day(now - 4 * _DAY))
    endings.struck_off(cast, struck_off, at=now - 3 * _DAY)
    _publish_other_kinds(cast, corrected, withdrawn, at=now - 2 * _DAY)
    batches.cancel(cast, later[0], ends_on=_day(now - 3 * _DAY))
    endings.struck_off(cast, later[1], at=now - 2 * _DAY)
    for kind in ListKind:
        _draft(kind, _entry(corrected), cast.national_head, at=now)
    open_claim, supplied = _claims(printed, cast, at=now - _DAY)
    followed, desk = _objections(cast, shown, at=now - 5 * _DAY)
    return ListScene(
        cast=cast,
        entry=_entry(corrected).pk,
        records={
            "corrected": str(corrected.number),
            "withdrawn": str(withdrawn.number),
            "struck-off": str(struck_off.number),
            "taken-over": str(supplied.number),
        },
        head=parse(str(corrected.number)).head,
        followed=followed,
        objections=desk,
        strikings_off=_strikings_off(cast, under_proceedings, at=now - _DAY),
        to_strike_off=under_proceedings[4].pk,
        claim=open_claim,
        heads=dict(zip(("waiting", "taken", "free"), _applicants_of(printed), strict=True)),
        supplied=start_change(supplied, account=cast.member, at=now).pk,
    )


def _day(at: datetime) -> date:
    return clock.china_date(at)


def _entry(filing: Filing) -> BatchEntry:
    return BatchEntry.objects.get(filing=filing, kind=ListKind.FILINGS.value)


def _publish_other_kinds(cast: Cast, corrected: Filing, withdrawn: Filing, *, at: datetime) -> None:
    for kind in (ListKind.CANCELLED, ListKind.STRUCK_OFF):
        batches.published(cast, batches.composition(kind=kind, cut_off_on=_day(at - _DAY)), at=at)
    reason = "样例：疑议成立，该项服务不属于区块链信息服务"
    wanted = (
        batches.corrected(_entry(corrected)),
        batches.corrected(_entry(withdrawn), column=CorrectedColumn.ENTRY, reason=reason),
    )
    batches.corrigendum(cast, *wanted, at=at)


def _draft(kind: ListKind, corrected: BatchEntry, head: Account, *, at: datetime) -> None:
    """The office's draft of its next list of a kind; a corrigendum with an entry that cannot be published too."""
    draft = drafts.current_draft(kind, at=at)
    wanted = (
        batches.corrected(corrected, column=CorrectedColumn.APPLICANT_NAME, after="样例更名科技有限公司"),
        Wanted(entry_id=corrected.pk, column=CorrectedColumn.SERVICE_NAME, after="", reason=""),
    )
    content = replace(draft.content, wanted=wanted) if kind is ListKind.CORRIGENDA else draft.content
    drafts.save(content, seen_version=draft.version, by=head, at=at)


def _applicants_of(printed: BatchList) -> list[str]:
    """A number of each applicant of a list."""
    found: dict[uuid.UUID, str] = {}
    for entry in printed.entries.select_related("filing").order_by("position"):
        found.setdefault(entry.filing.applicant_id, entry.number)
    return list(found.values())


def _claims(printed: BatchList, cast: Cast, *, at: datetime) -> tuple[uuid.UUID, Filing]:
    """A claim over the first applicant's filings that waits for the office, and a filing of the second, joined."""
    waiting, joined = (
        Filing.objects.select_related("applicant").get(number=number)
        for number in _applicants_of(printed)[:2]
    )
    asked = claimed.claim(waiting.applicant, cast.stranger, identity=claimed.stated(seed=2), at=at)
    claimed.decide(claimed.claim(joined.applicant, cast.member, at=at), cast.provincial, at=at + _HOUR)
    return asked.pk, Filing.objects.select_related("applicant").get(pk=joined.pk)


def _objections(
    cast: Cast, shown: BatchList, *, at: datetime
) -> tuple[Mapping[str, str], Mapping[str, uuid.UUID]]:
    """The secrets of objections that are followed, and the ids of those on the desk."""
    waiting, decided = (objection.received(shown, position=place, at=at) for place in (1, 2))
    objections.admit(decided.objection.pk, actor=Actor.of(cast.national), at=at + _HOUR)
    on_desk = {
        "received": waiting.objection,
        "posted": objection.posted(cast, shown, posted_on=_day(at), received_on=_day(at), at=at, position=3),
        "sent": objection.sent(cast, shown, position=5, at=at),
        "proposed": objection.proposed(cast, shown, uphold=True, position=6, at=at),
        "upheld": objection.decided(cast, shown, uphold=True, position=7, at=at),
    }
    endings.tell_applicants()
    return (
        {"received": waiting.secret, "admitted": decided.secret},
        {name: each.pk for name, each in on_desk.items()},
    )


def _strikings_off(cast: Cast, filings: list[Filing], *, at: datetime) -> Mapping[str, uuid.UUID]:
    proposed, announced, served, answered = (endings.proposed(cast, each, at=at) for each in filings[:4])
    endings.announced(cast, announced, at=at + _HOUR)
    endings.served(cast, served, at=at + 2 * _HOUR)
    endings.answered(cast, answered, at=at + 4 * _HOUR)
    return {
        "proposed": proposed.pk,
        "announced": announced.pk,
        "served": served.pk,
        "answered": answered.pk,
    }


# ---------------------------------------------------------------- what everybody sees


def public_list_looks(scene: ListScene) -> Iterator[Look]:
    """Lists of each kind, what the register says of their entries, and how a number is checked."""
    yield Look("lists", "/lists/")
    yield Look("list", f"/lists/{_OWN}/")
    yield Look("list-taken-over", f"/lists/{_PRINTED}/")
    yield Look("list-nothing-found", f"/lists/{_OWN}/?q=没有这样的服务")
    for slug in SLUGS:
        yield Look(f"list-{slug}", f"/lists/{slug}/1/")
    for name, number in scene.records.items():
        yield Look(f"record-{name}", f"/filings/{number}/")
    yield Look("applicant", f"/applicants/{scene.head}/")
    yield Look("list-statistics", f"/statistics/batch/{_OWN}/")
    yield Look("statistics-of-lists", "/statistics/")
    yield Look("announced-notices", "/announced-notices/")
    yield Look("verify", "/verify/")
    yield Look("verify-empty", "/verify/", press("main form[enctype] button"))
    yield Look("verify-altered", "/verify/", _verify_altered)


def objector_looks(scene: ListScene) -> Iterator[Look]:
    """From the proven contact to the page that follows an objection."""
    page = f"/lists/{_OWN}/objection/"
    yield Look("objection-contact", page)
    yield Look("objection-contact-empty", page, SEND)
    yield Look("objection-form", page, _prove_contact)
    yield Look("objection-form-empty", f"{page}form/", SEND)
    for name, secret in scene.followed.items():
        yield Look(f"objection-{name}", f"/objections/{secret}/")


def _verify_altered(page: Page) -> None:
    page.locator('[name="file"]').set_input_files(
        {"name": "样例.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 altered"}
    )
    press("main form[enctype] button")(page)


def _prove_contact(page: Page) -> None:
    filled({"mobile": _MOBILE}, "main form button.btn-primary")(page)
    outbox = Path(os.environ["FILING_PORTAL_TEST_VAR_DIR"]) / "outbox"
    filled({"code": code_by_sms(outbox, f"+86{_MOBILE}")}, "main form button.btn-primary")(page)


# ---------------------------------------------------------------- what applicants and officers see


def applicant_of_list_looks(scene: ListScene) -> Iterator[Look]:
    """What an applicant sees of an objection, of a striking off, and of a filing taken over."""
    for name in ("sent", "upheld"):
        yield Look(f"applicants-objection-{name}", f"/applicant/objections/{scene.objections[name]}/")
    yield Look("applicants-objection-empty", f"/applicant/objections/{scene.objections['sent']}/", SEND)
    for name in ("served", "answered"):
        yield Look(f"applicants-striking-off-{name}", f"/applicant/endings/{scene.strikings_off[name]}/")
    draft = f"/applicant/drafts/{scene.supplied}/"
    for step in ("applicant", "person_in_charge", "service", "content", "attachments", "check"):
        yield Look(f"supply-{step}", f"{draft}{step}/")


def claimant_looks(scene: ListScene) -> Iterator[Look]:
    """What somebody sees who claims filings that were taken over."""
    page = "/applicant/claims/number/"
    for name, number in scene.heads.items():
        yield Look(f"claim-number-{name}", f"{page}?number={number}")
    yield Look("claim-number-free-empty", f"{page}?number={scene.heads['free']}", SEND)
    yield Look("claim-of-head", f"/applicant/claims/{scene.claim}/")


def office_of_claims_looks(scene: ListScene) -> Iterator[Look]:
    yield Look("review-claim-of-head", f"/review/membership-claims/{scene.claim}/")


def composer_looks(scene: ListScene) -> Iterator[Look]:
    """The composer of each kind of list, its preview and its standing text."""
    for slug in SLUGS:
        page = f"/review/batches/compose/{slug}/"
        yield Look(f"compose-{slug}", page)
        yield Look(f"preview-{slug}", f"{page}preview/")
        yield Look(f"announcement-text-{slug}", f"/review/batches/announcement-text/{slug}/")
    corrigendum = "/review/batches/compose/corrigenda/"
    yield Look("compose-corrigenda-entry", f"{corrigendum}?entry={scene.entry}")
    yield Look(
        "compose-corrigenda-no-such-entry",
        corrigendum,
        filled({"add_number": "1", "add_position": "99"}, 'main button[value="add"]'),
    )
    for name, proceeding in scene.strikings_off.items():
        yield Look(f"striking-off-{name}-of-head", f"/review/endings/{proceeding}/")


def national_desk_looks(scene: ListScene) -> Iterator[Look]:
    """Objections and strikings off at the national office."""
    page = "/review/objections/"
    yield Look("objections", page)
    for name, each in scene.objections.items():
        yield Look(f"desk-objection-{name}", f"{page}{each}/")
    yield Look("objection-letter", f"{page}letter/")
    yield Look("objection-letter-empty", f"{page}letter/", SEND)
    page = "/review/endings/"
    yield Look("strikings-off", page)
    yield Look("strike-off", f"{page}filings/{scene.to_strike_off}/")
    yield Look("strike-off-empty", f"{page}filings/{scene.to_strike_off}/", SEND)
    for name, each in scene.strikings_off.items():
        yield Look(f"striking-off-{name}", f"{page}{each}/")
