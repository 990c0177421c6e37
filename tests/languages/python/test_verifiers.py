"""Each library accepts the server's JWTs before, during and after the rotation of the key, and no forgery."""

import json
from dataclasses import dataclass
from pathlib import Path

import httpx
import jwt
import psycopg
import pytest
from forge import forgeries, genuine
from programs import ORIGIN, PATIENCE, AuthServer
from verifiers import LIBRARIES, REFUSALS, Verify, can_verify

PHASES = ("before", "during", "after")
GOOD = ("the token", "a token of the phase before", "the same claims, signed again")
OTHER = "a genuine token for another audience"
BAD = (
    OTHER,
    "a wrong audience",
    "a wrong issuer",
    "no audience",
    "an expired token",
    "another key",
    "another key with an unknown id",
    "the algorithm none",
    "HS256 with the public key",
    "no kid",
)


@dataclass
class Source:
    """A server, and the audience and algorithm of the tokens that it is asked for."""

    server: AuthServer
    client: httpx.Client
    audience: str
    algorithm: str
    query: dict[str, str]

    def sign_up(self) -> None:
        body = {"name": "Ada", "email": "ada@example.com", "password": "correct horse battery"}
        self.client.post("/sign-up/email", json=body).raise_for_status()

    def token(self) -> str:
        return self.client.get("/token", params=self.query).raise_for_status().json()["token"]

    def of_other_audience(self) -> str:
        """A token that the server has signed, for another of its audiences."""
        own = self.query.get("audience")
        other = "https://old.example.com" if own != "https://old.example.com" else "https://modern.example.com"
        return self.client.get("/token", params={"audience": other}).raise_for_status().json()["token"]

    def private_key(self, token: str) -> dict:
        """Reads the key that signed a token. It is not encrypted in this database."""
        with psycopg.connect(self.server.database_url) as connection:
            kid = jwt.get_unverified_header(token)["kid"]
            found = connection.execute('SELECT "privateKey" FROM "jwks" WHERE "id" = %s', (kid,)).fetchone()
            return json.loads(found[0])

    def verifiers(self) -> dict[str, Verify]:
        expected = (self.server.url + "/jwks", self.server.origin, self.audience, self.algorithm)
        return {name: library(*expected) for name, library in LIBRARIES.items()}


def outcome(verify: Verify, token: str) -> str | Exception:
    """Returns the subject of an accepted token, or why it is rejected."""
    try:
        return verify(token)["sub"]
    except REFUSALS as refusal:
        return refusal


def outcomes(source: Source) -> dict[tuple[str, str, str], str | Exception]:
    """Rotates the key, and returns the result of each library for each token in each phase."""
    verifiers, found, last = source.verifiers(), {}, source.token()
    kids = []
    for phase in PHASES:
        if phase == "during":
            source.server.run("keys", "rotate", "--announce")
        if phase == "after":
            source.server.run("keys", "rotate")
            # A running server would sign with the new key within a minute.
            source.server.stop()
            source.server.start()
        token = source.token()
        key = source.private_key(token)
        good = dict(zip(GOOD, (token, last, genuine(token, key)), strict=True))
        bad = {**forgeries(token, key), OTHER: source.of_other_audience()}
        for case, sent in {**good, **bad}.items():
            for library, verify in verifiers.items():
                found[phase, library, case] = outcome(verify, sent)
        kids.append(jwt.get_unverified_header(token)["kid"])
        last = token
    assert kids[0] == kids[1] != kids[2]
    return found


AUDIENCES = """
[plugins.jwt.audiences.modern]
audience = "https://modern.example.com"
algorithm = "ES256"

[plugins.jwt.audiences.old]
audience = "https://old.example.com"
algorithm = "RS256"
"""
ALGORITHM = "PORTCULLIS_PLUGINS__JWT__JWKS__KEY_PAIR_CONFIG__ALG"
# The variables of a server, the algorithm of the tokens, and the audience that is asked for.
SOURCES = {
    "EdDSA": ({}, "EdDSA", {}),
    "ES256": ({ALGORITHM: "ES256"}, "ES256", {}),
    "RS256": ({ALGORITHM: "RS256"}, "RS256", {}),
    "audience with ES256": ({}, "ES256", {"audience": "https://modern.example.com"}),
    "audience with RS256": ({}, "RS256", {"audience": "https://old.example.com"}),
}


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's configuration, with audiences."""
    file = tmp_path_factory.mktemp("configuration") / "portcullis.toml"
    file.write_text(AuthServer.configuration.read_text() + AUDIENCES)
    return file


@pytest.fixture(scope="module", params=SOURCES)
def played(request: pytest.FixtureRequest, start, configuration) -> tuple[str, dict]:
    variables, algorithm, query = SOURCES[request.param]
    plain = {"PORTCULLIS_PLUGINS__JWT__JWKS__DISABLE_PRIVATE_KEY_ENCRYPTION": "true"}
    server = start(plain | variables, configuration)
    with httpx.Client(base_url=server.url, headers={"origin": ORIGIN}, timeout=PATIENCE) as client:
        source = Source(server, client, query.get("audience", server.origin), algorithm, query)
        source.sign_up()
        found = outcomes(source)
    return algorithm, found


@pytest.mark.parametrize("case", GOOD)
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("phase", PHASES)
def test_a_genuine_token_is_accepted(played, phase, library, case):
    algorithm, found = played
    is_accepted = isinstance(found[phase, library, case], str)
    assert is_accepted == can_verify(library, algorithm), found[phase, library, case]


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("phase", PHASES)
def test_a_forgery_is_rejected(played, phase, library, case):
    _, found = played
    assert isinstance(found[phase, library, case], REFUSALS)
