"""An installation's keys: decoded from environment variables, or generated once into a private file."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class InstallationKeys:
    """The keys that sign sessions, encrypt personal data (the first is current), and index it."""

    secret_key: str
    personal_data_keys: dict[str, bytes]
    blind_index_key: bytes


def decode_key(text: str, *, variable: str) -> bytes:
    """A 32-byte key from its base64 text. Raises ImproperlyConfigured naming the variable."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{variable} holds a key that is not base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{variable} holds a key of {len(key)} bytes; {KEY_BYTES} are needed.")
    return key


def decode_keys(text: str, *, variable: str) -> dict[str, bytes]:
    """Named keys from `id:base64,id:base64`, in that order. Raises ImproperlyConfigured naming the variable."""
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        identifier, separator, encoded = entry.partition(":")
        if not separator or not identifier:
            raise ImproperlyConfigured(f"{variable} is written as id:base64,id:base64.")
        if identifier in keys:
            raise ImproperlyConfigured(f"{variable} names the key {identifier} twice.")
        keys[identifier] = decode_key(encoded, variable=variable)
    if not keys:
        raise ImproperlyConfigured(f"{variable} holds no key.")
    return keys


def read_or_make_keys(path: Path) -> InstallationKeys:
    """The keys in the file `path`, which is created on first use with mode 0600.

    Two processes that start at once get the same keys: the file is created atomically, and the first one wins.
    """
    if not path.exists():
        _write_once(path, _new_keys())
    stored = json.loads(path.read_text(encoding="ascii"))
    return InstallationKeys(
        secret_key=stored["secret_key"],
        personal_data_keys=decode_keys(stored["personal_data_keys"], variable=path.name),
        blind_index_key=decode_key(stored["blind_index_key"], variable=path.name),
    )


def _new_keys() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(64),
        "personal_data_keys": f"local-1:{_random_key()}",
        "blind_index_key": _random_key(),
    }


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def _write_once(path: Path, content: dict[str, str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
