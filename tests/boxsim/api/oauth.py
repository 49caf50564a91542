"""Tokens: by client credentials, or by an assertion that an application signed with its private key."""

from __future__ import annotations

import base64
import json
from typing import Final
from urllib.parse import parse_qs

from tests.boxsim.api.context import Context
from tests.boxsim.wire import Json, Response, answer

_JWT_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUDIENCE: Final = "https://api.box.com/oauth2/token"
_LONGEST_ASSERTION: Final = 60
"""Seconds that an assertion may be valid."""
_HASHES: Final = {"RS256": "SHA256", "RS384": "SHA384", "RS512": "SHA512"}


class _Denied(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.answer = answer({"error": error, "error_description": description}, 400)


def token(context: Context) -> Response:
    form = _form(context)
    try:
        if form.get("grant_type") not in {"client_credentials", _JWT_GRANT}:
            raise _Denied("unsupported_grant_type", "Use client_credentials or a JWT")
        _check_client(context, form)
        if form["grant_type"] == _JWT_GRANT:
            claims = _claims(context, form.get("assertion", ""))
            user_id = _subject(context, str(claims.get("box_sub_type")), str(claims.get("sub")))
        else:
            user_id = _subject(context, form.get("box_subject_type", ""), form.get("box_subject_id", ""))
    except _Denied as denied:
        return denied.answer
    seconds = context.sim.token_seconds
    issued = context.sim.people.issue(user_id, seconds)
    document = {"access_token": issued, "expires_in": int(seconds), "restricted_to": [], "token_type": "bearer"}
    return answer(document)


def revoke(context: Context) -> Response:
    form = _form(context)
    try:
        _check_client(context, form)
    except _Denied as denied:
        return denied.answer
    context.state.tokens.pop(form.get("token", ""), None)
    return Response(200)


def _form(context: Context) -> dict[str, str]:
    parsed = parse_qs(context.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in parsed.items()}


def _check_client(context: Context, form: dict[str, str]) -> None:
    account = context.sim.account
    if (form.get("client_id"), form.get("client_secret")) != (account.client_id, account.client_secret):
        raise _Denied("invalid_client", "The client credentials are invalid")


def _subject(context: Context, kind: str, subject_id: str) -> str:
    account = context.sim.account
    if kind == "enterprise" and subject_id == account.enterprise_id:
        return account.user_id
    if kind == "user" and subject_id in context.state.users:
        return subject_id
    raise _Denied("invalid_grant", "Grant credentials are invalid")


def _claims(context: Context, assertion: str) -> Json:
    """What a JWT claims, when it is signed with a key that is registered, fresh and new."""
    try:
        header_part, claims_part, signature_part = assertion.split(".")
        header, claims = json.loads(_decoded(header_part)), json.loads(_decoded(claims_part))
        signature = _decoded(signature_part)
        key, hash_name = context.state.public_keys[header["kid"]], _HASHES[header["alg"]]
        expires_at = float(claims["exp"])
    except (ValueError, KeyError, TypeError):
        raise _Denied("invalid_grant", "`kid` invalid, unable to lookup correct key") from None
    if not _is_signed(key, hash_name, f"{header_part}.{claims_part}".encode(), signature):
        raise _Denied("invalid_grant", "Signature verification error")
    now = context.sim.now()
    if not now < expires_at <= now + _LONGEST_ASSERTION:
        raise _Denied("invalid_grant", "Current date time must be before the expiration date time of 'exp'")
    if claims.get("aud") != _AUDIENCE or claims.get("iss") != context.sim.account.client_id:
        raise _Denied("invalid_grant", "Please check the 'aud' and 'iss' claims")
    identity = str(claims.get("jti", ""))
    if not 16 <= len(identity) <= 128 or identity in context.state.assertions:
        raise _Denied("invalid_grant", "Please check the 'jti' claim. A unique 'jti' value is required")
    context.state.assertions[identity] = None
    return dict(claims)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _is_signed(key: str, hash_name: str, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    public_key = serialization.load_pem_public_key(key.encode())
    if not isinstance(public_key, rsa.RSAPublicKey):
        raise TypeError("only RSA keys are made here")
    try:
        public_key.verify(signature, message, padding.PKCS1v15(), getattr(hashes, hash_name)())
    except InvalidSignature:
        return False
    return True
