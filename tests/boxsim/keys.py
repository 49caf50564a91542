"""The key pair of an application that proves itself by JWT, and the file that the Developer Console would offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.boxsim.wire import Json

if TYPE_CHECKING:
    from tests.boxsim.simulator import Simulator


def configuration(sim: Simulator, encrypted: bool = True) -> Json:
    """A new key pair: the public key is registered, the private one is in the file. Needs `cryptography`.

    Box encrypts the private key; boxsdk 10.18 can't read one that isn't.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with sim.changed:
        key_id, passphrase = sim.state.new_secret(8), sim.state.new_secret()
        public = pair.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        sim.state.public_keys[key_id] = public.decode()
    protection: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(passphrase.encode()) if encrypted else serialization.NoEncryption()
    )
    private = pair.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    return {
        "boxAppSettings": {
            "clientID": sim.account.client_id,
            "clientSecret": sim.account.client_secret,
            "appAuth": {
                "publicKeyID": key_id,
                "privateKey": private.decode(),
                "passphrase": passphrase if encrypted else "",
            },
        },
        "enterpriseID": sim.account.enterprise_id,
    }
