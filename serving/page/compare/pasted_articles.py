"""The articles to compare: read from what was pasted, within limits, and scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from sorot.data.article import Article
from sorot.data.errors import SorotError
from sorot.data.prepare import UnreadableTextError, prepare_text
from sorot.serving.article_scorer import ArticleScorer
from sorot.serving.limits import DEFAULT_LIMITS, Limits
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.compare.words import compare_text
from sorot.serving.words.language import Language, format_count
from sorot.serving.workers.lanes import IN_THIS_PROCESS, Lanes

MOST_ARTICLES = 6
# The name of an outlet heads a column.
MAX_OUTLET = 80


class ComparingError(SorotError):
    """The articles cannot be compared; the message says why and what to do, in the page's language."""


@dataclass(frozen=True, slots=True)
class ComparedArticle:
    """An article with its analysis, and the number of the box it was pasted into, from 1."""

    box: int
    article: Article
    analysis: Analysis


def read_articles(
    scorer: ArticleScorer, pasted: Sequence[tuple[object, object]], language: Language, limits: Limits = DEFAULT_LIMITS,
    lanes: Lanes = IN_THIS_PROCESS,
) -> tuple[ComparedArticle, ...]:  # fmt: skip
    """Each (outlet, text) that holds one, scored; empty boxes are skipped. ComparingError where a limit is passed.

    A caller of the API may send anything, so what is no text counts as none.
    """
    entries = [(box, _text(outlet), _text(text)) for box, (outlet, text) in enumerate(pasted, start=1)]
    if sum(bool(text) for _, _, text in entries) > MOST_ARTICLES:
        raise ComparingError(compare_text("too_many", language, limit=MOST_ARTICLES))
    read = []
    for box, outlet, text in entries:
        if len(text) > limits.characters:
            name = compare_text("text_of", language, number=box)
            raise ComparingError(compare_text("too_long", language, name=name, limit=format_count(limits.characters, language)))
        try:
            prepared = lanes.for_article(text, html=False).run(prepare_text, text, outlet=outlet[:MAX_OUTLET])
            read.append((box, prepared))
        except UnreadableTextError:
            continue
    analyses = scorer.score([article for _, article in read]) if read else []
    return tuple(ComparedArticle(box, article, analysis) for (box, article), analysis in zip(read, analyses, strict=True))


def example_articles() -> list[tuple[str, str]]:
    """(outlet, text) of the articles of our own on one event that the page offers; a file's first line names the outlet."""
    folder = files("sorot.serving.page.compare").joinpath("examples")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".txt")), key=lambda f: f.name)
    parts = [f.read_text(encoding="utf-8").partition("\n") for f in found]
    return [(outlet, text.strip()) for outlet, _, text in parts]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
