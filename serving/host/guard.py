"""Access control: checks token, origin and host name of every request.

Browsers send the token by Basic authentication (any name, the token as password). That needs no session that could be stolen or
forged, and covers scripts, uploads and event streams. Browsers also send it with requests from other sites, so requests from
another origin are refused.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sorot.serving.host.listen_address import LOCAL_HOSTS
from sorot.serving.host.tokens import RateLimiter, StreamLimiter, Tokens, token_of
from sorot.serving.service.problems import RefusedError

# The liveness check; and the page's name and icon, which browsers request without the password.
OPEN_PATHS = ("/healthz", "/manifest.json")
CHALLENGE = {"WWW-Authenticate": 'Basic realm="Sorot (the token is the password)", charset="UTF-8"'}
READ_METHODS = ("GET", "HEAD", "OPTIONS")
NO_TOKEN = RefusedError(401, "a token is needed; send it as Authorization: Bearer TOKEN, or as the password with any name")
TOO_MANY_FAILURES = RefusedError(429, "too many wrong tokens; try again in some seconds", retry_after=5)
# Wrong tokens a minute, of all callers, that are answered at once; then each waits, and this many at most at a time.
FREE_FAILURES = 60
FAILURE_SECONDS = 1.0
MOST_SLOWED = 64
TOO_MANY_STREAMS = RefusedError(429, "too many requests with this token are open; close some and try again", retry_after=5)


class Guard:
    """ASGI middleware. Without tokens it accepts only requests that name this machine as their host, against DNS rebinding."""

    def __init__(self, app: ASGIApp, tokens: Tokens, rates: RateLimiter, streams: StreamLimiter) -> None:
        self._app, self._tokens, self._rates, self._streams = app, tokens, rates, streams
        self._failures = RateLimiter(FREE_FAILURES)
        self._slowed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # The service has no websockets.
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, method = Headers(scope=scope), scope["method"]
        caller = self._caller(headers)
        if problem := self._problem(caller, scope["path"], method, headers):
            challenge = CHALLENGE if problem.status == 401 else {}
            if problem is NO_TOKEN and "authorization" in headers and self._failures.wait("all") is not None:
                # Good tokens are not slowed: they are found before this.
                if self._slowed >= MOST_SLOWED:
                    problem, challenge = TOO_MANY_FAILURES, {}
                else:
                    self._slowed += 1
                    try:
                        await asyncio.sleep(FAILURE_SECONDS)
                    finally:
                        self._slowed -= 1
            # The body may still be arriving.
            await problem.response({**challenge, "Connection": "close"})(scope, receive, send)
            return
        if method not in READ_METHODS:
            await self._app(scope, receive, send)
            return
        with self._streams.open(caller) as accepted:
            answer = self._app if accepted else TOO_MANY_STREAMS.response({"Connection": "close"})
            await answer(scope, receive, send)

    def _caller(self, headers: Headers) -> str | None:
        """The hash of the token sent; None if there is no token or a wrong one."""
        given = token_of(headers.get("authorization"))
        return None if given is None else self._tokens.find(given)

    def _problem(self, caller: str | None, path: str, method: str, headers: Headers) -> RefusedError | None:
        if path in OPEN_PATHS and method in READ_METHODS:
            return None
        if not self._tokens.needed:
            if _host_name(headers.get("host", "")) not in LOCAL_HOSTS:
                return RefusedError(
                    403, "this service answers only requests to its own machine; call it as 127.0.0.1 or localhost"
                )
            return _check_origin(method, headers)
        if caller is None:
            return NO_TOKEN
        if problem := _check_origin(method, headers):
            return problem
        if method not in READ_METHODS and (seconds := self._rates.wait(caller)) is not None:
            return RefusedError(429, f"too many requests with this token; try again in {seconds} s", retry_after=seconds)
        return None


def _check_origin(method: str, headers: Headers) -> RefusedError | None:
    """The refusal of a writing request from a page of another origin; None for all other requests."""
    origin = headers.get("origin")
    if method in READ_METHODS or origin is None or _origin_host(origin) == headers.get("host", ""):
        return None
    return RefusedError(403, "pages of other origins may not call this service; call it from a program, or open its own page")


def _origin_host(origin: str) -> str | None:
    """The host and port in an Origin header; None if they cannot be read."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _host_name(value: str) -> str:
    """The host name in a Host header, without the port; empty if it cannot be read."""
    try:
        return urlsplit(f"//{value}").hostname or ""
    except ValueError:
        return ""
