"""What routes ask for: the caller, by a live session or by a JWT, and the authentication server."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from .auth_server import AuthServer
from .errors import NotSignedIn


def auth_server(request: Request) -> AuthServer:
    return request.state.auth_server


Server = Annotated[AuthServer, Depends(auth_server)]


async def live_user(request: Request, server: Server) -> dict:
    """The user of a session that exists now: a session that has ended is rejected at once."""
    found = await server.session(request)
    if found is None:
        raise NotSignedIn
    return found["user"]


Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


async def token_claims(request: Request, bearer: Bearer) -> dict:
    """The claims of a JWT: valid until it expires, also if the session has ended meanwhile."""
    if bearer is None:
        raise NotSignedIn
    return await request.state.verifier.verify(bearer.credentials)


LiveUser = Annotated[dict, Depends(live_user)]
Claims = Annotated[dict, Depends(token_claims)]


def own_origin(request: Request) -> None:
    """Rejects a page of another origin that would change something with the user's cookies."""
    origin = request.headers.get("origin")
    is_unsafe = request.method not in ("GET", "HEAD", "OPTIONS") and "cookie" in request.headers
    if is_unsafe and origin is not None and origin not in request.state.settings.allowed_origins:
        raise HTTPException(403, "this page may not act for the user")
