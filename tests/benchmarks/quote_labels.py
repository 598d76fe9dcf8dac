"""How well the model labels quotes, on marked articles that are not part of the project.

Compares ways to score a quote by the labels that annotators gave it: pooling its tokens within the article (`serving/model/quoted.py`,
what `sorot quotes` does), and reading it as a text of its own, without or with the article's title. No way is fitted to these
labels; the choice between them is cross-validated over articles. Controls: the commonest label of the other folds, and the
article's own label. Intervals: 95 %, bootstrap over articles. Some articles may be among those that the model was trained on.
Run with: python -m tests.benchmarks.quote_labels
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from sorot.data.article import Article
from sorot.data.prepare import prepare
from sorot.data.taxonomy import Task
from sorot.data.text.encodings import mend
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import SERVED_LANGUAGE, Scorer
from sorot.serving.quotes.quote import Quote
from tests.benchmarks.quotes import MARKED, located

FOLDS = 5
RESAMPLES = 500
POOLED, SURE, ALONE, TITLED, ARTICLE, COMMONEST = (
    "tokens within the article", "the same, where sure", "text of its own", "text of its own, with title", "the article's label",
    "commonest label",
)  # fmt: skip
WAYS = (POOLED, ALONE, TITLED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A quote of the article number `article`: the label that annotators gave, and those found by each way."""

    article: int
    given: str
    found: dict[str, str | None]


def main() -> None:
    """Print the table of each task that the marked quotes are labelled for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marked", type=Path, default=MARKED)
    chosen = parser.parse_args()
    if not chosen.marked.exists():
        raise SystemExit(f"{chosen.marked}: absent; the marked articles are not part of the project")
    rows = [json.loads(line) for line in chosen.marked.read_text(encoding="utf-8").splitlines()]
    scorer = Scorer.load()
    for task in scorer.taxonomy.one_tasks:
        if all(task.key in quote for row in rows for quote in row["quotes"]):
            report(task, [one for number, row in enumerate(rows) for one in judge(scorer, task, number, row)], len(rows))
        else:
            print(f"{task.key}: the marked quotes have no such label")


def judge(scorer: Scorer, task: Task, number: int, row: dict[str, Any]) -> list[Judged]:
    """The labels of one article's marked quotes, at their places in the cleaned body."""
    title = mend(row["title"]) if row["title"] else None
    article = prepare(Article(id=row["id"], title=title, body=mend(row["text"])), detect=False)
    given = sorted(row["quotes"], key=lambda q: (q["start"], -q["end"]))
    placed = [(m, g[task.key]) for m, g in zip(located(given, article.body), given, strict=True) if 0 <= m.start < m.end]
    texts = [article.body[m.start : m.end] for m, _ in placed]
    quotes = tuple(Quote("direct", m.start, m.end, text, None, None) for (m, _), text in zip(placed, texts, strict=True))
    analysis = score_marked(scorer, article, quotes)
    whole = held(task, analysis.labels[task.key])
    alone = list(scorer.score_each([Article("-", text, language=SERVED_LANGUAGE) for text in texts], quotes=False))
    titled = list(scorer.score_each([Article("-", text, title=title, language=SERVED_LANGUAGE) for text in texts], quotes=False))
    off_topic = task.without is not None and analysis.labels[task.without] == ()
    found = []
    for at, quote in enumerate(analysis.quotes):
        found.append(
            Judged(
                number,
                placed[at][1],
                {
                    POOLED: likeliest(task, quote.probabilities, off_topic=off_topic),
                    SURE: quote.labels[task.key],
                    ALONE: likeliest(task, alone[at].probabilities, off_topic=off_topic),
                    TITLED: likeliest(task, titled[at].probabilities, off_topic=off_topic),
                    ARTICLE: whole,
                },
            )
        )
    return found


def score_marked(scorer: Scorer, article: Article, quotes: tuple[Quote, ...]) -> Analysis:
    """The analysis with the marked quotes in place of those that the rules find."""
    with patch("sorot.serving.model.scorer.find_quotes", return_value=quotes):
        return scorer.score([article])[0]


def likeliest(task: Task, probabilities: Mapping[str, Mapping[str, float]], *, off_topic: bool) -> str:
    """The likeliest label; the default where the article is off topic or the text too short for a label."""
    own = {} if off_topic else probabilities.get(task.key, {})
    return held(task, max(own, key=own.__getitem__, default=None))


def held(task: Task, label: Any) -> str:
    """A label, or the default where there is none."""
    return label or task.default or task.keys[-1]


def report(task: Task, judged: Sequence[Judged], articles: int) -> None:
    """Print accuracy and macro-F1 of each way, then those of the way chosen on the other folds."""
    print(f"{task.key}: {len(judged)} quotes of {articles} articles")
    folds = [[one for one in judged if one.article % FOLDS == fold] for fold in range(FOLDS)]
    crossed: list[Judged] = []
    for held_out in folds:
        rest = [one for fold in folds if fold is not held_out for one in fold]
        best = max(WAYS, key=lambda way: scores(task, rest, way)[1])
        common = Counter(one.given for one in rest).most_common(1)[0][0]
        crossed += [Judged(one.article, one.given, {"chosen": one.found[best], COMMONEST: common}) for one in held_out]
    for way in (*WAYS, ARTICLE):
        print_way(task, judged, way, articles)
    print_way(task, crossed, COMMONEST, articles)
    print_way(task, crossed, "chosen", articles)
    sure = [one for one in judged if one.found[SURE] is not None]
    print(f"  sure of {len(sure)} of {len(judged)} quotes; there:")
    for way in (SURE, ARTICLE):
        print_way(task, sure, way, articles)


def print_way(task: Task, judged: Sequence[Judged], way: str, articles: int) -> None:
    """One line of the table, with intervals."""
    by_article = [[one for one in judged if one.article == number] for number in range(articles)]
    random = np.random.default_rng(0)
    draws = [
        scores(task, [one for n in random.integers(articles, size=articles) for one in by_article[n]], way)
        for _ in range(RESAMPLES)
    ]
    (low, low_f1), (high, high_f1) = np.percentile(draws, [2.5, 97.5], axis=0)
    accuracy, f1 = scores(task, judged, way)
    print(f"  {way:28} accuracy {accuracy:.3f} [{low:.3f}, {high:.3f}]  macro-F1 {f1:.3f} [{low_f1:.3f}, {high_f1:.3f}]")


def scores(task: Task, judged: Sequence[Judged], way: str) -> tuple[float, float]:
    """Accuracy and macro-F1 over the task's labels."""
    pairs = Counter((one.given, one.found[way]) for one in judged)
    right = {key: pairs[key, key] for key in task.keys}
    f1 = []
    for key in task.keys:
        named = sum(n for (given, _), n in pairs.items() if given == key) + sum(n for (_, f), n in pairs.items() if f == key)
        f1.append(2 * right[key] / named if named else 0.0)
    return sum(right.values()) / max(1, len(judged)), sum(f1) / len(f1)


if __name__ == "__main__":
    main()
