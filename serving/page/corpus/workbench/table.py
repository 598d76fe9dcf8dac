"""The articles that the filters leave, in pages, each with a button that opens it; and the corpus in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sorot.data.article import Reject
from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.common.label_styles import LabelStyle, label_style
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus, Rows, row_labels
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.view import shorten_cell
from sorot.serving.page.corpus.words import corpus_text, reason_in
from sorot.serving.words.language import Language, format_count
from sorot.serving.words.task_words import task_text

PAGE_ROWS = 20
SHOWN_REJECTS = 50


def page_of(n: int, page: int) -> tuple[int, int]:
    """The number of the page to show of `n` rows, within bounds, and the number of pages."""
    pages = max(1, -(-n // PAGE_ROWS))
    return min(max(1, page), pages), pages


def table_html(opened: OpenCorpus, rows: Rows, page: int, place: int | None, language: Language) -> str:
    """One page of the table; the article at `place` is the one that is open."""
    page, pages = page_of(len(rows), page)
    taxonomy = opened.taxonomy
    columns = [corpus_text(key, language) for key in ("article", "by_outlet", "published")]
    return render(
        "corpus/workbench/table.html.j2",
        shown=corpus_text("pages", language, page=page, pages=pages) if pages > 1 else "",
        nothing="" if len(rows) else corpus_text("nothing_left", language),
        label=corpus_text("articles", language),
        columns=columns + [task_text(task, "singular", language) for task in taxonomy.tasks],
        rows=[
            (int(row), row == place, *_cells(opened.items[row], taxonomy, language))
            for row in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        ],
    )


def _cells(
    item: ScoredArticle, taxonomy: Taxonomy, language: Language
) -> tuple[str, str, str, list[list[tuple[LabelStyle, str]]]]:
    """Title, outlet, day, and for each task the style and the name of each label."""
    row = item.row
    return (
        shorten_cell(row["title"] or item.text or row["id"]),
        shorten_cell(row["outlet"] or "–"),
        item.published_at.date().isoformat() if item.published_at else "–",
        [
            [(label_style(taxonomy, task.key, key), task.label(key).name(language)) for key in row_labels(item, task.key)]
            for task in taxonomy.tasks
        ],
    )


def labelled_articles(items: Sequence[ScoredArticle], taxonomy: Taxonomy) -> list[ScoredArticle]:
    """The articles with a label of the taxonomy's gate task; without such a task, those with any label."""
    gate = taxonomy.gate_task
    tasks = [gate] if gate else list(taxonomy.tasks)
    return [item for item in items if any(row_labels(item, task.key) for task in tasks)]


def summary_html(
    name: str, items: Sequence[ScoredArticle], rejects: Sequence[Reject], taxonomy: Taxonomy, language: Language
) -> str:
    """The corpus of a file in one sentence, and the rejects with their reasons."""
    n_labelled = format_count(len(labelled_articles(items, taxonomy)), language)
    gate = taxonomy.gate_task
    sentence = corpus_text(
        "one_summary" if len(items) == 1 else "summary",
        language,
        n=format_count(len(items), language),
        labelled=task_text(gate, "n_articles", language, n=n_labelled)
        if gate
        else corpus_text("n_labelled", language, n=n_labelled),
        foreign=format_count(sum(item.row["withheld"] == "language" for item in items), language),
        rejected=format_count(len(rejects), language),
    )
    translated: list[tuple[str, str]] = []
    untranslated: list[tuple[str, str]] = []
    for reject in rejects[:SHOWN_REJECTS]:
        place = f"{shorten_cell(reject.file)}:{reject.row}" if reject.row else shorten_cell(reject.file)
        reason = reason_in(reject.reason, language)
        (translated if reason else untranslated).append((place, reason or reject.reason))
    return render(
        "corpus/workbench/summary.html.j2",
        name=shorten_cell(name),
        sentence=sentence,
        heading=corpus_text("rejects", language, n=format_count(len(rejects), language)),
        translated=translated,
        in_english=corpus_text("in_english", language),
        untranslated=untranslated,
        more=len(rejects) > SHOWN_REJECTS,
    )


def counts_html(
    now_items: Sequence[ScoredArticle], scored_items: Sequence[ScoredArticle], taxonomy: Taxonomy, language: Language
) -> str:
    """For each label with a threshold, the number of articles now, and as they were scored."""
    lines = []
    for task in taxonomy.many_tasks:
        now, was = (Counter(key for item in items for key in row_labels(item, task.key)) for items in (now_items, scored_items))
        lines += [
            corpus_text(
                "counted",
                language,
                name=task.label(key).name(language),
                now=format_count(now[key], language),
                was=format_count(was[key], language),
            )
            for key in task.keys
        ]
    return render("corpus/workbench/counts.html.j2", lines=lines)
