"""How many labels the policy of `sorot suggest` saves against a random choice, simulated: labels of train are hidden and asked for.

Run with: python -m tests.benchmarks.active_learning [--plot curve.svg]

Every strategy begins with the same random articles and asks for a batch a round. The learner is TF-IDF with logistic
regression, quick enough to be fitted hundreds of times; macro-F1 is measured on dev. Uncertainty takes those whose
labels are least certain over all tasks, and nothing else.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import t as student
from sklearn.feature_extraction.text import TfidfVectorizer

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy, load_taxonomy
from sorot.training.input.sources import read_rows
from sorot.training.labelling.article_groups import fold_groups, near_groups
from sorot.training.labelling.selection import choose, rank, restrict
from sorot.training.labelling.suggest import compact_features
from sorot.training.measure.baselines import Indicators, article_text, indicators, is_labelled
from sorot.training.measure.logistic_models import Probabilities, fit_predict
from sorot.training.measure.metrics import BoolArray, FloatArray, IntArray, macro_f1, one_hot

SHARED = Path(os.environ.get("SOROT_SHARED", "../shared/data"))
# Shares of the macro-F1 that all labels give.
LEVELS = (0.85, 0.9, 0.95, 0.98)
THRESHOLD = 0.5
BASE = "random"

Strategy = Callable[["Bench", Probabilities, IntArray, int, np.random.Generator], IntArray]


@dataclass(frozen=True)
class Bench:
    """Pool and development articles as the learner sees them, (articles, rank), with their true labels.

    `groups` (pool,) numbers near-duplicates, `compact` (pool, dimensions) is what diversity is measured in.
    """

    taxonomy: Taxonomy
    pool: FloatArray
    dev: FloatArray
    truth: Indicators
    known: dict[str, BoolArray]
    dev_truth: Indicators
    dev_known: dict[str, BoolArray]
    groups: IntArray
    compact: FloatArray


def make_bench(pool: Sequence[LabelledArticle], dev: Sequence[LabelledArticle], taxonomy: Taxonomy) -> Bench:
    """Features and labels. TF-IDF is rotated into the span of the articles, where the same model is fitted faster."""
    texts = [article_text(row) for row in pool]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    matrix = words.fit_transform([*texts, *(article_text(row) for row in dev)])
    # The weights of a penalised linear model lie in the span of the articles, so the rotation loses nothing.
    values, vectors = np.linalg.eigh((matrix @ matrix.T).toarray())
    rotated = vectors * np.sqrt(np.maximum(values, 0))
    return Bench(
        taxonomy, rotated[: len(pool)], rotated[len(pool) :],
        indicators(pool, taxonomy), {task: is_labelled(pool, task) for task in taxonomy.keys},
        indicators(dev, taxonomy), {task: is_labelled(dev, task) for task in taxonomy.keys},
        fold_groups(pool, near_groups(pool)), compact_features(texts, seed=0),
    )  # fmt: skip


def learn(bench: Bench, asked: IntArray) -> tuple[Probabilities, dict[str, float]]:
    """Probabilities of the pool, and macro-F1 on dev by task and in the mean, of a model of the articles asked for."""
    truth: Indicators = {task: bench.truth[task][asked] for task in bench.taxonomy.keys}
    known = {task: bench.known[task][asked] for task in bench.taxonomy.keys}
    on_pool, on_dev = fit_predict(bench.taxonomy, bench.pool[asked], truth, known, [bench.pool, bench.dev])
    given: Indicators = {}
    scores: dict[str, float] = {}
    for task in bench.taxonomy.tasks:
        if task.many:
            given[task.key] = on_dev[task.key] >= THRESHOLD
        else:
            classes = on_dev[task.key].argmax(axis=1)
            if task.default is not None and task.without is not None:
                classes = np.where(given[task.without].any(axis=1), classes, task.keys.index(task.default))
            given[task.key] = one_hot(classes, len(task.keys))
        labelled = bench.dev_known[task.key]
        scores[task.key] = macro_f1(bench.dev_truth[task.key][labelled], given[task.key][labelled])
    return on_pool, {"mean": float(np.mean(list(scores.values()))), **scores}


def by_chance(bench: Bench, found: Probabilities, free: IntArray, n: int, rng: np.random.Generator) -> IntArray:
    """Any n of the free ones."""
    del bench, found
    return rng.permutation(free)[:n]


def by_uncertainty(bench: Bench, found: Probabilities, free: IntArray, n: int, rng: np.random.Generator) -> IntArray:
    """The n articles of least margin, averaged over tasks; a `many` task counts the least margin of its labels."""
    del rng
    margins = []
    for task in bench.taxonomy.tasks:
        if task.many:
            margins.append(np.abs(2 * found[task.key][free] - 1).min(axis=1))
        else:
            best = np.sort(found[task.key][free], axis=1)
            margins.append(best[:, -1] - best[:, -2])
    return free[np.argsort(np.mean(margins, axis=0), kind="stable")[:n]]


def by_policy(bench: Bench, found: Probabilities, free: IntArray, n: int, rng: np.random.Generator) -> IntArray:
    """What `sorot suggest` would choose: no near-duplicates of what is labelled or of one another."""
    asked = np.setdiff1d(np.arange(len(bench.pool)), free)
    fresh = free[~np.isin(bench.groups[free], bench.groups[asked])]
    _, firsts = np.unique(bench.groups[fresh], return_index=True)
    fresh = fresh[np.sort(firsts)]
    thresholds = {task.key: dict.fromkeys(task.keys, THRESHOLD) for task in bench.taxonomy.many_tasks}
    strata = rank(bench.taxonomy, {task: values[fresh] for task, values in found.items()}, thresholds, n, rng)
    shortlist = np.unique(np.concatenate([stratum.order for stratum in strata]))
    picks = choose(restrict(strata, shortlist), bench.compact[fresh[shortlist]], n, rng)
    chosen: IntArray = fresh[shortlist[[pick.index for pick in picks]]]
    return chosen


STRATEGIES: dict[str, Strategy] = {BASE: by_chance, "uncertainty": by_uncertainty, "suggest": by_policy}


def simulate(bench: Bench, strategy: Strategy, counts: Sequence[int], seed: int) -> list[dict[str, float]]:
    """Scores after each of `counts` labels, the first of them drawn at random."""
    rng = np.random.default_rng(seed)
    asked = rng.permutation(len(bench.pool))[: counts[0]]
    found, score = learn(bench, asked)
    scores = [score]
    for count in counts[1:]:
        free = np.setdiff1d(np.arange(len(bench.pool)), asked)
        asked = np.concatenate([asked, strategy(bench, found, free, count - len(asked), rng)])
        found, score = learn(bench, asked)
        scores.append(score)
    return scores


def labels_needed(counts: Sequence[int], curve: FloatArray, level: float) -> float:
    """Labels at which a curve first reaches a level, between two counts by a straight line; nan if it never does."""
    above = np.flatnonzero(curve >= level)
    if len(above) == 0:
        return float("nan")
    at = int(above[0])
    if at == 0:
        return float(counts[0])
    return float(np.interp(level, curve[at - 1 : at + 1], counts[at - 1 : at + 1]))


def half_width(values: FloatArray) -> FloatArray:
    """Half of the 95 % t interval of the mean over the first axis; 0 of a single value."""
    n = len(values)
    if n < 2:
        return np.zeros(values.shape[1:])
    return np.asarray(student.ppf(0.975, n - 1) * values.std(axis=0, ddof=1) / np.sqrt(n))


def report(counts: Sequence[int], curves: dict[str, FloatArray], measure: str, full: float) -> None:
    """Print the curves (seeds, counts) of a measure, and the labels that each needs; `full` is the score of all labels."""
    print(
        f"\n{measure}: macro-F1 on dev, mean of {len(curves[BASE])} runs and half of its 95 % interval; all labels give {full:.3f}"
    )
    print("labels".ljust(14) + "".join(f"{name:>18}" for name in curves))
    for at, count in enumerate(counts):
        shown = (f"{c[:, at].mean():.3f} ±{half_width(c)[at]:.3f}" for c in curves.values())
        print(str(count).ljust(14) + "".join(f"{cell:>18}" for cell in shown))
    print("labels needed, and saved against random (of the mean curves)")
    for share in LEVELS:
        needed = {name: labels_needed(counts, c.mean(axis=0), share * full) for name, c in curves.items()}
        cells = []
        for name, labels in needed.items():
            saved = "" if name == BASE or np.isnan(labels + needed[BASE]) else f" ({1 - labels / needed[BASE]:+.0%})"
            cells.append("not reached" if np.isnan(labels) else f"{labels:.0f}{saved}")
        print(f"{share * full:.3f} ({share:.0%})".ljust(14) + "".join(f"{cell:>18}" for cell in cells))


def draw(counts: Sequence[int], curves: dict[str, dict[str, FloatArray]], full: dict[str, float], path: Path) -> None:
    """Learning curves with their intervals, a panel a measure, into an image file."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(10, 8), sharex=True, layout="constrained")
    for axis, (measure, by_strategy) in zip(axes.flat, curves.items(), strict=True):
        for name, curve in by_strategy.items():
            mean, half = curve.mean(axis=0), half_width(curve)
            axis.plot(counts, mean, marker=".", label=name)
            axis.fill_between(counts, mean - half, mean + half, alpha=0.15)
        axis.axhline(full[measure], color="grey", linestyle=":", label="all labels")
        axis.set(title=measure, xlabel="labels", ylabel="macro-F1 on dev")
        axis.grid(alpha=0.3)
    axes.flat[0].legend()
    figure.savefig(path, dpi=150)


