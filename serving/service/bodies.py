"""Reads JSON bodies: small ones at once, larger ones in a worker, so that no body holds up other callers.

A body of 8 MB takes 0.1 to 70 seconds and up to gigabytes in a validator that lists all its errors; here it stops at the first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from anyio.to_thread import run_sync
from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import Message, Receive

from sorot.data.errors import SorotError
from sorot.serving.article_scorer import BusyError
from sorot.serving.service.problems import RefusedError, describe_mistakes
from sorot.serving.workers.bounds import WorkStoppedError
from sorot.serving.workers.pool import Runner

# The slowest body of this size takes milliseconds.
SMALL_BYTES = 50_000
Result = TypeVar("Result")


def body_route(worker: Runner) -> type[APIRoute]:
    """A route class whose JSON bodies are validated as above. The endpoint has one body parameter, a pydantic model."""

    class BodyRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()
            if self.body_field is None:
                return handle
            model: type[BaseModel] = self.body_field.field_info.annotation  # type: ignore[assignment]

            class ParsedRequest(Request):
                async def json(self) -> Any:
                    body = await self.body()
                    try:
                        return await read_json(worker, body, validate_body, model, body)
                    except RefusedError as problem:
                        raise _RefusedBodyError(problem) from None

            async def handle_parsed(request: Request) -> Response:
                try:
                    return await handle(ParsedRequest(request.scope, request.receive))
                except _RefusedBodyError as refused:
                    raise refused.problem from None

            return handle_parsed

    return BodyRoute


async def read_json(worker: Runner, body: bytes, function: Callable[..., Result], *arguments: object) -> Result:
    """The function's result; it runs in a worker if the body is not small. Raises RefusedError if the body is refused."""
    if len(body) <= SMALL_BYTES:
        return function(*arguments)
    try:
        return await run_sync(lambda: worker.run(function, *arguments), abandon_on_cancel=True)
    except WorkStoppedError as error:
        raise RefusedError(422, f"the body {error}; send an article's text in plain JSON") from error
    except BusyError as error:
        raise RefusedError(503, str(error), retry_after=error.retry_after) from error
    except RefusedError:
        raise
    except SorotError as error:
        raise RefusedError(422, f"the body cannot be read ({error}); send an article's text in plain JSON") from error


def validate_body(model: type[BaseModel], body: bytes) -> BaseModel:
    """The model in a JSON body. Raises RefusedError with its first mistake."""
    try:
        # Python's own parser: pydantic's refuses the lone surrogates that some scrapers leave in texts.
        return model.model_validate(json.loads(body))
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            raise describe_mistakes([{"type": "json_invalid", "loc": ("body",)}]) from None
        mistakes = error.errors(include_url=False, include_input=False)
        raise describe_mistakes([{**one, "loc": ("body", *one["loc"])} for one in mistakes]) from None


def read_values(body: bytes, most: int) -> object:
    """The values in a JSON body, at most this many, those within others included. Raises RefusedError."""
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(422, "the body is not valid JSON; send an object") from None
    pending, n = [call], 0
    while pending:
        one = pending.pop()
        n += 1
        if isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, list):
            pending += one
        if n + len(pending) > most:
            raise RefusedError(422, f"the body has more than {most} values; send an article's text as one string")
    return call


def replay_body(body: bytes, receive: Receive) -> Receive:
    """Gives an application a body that was read, and after it whatever `receive` gives."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return messages.pop() if messages else await receive()

    return receive_again


class _RefusedBodyError(HTTPException):
    """Carries a refusal through FastAPI, which answers any other error while it reads a body in words of its own."""

    def __init__(self, problem: RefusedError) -> None:
        super().__init__(problem.status)
        self.problem = problem
