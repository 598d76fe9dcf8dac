"""Time to group near-duplicates among generated articles, by the number of articles.

Every fifth article is an edited copy of an earlier one; the others are random words. On the smaller COMPARED articles also
the ratio to the naive way, which relabels every earlier article for each new one; both give the same groups. Run with:
python -m tests.benchmarks.duplicates
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np
from datasketch import MinHash, MinHashLSH

from sorot.data.article import Article
from sorot.data.labels.duplicates import PERMUTATIONS, SHINGLE, group_duplicates

SIZES = (20_000, 100_000)
COMPARED = 10_000
THRESHOLD = 0.6
WORDS = 200
VOCABULARY = 20_000
COPY_EVERY = 5


def main() -> None:
    """Print the seconds, the articles per second and the number of groups for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--compared", type=int, default=COMPARED)
    chosen = parser.parse_args()
    for size in chosen.sizes:
        articles = generate(size)
        groups, seconds = timed(group_duplicates, articles)
        print(
            f"{size:8} articles  {seconds:7.1f} s  {size / seconds:7.0f} articles/s  {len(set(groups)):8} groups",
            flush=True,
        )
    articles = generate(chosen.compared)
    groups, seconds = timed(group_duplicates, articles)
    naive_groups, naive_seconds = timed(group_naively, articles)
    if groups != naive_groups:
        raise SystemExit("the groups differ from the naive ones")
    print(f"{chosen.compared:8} articles  {seconds:7.1f} s  naive {naive_seconds:7.1f} s  ratio {naive_seconds / seconds:.1f}")


def timed(group: Callable[[Sequence[Article]], list[str]], articles: Sequence[Article]) -> tuple[list[str], float]:
    """The groups and the seconds that they took."""
    start = time.perf_counter()
    groups = group(articles)
    return groups, time.perf_counter() - start


def group_naively(articles: Sequence[Article]) -> list[str]:
    """Groups by one query per article and a pass over all earlier articles: quadratic time."""
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    groups: list[int] = []
    for number, article in enumerate(articles):
        words = article.body.split()
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([" ".join(words[at : at + SHINGLE]).encode() for at in range(max(1, len(words) - SHINGLE + 1))])
        near = {groups[int(key)] for key in index.query(sketch)}
        first = min(near, default=number)
        groups = [first if group in near else group for group in groups] + [first]
        index.insert(str(number), sketch)
    return [articles[group].id for group in groups]


def generate(size: int) -> list[Article]:
    """`size` articles of WORDS random words, the same on every call."""
    random = np.random.default_rng(0)
    texts: list[list[str]] = []
    for number in range(size):
        if number % COPY_EVERY == COPY_EVERY - 1:
            words = [*texts[random.integers(number)], f"edited{number}"]
        else:
            words = [f"w{word}" for word in random.integers(VOCABULARY, size=WORDS)]
        texts.append(words)
    return [Article(id=str(number), body=" ".join(words)) for number, words in enumerate(texts)]


if __name__ == "__main__":
    main()
