"""The service answers like the scorer, whatever other callers do; every refusal is one sentence."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from sorot.data.article import Article
from sorot.data.prepare import prepare_text
from sorot.serving.answers import Options, make_answer
from sorot.serving.limits import Limits
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from tests.serving.command import GOOD
from tests.serving.host.test_demo_command import COMMAND
from tests.serving.running_service import Running, running, until
from tests.tiny_bundle import WORDS

LIMITS = Limits(body_bytes=20_000, characters=5_000, html_characters=9_000, articles=8, queue=200, body_seconds=1.5)
SECRET = "rahasiasekali"


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer) -> Iterator[Running]:
    with running(tiny_scorer, LIMITS) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Running) -> Iterator[httpx.Client]:
    with service.client() as client:
        yield client


def texts(n: int) -> list[str]:
    """n different texts, of one window and of many."""
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(WORDS, 3 + 7 * (k % 23))) + f" nomor {k} ." for k in range(n)]


def expected(scorer: Scorer, text: str, options: Options) -> dict[str, Any]:
    article = prepare_text(text)
    answer: dict[str, Any] = make_answer(article, scorer.score([article])[0], options, scorer.taxonomy).model_dump(mode="json")
    return answer


def refusal(answer: httpx.Response) -> tuple[int, str | None, str]:
    error = answer.json()["error"]
    assert error["status"] == answer.status_code
    return error["status"], error["field"], error["message"]


def test_32_callers_get_the_analyses_of_the_scorer(client: httpx.Client, tiny_scorer: Scorer) -> None:
    options = Options(contributions=True, body=True)

    def ask(text: str) -> dict[str, Any]:
        answer = client.post("/v1/analyze", json={"text": text, "options": {"contributions": True, "body": True}})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    asked = texts(96)
    with ThreadPoolExecutor(32) as callers:
        found = list(callers.map(ask, asked))
    assert found == [expected(tiny_scorer, text, options) for text in asked]
    assert all(one["body"] for one in found) and sum(bool(one["contributions"]) for one in found) > 48


def test_a_batch_gives_each_article_its_own_result_or_error(client: httpx.Client, tiny_scorer: Scorer) -> None:
    articles = [
        {"text": GOOD},
        {"text": "x" * 5_001},
        {"text": " \n"},
        {"html": "<p></p>"},
        {"text": GOOD, "title": "Judul", "outlet": "Warta"},
    ]
    answer = client.post("/v1/analyze/batch", json={"articles": articles})
    assert answer.status_code == 200
    first, long, empty, no_page, last = answer.json()["articles"]
    assert first == {"result": expected(tiny_scorer, GOOD, Options()), "error": None}
    assert [one["error"]["status"] for one in (long, empty, no_page)] == [413, 422, 422]
    assert empty["error"]["message"].startswith("text cannot be read (the text is empty); send ")
    assert (last["result"]["title"], last["result"]["outlet"]) == ("Judul", "Warta")
    assert last["result"]["evidence"] != first["result"]["evidence"]


def test_html_is_read_and_a_given_title_replaces_its_own(client: httpx.Client) -> None:
    page = f"<html><head><title>Asli</title></head><body><article><h1>Asli</h1><p>{GOOD}</p><p>{GOOD} Lagi.</p></article></body></html>"
    pytest.importorskip("trafilatura")
    found = client.post("/v1/analyze", json={"html": page, "title": "Diberi", "options": {"body": True}}).json()
    assert found["title"] == "Diberi" and GOOD in found["body"] and found["language"] == "id"


def test_labels_of_other_languages_are_withheld(client: httpx.Client) -> None:
    text = "The government has blocked the website and the press council says that this goes too far for a free country."
    found = client.post("/v1/analyze", json={"text": text}).json()
    assert (found["withheld"], found["language"], found["topics"], found["stance"]) == ("language", "en", [], None)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({}, None, "needs either text or html; send one of them"),
        ({"text": SECRET, "html": SECRET}, None, "needs either text or html"),
        ({"text": SECRET, "titel": SECRET}, "titel", "titel is not a known field; leave it out"),
        ({"text": 5}, "text", "text is not text; send it as a JSON string"),
        ({"text": SECRET, "title": SECRET * 100}, "title", "title cannot be used"),
        ({"text": SECRET, "options": {"body": "yes"}}, "options.body", "is neither true nor false"),
        ({"text": "  "}, "text", "text cannot be read (the text is empty); send"),
        ([SECRET], None, "the body is not a JSON object"),
    ],
)
def test_bad_input_is_one_sentence_with_field_and_cure(client: httpx.Client, body: Any, field: str | None, words: str) -> None:
    status, named, message = refusal(answer := client.post("/v1/analyze", json=body))
    assert (status, named) == (422, field) and words in message
    assert SECRET not in answer.text and "\n" not in message


def test_a_body_that_is_not_json_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    for content in (b'{"text": ', b"\xff\xfe"):
        status, _, message = refusal(client.post("/v1/analyze", content=content, headers=headers))
        assert status in (400, 422) and ";" in message
    assert refusal(client.post("/v1/analyze", content=b"[" * 9_000, headers=headers))[0] in (400, 422)
    assert refusal(client.post("/v1/analyze/batch", json={"articles": []}))[:2] == (422, "articles")
    assert refusal(client.get("/v1/nowhere"))[0] == 404
    # An article with a lone surrogate is accepted.
    assert client.post("/v1/analyze", content=b'{"text": "Warga \\ud800 mengkritik"}', headers=headers).status_code == 200
    assert refusal(client.get("/v1/analyze"))[0] == 405


def test_too_much_is_refused(client: httpx.Client) -> None:
    assert refusal(client.post("/v1/analyze", json={"text": "x" * 5_001}))[:2] == (413, "text")
    assert refusal(client.post("/v1/analyze", json={"html": "x" * 9_001}))[:2] == (413, "html")
    assert refusal(client.post("/v1/analyze/batch", json={"articles": [{"text": "x"}] * 9}))[:2] == (413, "articles")


def speak(service: Running, *sent: bytes, pause: float = 0.0) -> tuple[int, float]:
    """Status of the answer to a request sent piece by piece, and the seconds until it arrived."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as peer:
        for piece in sent:
            peer.sendall(piece)
            time.sleep(pause)
        return int(peer.recv(65536).split()[1]), time.monotonic() - begun


