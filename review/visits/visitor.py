"""Asks the visitor, a process without keys, to look at one address."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Sequence

from django.conf import settings

from registry.errors import FilingError
from review.visits.looking.limits import MOST_ANSWER_BYTES, WALL_SECONDS

# It may be at work on others first, each of which has its time.
_ANSWERS_WITHIN_SECONDS = 2 * WALL_SECONDS + 5
_CONNECT_SECONDS = 3


class VisitorAway(FilingError):
    """No visitor answers on the socket."""


class LookBrokeOff(FilingError):
    """The visitor took the order and answered nothing: it or its child was ended."""


def ask_visitor(url: str, words: Sequence[str]) -> bytes:
    """The answer of one look, line by line as `review.visits.looking.worker` writes it.

    Raises VisitorAway and LookBrokeOff.
    """
    order = json.dumps({"url": url, "words": list(words)}).encode() + b"\n"
    received = bytearray()
    was_sent = False
    try:
        with _connected() as connection:
            connection.settimeout(_ANSWERS_WITHIN_SECONDS)
            connection.sendall(order)
            was_sent = True
            while len(received) < MOST_ANSWER_BYTES and (more := connection.recv(65_536)):
                received += more
    except OSError as error:
        raise (LookBrokeOff("look_broke_off") if was_sent else VisitorAway("visitor_away")) from error
    if not received:
        raise LookBrokeOff("look_broke_off")
    return bytes(received)


def is_there() -> bool:
    """Whether a visitor listens on the socket."""
    try:
        _connected().close()
    except OSError:
        return False
    return True


def _connected() -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with contextlib.ExitStack() as stack:
        stack.callback(connection.close)
        connection.settimeout(_CONNECT_SECONDS)
        connection.connect(str(settings.VISITOR_SOCKET))
        stack.pop_all()
    return connection
