"""The test vectors of docs/formats.md, with Python's standard library.

It has no AES (jwe), no argon2 and no public-key signatures: vectors.test.mjs and test_formats.py verify those.
"""

import base64
import hashlib
import hmac
import json
import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "docs/vectors"


def vectors(name: str) -> dict:
    return json.loads((VECTORS / f"{name}.json").read_text())


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


COOKIES = vectors("cookies")
DATA = vectors("session-data")
PASSWORDS = vectors("passwords")["hashes"]


def signed(value: str, secret: str) -> str:
    mac = hmac.digest(secret.encode(), value.encode(), hashlib.sha256)
    return base64.b64encode(mac).decode()


def read_cookie(cookie: str, secret: str) -> str | None:
    value, _, signature = unquote(cookie).rpartition(".")
    return value if hmac.compare_digest(signature, signed(value, secret)) else None


@pytest.mark.parametrize("vector", COOKIES["cookies"], ids=lambda vector: vector["value"])
def test_a_cookie_is_signed(vector):
    value, signature = vector["value"], signed(vector["value"], COOKIES["secret"])
    assert signature == vector["signature"]
    assert quote(f"{value}.{signature}", safe="") == vector["cookie"]
    assert read_cookie(vector["cookie"], COOKIES["secret"]) == value


@pytest.mark.parametrize("cookie", COOKIES["rejected"])
def test_a_changed_cookie_is_rejected(cookie):
    assert read_cookie(cookie, COOKIES["secret"]) is None


def written(members: dict) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def mac_of(content: bytes) -> str:
    return base64url(hmac.digest(DATA["secret"].encode(), content, hashlib.sha256))


def test_a_compact_session_cookie_cache_is_signed_json():
    envelope = json.loads(from_base64url(DATA["compact"]["cookie"]))
    members = {name: DATA[name] for name in ("session", "user", "updatedAt", "version")}
    assert envelope == {
        "session": members,
        "expiresAt": DATA["expiresAt"],
        "signature": DATA["compact"]["signature"],
    }
    assert mac_of(written({**members, "expiresAt": DATA["expiresAt"]})) == envelope["signature"]


def test_a_session_cookie_cache_as_a_jwt_is_signed_with_the_secret():
    header, payload, signature = DATA["jwt"]["cookie"].split(".")
    assert json.loads(from_base64url(header)) == {"alg": "HS256"}
    claims = json.loads(from_base64url(payload))
    members = {name: DATA[name] for name in ("session", "user", "updatedAt", "version")}
    assert claims == {**members, "iat": DATA["updatedAt"] // 1000, "exp": DATA["expiresAt"] // 1000}
    assert mac_of(f"{header}.{payload}".encode()) == signature


def derived_key() -> bytes:
    """HKDF-SHA256 of the secret, 64 bytes."""
    extracted = hmac.digest(b"better-auth-session", DATA["secret"].encode(), hashlib.sha256)
    label, block, key = b"BetterAuth.js Generated Encryption Key", b"", b""
    for number in (1, 2):
        block = hmac.digest(extracted, block + label + bytes([number]), hashlib.sha256)
        key += block
    return key


def test_an_encrypted_session_cookie_cache_is_authentic():
    vector, key = DATA["jwe"], derived_key()
    assert base64url(key) == vector["key"]
    thumbprint = hashlib.sha256(f'{{"k":"{vector["key"]}","kty":"oct"}}'.encode()).digest()
    assert base64url(thumbprint) == vector["kid"]

    header, encrypted_key, iv, ciphertext, tag = vector["cookie"].split(".")
    expected = {"alg": "dir", "enc": "A256CBC-HS512", "kid": vector["kid"]}
    assert (json.loads(from_base64url(header)), encrypted_key) == (expected, "")
    bits = (8 * len(header)).to_bytes(8, "big")
    text = header.encode() + from_base64url(iv) + from_base64url(ciphertext) + bits
    assert hmac.digest(key[:32], text, hashlib.sha512)[:32] == from_base64url(tag)


def is_scrypt_of(password: str, stored: str) -> bool:
    salt, expected = stored.split(":")
    normalized = unicodedata.normalize("NFKC", password).encode()
    key = hashlib.scrypt(normalized, salt=salt.encode(), n=16384, r=16, p=1, maxmem=64 * 1024**2, dklen=64)
    return hmac.compare_digest(key.hex(), expected)


@pytest.mark.parametrize("vector", [one for one in PASSWORDS if one["form"] == "scrypt"])
def test_a_scrypt_hash_fits_its_password_only(vector):
    assert is_scrypt_of(vector["password"], vector["hash"])
    assert not is_scrypt_of(vector["wrong"], vector["hash"])


def test_the_vectors_are_those_of_the_server_s_own_tests():
    sources = [*ROOT.glob("crates/crypto/vectors/*.json"), *ROOT.glob("crates/*/src/**/*.rs")]
    own = "".join(path.read_text() for path in sources).replace('\\"', '"')
    values = [one["signature"] for one in COOKIES["cookies"][:1]] + [one["cookie"] for one in COOKIES["cookies"]]
    values += [DATA[name]["cookie"] for name in ("compact", "jwt", "jwe")]
    values += [one["token"] for one in vectors("jwt")["tokens"]]
    values += [key["x"] for one in vectors("jwt")["tokens"] for key in one["jwks"]["keys"] if "x" in key]
    # The hashes with default costs were made by the server; test_formats.py lets the server verify them.
    values += [one["hash"] for one in PASSWORDS if "m=19456" not in one["hash"]]
    assert [value for value in values if value not in own] == []
