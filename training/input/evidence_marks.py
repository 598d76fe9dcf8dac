"""Which sentences of a labelled article show the labels of which task: attention learns from them."""

from __future__ import annotations

from sorot.data.article import Article
from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Taxonomy, held
from sorot.data.text.windows import Segment


def marked_stretches(row: LabelledArticle, taxonomy: Taxonomy) -> list[list[str]]:
    """For each task, the stretches of the article that show its labels; empty where nobody marked any.

    Evidence without a task shows the labels of the gate's task and of the tasks that depend on it, if they have any.
    """
    gate = taxonomy.gate_task
    stretches: list[list[str]] = []
    for task in taxonomy.tasks:
        labels = held(row.labels.get(task.key))
        if row.marks:
            stretches.append([mark.sentence for mark in row.marks if mark.task == task.key and mark.label in labels])
        else:
            shown = gate is not None and gate.key in (task.key, task.without) and bool(task.holding(labels))
            stretches.append([row.evidence] if shown and row.evidence else [])
    return stretches


def mark_sentences(article: Article, sentences: tuple[Segment, ...], stretches: list[list[str]]) -> list[int]:
    """For each sentence a bit mask: bit k is 1 where it overlaps a stretch of task k. A stretch that is not found is left out."""
    masks = [0] * len(sentences)
    for task, texts in enumerate(stretches):
        for text in texts:
            start = article.body.find(text)
            if start >= 0:
                shown = [
                    s.start is not None and s.end is not None and s.start < start + len(text) and start < s.end for s in sentences
                ]
            else:
                shown = [s.start is None and text in s.text for s in sentences]
            masks = [mask | (1 << task if hit else 0) for mask, hit in zip(masks, shown, strict=True)]
    return masks
