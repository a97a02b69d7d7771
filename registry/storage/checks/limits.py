"""Limits of an uploaded file, and of the process that decodes it."""

from __future__ import annotations

# An A4 page scanned at 600 dots per inch has 35 million pixels.
MAX_PIXELS = 36_000_000
# Photographs of more pixels than that are scaled down while they are decoded: JPEG at no cost, HEIC once it is decoded.
MAX_PHOTOGRAPH_PIXELS = 210_000_000
MAX_HEIC_PIXELS = 50_000_000
MAX_SIDE_PIXELS = 20_000
MAX_PAGES = 200
MAX_NAME_LENGTH = 120

# Address space, of which the largest picture needs half.
MEMORY_BYTES = 640 * 1024 * 1024
CPU_SECONDS = 6
# One of 48 million pixels, on a slow processor.
PHOTOGRAPH_CPU_SECONDS = 12
# For reading the signatures of a PDF, beside the rest.
SIGNATURE_CPU_SECONDS = 3
MOST_SIGNATURES = 20
# Of the files within a PDF, so many are named.
MOST_CARRIED_NAMED = 10
# For drawing pages at full size: a batch ends once it has taken so much, and its last page may take the rest.
DRAWING_CPU_SECONDS = 14
BATCH_CPU_SECONDS = 4
PAGES_AT_ONCE = 20
# Of these, for drawing the first page of a document on receipt.
TRIAL_CPU_SECONDS = 3
# They give way to the web, so on a busy machine they take longer than their processor time.
WALL_SECONDS = 40
NICENESS = 10
# Of these, for comparing pages that were copied as they are; altered ones are always compared.
COMPARISON_CPU_SECONDS = 1.0
