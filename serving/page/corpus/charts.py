"""Charts of a scored corpus as SVG. Text has the page's colour; shares differ by pattern and are written out as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.page.common.language import Language, format_count
from sorot.serving.page.common.task_words import capitalised, inside, task_text
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.table import labelled_articles, row_labels
from sorot.serving.page.corpus.words import corpus_text

WIDTH, LINE, BAR = 480, 20, 18
TOP_OUTLETS = 8
LONG_NAME = 40
MAX_WEEKS, MAX_MONTHS = 26, 60
# Fill patterns in the template, one for each label of a task in order, then from the start again.
PATTERNS = 4
# A share narrower than this has no room for its number.
NARROW = 34
Group = tuple[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One element of a drawing: its kind in the template, where it stands, and what it shows."""

    kind: str
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    text: str = ""
    pattern: str = ""


@dataclass(slots=True)
class Drawing:
    """A chart: notes below its title, shapes, their total height, and the same in words for screen readers."""

    title: str
    notes: list[str] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    height: float = LINE
    spoken: list[str] = field(default_factory=list)


def draw_charts(
    items: Sequence[ScoredArticle], taxonomy: Taxonomy, language: Language, *, own_file: bool = False
) -> dict[str, str]:
    """Each chart by its name, as SVG, of the articles with a label; `own_file` gives it a background for use outside the page.

    A `many` task is drawn over time. A `one` task is drawn by the labels of the gate task, or by outlet if it depends on
    another task or if there is no gate task.
    """
    labelled = labelled_articles(items, taxonomy)
    articles = corpus_text("articles_plain", language)
    if taxonomy.gate_task:
        articles = task_text(taxonomy.gate_task, "articles", language)
    drawings: dict[str, Drawing] = {}
    for task in taxonomy.tasks:
        if task.many:
            name = "attention" if task == taxonomy.gate_task else f"attention_{task.key}"
            drawings[name] = _attention(labelled, task, taxonomy, articles, language)
        elif taxonomy.gate_task is None or task.without is not None:
            title = task_text(task, "by_outlet", language, articles=articles)
            name = f"{task.key}_by_outlet"
            drawings[name] = _stacked(name, title, _by_outlet(labelled, task, language), task, articles, language)
        else:
            by = taxonomy.gate_task
            title = task_text(task, "by_task", language, by=inside(task_text(by, "singular", language)))
            name = f"{task.key}_by_{inside(task_text(by, 'singular', 'en')).replace(' ', '_')}"
            drawings[name] = _stacked(name, title, _by_label(labelled, task, by, language), task, articles, language)
    return {name: _svg(name, drawing, language, own_file) for name, drawing in drawings.items()}


def _by_outlet(items: Sequence[ScoredArticle], task: Task, language: Language) -> list[Group]:
    """The labels of a task by outlet: the largest outlets first, then all others together."""
    no_outlet, others = corpus_text("no_outlet", language), corpus_text("others", language)
    sizes = Counter(item.row["outlet"] or no_outlet for item in items)
    top = [name for name, _ in sizes.most_common(TOP_OUTLETS)]
    groups: dict[str, Counter[str]] = {}
    for item in items:
        outlet = item.row["outlet"] or no_outlet
        groups.setdefault(outlet if outlet in top else others, Counter()).update(row_labels(item, task.key))
    return [(name, groups[name]) for name in dict.fromkeys([*top, others]) if name in groups]


def _by_label(items: Sequence[ScoredArticle], task: Task, by: Task, language: Language) -> list[Group]:
    """The labels of a task by the labels of another."""
    groups: dict[str, Counter[str]] = {key: Counter() for key in by.keys}
    for item in items:
        for key in row_labels(item, by.key):
            groups[key].update(row_labels(item, task.key))
    return [(by.label(key).name(language), counts) for key, counts in groups.items()]


