"""A Python client of the service: sends articles, returns analyses, and retries while the service is busy."""

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
MAX_WAIT = 60.0
Answer = TypeVar("Answer", bound=BaseModel)


class ServiceError(SorotError):
    """The service did not give an answer. `status` is the HTTP status, None if the service was not reached."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Client:
    """A connection to a service, with a token if it needs one. Close it, or use it in a `with` block.

    Requests that get 429 or 503 are repeated up to `retries` times, after the seconds in Retry-After. Every call raises
    ServiceError if there is no answer, and pydantic.ValidationError for input that no service accepts.
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
        """Analyse one article, given as text or as the HTML source of its page. Its `labels` are by task, of any taxonomy."""
        asked = AnalyzeRequest(text=text, html=html, title=title, outlet=outlet, options=options or Options())
        return _read(AnalysisOut, self._ask("POST", "/v1/analyze", asked.model_dump_json()))

    def analyze_batch(self, articles: Sequence[ArticleIn], *, options: Options | None = None) -> list[AnalysisOut | ErrorOut]:
        """The analysis or the error of each article, in order. `model().limits.articles` is the greatest number at once."""
        asked = BatchRequest(articles=list(articles), options=options or Options())
        batch = _read(BatchOut, self._ask("POST", "/v1/analyze/batch", asked.model_dump_json()))
        return [one for item in batch.articles if (one := item.result or item.error)]

    def model(self) -> ModelOut:
        """The model in service: tasks, labels, thresholds, figures, and the limits."""
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
    """The content of an answer. Raises ServiceError if something other than the service answered."""
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError:
        raise ServiceError(f"{answer.url}: {_describe_foreign(answer)}", answer.status_code) from None


def _seconds(retry_after: str | None) -> float:
    """Seconds in a Retry-After header; 1 if it is missing or a date."""
    return min(float(retry_after), MAX_WAIT) if retry_after and retry_after.isdecimal() else 1.0


def _reason(answer: httpx.Response) -> str:
    try:
        return ProblemOut.model_validate_json(answer.content).error.message
    except ValidationError:
        return _describe_foreign(answer)


def _describe_foreign(answer: httpx.Response) -> str:
    return f"the answer is {answer.status_code} {answer.reason_phrase}, not from a Sorot service; check the address"
