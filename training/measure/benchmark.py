"""A bundle on public benchmarks, beside published figures, with and without the test texts that it was trained on."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, RootModel

from sorot.data.article import Article
from sorot.data.labels.duplicates import EDITED, near_any
from sorot.data.labels.records import LabelledArticle
from sorot.data.toml_files import read_toml
from sorot.serving.model.scorer import Scorer
from sorot.training.input.sources import load_run_data, read_rows, words_of
from sorot.training.measure.baselines import indicators
from sorot.training.measure.evaluate import analyse_rows, given_labels
from sorot.training.measure.metrics import BoolArray, IntArray, interval, macro_f1
from sorot.training.recipe import RecipeError, load_recipe, recipes_before

BENCHMARKS = Path(__file__).with_name("benchmarks.toml")
BenchmarkName = Literal["smsa", "nusax"]


class Benchmark(BaseModel):
    """A public benchmark: its task, which of the task's labels each of its own labels is, and published figures.

    `published` holds macro-F1 in percent by model, from `source`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    source: str
    task: str
    labels: dict[str, str]
    published: dict[str, float]


class _BenchmarkTable(RootModel[dict[BenchmarkName, Benchmark]]):
    """All benchmarks by name."""


@dataclass(frozen=True, slots=True)
class BenchmarkScore:
    """Macro-F1 with its 95 % bootstrap interval, and accuracy, each in 0..1, over `texts` texts; withheld ones count as wrong."""

    texts: int
    macro_f1: float
    interval: tuple[float, float]
    accuracy: float


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """Scores on the whole test file and on `clean`, without the texts that stand, exactly or nearly, in the training files.

    `clean` is None if no training files were given.
    """

    benchmark: Benchmark
    whole: BenchmarkScore
    withheld: int
    exact: int
    near: int
    clean: BenchmarkScore | None


def run_benchmark(name: BenchmarkName, test: Path, scorer: Scorer, trained_on: Sequence[Path]) -> BenchmarkResult:
    """Score a test file. `trained_on` are the files that the model has seen: SmSA (.tsv), NusaX (.csv) or labelled JSONL.

    A recipe (.toml) among them stands for the rows that it trains on and the rows of the recipes that its weights come from.

    Raises RecipeError or sorot.data.labels.records.LabelError for files that cannot be read.
    """
    benchmark = load_benchmark(name)
    _check_labels(name, benchmark, scorer)
    rows = _labelled_rows(test, benchmark)
    analyses = analyse_rows(scorer, rows)
    truth = indicators(rows, scorer.taxonomy)[benchmark.task]
    given = given_labels(analyses, scorer.taxonomy)[benchmark.task]
    seen = [article for path in trained_on for article in _read_seen(path, scorer)]
    known = {words_of(article) for article in seen}
    exact = np.array([words_of(row.article) in known for row in rows], dtype=bool)
    near = np.array(near_any([row.article for row in rows], seen, threshold=EDITED), dtype=bool) if seen else exact
    return BenchmarkResult(
        benchmark=benchmark,
        whole=_score(truth, given, np.arange(len(rows))),
        withheld=sum(a.withheld is not None for a in analyses),
        exact=int(exact.sum()),
        near=int((near & ~exact).sum()),
        clean=_score(truth, given, np.flatnonzero(~(exact | near))) if seen else None,
    )


def load_benchmark(name: BenchmarkName) -> Benchmark:
    """A benchmark's task, labels and published figures."""
    return read_toml(BENCHMARKS, _BenchmarkTable, RecipeError, kind="table of benchmarks").root[name]


def _check_labels(name: str, benchmark: Benchmark, scorer: Scorer) -> None:
    task = benchmark.task
    known = scorer.taxonomy.task(task).keys if task in scorer.taxonomy.keys else ()
    missing = sorted(set(benchmark.labels.values()) - set(known))
    if missing:
        lacking = f"{task} ({', '.join(missing)})"
        raise RecipeError(f"{name} measures {lacking}, which {scorer.model} does not label; name another bundle with --bundle")


def _labelled_rows(path: Path, benchmark: Benchmark) -> list[LabelledArticle]:
    """The texts of a benchmark file with their labels, in the words of the model's task."""
    pairs = _read_pairs(path)
    wrong = sorted({label for _, label in pairs} - set(benchmark.labels))
    if wrong:
        raise RecipeError(f"{path}: {', '.join(wrong)} is not a label of {benchmark.name} ({', '.join(benchmark.labels)})")
    return [
        LabelledArticle(_article(path, number, text), {benchmark.task: benchmark.labels[label]})
        for number, (text, label) in enumerate(pairs, 1)
    ]


def _read_seen(path: Path, scorer: Scorer) -> list[Article]:
    """The texts of a training file, or of all that a recipe trains on."""
    if path.suffix == ".toml":
        recipe = load_recipe(path)
        recipes = [*recipes_before(recipe), recipe]
        return [row.article for each in recipes for row in load_run_data(each, scorer.taxonomy).train]
    if path.suffix in (".tsv", ".csv"):
        return [_article(path, number, text) for number, (text, _) in enumerate(_read_pairs(path), 1)]
    try:
        return [row.article for row in read_rows(path, "labelled", scorer.taxonomy)]
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read ({error}); name a file of labelled records") from error


def _read_pairs(path: Path) -> list[tuple[str, str]]:
    """Texts and labels of a file as its makers publish it: tab-separated without a header, or CSV with text and label."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            if path.suffix == ".csv":
                pairs = [(row["text"], row["label"]) for row in csv.DictReader(file)]
            else:
                reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                pairs = [(row[0], row[1]) for row in reader if len(row) == 2]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise RecipeError(f"{path}: cannot be read ({error}); name the benchmark's file as its makers publish it") from error
    if not pairs:
        raise RecipeError(f"{path}: holds no row with a text and a label; name the benchmark's file as its makers publish it")
    return pairs


def _article(path: Path, number: int, text: str) -> Article:
    return Article(id=f"{path.stem}-{number}", body=text)


def _score(truth: BoolArray, given: BoolArray, chosen: IntArray) -> BenchmarkScore:
    truth, given = truth[chosen], given[chosen]
    low, high = interval(lambda i: macro_f1(truth[i], given[i]), len(truth)) if len(truth) else (0.0, 0.0)
    right = (truth & given).any(axis=1)
    return BenchmarkScore(len(truth), macro_f1(truth, given), (low, high), float(right.mean()) if len(truth) else 0.0)
