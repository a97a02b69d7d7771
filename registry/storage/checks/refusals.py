"""The refusal that the checks raise in the child process: a code that the portal has words for."""

from __future__ import annotations


class FileRefused(Exception):
    """The file is not accepted; `code` says why, `facts` hold what the message needs."""

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
