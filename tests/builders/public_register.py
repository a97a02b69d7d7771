"""A small register with a filing in every state that the public can read one in, and one that it cannot."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from registry.book import endings
from registry.models import Filing
from registry.rules.workflow.states import Kind
from registry.sample import walk
from tests.builders import batch as batches
from tests.builders import published
from tests.builders import register as build
from tests.builders.batch import LISTING
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import ask_service_name, rename_applicant, rename_service
from tests.builders.striking_off import struck_off

DAY = timedelta(days=1)
_FIRST_SEED = 800
PUBLIC = (
    "imported",
    "listed",
    "renamed",
    "individual",
    "ending",
    "cancelled",
    "struck_off",
    "under_review",
    "new",
)


def every_state(cast: Cast, folder: Path) -> dict[str, Filing]:
    """The filings by what they are: those of PUBLIC, and one that is pending."""
    lines = published.rows(2)
    published.imported(folder, lines)
    names = ("listed", "renamed", "ending", "cancelled", "struck_off")
    made = {
        name: build.filing_of(
            build.in_force(cast, seed=_FIRST_SEED + place, at=MORNING + timedelta(hours=place))
        )
        for place, name in enumerate(names)
    }
    made["individual"] = build.filing_of(build.in_force(cast, seed=810, nature="individual"))
    batches.published(cast)
    after = LISTING + DAY
    rename_service(cast, made["renamed"], "样例改名后的服务", at=after)
    rename_applicant(cast, made["renamed"], "样例改名后（北京）科技有限公司", at=after + DAY)
    rename_applicant(cast, made["individual"], "样例改名人", at=after + DAY)
    for name in ("ending", "cancelled"):
        end_service(cast, made[name], seed=_FIRST_SEED + names.index(name))
    endings.take_effect(made["cancelled"].pk, at=after + 90 * DAY)
    struck_off(cast, made["struck_off"], successor_number=made["listed"].number)
    made["new"] = build.filing_of(build.in_force(cast, seed=830, at=after))
    made["under_review"] = build.filing_of(build.in_force(cast, seed=831, at=after))
    ask_service_name(cast, made["under_review"], "样例待审的服务", at=after + DAY)
    made["pending"] = build.filing_of(build.submitted(cast, seed=840, at=after))
    made["imported"] = Filing.objects.get(number=lines[0][3])
    return {name: Filing.objects.get(pk=filing.pk) for name, filing in made.items()}


def end_service(cast: Cast, filing: Filing, *, seed: int) -> None:
    """A cancellation of the service, approved."""
    at = LISTING + 2 * DAY
    cancellation = walk.submit(
        build.materials_for(cast, seed=seed),
        member=cast.member,
        at=at,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": "2026-06-01", "arrangement": "样例"},
    )
    build.approve(cast, cancellation, at=at + DAY)
