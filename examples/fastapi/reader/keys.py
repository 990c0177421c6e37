"""The published keys of the authentication server."""

import asyncio
import time
from collections.abc import Callable

import httpx
import jwt

from .errors import AuthServerUnavailable

FRESH = 300  # seconds after which the keys are read again
USABLE = 3600  # seconds for which they are used while they cannot be read
PAUSE = 5  # seconds between two attempts: anyone can send tokens with unknown keys


class Keys:
    """A cache for the whole process. An unknown key makes it read the keys again."""

    def __init__(self, http: httpx.AsyncClient, url: str, now: Callable[[], float] = time.monotonic) -> None:
        self.http = http
        self.url = url
        self._now = now
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """Returns a key, or None if the server does not publish it."""
        if not self._has(kid):
            async with self._lock:
                if not self._has(kid) and self._now() - self._tried_at >= PAUSE:
                    await self._read()
        if self._now() - self._read_at >= USABLE:
            raise AuthServerUnavailable
        return self._keys.get(kid)

    def _has(self, kid: str) -> bool:
        return kid in self._keys and self._now() - self._read_at < FRESH

    async def _read(self) -> None:
        self._tried_at = self._now()
        try:
            answer = await self.http.get(self.url)
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (httpx.HTTPError, jwt.PyJWTError, ValueError):
            return  # the keys that are known stay in use
        self._keys = {key.key_id: key for key in keys if key.key_id}
        self._read_at = self._now()
