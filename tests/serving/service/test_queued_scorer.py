"""Articles whose caller waits in a thread, and long answers: they must not delay or break others."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from sorot.data.article import Article
from sorot.data.prepare import prepare_text
from sorot.serving.answers import AnalysisOut
from sorot.serving.limits import Limits
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.service import answering
from sorot.serving.service.batching import Batcher
from sorot.serving.service.problems import RefusedError
from sorot.serving.service.queued_scorer import QueuedScorer
from tests.serving.command import GOOD
from tests.serving.running_service import running, until
from tests.serving.service.test_service import Slow, refusal

SECRET = "rahasiasekali"
# Each line is one sentence.
LINE = "Warga mengkritik pemerintah.\n\n"


@pytest.fixture
def batcher(tiny_scorer: Scorer) -> Generator[Batcher, None, None]:
    with closing(Batcher(tiny_scorer, capacity=4, budget=8_192)) as batcher:
        yield batcher


def test_a_failed_article_keeps_the_places_of_the_others(
    tiny_scorer: Scorer, batcher: Batcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, go = Scorer.score_each, threading.Event(), threading.Event()

    def score_each(scorer: Scorer, articles: Sequence[Article], **named: bool) -> Generator[Analysis, None, None]:
        if any(SECRET in article.body for article in articles):
            raise RuntimeError("cannot be read")
        begun.set()
        assert go.wait(30)
        yield from real(scorer, articles, **named)

    monkeypatch.setattr(Scorer, "score_each", score_each)
    queued = QueuedScorer(tiny_scorer, batcher)
    articles = [prepare_text(f"{GOOD} {SECRET}"), prepare_text(GOOD)]
    with ThreadPoolExecutor(2) as callers:
        each = callers.submit(queued.outcomes, articles)
        assert begun.wait(20)
        # One article has failed, the other is still being scored.
        time.sleep(0.2)
        assert batcher.held == 2 and not each.done()
        go.set()
        failed, analysed = each.result(30)
        assert isinstance(failed, RuntimeError) and isinstance(analysed, Analysis)
        with pytest.raises(RuntimeError, match="cannot be read"):
            queued.score(articles)
    assert batcher.held == 0


def test_more_articles_than_the_queue_holds_are_scored_in_turns(tiny_scorer: Scorer, batcher: Batcher) -> None:
    articles = [prepare_text(f"{GOOD} Nomor {number}.") for number in range(9)]
    queued = QueuedScorer(tiny_scorer, batcher)
    assert queued.score(articles) == queued.outcomes(articles) == tiny_scorer.score(articles)
    with batcher.places(4), pytest.raises(RefusedError, match="the queue is full"):
        queued.outcomes(articles)


def test_an_article_of_too_many_sentences_is_refused_alone(tiny_scorer: Scorer, batcher: Batcher) -> None:
    found = QueuedScorer(tiny_scorer, batcher, sentences=5).outcomes([prepare_text(LINE * 6), prepare_text(LINE * 5)])
    assert isinstance(found[0], RefusedError) and "has 6 sentences, more than 5; send it in parts" in found[0].message
    assert isinstance(found[1], Analysis)


def test_closing_waits_no_longer_than_the_limit(tiny_scorer: Scorer, batcher: Batcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sorot.serving.service.batching.CLOSE_SECONDS", 0.2)
    slow = Slow(monkeypatch)
    answer = batcher.submit(prepare_text(GOOD))
    assert slow.begun.wait(20)
    begun = time.monotonic()
    batcher.close()
    assert time.monotonic() - begun < 5 and not answer.done()
    slow.go.set()
    assert answer.result(30).model == tiny_scorer.model


def test_sentences_are_limited(tiny_scorer: Scorer) -> None:
    with running(tiny_scorer, Limits(sentences=10)) as service, service.client() as client:
        status, field, message = refusal(client.post("/v1/analyze", json={"text": LINE * 11, "options": {"clean": False}}))
        assert (status, field) == (422, "text") and "has 11 sentences, more than 10; send it in parts" in message
        articles = [{"text": LINE * 6}, {"text": LINE * 6}]
        plain = client.post("/v1/analyze/batch", json={"articles": articles, "options": {"clean": False}})
        assert [one["error"] for one in plain.json()["articles"]] == [None, None]
        answer = client.post("/v1/analyze/batch", json={"articles": articles, "options": {"clean": False, "contributions": True}})
        status, field, message = refusal(answer)
        assert (status, field) == (422, "options.contributions")
        assert "have 12 sentences together" in message and "leave out contributions" in message
        options = {"clean": False, "contributions": True}
        assert len(client.post("/v1/analyze", json={"text": LINE * 10, "options": options}).json()["contributions"]) >= 10
        assert "sorot_queue_articles 0.0" in client.get("/metrics").text


@pytest.mark.parametrize("part", ["made", "written"])
def test_a_long_answer_delays_nobody(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    begun = threading.Event()
    make, write = answering.make_answer, AnalysisOut.model_dump_json

    def slowly(name: str) -> None:
        if name == part:
            begun.set()
            time.sleep(1.5)

    monkeypatch.setattr(answering, "make_answer", lambda *given: (slowly("made"), make(*given))[1])
    monkeypatch.setattr(AnalysisOut, "model_dump_json", lambda *given: (slowly("written"), write(*given))[1])
    with running(tiny_scorer) as service, service.client() as client, ThreadPoolExecutor(1) as callers:
        asked: list[httpx.Response] = []
        caller = callers.submit(lambda: asked.append(client.post("/v1/analyze", json={"text": GOOD})))
        assert begun.wait(20)
        with service.client() as other:
            at = time.monotonic()
            assert other.get("/healthz").status_code == 200
            assert time.monotonic() - at < 1.0
        caller.result(30)
        until(lambda: asked)
        assert asked[0].status_code == 200
