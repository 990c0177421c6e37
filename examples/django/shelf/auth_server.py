"""Requests to the authentication server, and its answers to the browser."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from http.cookies import Morsel

import httpx
from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = (
    "authorization",
    "cookie",
    "origin",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "user-agent",
)
# One client for the process. It stores no cookie: the next request is another user's.
http = httpx.Client(
    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    timeout=httpx.Timeout(settings.AUTH_TIMEOUT, connect=2),
)


class Unavailable(Exception):
    """The server gave no answer about the user, who may be signed in."""


def session_of(request: HttpRequest) -> dict | None:
    """Returns the session and the user of a request, or None. Reads the row, and renews nothing."""
    headers = own_headers(request, ("authorization", "cookie"))
    if "authorization" not in headers and "cookie" not in headers:
        return None
    query = {"disableRefresh": "true", "disableCookieCache": "true"}
    answer = send("GET", "/get-session", headers, params=query)
    if answer.status_code != 200:
        raise Unavailable
    return answer.json()


def pass_on(request: HttpRequest, method: str, path: str, body: dict | None = None) -> httpx.Response:
    """Sends a request for the browser. The answer may be an error: look at its status."""
    return send(method, path, own_headers(request, FORWARDED), json=body)


def send(method: str, path: str, headers: dict, **content) -> httpx.Response:
    try:
        answer = http.request(method, settings.AUTH_URL + path, headers=headers, **content)
    except httpx.TransportError as error:
        raise Unavailable from error
    if answer.status_code >= 500:
        raise Unavailable
    return answer


def own_headers(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    headers = {name: request.headers[name] for name in names if request.headers.get(name)}
    return headers | {"x-forwarded-for": client_address(request)}


def client_address(request: HttpRequest) -> str:
    """Returns the address that the last trusted proxy saw. Clients can write the rest of the header themselves."""
    address = request.META["REMOTE_ADDR"]
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    while address in settings.TRUSTED_PROXIES and hops:
        address = hops.pop()
    return address


class Line(Morsel):
    """A Set-Cookie line of the server, unchanged: Django would parse it and lose what it does not know."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.line = line

    def OutputString(self, attrs=None) -> str:
        return self.line


def to_browser(answer: httpx.Response) -> HttpResponse:
    """Returns an answer of the server as it is, with its cookies."""
    response = HttpResponse(answer.content, answer.headers.get("content-type"), answer.status_code)
    for name in ("retry-after", "x-retry-after"):
        if name in answer.headers:
            response[name] = answer.headers[name]
    return with_cookies(response, answer)


def with_cookies(response: HttpResponse, answer: httpx.Response) -> HttpResponse:
    for line in answer.headers.get_list("set-cookie"):
        response.cookies[line] = Line(line)
    response["cache-control"] = "no-store"
    return response