def main() -> None:
    """Simulate all strategies and print, and draw if asked to, what they reach by how many labels."""
    parser = argparse.ArgumentParser(description="Labels saved by `sorot suggest`, simulated.")
    parser.add_argument("--plot", type=Path, help="PNG or SVG file for the learning curves")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--start", type=int, default=100)
    parser.add_argument("--step", type=int, default=100)
    parser.add_argument("--most", type=int, default=1000, help="labels at the end")
    options = parser.parse_args()
    files = [SHARED / "news" / name for name in ("train.jsonl", "dev.jsonl")]
    if absent := [str(file) for file in files if not file.is_file()]:
        print(
            f"skipped: {', '.join(absent)} absent; set SOROT_SHARED to the folder that holds news/train.jsonl and news/dev.jsonl"
        )
        return
    taxonomy = load_taxonomy()
    pool, dev = (read_rows(file, "labelled", taxonomy) for file in files)
    bench = make_bench(pool, dev, taxonomy)
    _, full = learn(bench, np.arange(len(pool)))
    counts = range(options.start, min(options.most, len(pool)) + 1, options.step)
    runs: dict[str, list[list[dict[str, float]]]] = {name: [] for name in STRATEGIES}
    for seed in range(options.seeds):
        for name, strategy in STRATEGIES.items():
            runs[name].append(simulate(bench, strategy, counts, seed))
        print(f"run {seed + 1} of {options.seeds} done", flush=True)
    curves = {
        measure: {name: np.array([[point[measure] for point in run] for run in found]) for name, found in runs.items()}
        for measure in full
    }
    print(f"pool {len(pool)} articles, dev {len(dev)}; {options.start} random labels, then {options.step} a round")
    for measure, by_strategy in curves.items():
        report(counts, by_strategy, measure, full[measure])
    if options.plot:
        draw(counts, curves, full, options.plot)
        print(f"\ndrawn: {options.plot}")


if __name__ == "__main__":
    main()
