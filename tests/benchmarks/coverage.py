"""Do the bands of `sorot prevalence` hold the true share as often as they say, and are breaks found where they are?

    python -m tests.benchmarks.coverage [--corpora 500] [--json]

Simulated corpora of a `one` task with four labels: true labels are drawn, given ones follow an error matrix, and the bands come
from the code that the command runs. In the shifted scenarios the corpus has other errors than the development articles.
The second table draws series of weekly counts, flat or with one planted break.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sorot.data.taxonomy import Taxonomy
from sorot.serving.findings.audit_sample import draw_rows
from sorot.serving.findings.estimates.sample import LabelledSample
from sorot.serving.findings.prevalence import prevalence
from sorot.serving.findings.tables.arrays import CorpusArrays
from sorot.serving.findings.trends import find_breaks
from sorot.serving.model.confusion import Confusion, count_pairs

LABELS = ("a", "b", "c", "d")
TAXONOMY = Taxonomy.from_dict(
    {"tasks": [{"key": "t", "name_en": "T", "kind": "one", "labels": [{"key": key} for key in LABELS]}]}
)
# By true label: chances of the given one. Near those of stance on articles of unseen sources, and of a worse model.
USUAL = np.array([[0.75, 0.03, 0.10, 0.12], [0.08, 0.62, 0.15, 0.15], [0.12, 0.05, 0.68, 0.15], [0.015, 0.005, 0.03, 0.95]])
SHIFTED = np.array([[0.52, 0.08, 0.25, 0.15], [0.10, 0.45, 0.25, 0.20], [0.06, 0.04, 0.70, 0.20], [0.03, 0.02, 0.10, 0.85]])
MIXED, RARE = np.array([0.40, 0.15, 0.30, 0.15]), np.array([0.12, 0.05, 0.13, 0.70])
# Development articles by true label.
SMALL_DEV, LARGE_DEV = (23, 8, 26, 65), (83, 47, 106, 354)
ARTICLES, SAMPLED = 2000, 200
# Series of weekly counts: articles a week, and the label's share before and after a planted break.
WEEKS, MARGIN, A_WEEK, LOW, HIGH = 30, 6, 60, 0.15, 0.35


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is simulated; `dev` counts development articles by true label, None for bands from an audit sample."""

    name: str
    shares: np.ndarray
    errors: np.ndarray
    dev: tuple[int, ...] | None = None
    articles: int = ARTICLES
    by_story: int = 1
    sampled: int = SAMPLED


SCENARIOS = (
    Scenario("matrix, 122 development articles", MIXED, USUAL, SMALL_DEV),
    Scenario("matrix, 122, rare labels", RARE, USUAL, SMALL_DEV),
    Scenario("matrix, 590 development articles", MIXED, USUAL, LARGE_DEV),
    Scenario("matrix, 590, rare labels", RARE, USUAL, LARGE_DEV),
    Scenario("matrix, 590, 100 articles", MIXED, USUAL, LARGE_DEV, articles=100),
    Scenario("matrix, 590, stories of 5 copies", MIXED, USUAL, LARGE_DEV, by_story=5),
    Scenario("audit of 200", MIXED, USUAL),
    Scenario("audit of 200, rare labels", RARE, USUAL),
    Scenario("audit of 200, shifted errors", MIXED, SHIFTED),
    Scenario("audit of 200, shifted, rare labels", RARE, SHIFTED),
    Scenario("audit of 100, shifted errors", MIXED, SHIFTED, sampled=100),
)
# Not promised: what happens if the assumption fails.
BROKEN = Scenario("matrix, 590, shifted errors", MIXED, SHIFTED, LARGE_DEV)


