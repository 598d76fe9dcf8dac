"""The scored corpus as a page of a table, filtered and sorted, and its counts. Text of articles is escaped here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sorot.data.article import Reject
from sorot.data.taxonomy import Taxonomy
from sorot.serving.page.common.language import Language, format_count
from sorot.serving.page.common.verdict import label_name
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.words import corpus_text, reason_in

PAGE_ROWS = 25
SHOWN_REJECTS = 50
LONG_CELL = 160
SORTS = ("order", "sort_title", "sort_newest", "sort_oldest")


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What of the corpus is asked for; an empty filter lets all pass, and `sort` is one of SORTS or 'p_' with a topic."""

    search: str = ""
    outlet: str = ""
    topic: str = ""
    stance: str = ""
    sentiment: str = ""
    sort: str = "order"


def select_rows(items: Sequence[ScoredArticle], view: TableQuery) -> list[ScoredArticle]:
    """The items that a view lets pass, sorted; those without a value of what is sorted by come last."""
    wanted = view.search.casefold()
    found = [
        item
        for item in items
        if (not wanted or wanted in f"{item.row['title'] or ''}\n{item.text}".casefold())
        and (not view.outlet or item.row["outlet"] == view.outlet)
        and (not view.topic or view.topic in item.row["topics"])
        and (not view.stance or item.row["stance"] == view.stance)
        and (not view.sentiment or item.row["sentiment"] == view.sentiment)
    ]
    if view.sort.startswith("p_"):
        return sorted(found, key=lambda item: -_probability(item, view.sort))
    if view.sort == "sort_title":
        return sorted(found, key=lambda item: (not item.row["title"], str(item.row["title"]).casefold()))
    if view.sort in ("sort_newest", "sort_oldest"):
        dated = [(moment, item) for item in found if (moment := item.moment)]
        dated.sort(key=lambda pair: pair[0], reverse=view.sort == "sort_newest")
        return [item for _, item in dated] + [item for item in found if not item.moment]
    return found


def _probability(item: ScoredArticle, column: str) -> float:
    """The value of a probability column; below all others if labels are withheld."""
    value: float | None = item.row.get(column)
    return -1.0 if value is None else value


def page_of(found: Sequence[ScoredArticle], page: int) -> tuple[int, int]:
    """The page that is shown where this one is asked for, and how many there are; one beyond the last is the last."""
    pages = max(1, -(-len(found) // PAGE_ROWS))
    return min(max(1, page), pages), pages


def table_html(found: Sequence[ScoredArticle], page: int, taxonomy: Taxonomy, language: Language) -> str:
    """One page of a table, as `page_of` finds it."""
    page, pages = page_of(found, page)
    shown = corpus_text("shown", language, n=format_count(len(found), language), page=page, pages=pages)
    names = ("articles", "by_outlet", "published", "topic", "stance", "sentiment")
    head = "".join(f'<th scope="col">{escape(corpus_text(name, language))}</th>' for name in names)
    rows = "".join(_row(item, taxonomy, language) for item in found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])
    label = escape(corpus_text("articles", language))
    return (
        f'<p class="corpus-shown" role="status">{escape(shown)}</p>'
        f'<div class="corpus-scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="corpus-rows"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(item: ScoredArticle, taxonomy: Taxonomy, language: Language) -> str:
    row = item.row
    topics = ", ".join(label_name(taxonomy, "topics", t, language) for t in row["topics"])
    cells = (
        shorten(row["title"] or item.text or row["id"]),
        shorten(row["outlet"] or "–"),
        item.moment.date().isoformat() if item.moment else "–",
        topics or "–",
        label_name(taxonomy, "stance", row["stance"], language) if row["stance"] else "–",
        label_name(taxonomy, "sentiment", row["sentiment"], language) if row["sentiment"] else "–",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def shorten(text: str) -> str:
    """A text as long as a cell has room for."""
    return text if len(text) <= LONG_CELL else text[: LONG_CELL - 1] + "…"


def summary_html(items: Sequence[ScoredArticle], rejects: Sequence[Reject], language: Language) -> str:
    """The corpus in one sentence, and what was rejected with the reasons."""
    sentence = corpus_text(
        "summary",
        language,
        n=format_count(len(items), language),
        on=format_count(sum(bool(item.row["topics"]) for item in items), language),
        foreign=format_count(sum(item.row["withheld"] == "language" for item in items), language),
        rejected=format_count(len(rejects), language),
    )
    html = f'<p class="corpus-summary" role="status">{escape(sentence)}</p>'
    if rejects:
        head = corpus_text("rejects", language, n=format_count(len(rejects), language))
        html += f'<details class="corpus-rejects"><summary>{escape(head)}</summary>{_rejects(rejects, language)}</details>'
    return html


def _rejects(rejects: Sequence[Reject], language: Language) -> str:
    """Those whose reason has words in the page's language; the others after them, with what language they are in."""
    told, foreign = "", ""
    for reject in rejects[:SHOWN_REJECTS]:
        reason = reason_in(reject.reason, language)
        place = f"{shorten(reject.file)}:{reject.row}" if reject.row else shorten(reject.file)
        line = f"<li><b>{escape(place)}</b> {escape(reason or reject.reason)}</li>"
        told, foreign = (told + line, foreign) if reason else (told, foreign + line)
    html = f"<ul>{told}</ul>" if told else ""
    if foreign:
        html += f'<p>{escape(corpus_text("in_english", language))}</p><ul lang="en">{foreign}</ul>'
    return html + ("<p>…</p>" if len(rejects) > SHOWN_REJECTS else "")


def counts_html(
    now_items: Sequence[ScoredArticle], items: Sequence[ScoredArticle], taxonomy: Taxonomy, language: Language
) -> str:
    """How many articles each topic has, and how many it had as they were scored."""
    now = Counter(topic for item in now_items for topic in item.row["topics"])
    was = Counter(topic for item in items for topic in item.row["topics"])
    lines = (
        corpus_text(
            "counted",
            language,
            name=label_name(taxonomy, "topics", topic, language),
            now=format_count(now[topic], language),
            was=format_count(was[topic], language),
        )
        for topic in taxonomy.labels("topics")
    )
    return f'<div role="status"><ul class="corpus-counts">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul></div>'
