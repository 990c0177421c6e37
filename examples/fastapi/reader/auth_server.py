"""Requests to the authentication server, and its answers to the browser."""

from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from fastapi import Request, Response

from .errors import AuthServerUnavailable

# What the browser says about itself. The server checks Origin and Sec-Fetch-Site, and stores the user agent.
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
PASSED_ON = ("content-type", "retry-after", "x-retry-after")


def http_client(timeout: float) -> httpx.AsyncClient:
    """Returns the client of the process. It stores no cookie: the next request is another user's."""
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(cookies=no_cookies, timeout=httpx.Timeout(timeout, connect=2))


class AuthServer:
    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self.http = http
        self.url = url

    async def session(self, request: Request) -> dict | None:
        """Returns the session and the user of a request, or None. Reads the row, and renews nothing."""
        headers = own_headers(request, ("authorization", "cookie"))
        if "authorization" not in headers and "cookie" not in headers:
            return None
        query = {"disableRefresh": "true", "disableCookieCache": "true"}
        answer = await self._send("GET", "/get-session", headers, params=query)
        if answer.status_code != 200:
            raise AuthServerUnavailable(answer.headers.get("retry-after"))
        return answer.json()

    async def pass_on(
        self, request: Request, method: str, path: str, body: dict | None = None, query: dict | None = None
    ) -> httpx.Response:
        """Sends a request for the browser. The answer may be an error: look at its status."""
        return await self._send(method, path, own_headers(request, FORWARDED), json=body, params=query)

    async def _send(self, method: str, path: str, headers: dict, **content) -> httpx.Response:
        try:
            answer = await self.http.request(method, self.url + path, headers=headers, **content)
        except httpx.TransportError as error:
            raise AuthServerUnavailable from error
        if answer.status_code >= 500:
            raise AuthServerUnavailable(answer.headers.get("retry-after"))
        return answer


def own_headers(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    """Returns these headers of the request, and the user's address, by which the server counts requests."""
    headers = {name: request.headers[name] for name in names if name in request.headers}
    if request.client:
        headers["x-forwarded-for"] = request.client.host
    return headers


def to_browser(answer: httpx.Response) -> Response:
    """Returns an answer of the server as it is, with its cookies."""
    headers = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
    return with_cookies(Response(answer.content, answer.status_code, headers), answer)


def with_cookies(response: Response, answer: httpx.Response) -> Response:
    """Adds each Set-Cookie line of the server, unchanged."""
    for line in answer.headers.get_list("set-cookie"):
        response.headers.append("set-cookie", line)
    response.headers["cache-control"] = "no-store"
    return response
