"""The Python client and every example of docs/service.md, against a running service."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sorot.data.prepare import prepare_text
from sorot.serving import client as client_module
from sorot.serving.answers import AnalysisOut, Options, make_answer
from sorot.serving.client import Client, ServiceError
from sorot.serving.limits import Limits
from sorot.serving.model.scorer import Scorer
from sorot.serving.service.schemas import ArticleIn, ErrorOut
from tests.serving.command import GOOD
from tests.serving.running_service import TOKEN, Running, running

DOCS = Path(__file__).parents[3] / "docs" / "service.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.S | re.M)
CURLS = [block for kind, block in BLOCKS if kind == "sh" and "curl " in block]
PYTHONS = [block for kind, block in BLOCKS if kind == "python"]


@pytest.fixture(scope="module")
def service(tiny_scorer: Scorer) -> Iterator[Running]:
    with running(tiny_scorer, tokens=(TOKEN,)) as service:
        yield service


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_the_client_returns_the_analysis_of_the_scorer(service: Running, tiny_scorer: Scorer) -> None:
    article = prepare_text(GOOD, title="Judul", outlet="Warta")
    options = Options(contributions=True, body=True)
    want = make_answer(article, tiny_scorer.score([article])[0], options, tiny_scorer.taxonomy)
    with Client(service.url, TOKEN) as client:
        answer = client.analyze(GOOD, title="Judul", outlet="Warta", options=options)
        assert answer.model_dump() == want.model_dump() and answer.labels == want.labels
        assert list(answer.labels) == ["topics", "stance", "sentiment"] and answer.labels["stance"] == answer.stance  # type: ignore[attr-defined]
        first, second = client.analyze_batch(
            [ArticleIn(text=GOOD, title="Judul", outlet="Warta"), ArticleIn(text=" ")], options=options
        )
        assert isinstance(first, AnalysisOut) and first.model_dump() == want.model_dump()
        assert isinstance(second, ErrorOut) and second.status == 422 and "text is empty" in second.message
        assert client.model().name == "tiny" and client.model().limits == Limits()


def test_a_refusal_raises_the_sentence_of_the_service(service: Running) -> None:
    with Client(service.url, "no-token-of-theirs") as client, pytest.raises(ServiceError, match="a token is needed") as told:
        client.model()
    assert told.value.status == 401
    with Client("http://127.0.0.1:9") as client, pytest.raises(ServiceError, match="check that the service runs there"):
        client.model()


def test_the_client_retries_after_the_time_given(tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", slept.append)
    answers = [
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(503),
        httpx.Response(503, headers={"Retry-After": "9999"}),
    ]
    real = httpx.Client.request

    def request(self: httpx.Client, *given: str, **named: object) -> httpx.Response:
        return answers.pop(0) if answers else real(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx.Client, "request", request)
    with running(tiny_scorer) as service, Client(service.url) as client:
        assert client.model().name == "tiny"
        assert slept == [7.0, 1.0, 60.0]
        answers[:] = [httpx.Response(429, text="busy")] * 2
        with Client(service.url, retries=1) as hasty, pytest.raises(ServiceError, match="the answer is 429") as told:
            hasty.model()
        assert told.value.status == 429 and slept[3:] == [1.0]


def test_the_answer_of_another_server_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    page = httpx.Response(200, text="<html>Masuk dahulu</html>", request=httpx.Request("GET", "http://proxy.example/v1/model"))
    monkeypatch.setattr(httpx.Client, "request", lambda *_, **__: page)
    with Client("http://proxy.example") as client:
        for ask in (client.model, lambda: client.analyze(GOOD), lambda: client.analyze_batch([ArticleIn(text=GOOD)])):
            with pytest.raises(ServiceError, match="the answer is 200 OK, not from a Sorot service; check the address") as told:
                ask()
            assert told.value.status == 200


def test_the_document_has_examples() -> None:
    assert len(CURLS) == 3 and len(PYTHONS) == 1


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
@pytest.mark.parametrize("block", CURLS)
def test_the_curl_examples_work(block: str, tiny_scorer: Scorer) -> None:
    with running(tiny_scorer) as service:
        script = block.replace("http://127.0.0.1:8000", service.url).replace(
            "curl -s", "curl -s -f --retry 5 --retry-all-errors -w '\\n'"
        )
        done = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        told = [json.loads(line) for line in done.stdout.splitlines() if line]
        assert len(told) == block.count("curl ")
        assert told[0].keys() & {"topics", "articles", "name"}


@pytest.mark.parametrize("block", PYTHONS)
def test_the_python_examples_work(block: str, tiny_scorer: Scorer, capsys: pytest.CaptureFixture[str]) -> None:
    with running(tiny_scorer) as service:
        exec(compile(block.replace("http://127.0.0.1:8000", service.url), str(DOCS), "exec"), {})
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 4 and told[2].startswith("text cannot be read") and told[3] == "0 64"
