"""Verification of JWTs, with keys of the test, and a route whose caller the test replaces."""

import asyncio
import time

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import HTTPException

from reader.dependencies import live_user
from reader.keys import Keys
from reader.main import create_app
from reader.profiles import profiles
from reader.tokens import TokenVerifier

OWN, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
CLAIMS = {"iss": "https://auth.example.com", "aud": "https://api.example.com", "sub": "ada"}


def verify(token: str) -> dict:
    key = jwt.algorithms.OKPAlgorithm.to_jwk(OWN.public_key(), as_dict=True) | {"kid": "own", "alg": "EdDSA"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"keys": [key]}))
    keys = Keys(httpx.AsyncClient(transport=transport), "http://localhost/jwks")
    return asyncio.run(TokenVerifier(keys, CLAIMS["iss"], CLAIMS["aud"], ["EdDSA"]).verify(token))


def signed(key: Ed25519PrivateKey = OWN, kid: str | None = "own", **changes: object) -> str:
    now = int(time.time())
    claims = {**CLAIMS, "iat": now, "exp": now + 60, **changes}
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, "EdDSA", {"kid": kid} if kid else None)


def test_a_valid_token_is_accepted():
    assert verify(signed())["sub"] == "ada"


@pytest.mark.parametrize(
    "token",
    [
        signed(aud="https://other.example"),
        signed(aud=None),
        signed(iss="https://other.example"),
        signed(exp=1),
        signed(exp=None),
        signed(sub=None),
        signed(key=OTHER),
        signed(kid=None),
        signed(kid="unknown"),
        jwt.encode(CLAIMS, "x" * 32, "HS256", {"kid": "own"}),
        jwt.encode(CLAIMS, None, "none", {"kid": "own"}),
    ],
)
def test_any_other_token_is_rejected(token):
    with pytest.raises(HTTPException, match="401"):
        verify(token)


class OneProfile:
    async def find(self, user: str) -> dict:
        return {"name": user}


def test_a_test_of_a_route_replaces_the_caller(monkeypatch):
    monkeypatch.setenv("READER_DATABASE_URL", "postgresql://localhost/none")
    app = create_app()
    app.dependency_overrides[live_user] = lambda: {"id": "ada"}
    app.dependency_overrides[profiles] = OneProfile

    async def get(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get(path)

    assert asyncio.run(get("/profile")).json() == {"name": "ada"}
