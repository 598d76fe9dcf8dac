"""The routes of the API under /v1, and those for monitoring."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from sorot.data.taxonomy import Taxonomy
from sorot.serving.answers import answer_model
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer
from sorot.serving.service.answering import ArticleAnswerer
from sorot.serving.service.batching import Batcher
from sorot.serving.service.bodies import body_route
from sorot.serving.service.metrics import Metrics
from sorot.serving.service.problems import RefusedError, add_handlers
from sorot.serving.service.schemas import AnalyzeRequest, BatchRequest, ModelOut, ProblemOut, batch_model
from sorot.serving.workers.lanes import Lanes

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemOut, "description": text}
    for status, text in {
        401: "A token is needed",
        408: "The body arrived too slowly",
        413: "The body or an article is too large",
        422: "The input cannot be used; the message names field and cure",
        429: "The queue is full, or the token was used too often; Retry-After gives the seconds to wait",
        503: "The service is stopping",
    }.items()
}

DESCRIPTION = (
    "Labels Indonesian news ({tasks}) and quotes the sentences that show each label. GET /v1/model gives the limits: a body or "
    "text beyond them gets 413, bad input 422 with a sentence that names field and cure, a full queue 429 with Retry-After."
)


def make_api(
    scorer: Scorer, answerer: ArticleAnswerer, batcher: Batcher, metrics: Metrics, limits: Limits, lanes: Lanes
) -> FastAPI:
    """The API without the page. It has no documentation page, which would load scripts from other sites."""
    app = FastAPI(
        title="Sorot",
        version=f"{scorer.manifest.name}-{scorer.manifest.version}",
        description=DESCRIPTION.format(tasks=", ".join(task.name("en").lower() for task in scorer.taxonomy.tasks)),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    add_handlers(app)
    app.include_router(_analysis_routes(scorer, answerer, limits, lanes))
    app.include_router(_model_routes(scorer, limits))
    app.include_router(_monitoring_routes(batcher, metrics))
    return app


def named_paths(app: FastAPI) -> set[str]:
    """The paths of the API and of monitoring, without those of the page."""
    return {"/openapi.json", *app.openapi()["paths"]}


def _analysis_routes(scorer: Scorer, answerer: ArticleAnswerer, limits: Limits, lanes: Lanes) -> APIRouter:
    answer = answer_model(scorer.taxonomy)
    batch = batch_model(answer)
    router = APIRouter(prefix="/v1", tags=["analysis"], responses=REFUSALS, route_class=body_route(lanes.pages))

    @router.post("/analyze", summary="Analyse one article", response_model=answer)
    async def analyze(request: Request, body: AnalyzeRequest) -> Response:
        [outcome] = await answerer.analyze(request, [body], body.options)
        if isinstance(outcome, RefusedError):
            raise outcome
        return await _as_json(outcome)

    @router.post(
        "/analyze/batch",
        summary=f"Analyse up to {limits.articles} articles; each has its own result or error",
        response_model=batch,
    )
    async def analyze_batch(request: Request, body: BatchRequest) -> Response:
        if len(body.articles) > limits.articles:
            n = len(body.articles)
            raise RefusedError(413, f"articles has {n} entries, more than {limits.articles}; send several batches", "articles")
        outcomes = await answerer.analyze(request, body.articles, body.options)
        items = [{"error": one.to_dict()} if isinstance(one, RefusedError) else {"result": one} for one in outcomes]
        return await _as_json(batch.model_validate({"articles": items}))

    return router


async def _as_json(answer: BaseModel) -> Response:
    """The answer, written in a thread: it may be long, and all callers share the event loop."""
    return Response(await run_sync(answer.model_dump_json), media_type="application/json")


def _model_routes(scorer: Scorer, limits: Limits) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["model"])

    @router.get("/model", summary="The model in service: tasks, labels, figures, and the limits")
    async def model() -> ModelOut:
        return ModelOut.of(scorer.manifest, scorer.taxonomy, limits)

    @router.get("/taxonomy", summary="The taxonomy: tasks and labels with their definitions")
    async def taxonomy() -> Taxonomy:
        return scorer.taxonomy

    return router


def _monitoring_routes(batcher: Batcher, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["monitoring"])

    @router.get("/healthz", summary="200 while the process responds")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="200 once the model has scored, 503 before and while stopping")
    async def readyz() -> Response:
        ready = batcher.ready
        return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else 503)

    @router.get("/metrics", summary="Counts for Prometheus")
    async def metrics_text() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router
