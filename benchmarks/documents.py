"""Measures the processor time per document, also as a multiple of an empty page, in one run.

`python benchmarks/documents.py` prints a table, made from the sample register of the embedded set-up
(`FILING_PORTAL_VAR_DIR` names another one). Processor time is hardly affected by other load; nothing
is stored.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")

import django

django.setup()

from registry.calendar.current import current_calendar
from registry.documents.case_files import case_file
from registry.documents.certificates import certificate
from registry.documents.decisions import decision_notice
from registry.documents.printing import render
from registry.documents.receipts import acceptance_receipt
from registry.models import Application, Event, Filing
from registry.rules.workflow.states import Act, Standing, State
from review.desk.bulk import MOST_AT_ONCE
from review.review_forms.content import facts_of
from review.review_forms.printing import print_forms

TIMES = 5


def main() -> None:
    """Makes each document several times and prints the median time."""
    makers = documents()
    makers["an empty page"]()  # reads fonts and templates
    measured = {name: seconds(make, times=1 if "50" in name else TIMES) for name, make in makers.items()}
    floor = measured["an empty page"]
    print("Seconds of processor time per document, and as multiples of an empty page.")
    for name, taken in measured.items():
        print(f"{name:28}{taken:8.3f}{taken / floor:8.1f}")


def documents() -> dict[str, Callable[[], object]]:
    """A function for each kind of document, which makes that of the newest application that has one."""
    calendar = current_calendar()
    submit = events(Act.SUBMIT)[0]
    number = events(Act.ISSUE_NUMBER)[0]
    rejected = Application.objects.filter(state=State.REJECTED.value).order_by("-decided_at")[0]
    rejection = Event.objects.filter(
        application=rejected, act__in=[Act.REJECT.value, Act.CONFIRM.value]
    ).latest("sequence")
    filing = Filing.objects.filter(standing=Standing.IN_FORCE.value).order_by("-numbered_at")[0]
    newest = filing.events.latest("sequence")
    forms = [facts_of(each, calendar=calendar) for each in Application.objects.order_by("-submitted_at")[:50]]
    forms = (forms * MOST_AT_ONCE)[:MOST_AT_ONCE]
    return {
        "an empty page": lambda: render("documents/base.html", {}),
        "acceptance receipt": lambda: acceptance_receipt(submit),
        "decision notice": lambda: decision_notice(number),
        "notice of rejection": lambda: decision_notice(rejection),
        "certificate": lambda: certificate(filing, newest),
        "whole case": lambda: case_file(rejected, for_office=False),
        "review form": lambda: print_forms(forms[:1]),
        f"{MOST_AT_ONCE} review forms": lambda: print_forms(forms),
    }


def events(act: Act) -> list[Event]:
    found = Event.objects.filter(act=act.value).select_related("application", "filing")
    return list(found.order_by("-at")[:1])


def seconds(make: Callable[[], object], *, times: int) -> float:
    """The median of several measurements."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        make()
        taken.append(time.process_time() - started)
    return sorted(taken)[times // 2]


if __name__ == "__main__":
    main()
