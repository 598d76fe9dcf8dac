"""Stance toward a target: fits the shipped mapping, and measures it beside a target-blind control.

Macro-F1 of favour, against and neutral, cross-validated by article over several shuffles, with a 95 % interval over articles.
The control has the same method and data, but reads the whole article wherever the target's method reads the places that name it.
Run with: python -m tests.benchmarks.targets [--write]    (--write replaces serving/targets/mapping.json)
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

from sorot.data.article import Article
from sorot.data.atomic_files import write_atomically
from sorot.data.prepare import prepare
from sorot.serving.actors.find import find_actors
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.names.table import shipped_actors
from sorot.serving.quotes.find import find_quotes
from sorot.serving.targets.features import read_target
from sorot.serving.targets.naming import make_target
from sorot.serving.targets.stance import AGAINST, FAVOUR, MAPPING, NEUTRAL, LogisticNumbers, TargetMapping

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "quotes" / "quotes.jsonl"
STRENGTH = 0.3
SHUFFLES, FOLDS, DRAWS = 4, 6, 1000
LABELS = (FAVOUR, AGAINST, NEUTRAL)


@dataclass(frozen=True, slots=True)
class Pair:
    """An article and a target: its numbers, those of the blind control, the stance read by hand, and the article's place."""

    numbers: Mapping[str, float]
    blind: Mapping[str, float]
    stance: str
    article: int


def main() -> None:
    """Measure, and with --write fit on all pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    if not DATA.is_file():
        raise SystemExit("../shared/data/quotes/quotes.jsonl is not there; this benchmark needs its targets")
    records = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    articles = [prepare(Article(id=r["id"], body=r["text"], title=r["title"])) for r in records]
    run(records, Scorer.load().score(articles), write=chosen.write)


def run(records: Sequence[Mapping[str, Any]], analyses: Sequence[Analysis], *, write: bool) -> None:
    """The same for analysed records."""
    pairs, missed = read_pairs(records, analyses)
    print(f"{len(pairs)} targets of {len(records)} articles; {missed} more are not named as given and left out")
    figures = {}
    for name, rows in (("target", [p.numbers for p in pairs]), ("blind", [p.blind for p in pairs])):
        guesses = [cross_validate(rows, pairs, seed) for seed in range(SHUFFLES)]
        figures[name] = guesses
        f1, low, high = interval(pairs, guesses)
        each = "  ".join(f"{one} {np.mean([class_f1(pairs, g, one) for g in guesses]):.3f}" for one in LABELS)
        print(f"{name:7} macro-F1 {f1:.3f} [{low:.3f}, {high:.3f}]  {each}")
    gain = np.array(differences(pairs, figures["target"], figures["blind"]))
    print(f"above the control by {np.mean(gain):.3f} [{np.quantile(gain, 0.025):.3f}, {np.quantile(gain, 0.975):.3f}]")
    if write:
        side, favours = fit([p.numbers for p in pairs], [p.stance for p in pairs])
        mapping = TargetMapping(
            takes_side=side,
            favours=favours,
            macro_f1=interval(pairs, figures["target"]),
            blind_macro_f1=interval(pairs, figures["blind"]),
            targets=len(pairs),
            articles=len(records),
        )
        write_atomically(MAPPING, json.dumps(mapping.model_dump(), indent=1) + "\n")


def read_pairs(records: Sequence[Mapping[str, Any]], analyses: Sequence[Analysis]) -> tuple[list[Pair], int]:
    """The pairs whose target the article names, and how many are not named."""
    table, pairs, missed = shipped_actors(), [], 0
    for place, (record, analysis) in enumerate(zip(records, analyses, strict=True)):
        article = analysis.article
        mentions, quotes = find_actors(article.title, article.body), find_quotes(article.title, article.body)
        for given in record["targets"]:
            target = make_target(given["target"], (), table)
            reading = read_target(target, analysis, mentions, quotes)
            blind = read_target(target, analysis, mentions, quotes, blind=True)
            if reading is None or blind is None:
                missed += 1
            else:
                pairs.append(Pair(reading.numbers, blind.numbers, given["stance"], place))
    return pairs, missed


def fit(rows: Sequence[Mapping[str, float]], stances: Sequence[str]) -> tuple[LogisticNumbers, LogisticNumbers]:
    """Whether there is a side, from numbers other than the heads', and which, from all."""
    has_side = [stance != NEUTRAL for stance in stances]
    plain = [{name: value for name, value in row.items() if "." not in name} for row in rows]
    sided = [row for row, yes in zip(rows, has_side, strict=True) if yes]
    return regression(plain, has_side), regression(sided, [s == FAVOUR for s in stances if s != NEUTRAL])


