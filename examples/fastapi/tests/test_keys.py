"""The cache of the published keys, with a clock of its own."""

import asyncio

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import HTTPException

from reader.keys import FRESH, PAUSE, USABLE, Keys


def public(kid: str) -> dict:
    key = Ed25519PrivateKey.generate().public_key()
    return jwt.algorithms.OKPAlgorithm.to_jwk(key, as_dict=True) | {"kid": kid, "alg": "EdDSA"}


class Published:
    """A server of keys that counts requests and can fail."""

    def __init__(self, *kids: str) -> None:
        self.kids = list(kids)
        self.requests = 0
        self.is_away = False
        self.time = 0.0
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        self.keys = Keys(http, "http://localhost/jwks", lambda: self.time)

    def answer(self, _: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.is_away:
            return httpx.Response(503)
        return httpx.Response(200, json={"keys": [public(kid) for kid in self.kids]})

    def find(self, *kids: str) -> list[str | None]:
        async def all_at_once() -> list:
            return await asyncio.gather(*(self.keys.find(kid) for kid in kids))

        return [key and key.key_id for key in asyncio.run(all_at_once())]


def test_many_requests_read_the_keys_once():
    server = Published("a")
    assert server.find(*["a"] * 50) == ["a"] * 50
    assert server.requests == 1


def test_an_unknown_key_makes_the_cache_read_again():
    server = Published("a")
    server.find("a")
    server.kids.append("b")
    server.time += PAUSE
    assert server.find("b") == ["b"]
    assert server.requests == 2


def test_many_unknown_keys_cause_one_request():
    server = Published("a")
    server.find("a")
    server.time += PAUSE
    assert server.find(*[f"forged {n}" for n in range(50)]) == [None] * 50
    assert server.requests == 2


def test_a_key_that_is_no_longer_published_is_rejected():
    server = Published("a", "b")
    server.find("a")
    server.kids.remove("b")
    server.time += FRESH
    assert server.find("b", "a") == [None, "a"]


def test_known_keys_are_used_for_an_hour_while_the_server_is_away():
    server = Published("a")
    server.find("a")
    server.is_away = True
    server.time += USABLE - 1
    assert server.find("a") == ["a"]
    server.time += 1
    with pytest.raises(HTTPException, match="503"):
        server.find("a")


def test_without_any_key_the_answer_is_503():
    server = Published("a")
    server.is_away = True
    with pytest.raises(HTTPException, match="503"):
        server.find("a")
