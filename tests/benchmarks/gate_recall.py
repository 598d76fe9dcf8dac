"""What the gate lets through of articles that neither it nor the linear part was fitted to, beside what it withholds.

The pool's articles are taken at random, those that we labelled left out; which of them are on a topic is said by the model itself,
without the gate. It needs the news of SOROT_SHARED and is left out where that is absent. Run with: python -m
tests.benchmarks.gate_recall
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from data.article import Article
from data.cleaning import clean_article
from data.columns import Columns
from data.readers import read_file
from serving.scorer import Scorer
from training.invariance import wilson

POOL = Path(os.environ.get("SOROT_SHARED", "../shared/data")) / "news" / "pool.jsonl.gz"
LABELLED = (Path("data/annotations/pool.jsonl"), Path("data/annotations/pool_held_out.jsonl"))
SEED = 13
CHUNK = 256


def main() -> None:
    """Print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=6_000, help="how many are read")
    options = parser.parse_args()
    if not POOL.is_file():
        print(f"{POOL}: not there, so the gate's recall is not measured; name the folder above it with SOROT_SHARED")
        return
    scorer = Scorer.load()
    articles = list(unlabelled())
    articles = random.Random(SEED).sample(articles, min(options.articles, len(articles)))
    passed = found = through = 0
    begun = time.monotonic()
    for start in range(0, len(articles), CHUNK):
        chunk = articles[start : start + CHUNK]
        whole, gated = (scorer.score_each(chunk, gate=gate, contributions=False) for gate in (False, True))
        for one, other in zip(whole, gated, strict=True):
            passes = other.withheld != "gate"
            passed += passes
            found += bool(one.topics)
            through += passes and bool(one.topics)
        print(f"{start + len(chunk)} of {len(articles)} read, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    low, high = wilson(through, found)
    print(f"{scorer.model}: of {len(articles)} articles of the pool that nobody labelled it gives a topic to {found}")
    print(f"the gate lets {through} of these through: {through / max(1, found):.3f} (Wilson, 95 %: {low:.3f} to {high:.3f})")
    print(f"of all it lets {passed} through: {passed / len(articles):.3f}")
    print(json.dumps({"articles": len(articles), "on_topic": found, "through": through, "passed": passed}))


def unlabelled() -> Iterator[Article]:
    """Articles of the pool, cleaned, but for those that we labelled."""
    known = {json.loads(line)["id"] for path in LABELLED for line in path.read_text(encoding="utf-8").splitlines()}
    for article in read_file(POOL, Columns()):
        if isinstance(article, Article) and article.id not in known:
            yield clean_article(article)


if __name__ == "__main__":
    main()
