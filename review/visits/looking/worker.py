"""The child process that looks at one address: limits itself, reads its order, answers line by line.

Run as `python -m review.visits.looking.worker`. The order is one JSON object on standard input: `url`, `words` to look
for, `agent`, `ports`, `refused` and `let_through`. Each line of the answer is a JSON object: `step` for each address on
the way as soon as it is known (`head` before its page is read), then `answer`, and `page` where there is one. What a
look that is cut off has seen so far stands in the lines that are there.
"""

from __future__ import annotations

import ipaddress
import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from registry.storage.checks.isolation import confine
from review.visits.looking.fetching import Answer, look
from review.visits.looking.guard import Rules
from review.visits.looking.limits import CPU_SECONDS, MEMORY_BYTES, MOST_REQUEST_BYTES, NICENESS
from review.visits.looking.page import filing_numbers_in, icp_numbers_in, words_in

# Divisions of the country and variants of characters: nothing of anybody.
_DATA = Path(__file__).resolve().parents[3] / "registry" / "data"
# What the look-up of names and the check of certificates read.
_SYSTEM = (
    *(
        "/etc/resolv.conf",
        "/etc/hosts",
        "/etc/nsswitch.conf",
        "/etc/host.conf",
        "/etc/gai.conf",
        "/etc/services",
    ),
    *(
        "/etc/ssl",
        "/etc/pki",
        "/usr/share/ca-certificates",
        "/usr/local/share/ca-certificates",
        "/run/systemd/resolve",
    ),
)


def limit_this_process() -> None:
    """Limits memory and CPU time; forbids written files and core dumps; gives way to all other processes."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def rules_of(order: dict[str, Any]) -> Rules:
    """Where the look may go, from its order."""
    return Rules(
        frozenset(int(port) for port in order["ports"]),
        tuple(ipaddress.ip_network(each) for each in order["refused"]),
        tuple(ipaddress.ip_network(each) for each in order["let_through"]),
    )


def main() -> None:
    limit_this_process()
    confine(reads=(*_SYSTEM, *_own_certificates(), str(_DATA)), may_connect=True)
    order = json.loads(sys.stdin.buffer.read(MOST_REQUEST_BYTES))
    last: Answer | None = None
    for step, answer in look(
        order["url"],
        rules=rules_of(order),
        agent=order["agent"],
        on_head=lambda step: _say(head=asdict(step)),
    ):
        _say(step=asdict(step))
        last = answer
    if last is not None:
        _say_answer(last, words=order["words"])


def _say_answer(answer: Answer, *, words: list[str]) -> None:
    _say(
        answer={"content_type": answer.content_type, "size_bytes": answer.size_bytes, "is_cut": answer.is_cut}
    )
    page = answer.page
    if page is not None:
        _say(
            page={
                "title": page.title,
                "encoding": page.encoding,
                "icp_numbers": icp_numbers_in(page),
                "filing_numbers": filing_numbers_in(page),
                "words": words_in(page, words),
                "has_text": bool(page.text),
            }
        )


def _own_certificates() -> list[str]:
    named = (os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    return [str(Path(each).resolve()) for each in named if each]


def _say(**line: Any) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
