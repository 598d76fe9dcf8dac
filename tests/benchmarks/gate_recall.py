"""What the gate lets through of articles that neither it nor the linear part was fitted to.

Two sets: our own held-out articles, most of them on a topic; and, drawn at random, articles of the pool that nobody labelled. As
those that the linear part ranked highest were labelled, the rest of the pool is hard for the gate, which is that part. Which
articles are on a topic is said by the model itself, without the gate. The pool is left out where the news of SOROT_SHARED is
absent. Run with: python -m tests.benchmarks.gate_recall
Exit code 1 if the gate lets less than LEAST of our held-out articles on a topic through.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sorot.data.article import Article
from sorot.data.labels.records import read_labelled
from sorot.data.prepare import prepare
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_file
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.scorer import Scorer
from sorot.training.measure.checks.invariance import wilson

HELD_OUT = Path("data/corpus/held_out.jsonl")
POOL = Path(os.environ.get("SOROT_SHARED", "../shared/data")) / "news" / "pool.jsonl.gz"
LABELLED = (Path("data/annotations/pool.jsonl"), Path("data/annotations/pool_held_out.jsonl"))
SEED = 13
CHUNK = 256
# The gate's threshold lets 99.5 % of the development articles through; of a hundred others a few may be lost.
LEAST = 0.95


def main() -> None:
    """Print a line for each set and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=6_000, help="how many of the pool are read")
    options = parser.parse_args()
    scorer = Scorer.load()
    told = {"held_out": measure(scorer, [prepare(row.article) for row in read_labelled(HELD_OUT, load_taxonomy())])}
    if POOL.is_file():
        articles = list(unlabelled())
        drawn = random.Random(SEED).sample(articles, min(options.articles, len(articles)))
        told["pool"] = measure(scorer, drawn)
    else:
        print(f"{POOL}: not there, so it is left out; name the folder above it with SOROT_SHARED")
    for name, counts in told.items():
        low, high = wilson(counts["through"], counts["on_topic"])
        print(
            f"{name}: of {counts['articles']} articles {scorer.model} gives a topic to {counts['on_topic']}, and the gate lets "
            f"{counts['through']} of these through (Wilson, 95 %: {low:.3f} to {high:.3f}), {counts['passed']} of all"
        )
    print(json.dumps(told))
    sys.exit(1 if told["held_out"]["through"] < LEAST * told["held_out"]["on_topic"] else 0)


def unlabelled() -> Iterator[Article]:
    """Articles of the pool, cleaned, but for those that we labelled."""
    known = {json.loads(line)["id"] for path in LABELLED for line in path.read_text(encoding="utf-8").splitlines()}
    for article in read_file(POOL, Columns()):
        if isinstance(article, Article) and article.id not in known:
            yield prepare(article)


def measure(scorer: Scorer, articles: Sequence[Article]) -> dict[str, int]:
    """How many articles have a topic, how many of these pass the gate, and how many of all."""
    counts = {"articles": len(articles), "on_topic": 0, "through": 0, "passed": 0}
    begun = time.monotonic()
    for start in range(0, len(articles), CHUNK):
        chunk = articles[start : start + CHUNK]
        whole, gated = (scorer.score_each(chunk, gate=gate, contributions=False) for gate in (False, True))
        for one, other in zip(whole, gated, strict=True):
            passes = other.withheld != "gate"
            counts["on_topic"] += bool(one.labels["topics"])
            counts["through"] += passes and bool(one.labels["topics"])
            counts["passed"] += passes
            if one.labels["topics"] and not passes:
                sure = {topic: round(one.probabilities["topics"][topic], 2) for topic in one.labels["topics"]}
                print(f"kept back: {other.model} {sure}", file=sys.stderr)
        print(f"{start + len(chunk)} of {len(articles)} read, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return counts


if __name__ == "__main__":
    main()
