"""Score whole inputs: read, clean, score in chunks of bounded size, write rows in input order; rejects beside them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from data.article import Article, Reject
from data.cleaning import clean_article
from data.columns import Columns
from data.language import detect_language
from data.readers import read_articles
from serving.analysis import Analysis
from serving.inputs import list_inputs, outputs
from serving.rows import make_row, make_schema
from serving.scorer import Scorer
from serving.writers import open_output, rejects_path

# A chunk ends at whichever comes first, so that neither many articles nor long ones fill the memory.
CHUNK_ARTICLES = 64
CHUNK_CHARACTERS = 200_000
FIRST_REJECTS = 5


@dataclass(slots=True)
class Summary:
    """What a run did: counts of articles, rejects and labels, and its seconds; `output` is None where nothing was read."""

    output: str | None = None
    rejects_file: str | None = None
    articles: int = 0
    rejects: int = 0
    withheld: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    stance: Counter[str] = field(default_factory=Counter)
    sentiment: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    first_rejects: list[Reject] = field(default_factory=list)

    @property
    def articles_per_second(self) -> float:
        return self.articles / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, object]:
        """A JSON-ready form: counts and files."""
        plain: dict[str, object] = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "first_rejects"}
        labels = {name: dict(getattr(self, name)) for name in ("topics", "stance", "sentiment")}
        return plain | labels | {"articles_per_second": round(self.articles_per_second, 2)}

    def count(self, analysis: Analysis) -> None:
        """Add one analysed article."""
        self.articles += 1
        self.topics.update(analysis.topics)
        if analysis.withheld:
            self.withheld += 1
        else:
            self.stance[str(analysis.stance)] += 1
            self.sentiment[str(analysis.sentiment)] += 1

    def count_reject(self, reject: Reject) -> None:
        """Add one row or file that could not be read; the first few are kept, to be shown."""
        self.rejects += 1
        if len(self.first_rejects) < FIRST_REJECTS:
            self.first_rejects.append(reject)


def score_files(
    scorer: Scorer,
    inputs: Sequence[str],
    output: Path,
    *,
    columns: Columns | None = None,
    clean: bool = True,
    with_body: bool = False,
    advance: Callable[[Article | Reject], None] = lambda _: None,
) -> Summary:
    """Score every article of `inputs` into `output`; rejects go to OUTPUT.rejects.jsonl, which is absent if there are none.

    Where no article could be read, an earlier output stays as it is. `with_body` adds the text that evidence offsets count
    in. `advance` is told of each article and reject when it is done. Raises data.columns.InputError and
    serving.writers.OutputError.
    """
    list_inputs(inputs, output)
    summary = Summary()
    begun = time.perf_counter()
    items = read_articles(inputs, columns=columns, leave_out=outputs(output))
    with open_output(output, make_schema(scorer.taxonomy, with_body=with_body)) as out:
        for chunk in _chunks(items):
            articles = [clean_article(item) if clean else item for item in chunk if isinstance(item, Article)]
            rows = []
            # Closed, so that a run that is stopped does not wait for the windows of the whole chunk.
            with closing(scorer.score_each(articles)) as analyses:
                scored = zip(articles, analyses, strict=True)
                for item in chunk:
                    if isinstance(item, Reject):
                        summary.count_reject(item)
                        out.reject(item)
                    else:
                        article, analysis = next(scored)
                        summary.count(analysis)
                        rows.append(make_row(article, analysis, scorer.taxonomy, with_body=with_body))
                    advance(item)
            out.write(rows)
    summary.seconds = time.perf_counter() - begun
    summary.output = str(output) if summary.articles else None
    summary.rejects_file = str(rejects_path(output)) if summary.rejects else None
    return summary


def cleaned_articles(inputs: Sequence[str], *, columns: Columns | None = None) -> Iterator[Article | Reject]:
    """Articles of `inputs`, cleaned and with their language, and rejects, in order."""
    for item in read_articles(inputs, columns=columns):
        if isinstance(item, Article):
            article = clean_article(item)
            yield replace(article, language=article.language or detect_language(article.body))
        else:
            yield item


def _chunks(items: Iterable[Article | Reject]) -> Iterator[list[Article | Reject]]:
    chunk: list[Article | Reject] = []
    characters = 0
    for item in items:
        chunk.append(item)
        characters += len(item.body) if isinstance(item, Article) else 0
        if len(chunk) == CHUNK_ARTICLES or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
