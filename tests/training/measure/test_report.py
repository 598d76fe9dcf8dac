"""The report of an evaluation: its page, its pictures, and the command that writes them."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import load_taxonomy
from sorot.training.measure.learning_curve import LearningCurveError, LearningPoint, read_learning_curve
from sorot.training.measure.report import write_report
from tests.serving.command import run
from tests.training.measured import make_rows, measured

CURVE = [LearningPoint(articles=n, task="topics", macro_f1=f1) for n, f1 in ((100, 0.512), (400, 0.634), (1600, 0.701))]


def cells(page: str, first: str) -> list[str]:
    """The cells of the first table row that begins with these cells."""
    [line, *_] = [line for line in page.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in line.strip("|").split(" | ")]


@pytest.fixture(scope="module")
def folder(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "new" / "folder"
    assert write_report("tiny-0", measured(tiny_bundle), folder, CURVE) == folder / "report.md"
    return folder


def test_every_picture_is_there_and_fits_a_narrow_screen(folder: Path) -> None:
    page = (folder / "report.md").read_text(encoding="utf-8")
    named = re.findall(r'<img src="([^"]+)" alt="[^"]+" width="390">', page)
    assert sorted(named) == sorted(path.name for path in folder.glob("*.png"))
    kinds = {
        "confusion-stance",
        "confusion-sentiment",
        "precision-recall-topics",
        "reliability",
        "slices-topics",
        "slices-stance",
    }
    assert {f"dev-{kind}.png" for kind in kinds} | {"dev-shift-reliability.png", "learning-curve.png"} <= set(named)
    for name in named:
        with Image.open(folder / name) as picture:
            picture.load()
            # Two dots a pixel at 390 pixels, and more than one colour in it.
            assert picture.width == 780 and 300 < picture.height < 6000, name
            assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 4, name


def test_the_figures_of_the_page_are_those_of_the_report(folder: Path, tiny_bundle: Path) -> None:
    reports = measured(tiny_bundle)
    assert json.loads((folder / "report.json").read_text(encoding="utf-8")) == json.loads(json.dumps(reports))
    page = (folder / "report.md").read_text(encoding="utf-8")
    first, second = re.split(r"(?m)^## ", page)[1:3]
    for section, report in ((first, reports["dev"]), (second, reports["dev shift"])):
        for task, scores in report["tasks"].items():
            low, high = scores["macro_f1_interval"]
            expected = [task, str(scores["articles"]), *(f"{v:.3f}" for v in (scores["macro_f1"],))]
            assert cells(section, task) == [
                *expected,
                f"{low:.3f} to {high:.3f}",
                f"{scores['ece']:.3f}",
                f"{scores['brier']:.3f}",
            ]
            for b in scores["reliability"]:
                assert f"| {b['decisions']} | {b['confidence']:.3f} | {b['accuracy']:.3f} |" in section
        for topic, c in report["tasks"]["topics"]["confusion"].items():
            assert cells(section, topic)[1:5] == [str(c[key]) for key in ("tp", "fp", "fn", "tn")]
        for label, counts in zip(*(report["tasks"]["stance"]["confusion"][k] for k in ("rows", "counts")), strict=True):
            assert f"| {label} | {' | '.join(map(str, counts))} |" in section
        for s in report["slices"]:
            name = s["name"].replace("|", r"\|")
            for task, score in s["tasks"].items():
                assert f"| {s['kind']} | {name} | {task} | {score['articles']} | {score['macro_f1']:.3f} |" in section
            if s["too_small"]:
                assert f"{name} ({s['articles']})" in section.split("Too small to score")[1]
    assert "### Checks" in first and "### Checks" not in second
    for check in reports["dev"]["checks"]:
        if not check["skipped"]:
            assert f"| {check['articles']} | {check['share']:.3f} |" in first
    assert all(f"| {p.articles} | {p.task} | {p.macro_f1:.3f} |" in page for p in CURVE)


def test_worst_errors_quote_titles_and_evidence_as_plain_text(folder: Path, tiny_bundle: Path) -> None:
    page = (folder / "report.md").read_text(encoding="utf-8")
    for errors in measured(tiny_bundle)["dev"]["errors"].values():
        for e in errors:
            assert f"given {e['found']} with {e['probability']:.3f}" in page
    # A title with marks of HTML and Markdown is shown, not obeyed.
    assert "<b>" not in page
    shown = html.unescape(re.sub(r"\\(.)", r"\1", page))
    assert "Aturan <b>baru</b> [itu](x) | *hari* ini" in shown
    # The texts themselves are their outlets'.
    rows = make_rows(90, 1)
    assert not any(row.article.body in shown for row in rows)


def write_labelled(path: Path, rows: list[LabelledArticle]) -> None:
    records = [
        {
            "id": r.article.id,
            "text": r.article.body,
            "topics": r.labels["topics"] and list(r.labels["topics"]),
            "stance": r.labels["stance"],
            "sentiment": r.labels["sentiment"],
        }
        for r in rows
    ]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")


def test_the_command_writes_the_report_and_runs_the_checks(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write_labelled(tmp_path / "dev.jsonl", make_rows(24, 1))
    curve = tmp_path / "curve.csv"
    curve.write_text("articles,task,macro_f1\n100,topics,0.5\n200,topics,0.6\n", encoding="utf-8")
    arguments = (
        tiny_bundle,
        tmp_path / "dev.jsonl",
        "--checks",
        "--learning-curve",
        curve,
        "--report",
        tmp_path / "out",
        "--json",
    )
    assert run(monkeypatch, "evaluate", *arguments) == 0
    said = capfd.readouterr()
    reports = json.loads(said.out)
    assert {c["check"] for c in reports["dev"]["checks"]} >= {"typos", "boilerplate", "paraphrase"}
    assert json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8")) == reports
    assert "learning-curve.png" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "report.md" in said.err and "typos" in said.err
    assert run(monkeypatch, "evaluate", tiny_bundle, tmp_path / "dev.jsonl", "--checks") == 0
    assert "upper case" in capfd.readouterr().out
    curve.write_text("articles,task,macro_f1\n100,topics,1.5\n", encoding="utf-8")
    assert run(monkeypatch, "evaluate", *arguments) == 2
    assert "curve.csv:2: macro_f1" in capfd.readouterr().err


def test_a_wrong_table_of_a_learning_curve_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    with pytest.raises(LearningCurveError, match="no such file"):
        read_learning_curve(path, load_taxonomy().keys)
    path.write_text("articles,task,macro_f1\n", encoding="utf-8")
    with pytest.raises(LearningCurveError, match="holds no points"):
        read_learning_curve(path, load_taxonomy().keys)
    path.write_text("articles,task,macro_f1\n10,topics,0.5\n20,mood,0.5\n", encoding="utf-8")
    with pytest.raises(LearningCurveError, match=r"curve.csv:3: task"):
        read_learning_curve(path, load_taxonomy().keys)
