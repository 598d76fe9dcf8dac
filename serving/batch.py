"""Score whole inputs: read, clean, score in chunks of bounded size, write rows in input order; rejects beside them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from data.article import Article, Reject
from data.cleaning import clean_article
from data.columns import Columns
from data.readers import read_articles
from serving.analysis import Analysis
from serving.rows import make_row, make_schema
from serving.scorer import Scorer
from serving.writers import check_output, open_writer

CHUNK_ARTICLES = 64


@dataclass(slots=True)
class Summary:
    """What a run did: counts of articles, rejects and labels, and its seconds."""

    output: str
    rejects_file: str | None = None
    articles: int = 0
    rejects: int = 0
    withheld: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    stance: Counter[str] = field(default_factory=Counter)
    sentiment: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def articles_per_second(self) -> float:
        return self.articles / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, object]:
        """A JSON-ready form."""
        return asdict(self) | {"articles_per_second": round(self.articles_per_second, 2)}

    def count(self, analysis: Analysis) -> None:
        """Add one analysed article."""
        self.articles += 1
        self.topics.update(analysis.topics)
        if analysis.withheld:
            self.withheld += 1
        else:
            self.stance[str(analysis.stance)] += 1
            self.sentiment[str(analysis.sentiment)] += 1


def score_files(
    scorer: Scorer,
    inputs: Sequence[str],
    output: Path,
    *,
    columns: Columns | None = None,
    clean: bool = True,
    advance: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Score every article of `inputs` into `output`; rejects go to OUTPUT.rejects.jsonl, which is absent if there are none.

    `advance` is told how many input rows were done. Raises data.columns.InputError and serving.writers.OutputError.
    """
    check_output(output)
    summary = Summary(str(output))
    rejects_path = output.with_name(output.name + ".rejects.jsonl")
    rejects: list[Reject] = []
    begun = time.perf_counter()
    with open_writer(output, make_schema(scorer.taxonomy)) as writer:
        items = read_articles(inputs, columns=columns)
        while chunk := list(islice(items, CHUNK_ARTICLES)):
            articles = [a for a in chunk if isinstance(a, Article)]
            rejects += [r for r in chunk if isinstance(r, Reject)]
            cleaned = [clean_article(a) for a in articles] if clean else articles
            rows = []
            for article, analysis in zip(cleaned, scorer.score(cleaned), strict=True):
                summary.count(analysis)
                rows.append(make_row(article, analysis, scorer.taxonomy))
            writer.write(rows)
            advance(len(chunk))
    summary.seconds = time.perf_counter() - begun
    summary.rejects = len(rejects)
    rejects_path.unlink(missing_ok=True)
    if rejects:
        summary.rejects_file = str(rejects_path)
        lines = (json.dumps({"source": r.file, "row": r.row, "reason": r.reason}, ensure_ascii=False) + "\n" for r in rejects)
        rejects_path.write_text("".join(lines), encoding="utf-8")
    return summary


def cleaned_articles(inputs: Sequence[str]) -> Iterator[Article | Reject]:
    """Articles of `inputs`, cleaned, and rejects, in order."""
    for item in read_articles(inputs):
        yield clean_article(item) if isinstance(item, Article) else item
