"""Who gets through: callers with a token, pages of our own origin, and addresses that are ours.

Browsers are asked for the token by Basic authentication (any name, the token as password). It keeps no session here that could
be stolen or forged, and covers scripts, uploads and event streams alike. As browsers also send it for pages of strangers, what
comes from another origin is refused.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sorot.serving.host.listen_address import LOCAL_HOSTS
from sorot.serving.host.tokens import RateLimiter, StreamLimiter, Tokens, token_of
from sorot.serving.service.problems import RefusedError

# Whether it lives; and the page's name and icon, which browsers ask for without the password that they were given.
OPEN_PATHS = ("/healthz", "/manifest.json")
CHALLENGE = {"WWW-Authenticate": 'Basic realm="Sorot (the token is the password)", charset="UTF-8"'}
READING = ("GET", "HEAD", "OPTIONS")
TOO_MANY = RefusedError(429, "too many requests are open with this token; close some and try again", retry_after=5)


class Guard:
    """ASGI middleware. Without tokens it takes requests to names of this machine alone, as no other can be trusted."""

    def __init__(self, app: ASGIApp, tokens: Tokens, rates: RateLimiter, streams: StreamLimiter) -> None:
        self._app, self._tokens, self._rates, self._streams = app, tokens, rates, streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # Nothing here speaks websocket.
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, method = Headers(scope=scope), scope["method"]
        caller = self._caller(headers)
        if problem := self._problem(caller, scope["path"], method, headers):
            challenge = CHALLENGE if problem.status == 401 else {}
            # What is refused unread may still be on its way.
            await problem.response({**challenge, "Connection": "close"})(scope, receive, send)
            return
        if method not in READING:
            await self._app(scope, receive, send)
            return
        with self._streams.open(caller) as taken:
            answer = self._app if taken else TOO_MANY.response({"Connection": "close"})
            await answer(scope, receive, send)

    def _caller(self, headers: Headers) -> int | None:
        """Which token is given; None for none, or a wrong one."""
        given = token_of(headers.get("authorization"))
        return None if given is None else self._tokens.find(given)

    def _problem(self, caller: int | None, path: str, method: str, headers: Headers) -> RefusedError | None:
        if path in OPEN_PATHS and method in READING:
            return None
        if not self._tokens:
            if _host(headers.get("host", "")) not in LOCAL_HOSTS:
                return RefusedError(
                    403, "this service answers to the names of its own machine; call it as 127.0.0.1 or localhost"
                )
            return _foreign(method, headers)
        if caller is None:
            return RefusedError(401, "a token is needed; send it as Authorization: Bearer TOKEN, or as password of any name")
        if problem := _foreign(method, headers):
            return problem
        if method not in READING and (seconds := self._rates.wait(caller)) is not None:
            return RefusedError(429, f"too many requests with this token; try again in {seconds} s", retry_after=seconds)
        return None


def _foreign(method: str, headers: Headers) -> RefusedError | None:
    origin = headers.get("origin")
    if method in READING or origin is None or _place(origin) == headers.get("host", ""):
        return None
    return RefusedError(403, "pages of other origins may not call this service; call it from a program, or open its own page")


def _place(origin: str) -> str | None:
    """The name and port in an Origin header; None where there is none that can be read."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _host(value: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{value}").hostname or ""
    except ValueError:
        return ""
