"""The scored corpus as a page of a table, filtered and sorted, and its counts. Text of articles is escaped here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from data.taxonomy import Taxonomy
from serving.page.corpus_scoring import Corpus, Item, topics_at
from serving.page.corpus_words import say
from serving.page.view import label_name
from serving.page.words import Language, count

PAGE_ROWS = 25
SHOWN_REJECTS = 50
LONG_CELL = 160
SORTS = ("order", "sort_title", "sort_newest", "sort_oldest")


@dataclass(frozen=True, slots=True)
class View:
    """What of the corpus is asked for; an empty filter lets all pass, and `sort` is one of SORTS or 'p_' with a topic."""

    search: str = ""
    outlet: str = ""
    topic: str = ""
    stance: str = ""
    sentiment: str = ""
    sort: str = "order"
    page: int = 1


def select(items: Sequence[Item], view: View, thresholds: Mapping[str, float]) -> list[Item]:
    """The items that a view lets pass, sorted; those without a value of what is sorted by come last."""
    wanted = view.search.casefold()
    found = [
        item
        for item in items
        if (not wanted or wanted in f"{item.row['title'] or ''}\n{item.text}".casefold())
        and (not view.outlet or item.row["outlet"] == view.outlet)
        and (not view.topic or view.topic in topics_at(item, thresholds))
        and (not view.stance or item.row["stance"] == view.stance)
        and (not view.sentiment or item.row["sentiment"] == view.sentiment)
    ]
    if view.sort.startswith("p_"):
        return sorted(found, key=lambda item: -item.topics.get(view.sort.removeprefix("p_"), -1.0))
    if view.sort == "sort_title":
        return sorted(found, key=lambda item: (not item.row["title"], str(item.row["title"]).casefold()))
    if view.sort in ("sort_newest", "sort_oldest"):
        dated = [item for item in found if item.row["published"]]
        dated.sort(key=lambda item: str(item.row["published"]), reverse=view.sort == "sort_newest")
        return dated + [item for item in found if not item.row["published"]]
    return found


def table_html(found: Sequence[Item], page: int, thresholds: Mapping[str, float], taxonomy: Taxonomy, language: Language) -> str:
    """One page of a table; a page beyond the last is the last."""
    pages = max(1, -(-len(found) // PAGE_ROWS))
    page = min(max(1, page), pages)
    shown = say("shown", language).format(n=count(len(found), language), page=page, pages=pages)
    names = ("articles", "by_outlet", "published", "topic", "stance", "sentiment")
    head = "".join(f'<th scope="col">{escape(say(name, language))}</th>' for name in names)
    rows = "".join(_row(item, thresholds, taxonomy, language) for item in found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])
    label = escape(say("articles", language))
    return (
        f'<p class="corpus-shown" role="status">{escape(shown)}</p>'
        f'<div class="corpus-scroll" role="region" tabindex="0" aria-label="{label}">'
        f'<table class="corpus-rows"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(item: Item, thresholds: Mapping[str, float], taxonomy: Taxonomy, language: Language) -> str:
    row = item.row
    topics = ", ".join(label_name(taxonomy, "topics", t, language) for t in topics_at(item, thresholds))
    cells = (
        cut(row["title"] or item.text or row["id"]),
        cut(row["outlet"] or "–"),
        str(row["published"] or "–")[:10],
        topics or "–",
        label_name(taxonomy, "stance", row["stance"], language) if row["stance"] else "–",
        label_name(taxonomy, "sentiment", row["sentiment"], language) if row["sentiment"] else "–",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def cut(text: str) -> str:
    """A text as long as a cell has room for."""
    return text if len(text) <= LONG_CELL else text[: LONG_CELL - 1] + "…"


def summary_html(corpus: Corpus, thresholds: Mapping[str, float], language: Language) -> str:
    """The corpus in one sentence, and what was rejected with the reasons."""
    sentence = say("summary", language).format(
        n=count(len(corpus.items), language),
        on=count(sum(bool(topics_at(item, thresholds)) for item in corpus.items), language),
        foreign=count(sum(item.row["withheld"] == "language" for item in corpus.items), language),
        rejected=count(len(corpus.rejects), language),
    )
    html = f'<p class="corpus-summary" role="status">{escape(sentence)}</p>'
    if corpus.rejects:
        lines = "".join(
            f"<li><b>{escape(cut(r.file))}{f':{r.row}' if r.row else ''}</b> {escape(r.reason)}</li>"
            for r in corpus.rejects[:SHOWN_REJECTS]
        )
        more = "<li>…</li>" if len(corpus.rejects) > SHOWN_REJECTS else ""
        head = say("rejects", language).format(n=count(len(corpus.rejects), language))
        html += f'<details class="corpus-rejects"><summary>{escape(head)}</summary><ul>{lines}{more}</ul></details>'
    return html


def counts_html(
    items: Sequence[Item], thresholds: Mapping[str, float], defaults: Mapping[str, float], taxonomy: Taxonomy, language: Language
) -> str:
    """How many articles each topic has, and how many it had at the manifest's thresholds."""
    now = Counter(topic for item in items for topic in topics_at(item, thresholds))
    was = Counter(topic for item in items for topic in topics_at(item, defaults))
    lines = (
        say("counted", language).format(
            name=label_name(taxonomy, "topics", topic, language), now=count(now[topic], language), was=count(was[topic], language)
        )
        for topic in defaults
    )
    return '<ul class="corpus-counts" role="status">' + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
