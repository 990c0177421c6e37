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
TIMEOUT = 2  # seconds to wait for the keys


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
        # While one request reads the keys again, the others use the known ones.
        is_being_read = self._lock.locked() and self._has(kid, USABLE)
        if not self._has(kid, FRESH) and not is_being_read:
            async with self._lock:
                if not self._has(kid, FRESH) and self._now() - self._tried_at >= PAUSE:
                    await self._read()
        if self._has(kid, USABLE):
            return self._keys[kid]
        if self._tried_at > self._read_at:  # the last attempt failed: the key may be a new one
            raise AuthServerUnavailable
        return None

    def _has(self, kid: str, seconds: float) -> bool:
        return kid in self._keys and self._now() - self._read_at < seconds

    async def _read(self) -> None:
        try:
            answer = await self.http.get(self.url, timeout=TIMEOUT)
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (httpx.HTTPError, jwt.PyJWTError, ValueError):
            self._tried_at = self._now()
            return  # the keys that are known stay in use
        self._keys = {key.key_id: key for key in keys if key.key_id}
        self._read_at = self._tried_at = self._now()
