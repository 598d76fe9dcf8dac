"""The model card: read back, it holds every figure of the metrics, and says of data what is known and no more."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import ModelCard

from sorot.data.taxonomy import Label, Task, Taxonomy, load_taxonomy
from sorot.serving.model.bundle import load_bundle, sha256
from sorot.serving.model.manifest import Fingerprint, Manifest
from sorot.training.recipe import Recipe
from sorot.training.release.bundle_swap import swap_in_bundle
from sorot.training.release.card import save_card, write_card
from sorot.training.release.card_data import DataCardError, load_data_cards, recipe_files, used_files
from tests.training.measured import measured

TASKS = load_taxonomy().keys

TAXONOMY = load_taxonomy()
PRINTS = {
    "train.jsonl": Fingerprint(sha256="a" * 64, rows=1234),
    "train.tsv": Fingerprint(sha256="b" * 64, rows=567),
    "mine.jsonl": Fingerprint(sha256="c" * 64, rows=89),
}
PATHS = ["../shared/data/news/train.jsonl", "../shared/data/smsa/train.tsv", "/home/me/mine.jsonl"]
RUN: dict[str, Any] = {
    "megabytes": 38.25,
    "ratios": {"topics": 2.19, "stance": 1.34, "sentiment": 0.22},
    "dev_macro_f1": {"int8": dict.fromkeys(TASKS, 0.8123), "fp32": dict.fromkeys(TASKS, 0.8234)},
    "notes": ("one.tsv: 3 rows left out",),
    "recipe": {"name": "uji", "data": [{"path": "train.jsonl"}]},
    "paths": PATHS,
    "seconds": 7200.0,
    "cores": 2,
    "watts": 30.0,
}


@pytest.fixture(scope="module")
def reports(tiny_bundle: Path) -> dict[str, Any]:
    """The metrics as a run's file holds them."""
    return dict(json.loads(json.dumps(measured(tiny_bundle))))


@pytest.fixture(scope="module")
def manifest(tiny_bundle: Path) -> Manifest:
    return load_bundle(tiny_bundle).manifest.model_copy(update={"data": PRINTS})


@pytest.fixture(scope="module")
def card(manifest: Manifest, reports: dict[str, Any]) -> str:
    return write_card(manifest, reports, TAXONOMY, RUN)


def parts(text: str, level: int) -> dict[str, str]:
    """Sections by heading."""
    found = re.split(rf"(?m)^{'#' * level} (.+)$", text)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def rows(section: str) -> list[list[str]]:
    """The rows of all tables, cell by cell."""
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def three(value: float) -> str:
    return f"{value:.3f}"


