"""What the page and the service ask of a scorer, and the error of one that is busy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sorot.data.article import Article
from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.bundle import Bundle
from sorot.serving.model.manifest import Manifest


class ArticleScorer(Protocol):
    """Labels cleaned articles: a Scorer, or a queue of one that many callers share."""

    @property
    def bundle(self) -> Bundle:
        """Its bundle."""

    @property
    def manifest(self) -> Manifest:
        """The manifest of its bundle."""

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy of its labels."""

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        """The analysis of each article, in order. Raises sorot.data.errors.SorotError if they cannot be scored."""


class BusyError(SorotError):
    """Scoring is not possible now. If `stopping`, it will not be again; else retry after `retry_after` seconds."""

    retry_after: int | None
    stopping: bool
