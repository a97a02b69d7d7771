"""Limits of one look at a web address, and of the process that looks."""

from __future__ import annotations

# From the first look-up of a name to the last byte; the process that asked waits a little longer.
LOOK_SECONDS = 20.0
WALL_SECONDS = 26.0
NAME_SECONDS = 6.0
CONNECT_SECONDS = 6.0
# Addresses of one host that are tried, one after another.
MOST_ADDRESSES = 4
MOST_REDIRECTS = 5
# On the wire for each answer, its head included; and of a page once it is unpacked.
MOST_WIRE_BYTES = 2_000_000
MOST_PAGE_BYTES = 1_500_000
MOST_TEXT = 200_000
MOST_TITLE = 200
MOST_NUMBERS = 10
MOST_URL = 2_000
MOST_WORDS = 10
MOST_WORD = 300

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
NICENESS = 5
# What a request to look may have, and its answer.
MOST_REQUEST_BYTES = 32_768
MOST_ANSWER_BYTES = 131_072