def span(interval: list[float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"


def test_the_metadata_are_read_back_with_every_headline_figure(card: str, reports: dict[str, Any]) -> None:
    data = ModelCard(card).data
    assert (data.language, data.license, data.model_name) == ("id", "apache-2.0", "tiny 0")
    found = {(r.dataset_name, r.task_name): (r.metric_type, r.metric_value) for r in data.eval_results or []}
    assert found == {
        (name, task): ("f1", scores["macro_f1"]) for name, report in reports.items() for task, scores in report["tasks"].items()
    }


def test_the_card_holds_every_figure_of_the_metrics(card: str, reports: dict[str, Any]) -> None:
    sections = parts(card, 2)
    for name, report in reports.items():
        [figures] = [
            text for title, text in parts(sections["Figures"], 3).items() if title == f"{name} ({report['articles']} articles)"
        ]
        found = rows(figures)
        assert f"withheld from {report['withheld']}" in figures
        for task, s in report["tasks"].items():
            summary = [
                task,
                str(s["articles"]),
                three(s["macro_f1"]),
                span(s["macro_f1_interval"]),
                three(s["ece"]),
                three(s["brier"]),
            ]
            assert summary in found
            assert set(s["baselines"]) == {"tfidf", "majority"}
            for base, b in s["baselines"].items():
                assert [task, base, three(b["macro_f1"]), span(b["macro_f1_interval"])] in found
            for label, score in s["labels"].items():
                values = [three(score[key]) for key in ("precision", "recall", "f1")]
                assert [f"{task}: {label}", *values, str(score["support"])] in found
            if task == "topics":
                for topic, c in s["confusion"].items():
                    curve = s["curves"][topic]
                    counts = [str(c[key]) for key in ("tp", "fp", "fn", "tn")]
                    assert [topic, *counts, three(curve["average_precision"]), three(curve["threshold"]["value"])] in found
            else:
                for label, counts in zip(s["confusion"]["rows"], s["confusion"]["counts"], strict=True):
                    assert [label, *map(str, counts)] in found
        slices = parts(sections["Slices"], 3)[name]
        for s in report["slices"]:
            for task, score in s["tasks"].items():
                start = [s["kind"], s["name"].replace("|", r"\|"), task, str(score["articles"])]
                assert [*start, three(score["macro_f1"]), span(score["macro_f1_interval"])] in rows(slices)
            if s["too_small"]:
                assert f"({s['articles']})" in slices.split("Too small to score")[1]
    checks = rows(parts(sections["Robustness"], 3)["dev"])
    assert len(checks) == len(reports["dev"]["checks"]) + 2
    for c in reports["dev"]["checks"]:
        of = f"{c['task']}: {c['label']}" if c["label"] else c["task"]
        figures_ = [str(c["articles"]), three(c["share"]), span(c["interval"]), three(c["change"])]
        assert [c["check"], c["kind"], of, *(["-"] * 4 if c["skipped"] else figures_), c["skipped"] or ""] in checks


def test_data_are_listed_with_licences_counts_and_the_limits_they_bring(card: str) -> None:
    sections = parts(card, 2)
    data = {row[0]: row for row in rows(sections["Data"])}
    assert data["train.jsonl"][1:3] == ["1234", "Labelled news articles as scraped"]
    assert data["train.tsv"][1] == "567" and data["train.tsv"][4] == "Apache-2.0"
    assert data["mine.jsonl"][1:5] == ["89", "not stated", "not stated", "not stated"]
    assert "one.tsv: 3 rows left out" in sections["Data"]
    assert "kappa" in sections["Limits and biases"]
    assert all(
        label.key in sections["Codebook"] and label.definition_en in sections["Codebook"]
        for task in TAXONOMY.tasks
        for label in task.labels
    )


def test_limits_of_news_labels_are_not_claimed_where_no_news_were_used(manifest: Manifest, reports: dict[str, Any]) -> None:
    own = manifest.model_copy(update={"data": {"train.jsonl": PRINTS["train.jsonl"]}})
    text = write_card(own, reports, TAXONOMY, {**RUN, "paths": ["mine/train.jsonl"]})
    assert "kappa" not in text and "2016 to 2019" not in text
    assert "fitted on the development files" in parts(text, 2)["Limits and biases"]


def test_biases_seen_are_those_of_the_slices_and_checks(manifest: Manifest, reports: dict[str, Any]) -> None:
    whole = reports["dev"]["tasks"]["sentiment"]["macro_f1"]
    weak = {"articles": 30, "macro_f1": 0.011, "macro_f1_interval": [0.0, whole - 0.01]}
    slice_ = {"kind": "outlet", "name": "warta lemah", "articles": 30, "too_small": False, "tasks": {"sentiment": weak}}
    check = next(c for c in reports["dev"]["checks"] if not c["skipped"])
    worse = {"dev": {**reports["dev"], "slices": [slice_], "checks": [{**check, "failed": 3, "share": 0.987}]}}
    limits = parts(write_card(manifest, worse, TAXONOMY, RUN), 2)["Limits and biases"]
    assert f"sentiment is worse for outlet warta lemah (macro-F1 0.011 against {whole:.3f} for all articles)" in limits
    assert "share 0.987" in limits
    fine = {"dev": {**reports["dev"], "slices": [], "checks": []}}
    assert "No slice is clearly worse" in write_card(manifest, fine, TAXONOMY, RUN)


def test_time_and_energy_are_estimates_with_their_assumption_or_not_claimed(manifest: Manifest, card: str) -> None:
    energy = parts(card, 2)["Time and energy"]
    assert "2.00 hours on 2 CPU cores" in energy and "0.060 kWh, assuming that 30 W" in energy
    bare = write_card(manifest, {}, TAXONOMY, {})
    assert "not measured" in parts(bare, 2)["Time and energy"]
    assert "Not measured" in parts(bare, 2)["Robustness"]
    assert "Energy was not measured" in write_card(manifest, {}, TAXONOMY, {"seconds": 60.0})


def test_the_card_says_how_to_repeat_the_run(card: str) -> None:
    repeat = parts(card, 2)["How to repeat it"]
    [settings] = re.findall(r"```json\n(.+?)\n```", repeat, re.DOTALL)
    assert json.loads(settings) == RUN["recipe"]
    for figure in ("38.2 MB", "topics 2.19", "topics 0.8123 against 0.8234", "Encoder: table"):
        assert figure in repeat


def test_another_taxonomy_has_its_own_codebook(manifest: Manifest, reports: dict[str, Any]) -> None:
    floods = Label(key="banjir", name_id="Banjir", name_en="Floods", definition_en="Water where it should not be.")
    other = Taxonomy(tasks=(Task(key="disasters", kind="many", name_en="Disasters", labels=(floods,)),))
    text = write_card(manifest, reports, other, RUN)
    codebook = parts(text, 2)["Codebook"]
    assert "articles with disasters, as the codebook" in text
    assert "`banjir` (Floods): Water where it should not be." in codebook
    assert not any(f"`{topic}`" in codebook for topic in TAXONOMY.task("topics").keys)


def test_the_card_and_its_plot_lie_in_the_bundle_and_are_kept(
    tiny_bundle: Path, manifest: Manifest, reports: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    files = save_card(manifest, reports, TAXONOMY, RUN, bundle)
    assert files == {name: sha256(bundle / name) for name in ("README.md", "tiny-0-calibration.png")}
    assert "(tiny-0-calibration.png)" in (bundle / "README.md").read_text(encoding="utf-8")
    again = save_card(manifest, reports, TAXONOMY, RUN, bundle)
    assert again == files
    (bundle / "manifest.json").write_text(
        manifest.model_copy(update={"files": {**manifest.files, **files}}).model_dump_json(), encoding="utf-8"
    )
    (tmp_path / "model_cards").mkdir()
    monkeypatch.chdir(tmp_path)
    swap_in_bundle(bundle, tmp_path / "served")
    kept = tmp_path / "model_cards"
    assert {path.name for path in kept.iterdir()} == {"tiny-0.md", "tiny-0-calibration.png"}
    assert sha256(kept / "tiny-0.md") == files["README.md"]


def test_files_are_known_by_their_path_in_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("smsa/train.tsv", "a.jsonl", "dev.jsonl", "pool.jsonl"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("", encoding="utf-8")
    recipe = Recipe.model_validate(
        {
            "name": "x", "version": "1", "data": [{"path": "gone/train.tsv", "optional": True}, {"path": "smsa/*.tsv"}, {"path": "a.jsonl"}],
            "dev": {"paths": ["dev.jsonl"]}, "teacher": {"pool": ["pool.jsonl"]},
        }
    )  # fmt: skip
    assert recipe_files(recipe) == ["smsa/train.tsv", "a.jsonl", "dev.jsonl", "pool.jsonl"]
    cards = load_data_cards()
    known = {f.file: f.card.name if f.card else None for f in used_files(PRINTS, recipe_files(recipe), cards)}
    assert known == {"train.jsonl": None, "train.tsv": "SmSA (IndoNLU)", "mine.jsonl": None}


def test_a_wrong_table_of_data_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataCardError, match="no such table"):
        load_data_cards(tmp_path / "absent.toml")
    (tmp_path / "wrong.toml").write_text("[general]\nlimits = []\n", encoding="utf-8")
    with pytest.raises(DataCardError, match="data: Field required"):
        load_data_cards(tmp_path / "wrong.toml")
