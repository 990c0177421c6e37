import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .auth_server import pass_on, to_browser, with_cookies
from .models import Profile
from .tokens import claims_of

View = Callable[[HttpRequest], HttpResponse]


def not_signed_in() -> HttpResponse:
    return JsonResponse({"detail": "sign in first"}, status=401, headers={"WWW-Authenticate": "Bearer"})


def live_session(view: View) -> View:
    """Requires a session that exists now: a session that has ended is rejected at once."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        return view(request) if request.user.is_authenticated else not_signed_in()

    return checked


def valid_token(view: View) -> View:
    """Requires a JWT: valid until it expires, also if its session has ended."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        request.claims = claims_of(request)
        return view(request) if request.claims else not_signed_in()

    return checked


def body_of(request: HttpRequest) -> dict:
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise BadRequest("the body is not JSON") from error
    if not isinstance(body, dict):
        raise BadRequest("the body is not an object")
    return body


@require_POST
def sign_up(request: HttpRequest) -> HttpResponse:
    return signed_in(request, "/sign-up/email", ("name", "email", "password", "timeZone"))


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    return signed_in(request, "/sign-in/email", ("email", "password"))


def signed_in(request: HttpRequest, path: str, names: tuple[str, ...]) -> HttpResponse:
    """Returns the user, and the cookies. Pages need no session token, so it stays in its cookie."""
    body = body_of(request)
    answer = pass_on(request, "POST", path, {name: body[name] for name in names if name in body})
    if answer.status_code != 200:
        return to_browser(answer)
    visible = {name: value for name, value in answer.json().items() if name != "token"}
    return with_cookies(JsonResponse(visible), answer)


@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """The session of the page. The server renews it here, so the page must get the new cookie."""
    answer = pass_on(request, "GET", "/get-session")
    if answer.status_code != 200:
        return to_browser(answer)
    found = answer.json()
    return with_cookies(JsonResponse({"user": found and found["user"]}), answer)


@require_GET
def token(request: HttpRequest) -> HttpResponse:
    """A JWT, for requests that need no live session."""
    return to_browser(pass_on(request, "GET", "/token"))


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    answer = pass_on(request, "POST", "/revoke-sessions", {})
    if answer.status_code != 200:
        return to_browser(answer)
    return to_browser(pass_on(request, "POST", "/sign-out", {}))


@require_http_methods(["GET", "PUT"])
@live_session
def profile(request: HttpRequest) -> HttpResponse:
    if request.method == "PUT":
        interests = body_of(request).get("interests")
        if not isinstance(interests, list) or not all(isinstance(one, str) for one in interests):
            raise BadRequest("interests is not a list of texts")
        Profile.objects.update_or_create(user_id=request.user.id, defaults={"interests": interests})
    found = Profile.objects.filter(user_id=request.user.id).first()
    return JsonResponse(
        {
            "name": request.user.name,
            "timeZone": request.user.time_zone,
            "interests": found.interests if found else [],
        }
    )


@require_GET
@valid_token
def readers(request: HttpRequest) -> HttpResponse:
    """Readers with an interest: one statement, which joins the profile with the user."""
    found = Profile.objects.select_related("user").filter(interests__contains=[request.GET.get("interest")])
    names = [profile.user.name for profile in found.order_by("user__name")[:100]]
    return JsonResponse({"readers": names})


@require_GET
@valid_token
def today(request: HttpRequest) -> HttpResponse:
    zone = request.claims["timeZone"]
    return JsonResponse({"date": datetime.now(ZoneInfo(zone)).date().isoformat(), "timeZone": zone})
