"""Time to group near-duplicates among generated articles, by the number of articles.

Every fifth article is an edited copy of an earlier one; the others are random words. Run with:
python -m tests.benchmarks.duplicates
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from sorot.data.article import Article
from sorot.data.labels.duplicates import group_duplicates

SIZES = (20_000, 100_000)
WORDS = 200
VOCABULARY = 20_000
COPY_EVERY = 5


def main() -> None:
    """Print the seconds, the articles per second and the number of groups for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    for size in parser.parse_args().sizes:
        articles = generate(size)
        start = time.perf_counter()
        groups = group_duplicates(articles)
        seconds = time.perf_counter() - start
        print(
            f"{size:8} articles  {seconds:7.1f} s  {size / seconds:7.0f} articles/s  {len(set(groups)):8} groups",
            flush=True,
        )


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
