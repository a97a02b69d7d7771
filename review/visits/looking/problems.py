"""Why a look did not get an answer: a code that the portal has words for."""

from __future__ import annotations


class NoAnswer(Exception):
    """The address gave no answer; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
