"""A security key for an account, as registering one would leave it; it can sign nothing."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from registry.models import Account

_USER_PRESENT_AND_CREDENTIAL = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT


def add_passkey(account: Account) -> Authenticator:
    """A key of the account with a fresh key pair, whose private half is thrown away."""
    public_key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    identifier = account.pk.bytes
    attested = AttestedCredentialData.create(Aaguid(bytes(16)), identifier, public_key)
    data = AuthenticatorData.create(bytes(32), _USER_PRESENT_AND_CREDENTIAL, 0, attested)
    attestation = AttestationObject.create("none", data, {})
    client = CollectedClientData.create("webauthn.create", bytes(32), "http://testserver")
    credential: dict[str, Any] = {
        "id": websafe_encode(identifier),
        "rawId": websafe_encode(identifier),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(bytes(client)),
            "attestationObject": websafe_encode(bytes(attestation)),
        },
        "clientExtensionResults": {},
    }
    found: Authenticator = WebAuthn.add(account, "样例钥匙", credential).instance
    return found
