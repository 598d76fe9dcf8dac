"""The service serves any taxonomy: answers, model, OpenAPI, client and tool are built from its tasks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sorot.data.prepare import prepare_text
from sorot.data.taxonomy import Label, Task, Taxonomy, TaxonomyError, load_taxonomy
from sorot.serving.answers import AnalysisOut, Options, answer_model, make_answer
from sorot.serving.client import Client
from sorot.serving.model.scorer import Scorer
from sorot.serving.service.schemas import ArticleIn
from tests.serving.command import GOOD
from tests.serving.running_service import Running, running
from tests.taxonomies import ALL
from tests.tiny_bundle import build_bundle

ENGLISH = "The government has blocked the website and the press council says that this goes too far for a free country."


@pytest.fixture(scope="module", params=ALL)
def scorer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    folder: Path = tmp_path_factory.mktemp(request.param)
    return Scorer.load(build_bundle(folder / "bundle", ALL[request.param]()))


@pytest.fixture(scope="module")
def service(scorer: Scorer) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        with running(scorer) as service:
            yield service


def test_answers_have_the_tasks_at_the_top_level_and_first(service: Running, scorer: Scorer) -> None:
    tasks = list(scorer.taxonomy.keys)
    analysis = scorer.score([prepare_text(GOOD)])[0]
    with service.client() as http:
        answer = http.post("/v1/analyze", json={"text": GOOD}).json()
        assert list(answer)[: len(tasks) + 1] == [*tasks, "label_sets"]
        assert {task: answer[task] for task in tasks} == {
            task: list(value) if isinstance(value, tuple) else value for task, value in analysis.labels.items()
        }
        batch = http.post("/v1/analyze/batch", json={"articles": [{"text": GOOD}, {"text": " "}]}).json()["articles"]
    assert batch[0]["result"] == answer and batch[1]["result"] is None


def test_the_client_reads_labels_by_task(service: Running, scorer: Scorer) -> None:
    want = make_answer(prepare_text(GOOD), scorer.score([prepare_text(GOOD)])[0], Options(), scorer.taxonomy)
    with Client(service.url) as client:
        answer = client.analyze(GOOD)
        assert answer.labels == want.labels and list(answer.labels) == list(scorer.taxonomy.keys)
        withheld = client.analyze(ENGLISH)
        assert withheld.withheld == "language"
        assert withheld.labels == {task.key: [] if task.many else None for task in scorer.taxonomy.tasks}
        [one] = client.analyze_batch([ArticleIn(text=GOOD)])
        assert isinstance(one, AnalysisOut) and one.labels == want.labels


def test_the_model_lists_tasks_and_labels(service: Running, scorer: Scorer) -> None:
    with Client(service.url) as client:
        model = client.model()
    assert [(task.key, task.kind) for task in model.tasks] == [(task.key, task.kind) for task in scorer.taxonomy.tasks]
    for told, task in zip(model.tasks, scorer.taxonomy.tasks, strict=True):
        assert (told.name_id, told.name_en, told.default, told.without) == (
            task.name("id"), task.name("en"), task.default, task.without,
        )  # fmt: skip
        for shown, label in zip(told.labels, task.labels, strict=True):
            assert (shown.key, shown.name_en, shown.definition_id) == (label.key, label.name("en"), label.definition("id"))
            assert shown.threshold == (scorer.manifest.thresholds[task.key][label.key] if task.many else None)
    assert len(model.thresholds) == sum(len(task.labels) for task in scorer.taxonomy.many_tasks)


def test_openapi_names_tasks_and_labels(service: Running, scorer: Scorer) -> None:
    with service.client() as http:
        openapi = http.get("/openapi.json").json()
    fields = openapi["components"]["schemas"]["AnalysisOut"]["properties"]
    for task in scorer.taxonomy.tasks:
        assert task.name("en").lower() in openapi["info"]["description"]
        schema = fields[task.key]["items"] if task.many else fields[task.key]["anyOf"][0]
        assert tuple(schema["enum"]) == task.keys
    assert openapi["components"]["schemas"]["BatchItem"]["properties"]["result"]["anyOf"][0]["$ref"].endswith("/AnalysisOut")


def test_the_tool_describes_tasks_and_labels(scorer: Scorer) -> None:
    pytest.importorskip("mcp")
    from sorot.serving.service.mcp_tool import describe_tool

    text = describe_tool(scorer.taxonomy)
    assert "{" not in text
    for task in scorer.taxonomy.tasks:
        assert all(label.name("en").lower() in text for label in task.labels)
        assert (task.phrase("title", "en") or task.name("en")) in text


def test_a_task_with_the_key_of_a_field_is_refused() -> None:
    labels = (Label(key="a"), Label(key="b"))
    for key in ("language", "labels"):
        with pytest.raises(ValueError, match=f"{key}: names another field of records or results"):
            Taxonomy(tasks=(Task(key=key, kind="one", labels=labels),))
    with pytest.raises(TaxonomyError, match="task copy has the key of another field of the answer"):
        answer_model(Taxonomy(tasks=(Task(key="copy", kind="one", labels=labels),)))
    assert answer_model(load_taxonomy()) is answer_model(load_taxonomy())


def test_an_unknown_field_of_a_newer_service_is_not_a_task(scorer: Scorer) -> None:
    article = prepare_text(GOOD)
    answer = make_answer(article, scorer.score([article])[0], Options(), scorer.taxonomy)
    newer = AnalysisOut.model_validate({**answer.model_dump(), "licence": "CC-BY", "pages": 3})
    assert newer.labels == answer.labels
