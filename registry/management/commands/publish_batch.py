"""`manage.py publish_batch`: what the next batch list would name, and publishing a confirmed one without waiting.

It never stands in for an officer: only a list that a head proposed and another officer confirmed is published.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.batches import candidates, lists, publishing
from registry.batches.candidates import Candidate
from registry.jobs import runs
from registry.labels.list_words import printed_title
from registry.management.arguments import day
from registry.models import BatchFile, BatchList, Event
from registry.rules.batches.lifecycle import ListAct, ListKind, ListOrder, ListState
from registry.rules.codes.jurisdictions import province_of

_ONE_DAY = timedelta(days=1)


class Command(BaseCommand):
    """Prints the candidates up to a day, or publishes the confirmed list and prints each step."""

    help = (
        "--dry-run prints what a list up to a day would name; --confirm publishes the list that two officers "
        "have proposed and confirmed, without waiting for the sweep."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--dry-run", action="store_true", help="print what would be listed; change nothing")
        what.add_argument("--confirm", action="store_true", help="publish the confirmed list now")
        parser.add_argument(
            "--kind",
            choices=[each.value for each in ListKind],
            default=ListKind.FILINGS.value,
            help="which kind of list; filings by default. Of corrigenda only --confirm: they are written by hand",
        )
        parser.add_argument(
            "--up-to",
            type=day,
            metavar="DATE",
            help="with --dry-run: last day of numbers, or of endings, in China, inclusive; yesterday by default",
        )
        parser.add_argument("--order", choices=[each.value for each in ListOrder], default="province")
        parser.add_argument("--json", action="store_true", help="with --dry-run: JSON with every number")

    def handle(self, *_args: Any, **options: Any) -> None:
        kind = ListKind(options["kind"])
        if options["confirm"]:
            self._publish(kind)
            return
        if kind is ListKind.CORRIGENDA:
            raise CommandError(
                "A corrigendum is written by hand: there is nothing that it would name by itself."
            )
        up_to = options["up_to"] or clock.today() - _ONE_DAY
        found = candidates.unlisted(kind, cut_off_on=up_to, order=ListOrder(options["order"]))
        self._print_candidates(kind, found, up_to=up_to, as_json=options["json"])

    def _print_candidates(
        self, kind: ListKind, found: list[Candidate], *, up_to: date, as_json: bool
    ) -> None:
        provinces = Counter(each.province_code for each in found)
        in_order = sorted(provinces.items(), key=lambda each: (-each[1], each[0]))
        applicants = len({each.applicant_id for each in found})
        if as_json:
            answer = {
                "kind": kind.value,
                "up_to": up_to.isoformat(),
                "next_number": lists.next_number(kind),
                "count": len(found),
                "applicants": applicants,
                "provinces": dict(in_order),
                "numbers": [each.number for each in found],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"up to {up_to}: {len(found)} services of {applicants} applicants")
        for code, count in in_order:
            self.stdout.write(f"{code} {province_of(code).name}\t{count}")

    def _publish(self, kind: ListKind) -> None:
        batch_list = _confirmed(kind)
        done = runs.do_each(publishing.PUBLISHING, [batch_list.pk], publishing.publish_list, has_more=True)
        batch_list.refresh_from_db()
        if not done:
            raise CommandError(f"not published ({batch_list.state}): {_reason(batch_list)}")
        number = batch_list.number or 0
        self.stdout.write(f"{printed_title(ListKind(batch_list.kind), number)}: {batch_list.count} entries")
        for file in BatchFile.objects.filter(batch_list=batch_list).order_by("format"):
            self.stdout.write(f"{file.format}\t{file.size_bytes} bytes\t{file.sha256}")
        self._note(batch_list)

    def _note(self, batch_list: BatchList) -> None:
        """Notes the entries in the streams of their filings, as many at a time as a sweep does."""
        published = Event.objects.get(stream_id=batch_list.pk, act=ListAct.PUBLISH.value)
        while published.pk in publishing.to_note():
            if not runs.do_each(publishing.NOTING, [published.pk], publishing.note_entries, has_more=True):
                raise CommandError(f"published, not all entries noted: {_reason(batch_list)}")
            noted, count = publishing.progress_of(batch_list)
            self.stdout.write(f"noted {noted} of {count}")
        self.stdout.write("published; applicants are told by the sweep of notices")


def _confirmed(kind: ListKind) -> BatchList:
    """The list of a kind that two officers have agreed on and whose moment has come. Raises CommandError."""
    found = lists.underway(kind)
    if found is None:
        raise CommandError("No list is underway: a head composes and proposes one at /review/batches/.")
    if found.state == ListState.PROPOSED:
        raise CommandError("The list is proposed and not confirmed: a second officer confirms it.")
    if found.state == ListState.CONFIRMED and found.publish_at is not None and found.publish_at > clock.now():
        moment = found.publish_at.astimezone(clock.CHINA)
        raise CommandError(
            f"The list is to be published at {moment:%Y-%m-%d %H:%M}, China time, not earlier."
        )
    return found


def _reason(batch_list: BatchList) -> str:
    failure = publishing.failure_of(batch_list)
    return failure.last_error if failure is not None else "unknown"
