"""Public sentiment benchmarks with a bundle, beside their published figures, and what of a test part was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, RootModel

from sorot.data.labels.duplicates import EDITED, near_any
from sorot.data.labels.records import LabelledArticle
from sorot.data.toml_files import read_toml
from sorot.serving.model.scorer import Scorer
from sorot.training.input.sources import load_run_data, read_rows, words_of
from sorot.training.measure.baselines import indicators
from sorot.training.measure.evaluate import analyse_rows, found_labels
from sorot.training.measure.metrics import BoolArray, IntArray, interval, macro_f1
from sorot.training.recipe import RecipeError, load_recipe, recipes_before

PUBLISHED = Path(__file__).with_name("benchmarks.toml")
BenchmarkName = Literal["smsa", "nusax"]


class Published(BaseModel):
    """A benchmark's name, where its figures are from, and macro-F1 in percent by model."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    source: str
    published: dict[str, float]


class _PublishedTable(RootModel[dict[BenchmarkName, Published]]):
    """The published figures of every benchmark."""


@dataclass(frozen=True, slots=True)
class Score:
    """Macro-F1 with its 95 % bootstrap interval, and accuracy, each of 1, over `texts` texts; texts withheld count as wrong."""

    texts: int
    macro_f1: float
    interval: tuple[float, float]
    accuracy: float


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """`clean` leaves out test texts that stand, exactly or nearly, in the training files: None where none were given."""

    published: Published
    whole: Score
    withheld: int
    exact: int
    near: int
    clean: Score | None


def run_benchmark(name: BenchmarkName, test: Path, scorer: Scorer, trained_on: Sequence[Path]) -> BenchmarkResult:
    """Score a test file. `trained_on` are the files whose texts the model has seen: SmSA (.tsv), NusaX (.csv), labelled JSONL.

    A recipe (.toml) among them stands for the rows that it trains on and those of recipes that its weights come from, less what
    they leave out.

    Raises RecipeError or sorot.data.labels.records.LabelError for files that cannot be read.
    """
    rows = _read(test, name, scorer)
    analyses = analyse_rows(scorer, rows)
    truth, found = indicators(rows, scorer.taxonomy)["sentiment"], found_labels(analyses, scorer.taxonomy)["sentiment"]
    everything = np.arange(len(rows))
    seen = [row.article for path in trained_on for row in _read_seen(path, scorer)]
    known = {words_of(article) for article in seen}
    exact = np.array([words_of(row.article) in known for row in rows], dtype=bool)
    near = np.array(near_any([row.article for row in rows], seen, threshold=EDITED), dtype=bool) if seen else exact
    return BenchmarkResult(
        published=load_published(name),
        whole=_score(truth, found, everything),
        withheld=sum(a.withheld is not None for a in analyses),
        exact=int(exact.sum()),
        near=int((near & ~exact).sum()),
        clean=_score(truth, found, np.flatnonzero(~(exact | near))) if seen else None,
    )


def load_published(name: BenchmarkName) -> Published:
    """The figures that others have published."""
    return read_toml(PUBLISHED, _PublishedTable, RecipeError, kind="table of benchmarks").root[name]


def _kind(path: Path) -> str:
    return {".tsv": "smsa", ".csv": "nusax"}.get(path.suffix, "labelled")


def _read_seen(path: Path, scorer: Scorer) -> list[LabelledArticle]:
    if path.suffix != ".toml":
        return _read(path, _kind(path), scorer)
    recipe = load_recipe(path)
    recipes = [*recipes_before(recipe), recipe]
    return [row for each in recipes for row in load_run_data(each, scorer.taxonomy).train]


def _read(path: Path, kind: str, scorer: Scorer) -> list[LabelledArticle]:
    try:
        rows = read_rows(path, kind, scorer.taxonomy)
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read as {kind} ({error}); name the file as its makers publish it") from error
    if not rows:
        raise RecipeError(f"{path}: holds no row of the form of {kind}; name the file as its makers publish it")
    return rows


def _score(truth: BoolArray, found: BoolArray, chosen: IntArray) -> Score:
    truth, found = truth[chosen], found[chosen]
    low, high = interval(lambda i: macro_f1(truth[i], found[i]), len(truth)) if len(truth) else (0.0, 0.0)
    right = (truth & found).any(axis=1)
    return Score(len(truth), macro_f1(truth, found), (low, high), float(right.mean()) if len(truth) else 0.0)
