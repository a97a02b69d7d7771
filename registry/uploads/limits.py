"""How much an uploaded file may ask of the machine."""

from __future__ import annotations

# An A4 page scanned at 600 dots per inch has 35 million pixels.
MAX_PIXELS = 40_000_000
MAX_SIDE_PIXELS = 20_000
MAX_PAGES = 200
MAX_NAME_LENGTH = 120

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 15
WALL_SECONDS = 20
