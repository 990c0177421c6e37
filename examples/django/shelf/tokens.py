"""Verification of JWTs."""

import time

import jwt
from django.conf import settings
from django.http import HttpRequest

USABLE = 3600  # seconds for which known keys are used while they cannot be read


class Keys(jwt.PyJWKClient):
    """The published keys, for the whole process: read every five minutes, and for an unknown key."""

    last: dict | None = None
    read_at = 0.0

    def fetch_data(self) -> dict:
        try:
            self.last = super().fetch_data()
            self.read_at = time.monotonic()
        except jwt.PyJWKClientConnectionError:
            if self.last is None or time.monotonic() - self.read_at >= USABLE:
                raise
        return self.last


keys = Keys(settings.AUTH_URL + "/jwks", timeout=2, cooldown_duration=5)


def claims_of(request: HttpRequest) -> dict | None:
    """Returns the claims of a valid JWT, or None. Raises PyJWKClientConnectionError if no keys are known."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    try:
        return jwt.decode(token, keys.get_signing_key_from_jwt(token), **settings.AUTH_TOKENS)
    except jwt.PyJWKClientConnectionError:
        raise
    except jwt.PyJWTError:
        return None
