"""One article of the corpus to read: its labels, the sentences that show them, its link, and where it can be sent."""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.common.label_styles import LabelStyle, label_style
from sorot.serving.page.common.templates import render
from sorot.serving.page.common.words import language_name, page_text
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus, row_labels
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import Language, format_count, format_percent
from sorot.serving.words.task_words import task_text

WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class ArticleLabel:
    """A label of the article: 'task/label', the task's and the label's name, its style, and its probability as text."""

    choice: str
    task: str
    name: str
    style: LabelStyle
    probability: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of the text: the labels that it shows, 'task/label' separated by spaces; '' for none."""

    text: str
    shows: str = ""


def reader_html(opened: OpenCorpus, place: int, before: int | None, after: int | None, review: bool, language: Language) -> str:
    """The article at a place in the corpus, with the places of the ones before and after it in the table."""
    item, row = opened.items[place], opened.items[place].row
    chips = _chips(item, opened.taxonomy, language)
    return render(
        "corpus/workbench/reader.html.j2",
        place=place,
        before=before,
        after=after,
        title=row["title"] or corpus_text("untitled", language),
        fields=[row["outlet"], item.published_at.date().isoformat() if item.published_at else None],
        web_address=row["url"] if str(row["url"] or "").startswith(WEB) else None,
        length=corpus_text("n_words", language, n=format_count(len(item.text.split()), language)),
        chips=chips,
        shown=chips[0].choice if chips else "",
        pieces=_pieces(item, set(_choices(item, opened.taxonomy))),
        title_shows=" ".join(sorted({f"{e['task']}/{e['label']}" for e in item.row["evidence"] or () if e["start"] is None})),
        review=review,
        text=lambda key: corpus_text(key, language),
        withheld=_withheld(row["withheld"], row["language"], language),
    )


def _choices(item: ScoredArticle, taxonomy: Taxonomy) -> list[str]:
    return [f"{task.key}/{key}" for task in taxonomy.tasks for key in row_labels(item, task.key)]


def _chips(item: ScoredArticle, taxonomy: Taxonomy, language: Language) -> list[ArticleLabel]:
    found = []
    for choice in _choices(item, taxonomy):
        task, key = choice.split("/", 1)
        p = item.probabilities.get(task, {}).get(key)
        found.append(
            ArticleLabel(
                choice,
                task_text(taxonomy.task(task), "singular", language),
                taxonomy.task(task).label(key).name(language),
                label_style(taxonomy, task, key),
                "" if p is None else format_percent(p, language),
            )
        )
    return found


def _pieces(item: ScoredArticle, choices: set[str]) -> list[Passage]:
    """The text in order, cut at the sentences of its evidence."""
    shows: dict[tuple[int, int], list[str]] = {}
    for sentence in item.row.get("evidence") or ():
        choice = f"{sentence['task']}/{sentence['label']}"
        if sentence["start"] is not None and choice in choices:
            shows.setdefault((sentence["start"], sentence["end"]), []).append(choice)
    pieces, position = [], 0
    for (start, end), own in sorted(shows.items()):
        if start < position:
            continue
        pieces += [Passage(item.text[position:start]), Passage(item.text[start:end], " ".join(own))]
        position = end
    return [piece for piece in (*pieces, Passage(item.text[position:])) if piece.text]


def _withheld(why: str | None, code: str | None, language: Language) -> str:
    if not why:
        return ""
    key = {"language": "not_indonesian", "short": "too_short", "gate": "gated"}.get(why, why)
    return corpus_text("gated", language) if key == "gated" else page_text(key, language, name=language_name(code, language))
