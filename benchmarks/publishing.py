"""Measures what publishing a batch list costs an entry: about 300, 1,000 and 5,000 entries, in one run.

`python benchmarks/publishing.py` starts a PostgreSQL and a Redis of its own, takes a few filings through the ledger,
copies them, and publishes one list after the other through the real acts. Prints the seconds of each step and the
milliseconds an entry; the floor is the time in which the same rows are written by one bare INSERT. Ends with 1 when
300 entries take 30 seconds or longer until they are shown, or an entry of the longest list costs more than one and a
half times one of the shortest. `python benchmarks/publishing.py 300 1000` takes other sizes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.scale import Scene, as_owner, fill, prepare, servers
from tests.services.postgres import PostgresServer

SIZES = (309, 1_000, 5_000)
MOST_SECONDS = 30
MOST_RATIO = 1.5
# Of a hundred copied filings these are in force.
SHARE_IN_FORCE = 99


def main() -> None:
    """Publishes a list of each size, prints the table, and says whether it keeps what it should."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    with servers() as postgres:
        scene = prepare()
        filled, found = 0, []
        print(
            f"{'entries':>8} {'freeze':>8} {'files':>8} {'show':>8} {'note':>8} {'ms/entry':>9} {'× floor':>9}"
        )
        for size in sizes:
            filings = filled + -(-size * 100 // SHARE_IN_FORCE)
            fill(scene, postgres, first=filled, last=filings)
            filled = filings
            found.append(_publish(scene, postgres))
        shown, each = zip(*found, strict=True)
        is_quick = shown[0] < MOST_SECONDS
        is_flat = each[-1] <= MOST_RATIO * each[0]
        print(f"an entry of the longest list costs {each[-1] / each[0]:.2f} times one of the shortest")
    sys.exit(0 if is_quick and is_flat else 1)


def _publish(scene: Scene, postgres: PostgresServer) -> tuple[float, float]:
    """Seconds until the list is shown, and milliseconds an entry until all are noted."""
    from registry import clock
    from registry.batches import files, lists, publishing
    from registry.batches.lists import Composition
    from registry.book.act_request import Actor
    from registry.rules.batches.lifecycle import ListOrder

    composition = Composition(cut_off_on=clock.today(), order=ListOrder.PROVINCE, announcement="样例公告")
    batch_list = lists.propose(composition, actor=Actor.of(scene.cast.national_head))
    lists.confirm(batch_list.pk, actor=Actor.of(scene.cast.national))

    def note() -> None:
        while events := publishing.to_note():
            publishing.note_entries(events[0])

    steps: tuple[Callable[[], object], ...] = (
        lambda: lists.freeze(batch_list.pk),
        lambda: files.make_files(batch_list.pk),
        lambda: lists.publish(batch_list.pk),
        note,
    )
    seconds = [_seconds(step) for step in steps]
    batch_list.refresh_from_db()
    count = batch_list.count or 0
    milliseconds = sum(seconds) * 1000 / count
    floor = _floor(postgres, str(batch_list.pk)) * 1000 / count
    told = " ".join(f"{each:>8.2f}" for each in seconds)
    print(f"{count:>8,} {told} {milliseconds:>9.1f} {milliseconds / floor:>9.0f}", flush=True)
    return sum(seconds[:3]), milliseconds


def _seconds(step: Callable[[], object]) -> float:
    started = time.monotonic()
    step()
    return time.monotonic() - started


def _floor(postgres: PostgresServer, list_id: str) -> float:
    """Seconds in which the database copies the list's rows into a table without anything else."""
    with as_owner(postgres) as cursor:
        cursor.execute("CREATE TEMPORARY TABLE floor (LIKE registry_batchentry INCLUDING INDEXES)")
        started = time.monotonic()
        cursor.execute(
            "INSERT INTO floor SELECT * FROM registry_batchentry WHERE batch_list_id = %s", [list_id]
        )
        seconds = time.monotonic() - started
        cursor.execute("DROP TABLE floor")
        return seconds


if __name__ == "__main__":
    main()
