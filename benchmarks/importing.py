"""Measures what importing an earlier list costs a row: 300, 1,000 and 5,000 rows, in one run on PostgreSQL.

`python benchmarks/importing.py` starts a PostgreSQL and a Redis of its own and imports one list after the other. Prints
seconds and milliseconds a row. Ends with 1 when 5,000 rows take a minute or longer, or a row of the longest list costs
more than one and a half times one of the shortest. `python benchmarks/importing.py 300 1000` takes other sizes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.scale import prepare, servers

SIZES = (300, 1_000, 5_000)
MOST_SECONDS = 60
MOST_RATIO = 1.5
_FIRST_DAY = date(2019, 3, 30)


def main() -> None:
    """Imports a list of each size, prints the table, and says whether it keeps what it should."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    with servers(), tempfile.TemporaryDirectory() as folder:
        prepare()
        print(f"{'rows':>8} {'seconds':>8} {'ms/row':>8}")
        # Serials of samples begin with 0000: those that the scene has drawn are not met.
        first, found = 100_000, []
        for number, size in enumerate(sizes, start=1):
            found.append(_import(Path(folder), number=number, size=size, first=first))
            first += size
    seconds, each = zip(*found, strict=True)
    print(f"a row of the longest list costs {each[-1] / each[0]:.2f} times one of the shortest")
    sys.exit(0 if seconds[-1] < MOST_SECONDS and each[-1] <= MOST_RATIO * each[0] else 1)


def _import(folder: Path, *, number: int, size: int, first: int) -> tuple[float, float]:
    """Seconds for the list, and milliseconds a row."""
    from registry.batches.importing.importing import import_file
    from tests.builders import published

    path = published.csv_file(folder, published.rows(size, first=first))
    started = time.monotonic()
    outcome = import_file(path, number=number, published_on=_FIRST_DAY + timedelta(days=number), writes=True)
    seconds = time.monotonic() - started
    if not outcome.is_written:
        sys.exit(f"not imported: {outcome.faults[:3]}")
    print(f"{size:>8,} {seconds:>8.2f} {seconds * 1000 / size:>8.2f}", flush=True)
    return seconds, seconds * 1000 / size


if __name__ == "__main__":
    main()
