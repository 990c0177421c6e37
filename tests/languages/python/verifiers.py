"""JWTs verified with each common library of Python. Each verifier is used for the whole life of a process."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable

import httpx
import jwt
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError as AuthlibError
from jose import jwt as python_jose
from jose.exceptions import JOSEError as PythonJoseError
from joserfc import jwt as joserfc
from joserfc.errors import JoseError as JoserfcError
from joserfc.jwk import import_key

Verify = Callable[[str], dict]


class Published:
    """The published keys, for libraries that do not read them. An unknown key makes it read them again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys: dict[str, dict] = {}

    def of(self, token: str) -> dict:
        """Returns the key that a token names. A token without a `kid` has none."""
        header = token.split(".")[0]
        kid = json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4))).get("kid")
        if kid not in self.keys:
            published = httpx.get(self.url).raise_for_status().json()["keys"]
            self.keys = {key["kid"]: key for key in published}
        return self.keys[kid]


def with_pyjwt(url: str, issuer: str, audience: str, algorithm: str) -> Verify:
    # By default it waits up to 30 seconds before it reads the keys again for an unknown `kid`.
    keys = jwt.PyJWKClient(url, cooldown_duration=0)

    def verify(token: str) -> dict:
        key = keys.get_signing_key_from_jwt(token)
        required = {"require": ["exp", "iat", "sub"]}
        return jwt.decode(
            token, key, algorithms=[algorithm], issuer=issuer, audience=audience, options=required
        )

    return verify


def with_joserfc(url: str, issuer: str, audience: str, algorithm: str) -> Verify:
    keys = Published(url)
    expected = joserfc.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
    )

    def verify(token: str) -> dict:
        decoded = joserfc.decode(token, import_key(keys.of(token)), algorithms=[algorithm])
        expected.validate(decoded.claims)
        return decoded.claims

    return verify


def with_authlib(url: str, issuer: str, audience: str, algorithm: str) -> Verify:
    keys = Published(url)
    library = JsonWebToken([algorithm])
    expected = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": audience},
        "exp": {"essential": True},
        "sub": {"essential": True},
    }

    def verify(token: str) -> dict:
        claims = library.decode(token, JsonWebKey.import_key(keys.of(token)), claims_options=expected)
        claims.validate()
        return claims

    return verify


def with_python_jose(url: str, issuer: str, audience: str, algorithm: str) -> Verify:
    keys = Published(url)
    required = {"require_exp": True, "require_sub": True, "require_aud": True, "require_iss": True}

    def verify(token: str) -> dict:
        key = keys.of(token)
        return python_jose.decode(
            token, key, algorithms=[algorithm], issuer=issuer, audience=audience, options=required
        )

    return verify


LIBRARIES = {
    "PyJWT": with_pyjwt,
    "joserfc": with_joserfc,
    "Authlib": with_authlib,
    "python-jose": with_python_jose,
}
REFUSALS = (jwt.PyJWTError, JoserfcError, AuthlibError, PythonJoseError, KeyError)


def can_verify(library: str, algorithm: str) -> bool:
    """python-jose has no EdDSA: give its services an audience with another algorithm."""
    return (library, algorithm) != ("python-jose", "EdDSA")