def simulate(scenario: Scenario, rng: np.random.Generator) -> tuple[CorpusArrays, Confusion | None, LabelledSample | None]:
    """A corpus, and what its bands are made from."""
    n = scenario.articles
    # The copies of a story share their true label, and each is read by the model with the same words.
    true = rng.choice(4, n // scenario.by_story, p=scenario.shares)
    given = _give(true, scenario.errors, rng)
    stories = np.repeat(np.arange(len(true)), scenario.by_story)
    true, given = np.repeat(true, scenario.by_story), np.repeat(given, scenario.by_story)
    corpus = make_corpus(given, stories)
    if scenario.dev is not None:
        dev = np.repeat(np.arange(4), rng.multinomial(sum(scenario.dev), np.array(scenario.dev) / sum(scenario.dev)))
        return corpus, _confusion(dev, _give(dev, USUAL, rng)), None
    drawn = draw_rows(given, scenario.sampled, rng)
    truth = np.eye(4, dtype=bool)[true[drawn.rows]]
    answered = np.ones(len(drawn.rows), dtype=bool)
    return corpus, None, LabelledSample(drawn.rows, 1 / drawn.chances, {"t": truth}, {"t": answered}, len(drawn.rows))


def make_corpus(given: np.ndarray, stories: np.ndarray | None = None) -> CorpusArrays:
    """A corpus whose articles have these labels by the model."""
    n = len(given)
    empty = np.full(n, None, dtype=object)
    return CorpusArrays(
        "simulated", TAXONOMY, "simulated 0", np.array([str(i) for i in range(n)], dtype=object), empty,
        np.full(n, np.datetime64("NaT", "D")), stories, empty, {"t": np.eye(4, dtype=bool)[given]}, {"t": np.ones(n, dtype=bool)},
        {}, np.zeros(n), {},
    )  # fmt: skip


def _give(true: np.ndarray, errors: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return (rng.random(len(true))[:, None] > np.cumsum(errors[true], axis=1)).sum(axis=1).clip(max=3)


def _confusion(true: np.ndarray, given: np.ndarray) -> Confusion | None:
    return count_pairs([{"t": LABELS[i]} for i in true], [{"t": LABELS[i]} for i in given])


def measure(scenario: Scenario, corpora: int, seed: int = 0) -> dict[str, object]:
    """Coverage of all labels together, the least of one label, mean width and mean error of the share in points."""
    rng = np.random.default_rng(seed)
    inside, width, bias = (np.zeros((corpora, 4)) for _ in range(3))
    for number in range(corpora):
        corpus, confusion, audit = simulate(scenario, rng)
        for place, found in enumerate(prevalence(corpus, confusion, audit=audit, seed=number).estimates):
            inside[number, place] = found.low <= scenario.shares[place] <= found.high
            width[number, place], bias[number, place] = found.high - found.low, found.share - scenario.shares[place]
    by_label = inside.mean(axis=0)
    return {
        "scenario": scenario.name,
        "coverage": float(inside.mean()),
        "by_label": by_label.round(3).tolist(),
        "width": float(100 * width.mean()),
        "bias": (100 * bias.mean(axis=0)).round(1).tolist(),
    }


def measure_breaks(series: int, seed: int = 0) -> dict[str, float]:
    """Of flat series of WEEKS counts the share without a break; of planted breaks the share found, at most one week away."""
    rng = np.random.default_rng(seed)
    flat = found = spurious = 0
    for number in range(series):
        totals = rng.poisson(A_WEEK, WEEKS) + 1
        flat += not find_breaks(rng.binomial(totals, LOW), totals, seed=number)
        at = int(rng.integers(MARGIN, WEEKS - MARGIN))
        breaks = find_breaks(rng.binomial(totals, np.where(np.arange(WEEKS) < at, LOW, HIGH)), totals, seed=number)
        found += any(abs(place - at) <= 1 for place, _ in breaks)
        spurious += sum(abs(place - at) > 1 for place, _ in breaks)
    return {"flat_without_break": flat / series, "planted_found": found / series, "other_breaks": spurious / series}


def measure_all(corpora: int) -> list[Mapping[str, object]]:
    """All scenarios."""
    return [measure(scenario, corpora) for scenario in (*SCENARIOS, BROKEN)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=int, default=500)
    parser.add_argument("--series", type=int, default=200, help="flat series, and as many with a break")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    started = time.perf_counter()
    bands = measure_all(options.corpora)
    breaks = measure_breaks(options.series)
    if options.json:
        print(json.dumps({"bands": bands, "breaks": breaks}))
        return
    for row in bands:
        print(
            f"{row['scenario']:38s} {row['coverage']:.1%}  by label {row['by_label']}  width {row['width']:.1f}  bias {row['bias']}"
        )
    print(
        ", ".join(f"{name.replace('_', ' ')} {value:.1%}" for name, value in breaks.items()), f"of {options.series} series each"
    )
    print(f"{options.corpora} corpora each, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
