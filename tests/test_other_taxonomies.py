"""Tasks are data: a taxonomy file and labelled records are enough to train, score, serve, show and review another set of tasks."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from sorot.data.labels.records import validate_labelled
from sorot.data.taxonomy import Taxonomy, held, load_taxonomy
from sorot.serving.model.scorer import Scorer
from sorot.serving.review.leases import confirm, take
from sorot.serving.review.reviewer_answer import check_answer
from sorot.serving.review.store import open_store
from sorot.training.models.bundle_weights import BundleGraph
from tests.other_taxonomies import records, write_toml
from tests.serving.command import run
from tests.serving.running_service import running
from tests.taxonomies import ALL
from tests.training.tiny_encoders import save_tiny_encoder

TEXT = (
    "Kementerian memblokir situs berita itu. Polisi menangkap dua orang.\n\nDewan Pers menilai langkah itu melanggar hak warga."
)


@pytest.fixture(scope="module", params=ALL)
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Taxonomy, Path, Path]:
    """A taxonomy, its labelled records, and the bundle that `sorot train` makes of them."""
    folder = tmp_path_factory.mktemp(request.param)
    write_toml(ALL[request.param](), folder / "taxonomy.toml")
    taxonomy = load_taxonomy(folder / "taxonomy.toml")
    assert taxonomy == ALL[request.param]()
    labelled = folder / "labelled.jsonl"
    labelled.write_text("".join(json.dumps(record) + "\n" for record in records(taxonomy)), encoding="utf-8")
    assert validate_labelled(labelled, taxonomy) == []
    # Of the families that are exported with fused attention, only a BERT can be trained on as a bundle.
    encoder = save_tiny_encoder("bert" if request.param == "without_stance" else "xlm-roberta", folder / "encoder")
    recipe = folder / "recipe.toml"
    recipe.write_text(
        f'name = "lain"\nversion = "1"\nmin_examples = 3\ntaxonomy = "{folder / "taxonomy.toml"}"\n[encoder]\nname = "{encoder}"\n'
        f'[[data]]\npath = "{labelled}"\n[dev]\nfraction = 0.3\n[train]\nepochs = 1\nbatch_tokens = 1024\nevidence_weight = 0.2\n'
        "[wide]\nmin_articles = 2\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        assert run(patch, "train", recipe, "--runs", folder / "runs") == 0
    return taxonomy, labelled, folder / "runs" / "lain-1" / "bundle"


def test_a_card_and_figures_have_every_task(trained: tuple[Taxonomy, Path, Path]) -> None:
    taxonomy, _, bundle = trained
    scorer = Scorer.load(bundle)
    assert scorer.taxonomy == taxonomy
    assert set(scorer.manifest.thresholds) == {task.key for task in taxonomy.many_tasks}
    card = (bundle / "README.md").read_text(encoding="utf-8")
    for task in taxonomy.tasks:
        assert all(f"`{label.key}` ({label.name_en})" in card for label in task.labels)


def test_evaluation_reports_every_task_and_refuses_other_labels(
    trained: tuple[Taxonomy, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    taxonomy, labelled, bundle = trained
    assert run(monkeypatch, "evaluate", bundle, labelled, "--baseline", labelled, "--json") == 0
    report = json.loads(capfd.readouterr().out)["labelled"]
    assert {key: tuple(scores["labels"]) for key, scores in report["tasks"].items()} == {t.key: t.keys for t in taxonomy.tasks}
    assert all(set(scores["baselines"]) == {"tfidf", "majority"} for scores in report["tasks"].values())
    foreign = tmp_path / "foreign.jsonl"
    task = taxonomy.tasks[0]
    foreign.write_text(json.dumps({"id": "a", "text": "Situs diblokir.", task.key: ["lain"]}), encoding="utf-8")
    assert run(monkeypatch, "evaluate", bundle, foreign) == 2
    assert f"foreign.jsonl:1: unknown label 'lain' in {task.key}; use {', '.join(task.keys)}" in capfd.readouterr().err


@pytest.mark.parametrize("trained", ["without_stance"], indirect=True)
def test_heads_are_fitted_again_on_the_encoder_of_a_bundle(
    trained: tuple[Taxonomy, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    taxonomy, labelled, bundle = trained
    write_toml(taxonomy, tmp_path / "taxonomy.toml")
    recipe = tmp_path / "again.toml"
    text = (
        f'name = "lagi"\nversion = "1"\nmin_examples = 0\ntaxonomy = "{tmp_path / "taxonomy.toml"}"\n'
        f'[encoder]\nname = "{bundle}"\nfrozen = true\n[[data]]\npath = "{labelled}"\n[dev]\nfraction = 0.3\n'
        "[train]\nepochs = 1\nbatch_tokens = 1024\ncrop_tokens = 100000\n[wide]\nmin_articles = 2\n"
    )
    recipe.write_text(text, encoding="utf-8")
    assert run(monkeypatch, "train", recipe, "--runs", tmp_path / "runs") == 0
    again = Scorer.load(tmp_path / "runs" / "lagi-1" / "bundle")
    assert again.manifest.encoder == f"{Scorer.load(bundle).manifest.encoder}; heads fitted again"
    arrays = [weights(path / "model.onnx") for path in (bundle, again.bundle.path)]
    changed = {name for name in arrays[0] if not np.array_equal(arrays[0][name], arrays[1][name])}
    assert arrays[0].keys() == arrays[1].keys() and len(changed) == 4 and {"heads.score", "heads.project.bias"} <= changed
    recipe.write_text(text.replace('"1"', '"kept"', 1).replace("epochs = 1", "epochs = 0"), encoding="utf-8")
    assert run(monkeypatch, "train", recipe, "--runs", tmp_path / "runs") == 0
    kept = weights(tmp_path / "runs" / "lagi-kept" / "bundle" / "model.onnx")
    assert all(np.allclose(kept[name], array, atol=1e-6) for name, array in arrays[0].items())
    capfd.readouterr()
    for wrong, message in (
        (text.replace("[encoder]", "[encoder]\nlayers = 1"), "the encoder of a bundle keeps its layers"),
        (text.replace(f'name = "{bundle}"', 'name = "builtin"'), "only the encoder of a bundle can be frozen"),
        (text.replace(f'taxonomy = "{tmp_path / "taxonomy.toml"}"\n', ""), "has another taxonomy than the recipe"),
    ):
        recipe.write_text(wrong.replace('"1"', '"2"', 1), encoding="utf-8")
        assert run(monkeypatch, "train", recipe, "--runs", tmp_path / "runs") == 2
        assert message in capfd.readouterr().err


@pytest.mark.parametrize("trained", ["without_stance"], indirect=True)
def test_the_encoder_of_a_bundle_is_trained_on(
    trained: tuple[Taxonomy, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taxonomy, labelled, bundle = trained
    write_toml(taxonomy, tmp_path / "taxonomy.toml")
    recipe = tmp_path / "on.toml"
    recipe.write_text(
        f'name = "lanjut"\nversion = "1"\nmin_examples = 0\ntaxonomy = "{tmp_path / "taxonomy.toml"}"\n'
        f'[encoder]\nname = "{bundle}"\n[[data]]\npath = "{labelled}"\n[dev]\nfraction = 0.3\n'
        "[train]\nepochs = 1\ntitle_dropout = 0.5\n[wide]\nmin_articles = 2\n",
        encoding="utf-8",
    )
    assert run(monkeypatch, "train", recipe, "--runs", tmp_path / "runs") == 0
    before, after = Scorer.load(bundle), Scorer.load(tmp_path / "runs" / "lanjut-1" / "bundle")
    # The size of the encoder, its windows and its vocabulary are the bundle's; the weights of all its layers are new.
    assert after.manifest.encoder.startswith(f"{before.manifest.name} {before.manifest.version}, ")
    assert after.manifest.max_tokens == before.manifest.max_tokens
    assert (after.bundle.path / "tokenizer.json").read_bytes() == (before.bundle.path / "tokenizer.json").read_bytes()
    old, new = (BundleGraph(scorer.bundle.path / "model.onnx") for scorer in (before, after))
    for name in ("/attention.0/project/MatMul", "/feed_forward.1/outer/MatMul"):
        assert old.weight(name).shape == new.weight(name).shape and not np.array_equal(old.weight(name), new.weight(name))


def weights(model: Path) -> dict[str, np.ndarray]:
    """The weights of an ONNX model by their names."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(str(model)).graph.initializer}


