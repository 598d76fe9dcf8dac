"""The text of an article with the strongest sentences of each label marked, and their shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis, Evidence
from sorot.serving.model.labels import labels_with_evidence
from sorot.serving.page.article.words import article_text
from sorot.serving.page.common.templates import render
from sorot.serving.page.common.words import page_text
from sorot.serving.words.language import Language, format_percent

MARKED_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A stretch of the text: by 'task/label' the share of what it marks, as text; no shares if it is not marked."""

    text: str
    shares: tuple[tuple[str, str], ...] = ()

    @property
    def choices(self) -> str:
        """The labels that it shows, separated by spaces."""
        return " ".join(choice for choice, _ in self.shares)


def strongest_sentences(analysis: Analysis, choice: str) -> list[tuple[Evidence, float]]:
    """The sentences that support the label 'task/label' most, at most MARKED_SENTENCES, strongest first.

    The share is the sentence's part, from 0 to 1, of all that supports the label: its contribution to the logit over the sum
    of all positive contributions.
    """
    own = [e for e in analysis.contributions if choice == f"{e.task}/{e.label}" and e.contribution > 0]
    total = sum(e.contribution for e in own)
    return [(e, e.contribution / total) for e in sorted(own, key=lambda e: -e.contribution)[:MARKED_SENTENCES]]


def marked_text_html(article: Article, analysis: Analysis, taxonomy: Taxonomy, language: Language) -> str:
    """Title and body; the sentences of the first label are marked, those of the others when its chip is pressed."""
    choices = [] if analysis.withheld else [f"{t}/{label}" for t, label in labels_with_evidence(taxonomy, analysis.labels)]
    shares: dict[tuple[int, int] | None, list[tuple[str, str]]] = {}
    for choice in choices:
        for sentence, share in strongest_sentences(analysis, choice):
            place = None if sentence.start is None or sentence.end is None else (sentence.start, sentence.end)
            shares.setdefault(place, []).append((choice, format_percent(share, language)))
    return render(
        "article/text.html.j2",
        heading=page_text("evidence", language),
        hint=article_text("share_hint", language) if choices else "",
        title=MarkedSentence(article.title, tuple(shares.pop(None, ()))) if article.title else None,
        sentences=list(_pieces(article.body, {place: own for place, own in shares.items() if place})),
        shown=choices[0] if choices else "",
    )


def _pieces(body: str, shares: dict[tuple[int, int], list[tuple[str, str]]]) -> Iterator[MarkedSentence]:
    position = 0
    for (start, end), own in sorted(shares.items()):
        if start > position:
            yield MarkedSentence(body[position:start])
        yield MarkedSentence(body[start:end], tuple(own))
        position = end
    if position < len(body):
        yield MarkedSentence(body[position:])
