"""Verification of JWTs."""

import jwt

from .errors import NotSignedIn
from .keys import Keys


class TokenVerifier:
    def __init__(self, keys: Keys, issuer: str, audience: str, algorithms: list[str]) -> None:
        self.keys = keys
        self.expected = {
            "issuer": issuer,
            "audience": audience,
            "algorithms": algorithms,
            "options": {"require": ["exp", "iat", "sub"]},
        }

    async def verify(self, token: str) -> dict:
        """Returns the claims of a valid token. Needs no request while the keys are known."""
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = await self.keys.find(kid) if kid else None
            if key is None:
                raise NotSignedIn
            return jwt.decode(token, key, **self.expected)
        except jwt.PyJWTError as error:
            raise NotSignedIn from error
