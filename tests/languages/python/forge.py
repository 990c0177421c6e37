"""Tokens that a verifier must reject, most of them signed with the server's own key."""

import base64
import hashlib
import hmac
import json

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

OTHERS = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
}


def forgeries(token: str, private: dict) -> dict[str, str]:
    """Returns a bad token of each kind. `private` is the key that signed the good token."""
    header = jwt.get_unverified_header(token)
    algorithm, kid = header["alg"], header["kid"]
    claims = jwt.decode(token, options={"verify_signature": False})
    own = jwt.PyJWK({**private, "alg": algorithm}).key
    stranger = OTHERS[algorithm]()

    def signed(key=own, kid=kid, **changes) -> str:
        return jwt.encode({**claims, **changes}, key, algorithm, {"kid": kid} if kid else None)

    pem = own.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = part({"alg": "none", "typ": "JWT", "kid": kid}) + "." + part(claims)
    symmetric = part({"alg": "HS256", "typ": "JWT", "kid": kid}) + "." + part(claims)
    mac = hmac.digest(pem, symmetric.encode(), hashlib.sha256)
    return {
        "a wrong audience": signed(aud="https://other.example"),
        "a wrong issuer": signed(iss="https://other.example"),
        "no audience": signed(aud=None),
        "an expired token": signed(iat=claims["iat"] - 7200, exp=claims["iat"] - 3600),
        "another key": signed(key=stranger),
        "another key with an unknown id": signed(key=stranger, kid="unknown"),
        "the algorithm none": unsigned + ".",
        "HS256 with the public key": f"{symmetric}.{base64url(mac)}",
        "no kid": signed(kid=None),
    }


def genuine(token: str, private: dict) -> str:
    """Signs the claims of a token again: a forgery fails only because of its change."""
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    own = jwt.PyJWK({**private, "alg": header["alg"]}).key
    return jwt.encode(claims, own, header["alg"], {"kid": header["kid"]})


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def part(content: dict) -> str:
    return base64url(json.dumps(content).encode())
