"""The views without bars: the numbers behind a chart, distinctive words, two sides in comparison, the map's points."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sorot.data.taxonomy import Task
from sorot.serving.findings.distinctive_words import DistinctiveWord
from sorot.serving.page.common.label_styles import LabelStyle, label_style
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.charts.counting import DAY, Group, Unit, period_end, period_starts
from sorot.serving.page.corpus.charts.label_charts import json_go
from sorot.serving.page.corpus.kept.open_corpus import Flags, OpenCorpus, row_labels
from sorot.serving.page.corpus.kept.query import NO_OUTLET
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import Language, format_count, format_percent
from sorot.serving.words.task_words import task_text

TOP_GROUPS, TOP_WORDS, PAIR_WORDS = 12, 10, 15
# With fewer articles there is no vocabulary of its own.
LEAST_ARTICLES = 3
LONG_TITLE = 90
# How articles are grouped, besides by the labels of each task.
OUTLET = "outlet"
PERIODS: tuple[Unit, ...] = ("month", "year")


@dataclass(frozen=True, slots=True)
class Part:
    """Articles of one outlet, label or period: a key, a name, which they are, and the filters that leave them."""

    key: str
    name: str
    flags: Flags
    go: dict[str, object]


@dataclass(frozen=True, slots=True)
class SideShare:
    """A label on two sides: its name and style, and for each side number, share as text, and percentage."""

    name: str
    style: LabelStyle
    sides: tuple[tuple[str, str, float], tuple[str, str, float]]


def numbers_html(groups: Sequence[Group], task: Task, by: str, language: Language) -> str:
    """A chart's numbers as a table of buttons, for the keyboard and for screen readers."""
    nameless = corpus_text("no_outlet", language)
    outlet = by == "by_outlet"
    rows = []
    for group in groups:
        where = {"outlet": group.first or NO_OUTLET} if outlet else {"first": group.first, "last": group.last}
        cells = [(group.labels[key], json.dumps(json_go(task, key, **where))) for key in task.keys]
        if group.n:
            rows.append((group.name or nameless, group.n, cells))
    return render(
        "corpus/charts/numbers.html.j2",
        heading=corpus_text("numbers", language),
        columns=[corpus_text(by, language), corpus_text("articles", language), *(label.name(language) for label in task.labels)],
        rows=rows,
    )


def parts_of(opened: OpenCorpus, flags: Flags, by: str, language: Language) -> list[Part]:
    """The articles in parts, by outlet, by a task's labels, or by month or year; outlets from the largest on."""
    if by == OUTLET:
        outlets, counts = np.unique(opened.arrays.outlets[flags], return_counts=True)
        names = [str(outlets[k]) for k in np.argsort(-counts, kind="stable") if outlets[k]]
        return [Part(name, name, flags & (opened.arrays.outlets == name), {"outlet": name}) for name in names]
    for unit in PERIODS:
        if by == unit:
            days = opened.arrays.days
            starts = np.unique(period_starts(days[flags & ~np.isnat(days)], unit))
            return [_period(opened, flags, start, unit) for start in starts]
    task = opened.taxonomy.task(by)
    return [
        Part(label.key, label.name(language), flags & opened.held[by][label.key], json_go(task, label.key))
        for label in task.labels
    ]


def _period(opened: OpenCorpus, flags: Flags, start: np.datetime64, unit: Unit) -> Part:
    end, name = period_end(start, unit), str(start)[: 4 if unit == "year" else 7]
    within = (opened.arrays.days >= start) & (opened.arrays.days < end)
    return Part(name, name, flags & within, {"first": str(start), "last": str(end - DAY)})


def words_html(opened: OpenCorpus, flags: Flags, by: str, language: Language) -> str:
    """The distinctive words of each part of the articles, against all others that the filters leave."""
    parts = [part for part in parts_of(opened, flags, by, language) if part.flags.sum() >= LEAST_ARTICLES]
    if by in PERIODS:
        parts = parts[-TOP_GROUPS:]
    groups = []
    for part in parts[:TOP_GROUPS]:
        words = opened.arrays.words.distinctive(part.flags, flags, TOP_WORDS)
        if words:
            n = corpus_text("n_articles", language, n=format_count(int(part.flags.sum()), language))
            groups.append((part.name, n, json.dumps(part.go), _buttons(words, part.go, language)))
    return render(
        "corpus/charts/words.html.j2", groups=groups, note=corpus_text("words_note" if groups else "no_words", language)
    )


