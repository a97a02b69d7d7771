"""How much an uploaded file may ask of the machine."""

from __future__ import annotations

# An A4 page scanned at 600 dots per inch has 35 million pixels.
MAX_PIXELS = 36_000_000
MAX_SIDE_PIXELS = 20_000
MAX_PAGES = 200
MAX_NAME_LENGTH = 120

# Address space, which is more than what is really used: the largest picture needs half of it.
MEMORY_BYTES = 640 * 1024 * 1024
CPU_SECONDS = 6
# Of these, for drawing the first page of a document on receipt.
TRIAL_CPU_SECONDS = 3
WALL_SECONDS = 20
