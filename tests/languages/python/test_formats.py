"""The server accepts the test vectors of docs/formats.md: cookies and password hashes that other programs make."""

from datetime import UTC, datetime, timedelta

import argon2
import httpx
import psycopg
import pytest
from programs import ORIGIN, PATIENCE, AuthServer
from test_vectors import COOKIES, PASSWORDS, unicodedata

EMAIL = "ada@example.com"


@pytest.fixture(scope="module")
def server(start) -> AuthServer:
    """A server with the secret of the vectors and one user."""
    started = start({"BETTER_AUTH_SECRET": COOKIES["secret"]})
    body = {"name": "Ada", "email": EMAIL, "password": "correct horse battery"}
    post(started, "/sign-up/email", body).raise_for_status()
    return started


def post(server: AuthServer, path: str, body: dict) -> httpx.Response:
    return httpx.post(server.url + path, json=body, headers={"origin": ORIGIN}, timeout=PATIENCE)


def execute(server: AuthServer, statement: str, values: tuple) -> None:
    with psycopg.connect(server.database_url) as connection:
        connection.execute(statement, values)


def test_the_server_accepts_a_signed_cookie(server):
    now = datetime.now(UTC)
    execute(
        server,
        'INSERT INTO "session" ("id", "userId", "token", "expiresAt", "createdAt", "updatedAt")'
        " SELECT 'S', \"id\", 'abc', %s, %s, %s FROM \"user\"",
        (now + timedelta(days=1), now, now),
    )
    found = [session_of(server, cookie) for cookie in (COOKIES["cookies"][0]["cookie"], *COOKIES["rejected"])]
    assert found == ["S"] + [None] * len(COOKIES["rejected"])


def session_of(server: AuthServer, cookie: str) -> str | None:
    headers = {"cookie": f"better-auth.session_token={cookie}"}
    found = httpx.get(server.url + "/get-session", headers=headers, timeout=PATIENCE).raise_for_status().json()
    return found and found["session"]["id"]


@pytest.mark.parametrize("vector", PASSWORDS)
def test_the_server_accepts_a_password_hash(server, vector):
    execute(server, 'UPDATE "account" SET "password" = %s', (vector["hash"],))
    statuses = [
        post(server, "/sign-in/email", {"email": EMAIL, "password": vector[which]}).status_code
        for which in ("wrong", "password")
    ]
    assert statuses == [401, 200]


@pytest.mark.parametrize("vector", [one for one in PASSWORDS if one["form"] == "argon2id"])
def test_an_argon2_hash_fits_its_password_only(vector):
    hasher = argon2.PasswordHasher()
    normalized = unicodedata.normalize("NFKC", vector["password"])
    fits = hasher.verify(vector["hash"], normalized)
    assert fits
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        hasher.verify(vector["hash"], vector["wrong"])