def _attention(items: Sequence[ScoredArticle], task: Task, taxonomy: Taxonomy, articles: str, language: Language) -> Drawing:
    """A row of bars for each label, all on one scale, by week, month or year."""
    title = corpus_text("attention", language)
    if len(taxonomy.many_tasks) > 1:
        title = f"{title}: {inside(task.name(language))}"
    days = [(moment.date(), row_labels(item, task.key)) for item in items if (moment := item.published_at)]
    if not days:
        return Drawing(title, [corpus_text("no_dates", language, articles=articles)])
    first, last = min(day for day, _ in days), max(day for day, _ in days)
    unit = "week" if (last - first).days <= 7 * MAX_WEEKS else "month" if (last - first).days <= 31 * MAX_MONTHS else "year"
    periods = list(dict.fromkeys(_period(first + timedelta(n), unit) for n in range((last - first).days + 1)))
    counts = {key: Counter(_period(day, unit) for day, labels in days if key in labels) for key in task.keys}
    highest = max(max(c.values(), default=0) for c in counts.values())
    drawing = Drawing(title, [corpus_text("per", language, unit=corpus_text(unit, language))])
    if undated := len(items) - len(days):
        note = corpus_text("undated", language, articles=articles, n=format_count(undated, language))
        drawing.notes.append(capitalised(note))
    step, y = WIDTH / len(periods), LINE
    for key, by_period in counts.items():
        peak = max(by_period.values(), default=0)
        line = f"{task.label(key).name(language)}: {sum(by_period.values())} ({corpus_text('most', language)} {peak})"
        drawing.spoken.append(line)
        drawing.shapes += [Shape("text", 0, y, text=line), Shape("axis", 0, y + 56, WIDTH)]
        for place, period in enumerate(periods):
            if n := by_period[period]:
                height, width = 46 * n / highest, max(1.5, step * 0.8)
                x, top = place * step + step * 0.1, y + 56 - height
                drawing.shapes.append(Shape("bar", x, top, width, height, f"{period}: {n}"))
        y += 84
    drawing.shapes += [Shape("text", 0, y - 8, text=periods[0]), Shape("text_end", WIDTH, y - 8, text=periods[-1])]
    drawing.height = y
    return drawing


def _period(day: date, unit: str) -> str:
    if unit == "week":
        return (day - timedelta(day.weekday())).isoformat()
    return day.isoformat()[: 7 if unit == "month" else 4]


def _stacked(name: str, title: str, groups: Sequence[Group], task: Task, articles: str, language: Language) -> Drawing:
    """A bar of 100 % for each group, with its number of articles, and each part's number written in it."""
    if not any(sum(counts.values()) for _, counts in groups):
        return Drawing(title, [corpus_text("nothing", language, articles=articles)])
    drawing, y = Drawing(title), float(LINE)
    patterns = {key: f"{name}-{place % PATTERNS}" for place, key in enumerate(task.keys)}
    names = {label.key: label.name(language) for label in task.labels}
    for key, pattern in patterns.items():
        drawing.shapes.append(Shape("part", 0, y - 13, 24, 15, pattern=pattern))
        drawing.shapes.append(Shape("text", 32, y, text=names[key]))
        y += LINE + 2
    y += 8
    for group, counts in groups:
        n = sum(counts.values())
        short = group if len(group) <= LONG_NAME else group[: LONG_NAME - 1] + "…"
        parts = {key: counts[key] for key in task.keys if counts.get(key)}
        drawing.spoken.append(f"{group}: n = {n}; " + ", ".join(f"{names[key]} {part}" for key, part in parts.items()))
        drawing.shapes.append(Shape("text", 0, y, text=short))
        drawing.shapes.append(Shape("text_end", WIDTH, y, text=f"n = {format_count(n, language)}"))
        x = 0.0
        for key, part in parts.items():
            width = WIDTH * part / n
            drawing.shapes.append(Shape("part", x, y + 6, width, BAR, f"{names[key]}: {part}", patterns[key]))
            if width > NARROW:
                drawing.shapes.append(Shape("number", x + width / 2, y + 8, text=str(part)))
            x += width
        y += 2 * LINE + 12
    drawing.height = y - LINE
    return drawing


def _svg(name: str, drawing: Drawing, language: Language, own_file: bool) -> str:
    """The drawing with title, notes and a description for screen readers."""
    head = 26 + LINE * len(drawing.notes)
    return render(
        "corpus/chart.svg.j2",
        name=name,
        drawing=drawing,
        notes=[(18 + LINE * n, note) for n, note in enumerate(drawing.notes, 1)],
        description=". ".join([*drawing.notes, *drawing.spoken]),
        language=language,
        own_file=own_file,
        width=WIDTH + 8,
        head=head,
        height=head + drawing.height + 8,
    )
