"""Sign-up, sign-in and sign-out, passed on to the authentication server."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ..auth_server import to_browser, with_cookies
from ..dependencies import Server
from ..models import SignIn, SignUp

router = APIRouter(tags=["accounts"])


@router.post("/sign-up")
async def sign_up(request: Request, body: SignUp, server: Server) -> Response:
    return signed_in(await server.pass_on(request, "POST", "/sign-up/email", body.model_dump(exclude_none=True)))


@router.post("/sign-in")
async def sign_in(request: Request, body: SignIn, server: Server) -> Response:
    return signed_in(await server.pass_on(request, "POST", "/sign-in/email", body.model_dump()))


def signed_in(answer) -> Response:
    """Returns the user, and the cookies. Pages need no session token, so it stays in its cookie."""
    if answer.status_code != 200:
        return to_browser(answer)
    body = {name: value for name, value in answer.json().items() if name != "token"}
    return with_cookies(JSONResponse(body), answer)


@router.get("/session")
async def session(request: Request, server: Server) -> Response:
    """The session of the page. The server renews it here, so the page must get the new cookie."""
    answer = await server.pass_on(request, "GET", "/get-session")
    if answer.status_code != 200:
        return to_browser(answer)
    found = answer.json()
    visible = found and {"user": found["user"], "expiresAt": found["session"]["expiresAt"]}
    return with_cookies(JSONResponse(visible), answer)


@router.get("/token")
async def token(request: Request, server: Server) -> Response:
    """A JWT for this application, for requests that need no live session."""
    settings = request.state.settings
    query = {"audience": settings.audience} if settings.audience != settings.issuer else None
    return to_browser(await server.pass_on(request, "GET", "/token", query=query))


@router.post("/sign-out")
async def sign_out(request: Request, server: Server) -> Response:
    return to_browser(await server.pass_on(request, "POST", "/sign-out", {}))


@router.post("/sign-out-everywhere")
async def sign_out_everywhere(request: Request, server: Server) -> Response:
    """Ends all sessions of the user. JWTs that were issued before remain valid until they expire."""
    answer = await server.pass_on(request, "POST", "/revoke-sessions", {})
    if answer.status_code != 200:
        return to_browser(answer)
    return to_browser(await server.pass_on(request, "POST", "/sign-out", {}))
