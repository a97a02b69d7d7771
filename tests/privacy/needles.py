"""What must not be found at rest, in the ways a value may be written, and grep for it."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from registry.sample.identities import sample_mobile, sample_resident_id


@dataclass(frozen=True, slots=True)
class Person:
    """An invented natural person with what is private of them."""

    resident_id: str
    mobile: str
    email: str

    @property
    def secrets(self) -> tuple[str, str, str]:
        return self.resident_id, self.mobile, self.email


def person(number: int) -> Person:
    """The person with this number; each has values of their own."""
    return Person(
        resident_id=sample_resident_id(seed=20_000 + number),
        mobile=sample_mobile(seed=8_000 + number),
        email=f"private.person.{number:04d}@home.example.com",
    )


def written_forms(secret: str) -> frozenset[bytes]:
    """The secret as plain text, as JSON and addresses escape it, in base64 at every offset, and in hex.

    A mobile stands here without +86, so that it is found with and without.
    """
    plain = secret.encode()
    escaped = "".join(f"\\u{ord(character):04x}" for character in secret).encode()
    forms = {plain, json.dumps(secret)[1:-1].encode(), quote(secret).encode(), escaped}
    forms |= {plain.hex().encode(), plain.hex().upper().encode()}
    for offset in range(3):
        padded = bytes(offset) + plain
        # Only the characters that nothing around the secret can change.
        first, last = -(-offset * 8 // 6), len(padded) * 8 // 6
        encoded = base64.b64encode(padded)[first:last]
        forms |= {encoded, encoded.replace(b"+", b"-").replace(b"/", b"_")}
    return frozenset(forms)


def found_in(paths: Iterable[Path], persons: Iterable[Person]) -> set[str]:
    """The secrets that grep finds in these files and directories, in whatever form."""
    secret_of = {
        form: secret for each in persons for secret in each.secrets for form in written_forms(secret)
    }
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(sorted(secret_of)))
        patterns.flush()
        command = ["grep", "--recursive", "--text", "--only-matching", "--no-filename", "--fixed-strings"]
        answer = subprocess.run(
            [*command, f"--file={patterns.name}", *map(str, paths)],
            capture_output=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            check=False,
        )
    # 1 is "nothing found"; 2 is an error, and an error is no proof.
    assert answer.returncode in {0, 1}, answer.stderr
    return {secret_of[line] for line in answer.stdout.splitlines()}
