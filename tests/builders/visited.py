"""Looks at the web addresses of a case as the visits keep them: opened, led elsewhere, failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from registry.book.held_facts import materials_as_of
from registry.rules.workflow.states import Kind
from registry.sample.walk import SampleCase
from review.visits import waiting
from review.visits.addresses import filed_addresses, words_of
from review.visits.seen import Seen, SeenPage, Step

_ELSEWHERE = "https://elsewhere.example/a/page/with/a/long/way/to/it"


def look_twice(case: SampleCase, *, at: datetime) -> None:
    """Each filed address was looked at two times, each with another result; the first of them waits to be again."""
    application = case.application
    materials = materials_as_of(application)
    addresses = filed_addresses(Kind(application.kind), materials)
    words = words_of(materials)
    for moment in (at - timedelta(hours=2), at - timedelta(hours=1)):
        waiting.ask(application, addresses, words=words, asked_by=None, at=moment)
        number = 0
        while (row := waiting.take("sample")) is not None:
            waiting.finish(row, _seen(waiting.order_of(row).url, number), at=moment)
            number += 1
    waiting.ask(application, addresses[:1], words=words, asked_by=None, at=at)


def _seen(url: str, number: int) -> Seen:
    page = SeenPage("样例存证平台", "utf-8", ("京ICP备12345678号",), (), True, False, True)
    match number % 3:
        case 0:
            step = Step(url, 302, 40, "", _ELSEWHERE, "redirect")
            return Seen(url, (step, Step(_ELSEWHERE, 200, 80, "", "", "")), "text/html", 900, page=page)
        case 1:
            return Seen(url, (Step(url, 0, 60, "tls_expired", "", ""),))
        case _:
            return Seen(url, (Step(url, 200, 90, "", "", ""),), "text/html", 900, is_cut=True, page=page)
