"""Error answers: a status and one sentence as JSON. They never repeat what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sorot.data.errors import SorotError
from sorot.serving.article_scorer import BusyError

FIELDS = "text or html, title, outlet, and options"


class RefusedError(SorotError):
    """A refused request: status, a sentence with the cure, and the field it is about, if any."""

    def __init__(self, status: int, message: str, field: str | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.field, self.retry_after = status, message, field, retry_after

    def __reduce__(self) -> tuple[Any, ...]:
        # Workers raise it too.
        return type(self), (self.status, self.message, self.field), {"retry_after": self.retry_after}

    def to_dict(self) -> dict[str, int | str | None]:
        """The object under `error` in the answer."""
        return {"status": self.status, "field": self.field, "message": self.message}

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """The HTTP answer, with Retry-After if the error has one."""
        all_headers = dict(headers or {})
        if self.retry_after is not None:
            all_headers["Retry-After"] = str(self.retry_after)
        return JSONResponse({"error": self.to_dict()}, self.status, all_headers)


class BusyRefusal(RefusedError, BusyError):  # noqa: N818 - both base classes are named Error
    """The queue is full (429), or the service is stopping (503)."""

    @property
    def stopping(self) -> bool:  # type: ignore[override]
        """Whether trying again is pointless."""
        return self.status == 503


def add_handlers(app: FastAPI) -> None:
    """Answer every error of the application like a RefusedError."""

    @app.exception_handler(RefusedError)
    async def _problem(_: Request, error: RefusedError) -> Response:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        return describe_mistakes(error.errors()).response()

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        sentences = {
            404: "there is nothing at this address; /openapi.json lists all addresses",
            405: "this address does not accept this method; /openapi.json lists all addresses",
        }
        message = sentences.get(error.status_code, "the request cannot be read; send JSON with Content-Type: application/json")
        return RefusedError(error.status_code, message).response(error.headers)


def describe_mistakes(mistakes: Sequence[Mapping[str, Any]]) -> RefusedError:
    """The first of pydantic's validation errors as one sentence, with the number of others."""
    first = mistakes[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or None
    more = f" ({len(mistakes) - 1} more mistakes)" if len(mistakes) > 1 else ""
    match first["type"]:
        case "json_invalid":
            return RefusedError(422, 'the body is not valid JSON; send an object such as {"text": "..."}')
        case "model_attributes_type" | "model_type" if field is None:
            return RefusedError(422, "the body is not a JSON object; send one with Content-Type: application/json")
        case "missing" if field is None:
            return RefusedError(422, f"the body is missing; send a JSON object with {FIELDS}")
        case "missing":
            cure = "is missing; add it"
        case "extra_forbidden":
            cure = f"is not a known field; leave it out (an article has {FIELDS})"
        case "string_type":
            cure = "is not text; send it as a JSON string"
        case "string_unicode" | "string_too_long":
            cure = f"cannot be used ({first['msg']}); send valid text within that length"
        case "bool_type":
            cure = "is neither true nor false; send one of them"
        case "too_long":
            most = first["ctx"]["max_length"]
            return RefusedError(413, f"{field} has more than {most} entries; send several batches", field)
        case "list_type" | "too_short":
            cure = "is not a list of at least one article; send one, or use /v1/analyze"
        case "value_error":
            cure = str(first["msg"]).removeprefix("Value error, ")
        case _:
            cure = f"cannot be used ({first['msg']}); /openapi.json shows the format"
    return RefusedError(422, f"{field or 'the article'} {cure}{more}", field)
