"""The scored corpus as a table in pages, filtered and sorted, with its summary and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sorot.data.article import Reject
from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.page.common.language import Language, format_count
from sorot.serving.page.common.task_words import task_text
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.words import corpus_text, reason_in

PAGE_ROWS = 25
SHOWN_REJECTS = 50
LONG_CELL = 160
SORTS = ("order", "sort_title", "sort_newest", "sort_oldest")


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What the filters ask for. An empty filter passes everything; `labels` holds a label by task; `sort` is one of SORTS, or
    'task/label' for the most probable first."""

    search: str = ""
    outlet: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    sort: str = "order"


def row_labels(item: ScoredArticle, task: str) -> list[str]:
    """The keys of an article's labels for a task of either kind."""
    value = item.row[task]
    return value if isinstance(value, list) else [value] if value else []


def select_rows(items: Sequence[ScoredArticle], query: TableQuery) -> list[ScoredArticle]:
    """The articles that pass the filters, sorted; those without a value to sort by come last."""
    wanted = query.search.casefold()
    passing = [
        item
        for item in items
        if (not wanted or wanted in f"{item.row['title'] or ''}\n{item.text}".casefold())
        and (not query.outlet or item.row["outlet"] == query.outlet)
        and all(not label or label in row_labels(item, task) for task, label in query.labels.items())
    ]
    if query.sort == "sort_title":
        return sorted(passing, key=lambda item: (not item.row["title"], str(item.row["title"]).casefold()))
    if query.sort in ("sort_newest", "sort_oldest"):
        dated = [(moment, item) for item in passing if (moment := item.published_at)]
        dated.sort(key=lambda pair: pair[0], reverse=query.sort == "sort_newest")
        return [item for _, item in dated] + [item for item in passing if not item.published_at]
    task, slash, label = query.sort.partition("/")
    if slash:
        return sorted(passing, key=lambda item: -item.probabilities.get(task, {}).get(label, -1.0))
    return passing


def page_of(items: Sequence[ScoredArticle], page: int) -> tuple[int, int]:
    """The number of the page to show, within bounds, and the number of pages."""
    pages = max(1, -(-len(items) // PAGE_ROWS))
    return min(max(1, page), pages), pages


def table_html(items: Sequence[ScoredArticle], page: int, taxonomy: Taxonomy, language: Language) -> str:
    """One page of the table."""
    page, pages = page_of(items, page)
    columns = [corpus_text(key, language) for key in ("articles", "by_outlet", "published")]
    return render(
        "corpus/table.html.j2",
        shown=corpus_text("shown", language, n=format_count(len(items), language), page=page, pages=pages),
        label=corpus_text("articles", language),
        columns=columns + [task_text(task, "singular", language) for task in taxonomy.tasks],
        rows=[_cells(item, taxonomy, language) for item in items[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]],
    )


def _cells(item: ScoredArticle, taxonomy: Taxonomy, language: Language) -> list[str]:
    row = item.row
    return [
        shorten_cell(row["title"] or item.text or row["id"]),
        shorten_cell(row["outlet"] or "–"),
        item.published_at.date().isoformat() if item.published_at else "–",
        *(_label_names(item, task, language) or "–" for task in taxonomy.tasks),
    ]


def _label_names(item: ScoredArticle, task: Task, language: Language) -> str:
    return ", ".join(task.label(key).name(language) for key in row_labels(item, task.key))


def shorten_cell(text: str) -> str:
    """The text, cut to the length of a table cell."""
    return text if len(text) <= LONG_CELL else text[: LONG_CELL - 1] + "…"


def labelled_articles(items: Sequence[ScoredArticle], taxonomy: Taxonomy) -> list[ScoredArticle]:
    """The articles with a label of the taxonomy's gate task; without such a task, those with any label."""
    gate = taxonomy.gate_task
    tasks = [gate] if gate else list(taxonomy.tasks)
    return [item for item in items if any(row_labels(item, task.key) for task in tasks)]


def summary_html(items: Sequence[ScoredArticle], rejects: Sequence[Reject], taxonomy: Taxonomy, language: Language) -> str:
    """The corpus in one sentence, and the rejects with their reasons."""
    n_labelled = format_count(len(labelled_articles(items, taxonomy)), language)
    gate = taxonomy.gate_task
    sentence = corpus_text(
        "summary",
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
        "corpus/summary.html.j2",
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
    return render("corpus/counts.html.j2", lines=lines)
