"""Envelope encryption of personal data, and the blind index that finds it.

Each value has a data key of its own, wrapped by a master key that the token names: to replace a master key
the data keys are wrapped again and the values stay. The additional data binds a ciphertext to its table,
column and row: moved elsewhere, it does not decrypt. AES-256-GCM (NIST SP 800-38D), 96-bit nonces.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from registry.errors import DecryptionFailed

_VERSION = 1
_NONCE_BYTES = 12
_KEY_BYTES = 32
_WRAPPED_BYTES = _KEY_BYTES + 16


def encrypt(plaintext: bytes, *, bound_to: str) -> bytes:
    """A token that decrypts only with the same `bound_to`: version, key id, wrapped data key, ciphertext."""
    key_id, master_key = next(iter(settings.PERSONAL_DATA_KEYS.items()))
    identifier = key_id.encode()
    context = bound_to.encode()
    data_key = secrets.token_bytes(_KEY_BYTES)
    wrap_nonce, nonce = secrets.token_bytes(_NONCE_BYTES), secrets.token_bytes(_NONCE_BYTES)
    wrapped = AESGCM(master_key).encrypt(wrap_nonce, data_key, context)
    sealed = AESGCM(data_key).encrypt(nonce, plaintext, context)
    header = bytes([_VERSION, len(identifier)]) + identifier
    return header + wrap_nonce + wrapped + nonce + sealed


def decrypt(token: bytes, *, bound_to: str) -> bytes:
    """The plaintext of a token. Raises DecryptionFailed when key, row or bytes do not match."""
    try:
        version, length = token[0], token[1]
        key_id, rest = token[2 : 2 + length].decode(), token[2 + length :]
    except (IndexError, UnicodeDecodeError) as error:
        raise DecryptionFailed("token_malformed") from error
    if version != _VERSION or key_id not in settings.PERSONAL_DATA_KEYS:
        raise DecryptionFailed("key_not_configured", key_id=key_id)
    context = bound_to.encode()
    wrap_nonce, rest = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    wrapped, rest = rest[:_WRAPPED_BYTES], rest[_WRAPPED_BYTES:]
    nonce, sealed = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    try:
        data_key = AESGCM(settings.PERSONAL_DATA_KEYS[key_id]).decrypt(wrap_nonce, wrapped, context)
        return AESGCM(data_key).decrypt(nonce, sealed, context)
    except (InvalidTag, ValueError) as error:
        raise DecryptionFailed("not_this_row", key_id=key_id) from error


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed digest by which an encrypted value can be found: HMAC-SHA256, 64 hexadecimal characters."""
    message = f"{purpose}\x1f{value}".encode()
    return hmac.new(settings.BLIND_INDEX_KEY, message, hashlib.sha256).hexdigest()


def commitment(content: bytes, *, key: bytes) -> str:
    """HMAC-SHA256 of erasable content under a random key kept beside it; reveals nothing without the key."""
    return hmac.new(key, content, hashlib.sha256).hexdigest()