def regression(rows: Sequence[Mapping[str, float]], wanted: Sequence[bool]) -> LogisticNumbers:
    """A balanced logistic regression over standardised numbers."""
    names = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale == 0] = 1
    fitted = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500).fit((table - mean) / scale, wanted)
    weights = fitted.coef_[0]
    numbers = {n: (float(m), float(s), float(w)) for n, m, s, w in zip(names, mean, scale, weights, strict=True)}
    return LogisticNumbers(bias=float(fitted.intercept_[0]), numbers=numbers)


def cross_validate(rows: Sequence[Mapping[str, float]], pairs: Sequence[Pair], seed: int) -> NDArray[np.str_]:
    """A guess for each pair by a model that has not seen its article."""
    stances, groups = np.array([p.stance for p in pairs]), [p.article for p in pairs]
    guesses = np.empty(len(pairs), dtype="<U8")
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(stances, stances, groups):
        side, favours = fit([rows[i] for i in train], list(stances[train]))
        for i in test:
            sided = side.probability(rows[i]) > 0.5
            guesses[i] = NEUTRAL if not sided else FAVOUR if favours.probability(rows[i]) > 0.5 else AGAINST
    return guesses


def macro_f1(stances: Sequence[str], guesses: Sequence[str]) -> float:
    """Mean F1 of the three stances."""
    return float(f1_score(stances, guesses, labels=LABELS, average="macro", zero_division=0))


def class_f1(pairs: Sequence[Pair], guesses: NDArray[np.str_], label: str) -> float:
    """F1 of one stance."""
    return float(f1_score([p.stance for p in pairs], guesses, labels=[label], average="macro"))


def draws(pairs: Sequence[Pair]) -> list[NDArray[np.intp]]:
    """Places of pairs in articles drawn with replacement."""
    random, groups = np.random.default_rng(0), np.array([p.article for p in pairs])
    own = {group: np.flatnonzero(groups == group) for group in np.unique(groups)}
    keys = np.array(list(own))
    return [np.concatenate([own[g] for g in random.choice(keys, len(keys))]) for _ in range(DRAWS // SHUFFLES)]


def interval(pairs: Sequence[Pair], guesses: Sequence[NDArray[np.str_]]) -> tuple[float, float, float]:
    """Mean macro-F1 over the shuffles, and its 95 % bootstrap interval over articles."""
    stances = np.array([p.stance for p in pairs])
    drawn = [macro_f1(stances[at], g[at]) for g in guesses for at in draws(pairs)]
    mean = float(np.mean([macro_f1(stances, g) for g in guesses]))
    return mean, float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def differences(pairs: Sequence[Pair], own: Sequence[NDArray[np.str_]], other: Sequence[NDArray[np.str_]]) -> list[float]:
    """Macro-F1 of one method less that of another on the same drawn articles."""
    stances = np.array([p.stance for p in pairs])
    return [
        macro_f1(stances[at], a[at]) - macro_f1(stances[at], b[at])
        for a, b in zip(own, other, strict=True)
        for at in draws(pairs)
    ]


if __name__ == "__main__":
    main()