def _buttons(words: Sequence[DistinctiveWord], go: dict[str, object], language: Language) -> list[tuple[str, float, str, str]]:
    """Word, length of its bar in per cent, what it says in full, and the filters that leave its articles."""
    top = words[0].z
    return [
        (
            word.word,
            100 * word.z / top,
            corpus_text("counts_of_word", language, here=word.here, elsewhere=word.elsewhere),
            json.dumps({**go, "search": word.word}),
        )
        for word in words
    ]


def pair_html(opened: OpenCorpus, flags: Flags, by: str, sides: Sequence[str], language: Language) -> str:
    """Two parts of the articles side by side: the labels of every task, and the words of one against the other."""
    found = {part.key: part for part in parts_of(opened, flags, by, language)}
    pair = [found[key] for key in sides if key in found]
    if len(pair) != 2 or pair[0].key == pair[1].key:
        return render("common/notice.html.j2", message=corpus_text("choose_two", language))
    both = pair[0].flags | pair[1].flags
    n = [int(part.flags.sum()) for part in pair]
    tasks = [
        (task_text(task, "title", language), [_side_share(opened, task, key, pair, n, language) for key in task.keys])
        for task in opened.taxonomy.tasks
    ]
    words = [_buttons(w, part.go, language) if (w := _own_words(opened, part, both)) else [] for part in pair]
    return render(
        "corpus/charts/pair.html.j2",
        heads=[
            (part.name, corpus_text("n_articles", language, n=format_count(k, language)), json.dumps(part.go))
            for part, k in zip(pair, n, strict=True)
        ],
        tasks=tasks,
        words=words,
        words_title=corpus_text("words_view", language),
        nothing=corpus_text("no_words", language),
    )


def _own_words(opened: OpenCorpus, part: Part, both: Flags) -> list[DistinctiveWord]:
    return opened.arrays.words.distinctive(part.flags, both, PAIR_WORDS)


def _side_share(
    opened: OpenCorpus, task: Task, key: str, pair: Sequence[Part], n: Sequence[int], language: Language
) -> SideShare:
    sides = []
    for part, total in zip(pair, n, strict=True):
        own = int((opened.held[task.key][key] & part.flags).sum())
        share = own / total if total else 0.0
        sides.append((format_count(own, language), format_percent(share, language), 100 * share))
    return SideShare(task.label(key).name(language), label_style(opened.taxonomy, task.key, key), (sides[0], sides[1]))


def map_html(opened: OpenCorpus, flags: Flags, task: Task, language: Language) -> str:
    """The articles as points: place, x and y in per mille, the first label of a task, and the title."""
    taxonomy = opened.taxonomy
    places = np.flatnonzero(flags)
    xy = np.round(1000 * opened.arrays.words.projection[places]).astype(int)
    keys = list(task.keys)
    points = []
    for place, (x, y) in zip(places, xy, strict=True):
        item = opened.items[place]
        labels = row_labels(item, task.key)
        title = str(item.row["title"] or item.text)[:LONG_TITLE]
        points.append([int(place), int(x), int(y), keys.index(labels[0]) if labels else -1, title, item.row["outlet"] or ""])
    styles = [label_style(taxonomy, task.key, key) for key in keys]
    legend = [(style, label.name(language)) for style, label in zip(styles, task.labels, strict=True)]
    return render(
        "corpus/charts/map.html.j2",
        points=json.dumps(points, ensure_ascii=False, separators=(",", ":")),
        looks=json.dumps([[style.colour, style.sign] for style in styles]),
        legend=legend,
        hint=corpus_text("map_hint", language),
        label=corpus_text("map_view", language),
        n=len(points),
    )
