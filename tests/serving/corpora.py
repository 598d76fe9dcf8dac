"""Small corpora, and a scorer that counts and fails, for the tests of the corpus tab."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sorot.data.article import Article
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.bundle import BundleError
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus, open_corpus
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.scoring import ScoredCorpus, score_corpus
from sorot.serving.page.corpus.uploads.corpus_file import CorpusFile
from sorot.serving.service.problems import BusyRefusal, RefusedError

EXAMPLE = Path(__file__).parent / "contoh.csv"
COLUMNS = {"text": "isi", "title": "judul", "outlet": "media", "date": "tanggal"}


ARTICLES = (
    Article(id="1", body="Pemerintah memblokir situs berita.\n\nWarga menentang aturan platform digital itu.", title="Sensor"),
    Article(id="2", body="Polisi menangkap terduga teroris di Jakarta. Bom ditemukan."),
    Article(id="3", body="The minister of finance said on Monday that the budget would be revised before the end of the year."),
)


def example(folder: Path) -> Path:
    path = folder / "contoh.csv"
    path.write_bytes(EXAMPLE.read_bytes())
    return path


def scored(scorer: ArticleScorer, reading: CorpusFile) -> ScoredCorpus:
    *_, last = score_corpus(scorer, reading)
    return last


def thresholds(scorer: Scorer) -> dict[str, dict[str, float]]:
    return {task: dict(own) for task, own in scorer.manifest.thresholds.items()}


class Counting:
    """A scorer that counts, whose queue is full at first, and that fails where an article says so."""

    def __init__(self, scorer: Scorer, full: int = 0, most: int = 1_000) -> None:
        self.bundle, self.manifest, self.taxonomy = scorer.bundle, scorer.manifest, scorer.taxonomy
        self._scorer, self._full, self._most = scorer, full, most
        self.given: list[int] = []

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        if self._full or len(articles) > self._most:
            self._full = max(0, self._full - 1)
            raise BusyRefusal(429, "full", retry_after=1)
        for article in articles:
            if "terlalu" in article.body:
                raise RefusedError(422, "the article in text has too many sentences")
            if "rusak" in article.body:
                raise BundleError("/secret/bundle: this bundle gives values that are not finite")
        self.given.append(len(articles))
        return self._scorer.score(articles)


def item(**row: Any) -> ScoredArticle:
    """An item with what tables and charts read."""
    full: dict[str, Any] = {
        "id": "1",
        "title": None,
        "outlet": None,
        "published": None,
        "url": None,
        "language": "id",
        "evidence": [],
        "topics": [],
        "stance": "none",
        "sentiment": "neutral",
    }
    return ScoredArticle(full | {"withheld": None} | row, "", {}, [])


def opened(*items: ScoredArticle) -> OpenCorpus:
    """These items as an open corpus."""
    return open_corpus("k.csv", ScoredCorpus(items, (), len(items), len(items), 1.0), {}, load_taxonomy())
