"""request.user, from the authentication server."""

from collections.abc import Callable

import jwt
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import SimpleLazyObject

from .auth_server import Unavailable, session_of
from .models import Anonymous, User

SAFE = ("GET", "HEAD", "OPTIONS")


class AuthServerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = request.headers.get("origin")
        is_unsafe = request.method not in SAFE and "cookie" in request.headers
        if is_unsafe and origin and origin not in settings.CSRF_TRUSTED_ORIGINS:
            return JsonResponse({"detail": "this page may not act for the user"}, status=403)
        # The server is asked only if a view uses the user.
        request.user = SimpleLazyObject(lambda: user_of(request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """No answer about the user is 503, never 401: the user may be signed in."""
        if isinstance(error, (Unavailable, jwt.PyJWKClientConnectionError)):
            return JsonResponse({"detail": "try again later"}, status=503, headers={"Retry-After": "1"})
        return None


def user_of(request: HttpRequest) -> User | Anonymous:
    found = session_of(request)
    if found is None:
        return Anonymous()
    user = found["user"]
    return User(
        id=user["id"],
        name=user["name"],
        email=user["email"],
        email_verified=user["emailVerified"],
        time_zone=user["timeZone"],
    )
