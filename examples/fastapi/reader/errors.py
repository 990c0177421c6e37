"""Errors that a request can end in, apart from those of its own route."""

from fastapi import HTTPException


class NotSignedIn(HTTPException):
    def __init__(self) -> None:
        super().__init__(401, "sign in first", {"WWW-Authenticate": "Bearer"})


class AuthServerUnavailable(HTTPException):
    """The authentication server gave no answer about the user, who may be signed in: 503, never 401."""

    def __init__(self, retry_after: str | None = None) -> None:
        super().__init__(503, "try again later", {"Retry-After": retry_after or "1"})
