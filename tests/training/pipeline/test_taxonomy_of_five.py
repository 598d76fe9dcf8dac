"""Another taxonomy and its labelled file are all that another model takes: no code knows a label by name."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from sorot.data.article import Article
from sorot.data.cleaning.clean import clean_article
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.bundle import load_bundle
from sorot.serving.model.manifest import WIDE_FILE
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.article import view
from sorot.serving.page.common import evidence_marks as marks
from tests.serving.command import run
from tests.training.tiny_encoders import save_tiny_encoder

TASKS = load_taxonomy().keys

FIVE = Path(__file__).with_name("five_topics")
ARTICLES = FIVE / "articles.jsonl"
TAXONOMY = load_taxonomy(FIVE / "taxonomy.toml")
TOPICS = ("olahraga", "kesehatan", "pendidikan", "lingkungan", "pariwisata")
STANCES = ("mendorong", "menolak", "melaporkan")
SENTIMENTS = ("cerah", "datar", "suram")


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run of `sorot train` by a recipe that names the taxonomy and the file; its log is in train.log."""
    folder = tmp_path_factory.mktemp("five")
    encoder = save_tiny_encoder("xlm-roberta", folder / "encoder")
    recipe = folder / "five.toml"
    recipe.write_text(
        f'name = "lima"\nversion = "1"\ntaxonomy = "{FIVE / "taxonomy.toml"}"\n[encoder]\nname = "{encoder}"\n'
        f'[[data]]\npath = "{ARTICLES}"\n[dev]\nfraction = 0.3\n[train]\nepochs = 2\nbatch_tokens = 512\n[wide]\nmin_articles = 2\n',
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        assert run(patch, "train", recipe, "--runs", folder / "runs") == 0
    yield folder / "runs" / "lima-1"


def test_heads_thresholds_report_and_card_follow_the_taxonomy(run_folder: Path) -> None:
    bundle = load_bundle(run_folder / "bundle")
    manifest = bundle.manifest
    assert bundle.taxonomy == TAXONOMY
    assert tuple(manifest.thresholds["topics"]) == TOPICS
    assert [len(manifest.bias[task]) for task in TASKS] == [5, 3, 3]
    assert load_file(bundle.path / WIDE_FILE)["weight"].shape[1] == TAXONOMY.n_labels == 11
    report = json.loads((run_folder / "metrics.json").read_text())["reports"]["held_out"]
    for task, labels in zip(TASKS, (TOPICS, STANCES, SENTIMENTS), strict=True):
        assert tuple(report["tasks"][task]["labels"]) == labels
        assert set(report["tasks"][task]["baselines"]) == {"tfidf", "majority"}
    card = (bundle.path / "README.md").read_text(encoding="utf-8")
    for task in TASKS:
        for label in TAXONOMY.task(task).labels:
            assert f"`{label.key}` ({label.name_en})" in card
    for label in (entry for task in TASKS for entry in load_taxonomy().task(task).labels):
        assert f"`{label.key}`" not in card


def test_evaluate_takes_the_bundles_labels(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "evaluate", run_folder / "bundle", ARTICLES, "--json") == 0
    report = json.loads(capfd.readouterr().out)["articles"]
    assert report["articles"] == 64 and report["withheld"] == 0
    assert report["tasks"]["topics"]["labels"]["pariwisata"]["support"] == 13
    # The linear part reads the words of 45 of the articles that it is measured on here.
    assert report["tasks"]["topics"]["macro_f1"] > 0.6
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text(json.dumps({"id": "a", "text": "Situs diblokir.", "topics": ["censorship"]}), encoding="utf-8")
    assert run(monkeypatch, "evaluate", run_folder / "bundle", foreign) == 2
    assert f"unknown label 'censorship' in topics; use {', '.join(TOPICS)}" in capfd.readouterr().err


def test_scored_columns_follow_the_taxonomy(run_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    assert run(monkeypatch, "score", ARTICLES, "-o", output, "--bundle", run_folder / "bundle") == 0
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 64
    wanted = [*(f"p_{t}" for t in TOPICS), *(f"p_stance_{s}" for s in STANCES), *(f"p_sentiment_{s}" for s in SENTIMENTS)]
    assert [name for name in rows[0] if name.startswith("p_")] == wanted
    assert {topic for row in rows for topic in row["topics"].split(";") if topic} <= set(TOPICS)
    assert {row["stance"] for row in rows} <= set(STANCES) and {row["sentiment"] for row in rows} <= set(SENTIMENTS)
    for row in rows:
        for labels in (STANCES, SENTIMENTS):
            task = "stance" if labels is STANCES else "sentiment"
            assert sum(float(row[f"p_{task}_{label}"]) for label in labels) == pytest.approx(1, abs=1e-4)
            assert row[task] == max(labels, key=lambda label: float(row[f"p_{task}_{label}"]))


def test_the_page_shows_its_names(run_folder: Path) -> None:
    scorer = Scorer.load(run_folder / "bundle")
    record = json.loads(ARTICLES.read_text(encoding="utf-8").splitlines()[0])
    article = clean_article(Article(id="a", body=record["text"], title=record["title"], language="id"))
    [analysis] = scorer.score([article])
    for language in ("id", "en"):
        shown = view.verdict_html(article, analysis, scorer.taxonomy, scorer.manifest.thresholds, language)
        for task in TASKS:
            for label in TAXONOMY.task(task).labels:
                assert f"{label.name_id if language == 'id' else label.name_en}: " in shown
    pieces = marks.highlights(article, analysis, scorer.taxonomy, "topics/olahraga", "id")
    assert "".join(text for text, _ in pieces) == f"{article.title}{marks.TITLE_GAP}{article.body}"
    assert any(label for _, label in view.choices(analysis, scorer.taxonomy, "id"))
