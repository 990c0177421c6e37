"""The reader's profile, and what other readers see of it."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response

from ..auth_server import to_browser
from ..dependencies import Claims, LiveUser, Server, own_origin
from ..errors import NotSignedIn
from ..models import Fields, Preferences
from ..profiles import Store

router = APIRouter(tags=["readers"], dependencies=[Depends(own_origin)])


@router.get("/profile")
async def profile(user: LiveUser, store: Store) -> dict:
    found = await store.find(user["id"])
    if found is None:
        raise NotSignedIn
    return found


@router.put("/profile/preferences", status_code=204)
async def save_preferences(user: LiveUser, body: Preferences, store: Store) -> None:
    await store.save(user["id"], body.preferences, body.interests)


@router.patch("/profile")
async def update_fields(request: Request, body: Fields, server: Server) -> Response:
    """The authentication server checks the session and changes its own columns."""
    return to_browser(await server.pass_on(request, "POST", "/update-user", body.model_dump(exclude_unset=True)))


@router.get("/readers")
async def readers(claims: Claims, interest: Annotated[str, Query(max_length=50)], store: Store) -> list[dict]:
    return await store.with_interest(interest)


@router.get("/today")
async def today(claims: Claims) -> dict:
    """The date for the reader. The JWT contains the time zone, so no request and no statement is needed."""
    now = datetime.now(ZoneInfo(claims["timeZone"]))
    return {"reader": claims["sub"], "date": now.date().isoformat(), "timeZone": claims["timeZone"]}
