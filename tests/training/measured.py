"""Articles made of the tiny bundle's words, and the report on them that several tests read."""

from __future__ import annotations

import functools
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sorot.data.article import Article, Removed
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.scorer import Scorer
from sorot.training.measure.checks.invariance import check_articles
from sorot.training.measure.evaluate import evaluate_rows
from tests.tiny_bundle import WORDS

OUTLETS = ("Lensa.co.id", "Kabar|Kini", "Warta")


def make_rows(n: int, seed: int, year: int = 2017) -> list[LabelledArticle]:
    """Articles of random words with labels at random; the last fifth is not labelled for topics and stance."""
    rng, taxonomy = random.Random(seed), load_taxonomy()
    rows = []
    for i in range(n):
        article = Article(
            id=f"{seed}-{i}",
            title="Aturan <b>baru</b> [itu](x) | *hari* ini",
            body=" ".join(rng.choices(WORDS, k=rng.choice((30, 250)))) + ". Polisi di jakarta.",
            outlet=OUTLETS[min(i % 5, 2)],
            published=datetime(year + i % 2, 5, 1, tzinfo=UTC),
            language="id",
            removed=(Removed("menu", "Beranda"),) if i % 3 else (),
        )
        news = i < 0.8 * n
        topics = tuple(t for t in taxonomy.task("topics").keys if rng.random() < 0.4)
        stances = [label for label in taxonomy.task("stance").keys if topics or label == taxonomy.task("stance").default]
        stance, sentiment = rng.choice(stances), rng.choice(taxonomy.task("sentiment").keys)
        rows.append(
            LabelledArticle(
                article, {"topics": topics if news else None, "stance": stance if news else None, "sentiment": sentiment}
            )
        )
    return rows


@functools.cache
def measured(bundle: Path) -> dict[str, dict[str, Any]]:
    """Reports on two files, with baselines; the first one with checks."""
    scorer = Scorer.load(bundle)
    rows, train = make_rows(90, 1), make_rows(60, 2, year=2016)
    first = evaluate_rows(scorer, rows, train)
    first["checks"] = check_articles(scorer, [row.article for row in rows], lambda _: None)
    return {"dev": first, "dev shift": evaluate_rows(scorer, make_rows(40, 3), train[:40])}