HEAD = b"POST /v1/analyze HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


def test_a_large_body_is_refused_before_it_is_read(service: Running) -> None:
    assert speak(service, HEAD + b"Content-Length: 900000000\r\n\r\n")[0] == 413
    chunk = b"1000\r\n" + b" " * 0x1000 + b"\r\n"
    # The body never ends: the answer does not wait for bytes beyond the limit.
    assert speak(service, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 5)[0] == 413


def test_a_slow_body_times_out(service: Running) -> None:
    status, seconds = speak(service, HEAD + b"Content-Length: 100\r\n\r\n", b'{"text": ')
    assert status == 408 and 1 < seconds < 10


class Slow:
    """Blocks all scoring until `go` is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self.begun, self.seen = threading.Event(), threading.Event(), list[str]()
        real = Scorer.score_each
        slow = self

        def score_each(scorer: Scorer, articles: Sequence[Article], **named: bool) -> Generator[Analysis, None, None]:
            slow.begun.set()
            assert slow.go.wait(30)
            slow.seen += [article.body for article in articles]
            yield from real(scorer, articles, **named)

        monkeypatch.setattr(Scorer, "score_each", score_each)


def test_a_full_queue_says_when_to_try_again(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    with (
        running(tiny_scorer, Limits(queue=4, articles=2)) as service,
        service.client() as client,
        ThreadPoolExecutor(8) as callers,
    ):
        assert client.get("/readyz").status_code == 503 and client.get("/healthz").status_code == 200
        waiting = [callers.submit(client.post, "/v1/analyze", json={"text": text}) for text in texts(4)]
        until(lambda: "sorot_queue_articles 4.0" in client.get("/metrics").text)
        full = client.post("/v1/analyze", json={"text": GOOD})
        assert refusal(full)[0] == 429 and "queue is full" in full.text and int(full.headers["Retry-After"]) >= 1
        assert client.post("/v1/analyze/batch", json={"articles": [{"text": GOOD}]}).status_code == 429
        slow.go.set()
        assert [one.result().status_code for one in waiting] == [200] * 4
        until(lambda: client.get("/readyz").status_code == 200)
        assert client.post("/v1/analyze", json={"text": GOOD}).status_code == 200


def test_articles_of_a_disconnected_caller_are_not_scored(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    with running(tiny_scorer) as service, service.client() as client:
        assert slow.begun.wait(20)
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/analyze", json={"text": f"{GOOD} {SECRET}"}, timeout=0.5)
        # A log line is written when the request is over.
        until(lambda: [line["status"] for line in service.lines() if line["route"] == "/v1/analyze"] == [499])
        assert "sorot_queue_articles 0.0" in client.get("/metrics").text
        slow.go.set()
        assert client.post("/v1/analyze", json={"text": GOOD}).status_code == 200
        assert GOOD in slow.seen and not any(SECRET in text for text in slow.seen)


def test_a_failed_article_affects_no_other(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Scorer.score_each

    def score_each(scorer: Scorer, articles: Sequence[Article], **named: bool) -> Generator[Analysis, None, None]:
        for article, analysis in zip(articles, real(scorer, articles, **named), strict=True):
            if SECRET in article.body:
                raise RuntimeError(f"cannot read {article.body}")
            yield analysis

    with running(tiny_scorer) as service, service.client() as client:
        monkeypatch.setattr(Scorer, "score_each", score_each)
        asked = texts(8)
        asked[3] += SECRET
        answer = client.post("/v1/analyze/batch", json={"articles": [{"text": text} for text in asked]})
        found = answer.json()["articles"]
        assert [one["error"] and one["error"]["status"] for one in found] == [500 if k == 3 else None for k in range(8)]
        assert refusal(client.post("/v1/analyze", json={"text": asked[3]}))[0] == 500
        assert SECRET not in answer.text
        monkeypatch.undo()
        assert [one["result"] for k, one in enumerate(found) if k != 3] == [
            expected(tiny_scorer, text, Options()) for k, text in enumerate(asked) if k != 3
        ]


def test_model_taxonomy_and_limits(client: httpx.Client, tiny_scorer: Scorer) -> None:
    model = client.get("/v1/model").json()
    assert (model["name"], model["version"], model["gate"]["recall"], model["limits"]["queue"]) == ("tiny", "0", 1.0, 200)
    assert client.get("/v1/taxonomy").json() == tiny_scorer.taxonomy.model_dump(mode="json")
    assert [(task["key"], task["kind"]) for task in model["tasks"]] == [
        ("topics", "many"),
        ("stance", "one"),
        ("sentiment", "one"),
    ]
    topics, stance, _ = model["tasks"]
    label = tiny_scorer.taxonomy.task("topics").labels[0]
    assert topics["labels"][0] == {**label.model_dump(), "threshold": 0.5} and model["thresholds"][label.key] == 0.5
    assert (stance["default"], stance["without"], stance["labels"][0]["threshold"]) == ("none", "topics", None)


def test_the_examples_of_openapi_can_be_sent(client: httpx.Client) -> None:
    told = client.get("/openapi.json").json()
    assert {"/v1/analyze", "/v1/analyze/batch", "/v1/model", "/v1/taxonomy", "/healthz", "/readyz", "/metrics"} <= set(
        told["paths"]
    )
    for path, name in (("/v1/analyze", "AnalyzeRequest"), ("/v1/analyze/batch", "BatchRequest")):
        for example in told["components"]["schemas"][name]["examples"]:
            assert client.post(path, json=example).status_code == 200


def test_accepted_articles_are_answered_before_the_service_stops(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    with ThreadPoolExecutor(4) as callers, running(tiny_scorer) as service, service.client() as client:
        waiting = [callers.submit(client.post, "/v1/analyze", json={"text": text}) for text in texts(3)]
        until(lambda: "sorot_queue_articles 3.0" in client.get("/metrics").text)
        service.server.should_exit = True
        until(lambda: not accepts(service))
        slow.go.set()
        assert [one.result().status_code for one in waiting] == [200] * 3


def test_articles_that_cannot_be_answered_in_time_are_refused(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    with ThreadPoolExecutor(4) as callers, running(tiny_scorer, Limits(stop_seconds=0.3)) as service, service.client() as client:
        # The startup example is being scored; these articles wait behind it.
        assert slow.begun.wait(20)
        waiting = [callers.submit(client.post, "/v1/analyze", json={"text": text}) for text in texts(3)]
        until(lambda: "sorot_queue_articles 3.0" in client.get("/metrics").text)
        service.server.should_exit = True
        assert [(one.result().status_code, one.result().headers["Retry-After"]) for one in waiting] == [(503, "5")] * 3
        slow.go.set()


def accepts(service: Running) -> bool:
    try:
        socket.create_connection(("127.0.0.1", service.port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_its_url_and_stops_without_an_error(number: signal.Signals, tiny_bundle: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "serve", "--port", "0", "--no-page", "--bundle", str(tiny_bundle)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        cwd=tmp_path,
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("The service is at http://127.0.0.1:") and said.endswith("with model tiny-0 (Ctrl-C stops it)\n")
        assert httpx.get(f"{said.split()[4]}/healthz", trust_env=False, timeout=60).status_code == 200
        process.send_signal(number)
        out, error = process.communicate(timeout=60)
    finally:
        process.kill()
    log, stopped = error.splitlines()
    assert (process.returncode, out, json.loads(log)["route"], stopped) == (0, "", "/healthz", "stopped")