def test_scored_files_have_the_columns_of_every_task(
    trained: tuple[Taxonomy, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taxonomy, labelled, bundle = trained
    output = tmp_path / "out.csv"
    assert run(monkeypatch, "score", labelled, "-o", output, "--bundle", bundle) == 0
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(labelled.read_text(encoding="utf-8").splitlines())
    for task in taxonomy.tasks:
        columns = [task.column_of(key) for key in task.keys]
        assert all(0 <= float(row[name]) <= 1 for row in rows for name in columns)
        if task.many:
            assert all(set(row[task.key].split(";")) <= {"", *task.keys} for row in rows)
        else:
            assert all(row[task.key] in task.keys for row in rows)
    others = {key for key in load_taxonomy().keys if key not in taxonomy.keys}
    assert not others & rows[0].keys()


def test_service_and_page_answer_with_every_task(trained: tuple[Taxonomy, Path, Path]) -> None:
    taxonomy, _, bundle = trained
    with running(Scorer.load(bundle, threads=1), page=True) as service, service.client() as client:
        answer = client.post("/v1/analyze", json={"text": TEXT, "options": {"contributions": True}}).json()
        for task in taxonomy.tasks:
            assert set(held(tuple(answer[task.key]) if task.many else answer[task.key])) <= set(task.keys)
            assert list(answer["probabilities"][task.key]) == list(task.keys)
        assert {piece["task"] for piece in answer["contributions"]} == set(taxonomy.keys)
        model = client.get("/v1/model").json()
        assert [task["key"] for task in model["tasks"]] == list(taxonomy.keys)
        assert set(client.get("/openapi.json").json()["components"]["schemas"]["AnalysisOut"]["properties"]) > set(taxonomy.keys)
        for language in ("id", "en"):
            shown = call_page(client, TEXT, language)
            for task in taxonomy.tasks:
                for label in task.labels:
                    assert label.name(language) in shown


def call_page(client: Any, text: str, language: str) -> str:
    """What the page's own function for one article gives, as text."""
    event = client.post("/gradio_api/call/analyse", json={"data": [text, language]}).json()["event_id"]
    answer = client.get(f"/gradio_api/call/analyse/{event}").text
    assert "event: complete" in answer
    [data] = [json.loads(line.removeprefix("data: ")) for line in answer.splitlines() if line.startswith("data: [")]
    return json.dumps(data, ensure_ascii=False)


def test_reviews_have_every_task(trained: tuple[Taxonomy, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taxonomy, labelled, bundle = trained
    folder = tmp_path / "review"
    assert run(monkeypatch, "feedback", "add", folder, labelled, "--bundle", bundle) == 0
    store = open_store(folder)
    assert store.taxonomy == taxonomy
    article = take(store, "Sari")
    assert article is not None
    labels = {task.key: list(task.keys) if task.many else task.keys[0] for task in taxonomy.tasks}
    answer = check_answer(taxonomy, labels, [], [])
    confirm(store, "Sari", article.number, answer)
    assert run(monkeypatch, "feedback", "export", folder, "-o", tmp_path / "reviewed.jsonl") == 0
    assert validate_labelled(tmp_path / "reviewed.jsonl", taxonomy) == []
    [record] = map(json.loads, (tmp_path / "reviewed.jsonl").read_text(encoding="utf-8").splitlines())
    assert {key: record[key] for key in taxonomy.keys} == labels
