"""The addresses under /v1, and those by which a service is watched."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from sorot.data.taxonomy import Taxonomy
from sorot.serving.answers import AnalysisOut
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer
from sorot.serving.service.answering import ArticleAnswerer
from sorot.serving.service.batching import Batcher
from sorot.serving.service.metrics import Metrics
from sorot.serving.service.problems import RefusedError, add_handlers
from sorot.serving.service.schemas import AnalyzeRequest, BatchItem, BatchOut, BatchRequest, ErrorOut, ModelOut, ProblemOut

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemOut, "description": text}
    for status, text in {
        401: "A token is needed",
        408: "The body came too slowly",
        413: "Too much at once",
        422: "The input cannot be used; the message names field and cure",
        429: "The queue is full, or the token has been used too often; Retry-After tells how many seconds to wait",
        503: "The service is stopping",
    }.items()
}

DESCRIPTION = (
    "Topics, stance, sentiment and the sentences that show them, for Indonesian news. GET /v1/model tells the limits: a body "
    "or a text beyond them is answered with 413, bad input with 422 and a sentence that names field and cure, a full queue "
    "with 429 and Retry-After."
)


def make_api(scorer: Scorer, answerer: ArticleAnswerer, batcher: Batcher, metrics: Metrics, limits: Limits) -> FastAPI:
    """The application with all but the page. Its documentation page would load scripts from elsewhere, so there is none."""
    app = FastAPI(
        title="Sorot",
        version=f"{scorer.manifest.name}-{scorer.manifest.version}",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    add_handlers(app)
    app.include_router(_analysing(answerer, limits))
    app.include_router(_telling(scorer, limits))
    app.include_router(_watching(batcher, metrics))
    return app


def named_paths(app: FastAPI) -> set[str]:
    """The service's own addresses, the page's not among them."""
    return {"/openapi.json", *app.openapi()["paths"]}


def _analysing(answerer: ArticleAnswerer, limits: Limits) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["analysis"], responses=REFUSALS)

    @router.post("/analyze", summary="Analyse one article", response_model=AnalysisOut)
    async def analyze(request: Request, asked: AnalyzeRequest) -> Response:
        [found] = await answerer.analyze(request, [asked], asked.options)
        if isinstance(found, RefusedError):
            raise found
        return await _as_json(found)

    @router.post(
        "/analyze/batch",
        summary=f"Analyse up to {limits.articles} articles; each has its own result or error",
        response_model=BatchOut,
    )
    async def analyze_batch(request: Request, asked: BatchRequest) -> Response:
        if len(asked.articles) > limits.articles:
            raise RefusedError(
                413, f"articles has {len(asked.articles)}, more than {limits.articles}; send them in several batches", "articles"
            )
        found = await answerer.analyze(request, asked.articles, asked.options)
        return await _as_json(
            BatchOut(
                articles=[
                    BatchItem(error=ErrorOut.model_validate(one.to_dict()))
                    if isinstance(one, RefusedError)
                    else BatchItem(result=one)
                    for one in found
                ]
            )
        )

    return router


async def _as_json(found: BaseModel) -> Response:
    """An answer written in a thread: it may be long, and all callers share the loop."""
    return Response(await run_sync(found.model_dump_json), media_type="application/json")


def _telling(scorer: Scorer, limits: Limits) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["model"])

    @router.get("/model", summary="The model in service, its figures, and the limits")
    async def model() -> ModelOut:
        return ModelOut.of(scorer.manifest, limits)

    @router.get("/taxonomy", summary="What the labels mean")
    async def taxonomy() -> Taxonomy:
        return scorer.taxonomy

    return router


def _watching(batcher: Batcher, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["watching"])

    @router.get("/healthz", summary="200 while the process answers")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="200 once the model has answered, 503 before and while stopping")
    async def readyz() -> Response:
        ready = batcher.ready
        return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else 503)

    @router.get("/metrics", summary="Counts for Prometheus")
    async def told() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router
