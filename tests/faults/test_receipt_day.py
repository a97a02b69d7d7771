"""The day of receipt is China's, to the tenth of a second, in whatever time zone a process lives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.calendar.current import current_calendar
from registry.models import Application
from registry.rules.days.deadlines import decision_due
from tests.builders import register as build
from tests.builders.register import Cast
from tests.faults import receiver
from tests.services.forks import start_fork

# Each with the hours it is behind UTC.
ZONES = {"UTC": 0, "America/New_York": 5, "Asia/Kathmandu": -5.75}
MOMENTS = {
    "2026-03-02T23:59:59.900000+08:00": "2026-03-02",
    "2026-03-03T00:00:00.100000+08:00": "2026-03-03",
}


@pytest.mark.django_db(transaction=True)
def test_a_submission_belongs_to_the_day_it_has_in_china_in_every_time_zone(
    cast: Cast, tmp_path: Path
) -> None:
    processes = {}
    for number, zone in enumerate(ZONES):
        submissions = [
            {"at": moment, "materials": build.materials_for(cast, seed=10 * number + place)}
            for place, moment in enumerate(MOMENTS)
        ]
        work, answer = tmp_path / f"{number}.json", tmp_path / f"{number}.answer.json"
        work.write_text(json.dumps({"member": str(cast.member.pk), "submissions": submissions}))
        processes[answer] = start_fork(receiver.main, str(work), str(answer), zone)
    for (answer, process), hours_behind in zip(processes.items(), ZONES.values(), strict=True):
        process.join(timeout=120)
        assert process.exitcode == 0
        assert json.loads(answer.read_text()) == {
            "hours_behind": hours_behind,
            "days": list(MOMENTS.values()),
        }
    found = Application.objects.order_by("received_on", "pk").values_list("received_on", flat=True)
    assert [day.isoformat() for day in found] == sorted([*MOMENTS.values()] * len(ZONES))
    due = {decision_due(day, current_calendar()).due_on.isoformat() for day in found}
    assert due == {"2026-03-30", "2026-03-31"}
