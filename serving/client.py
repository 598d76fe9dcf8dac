"""A client of the service: articles out, analyses back; what is busy is asked again when it says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from sorot.data.errors import SorotError
from sorot.serving.answers import AnalysisOut, Options
from sorot.serving.service.schemas import AnalyzeRequest, ArticleIn, BatchOut, BatchRequest, ErrorOut, ModelOut, ProblemOut

BUSY = (429, 503)
LONGEST_WAIT = 60.0
Answer = TypeVar("Answer", bound=BaseModel)


class ServiceError(SorotError):
    """The service did not answer what was asked; `status` is that of HTTP, None where it was not reached."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Client:
    """A service at an address, with a token where it asks for one. Close it, or use it in a `with` block.

    What is answered with 429 or 503 is asked again, up to `retries` times, after as many seconds as Retry-After says.
    Every call raises ServiceError where there is no answer, and pydantic.ValidationError for what no service would take.
    """

    def __init__(
        self, url: str = "http://127.0.0.1:8000", token: str | None = None, *, timeout: float = 120.0, retries: int = 5
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)
        self._retries = retries

    def analyze(
        self,
        text: str | None = None,
        *,
        html: str | None = None,
        title: str | None = None,
        outlet: str | None = None,
        options: Options | None = None,
    ) -> AnalysisOut:
        """Analyse one article, given as text or as the HTML source of its page."""
        asked = AnalyzeRequest(text=text, html=html, title=title, outlet=outlet, options=options or Options())
        return _read(AnalysisOut, self._ask("POST", "/v1/analyze", asked.model_dump_json()))

    def analyze_batch(self, articles: Sequence[ArticleIn], *, options: Options | None = None) -> list[AnalysisOut | ErrorOut]:
        """Analyse several articles; each gives its analysis or its error, in order. `model().limits` tells how many at once."""
        asked = BatchRequest(articles=list(articles), options=options or Options())
        found = _read(BatchOut, self._ask("POST", "/v1/analyze/batch", asked.model_dump_json()))
        return [one for item in found.articles if (one := item.result or item.error)]

    def model(self) -> ModelOut:
        """The model in service, and the limits."""
        return _read(ModelOut, self._ask("GET", "/v1/model"))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if body is not None else None
        for tries_left in range(self._retries, -1, -1):
            try:
                answer = self._http.request(method, path, content=body, headers=headers)
            except httpx.HTTPError as error:
                where = f"{self._http.base_url}{path.lstrip('/')}"
                raise ServiceError(f"{where}: no answer ({error}); check that the service runs there") from error
            if answer.status_code not in BUSY or not tries_left:
                break
            time.sleep(_seconds(answer.headers.get("Retry-After")))
        if not answer.is_success:
            raise ServiceError(_reason(answer), answer.status_code)
        return answer


def _read(kind: type[Answer], answer: httpx.Response) -> Answer:
    """What an answer says; ServiceError where something else than the service has answered."""
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError:
        raise ServiceError(f"{answer.url}: {_strange(answer)}", answer.status_code) from None


def _seconds(told: str | None) -> float:
    """Seconds of a Retry-After header, one where it says none; a date is not read."""
    return min(float(told), LONGEST_WAIT) if told and told.isdecimal() else 1.0


def _reason(answer: httpx.Response) -> str:
    try:
        return ProblemOut.model_validate_json(answer.content).error.message
    except ValidationError:
        return _strange(answer)


def _strange(answer: httpx.Response) -> str:
    return f"the answer is {answer.status_code} {answer.reason_phrase}, and no service's; check the address of the service"
