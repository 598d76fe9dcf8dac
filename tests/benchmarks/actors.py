"""How well actors are found: listed ones on articles read by hand, other people on tagged sentences.

data/annotations/actors.jsonl marks 150 articles; the first 75 served to mend the finder, the others were left alone. A mention
counts where the actor is equal and the places overlap. Intervals: 95 %, bootstrap over articles. People: exact spans.
Run with: python -m tests.benchmarks.actors [--errors]    (--errors lists the errors of the first half)
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sorot.data.article import Article
from sorot.data.prepare import prepare
from sorot.data.text.dates import parse_date
from sorot.serving.actors.find import find_actors
from sorot.serving.actors.mention import Mention
from sorot.serving.names.people import shipped_names
from sorot.serving.names.table import shipped_actors
from sorot.training.names.fit import score_names
from sorot.training.names.tagged_sentences import read_tagged

MARKED = Path("data/annotations/actors.jsonl")
OURS = (Path("data/corpus/articles.jsonl"), Path("data/corpus/beats.jsonl"))
POOL = Path("../shared/data/news/pool.jsonl.gz")
TAGGED = Path("../shared/data/ner")
HALF = 75
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article with the listed actors that a reader marked, as (start, end, actor) in its cleaned body."""

    article: Article
    marks: tuple[tuple[int, int, str], ...]


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true")
    chosen = parser.parse_args()
    articles = read_marked()
    for name, half in (("mended on", articles[:HALF]), ("untouched", articles[HALF:])):
        print_scores(name, half)
    if chosen.errors:
        for marked in articles[:HALF]:
            print_errors(marked)
    for corpus in ("idner", "nergrit"):
        path = TAGGED / corpus / "test.txt"
        if path.exists():
            precision, recall, f1 = score_names(shipped_names(), read_tagged(path))
            print(f"people, {corpus}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
        else:
            print(f"{path}: absent")
    begun = time.process_time()
    for marked in articles:
        find(marked.article)
    characters = sum(len(marked.article.body) for marked in articles) // max(len(articles), 1)
    print(f"{len(articles) / (time.process_time() - begun):.0f} articles of {characters} characters a second of one core")


def read_marked() -> list[MarkedArticle]:
    """The marked articles that are there, cleaned, in the order of the file."""
    records = [json.loads(line) for line in MARKED.read_text(encoding="utf-8").splitlines()]
    rows = dict(rows_of({record["id"] for record in records}))
    articles = []
    for record in records:
        if record["id"] not in rows:
            raise SystemExit(f"{record['id']}: its text is absent; {POOL} is not part of the project")
        row = rows[record["id"]]
        published = parse_date(str(row.get("date") or ""))
        article = prepare(Article(id=row["id"], title=row.get("title"), body=row["text"], published=published), detect=False)
        if len(article.body) != record["characters"]:
            raise SystemExit(f"{record['id']}: is cleaned otherwise than when it was marked, so places do not hold")
        articles.append(MarkedArticle(article, tuple((m["start"], m["end"], m["actor"]) for m in record["mentions"])))
    return articles


def rows_of(ids: set[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows with these ids, of our corpus and of the pool."""
    for path in (*OURS, POOL):
        if not path.exists():
            continue
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["id"] in ids:
                    yield row["id"], row


def find(article: Article) -> list[Mention]:
    """The listed actors that are found in the body."""
    listed = shipped_actors().actors
    return [m for m in find_actors(article.title, article.body, article.published) if m.actor in listed and m.start is not None]


def matched(marked: MarkedArticle) -> tuple[list[Mention], list[tuple[int, int, str]]]:
    """Mentions that no mark explains, and marks that are not found. Each mark explains one mention."""
    missed, wrong = list(marked.marks), []
    for mention in find(marked.article):
        start, end = mention.start or 0, mention.end or 0
        mark = next((m for m in missed if m[2] == mention.actor and start < m[1] and m[0] < end), None)
        if mark is None:
            wrong.append(mention)
        else:
            missed.remove(mark)
    return wrong, missed


def print_scores(name: str, articles: Sequence[MarkedArticle]) -> None:
    """Precision and recall over mentions, with intervals."""
    counts = []
    for marked in articles:
        wrong, missed = matched(marked)
        right = len(marked.marks) - len(missed)
        counts.append((right, right + len(wrong), len(marked.marks)))
    table = np.array(counts)
    draws = table[np.random.default_rng(0).integers(len(table), size=(RESAMPLES, len(table)))].sum(axis=1)
    right, found, there = table.sum(axis=0)
    print(f"{name}: {len(articles)} articles, {there} mentions")
    for label, whole, column in (("precision", found, 1), ("recall", there, 2)):
        low, high = np.nanpercentile(draws[:, 0] / np.maximum(draws[:, column], 1), [2.5, 97.5])
        print(f"  {label:9} {right / max(whole, 1):.3f} [{low:.3f}, {high:.3f}]")


def print_errors(marked: MarkedArticle) -> None:
    """The errors of an article, with the words around them."""
    body = marked.article.body
    wrong, missed = matched(marked)
    places = [("wrong", m.start or 0, m.end or 0, m.actor) for m in wrong] + [("missed", *mark) for mark in missed]
    for kind, start, end, actor in places:
        around = f"{body[max(0, start - 30) : start]}[{body[start:end]}]{body[end : end + 20]}"
        print(f"{kind:6} {marked.article.id:18} {actor:24} {' '.join(around.split())}")


if __name__ == "__main__":
    main()
