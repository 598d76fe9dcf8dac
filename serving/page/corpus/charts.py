"""Charts of a scored corpus as SVG. Colours follow the text's own; shares differ by pattern and are written out as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.page.common.language import Language, format_count
from sorot.serving.page.common.verdict import label_name
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.words import corpus_text

WIDTH, LINE, BAR = 480, 20, 18
TOP_OUTLETS = 8
LONG_NAME = 40
MAX_WEEKS, MAX_MONTHS = 26, 60
# One for each label of a task, in order: what is drawn over the ground, seen without colour too.
PATTERNS = (
    '<rect width="8" height="8" fill="#0f766e"/>',
    '<rect width="8" height="8" fill="#fde68a"/><path d="M0 8L8 0" stroke="#713f12" stroke-width="1.5"/>',
    '<rect width="8" height="8" fill="#dbeafe"/><circle cx="4" cy="4" r="1.6" fill="#1e3a8a"/>',
    '<rect width="8" height="8" fill="#f8fafc"/><path d="M4 0V8" stroke="#475569"/>',
)
FILE_STYLE = "<style>svg{color:#111;background:#fff}@media(prefers-color-scheme:dark){svg{color:#eee;background:#111}}</style>"
Group = tuple[str, Mapping[str, int]]


def draw_charts(
    items: Sequence[ScoredArticle], taxonomy: Taxonomy, language: Language, *, own_file: bool = False
) -> dict[str, str]:
    """Each chart by its name, as SVG, of the articles on a topic; with `own_file` one that has a ground of its own."""
    on = [item for item in items if item.row["topics"]]
    outlets = Counter(item.row["outlet"] or corpus_text("no_outlet", language) for item in on)
    top = [name for name, _ in outlets.most_common(TOP_OUTLETS)]
    by_outlet: dict[str, Counter[str]] = {}
    by_topic: dict[str, Counter[str]] = {topic: Counter() for topic in taxonomy.labels("topics")}
    for item in on:
        outlet = item.row["outlet"] or corpus_text("no_outlet", language)
        by_outlet.setdefault(outlet if outlet in top else corpus_text("others", language), Counter())[item.row["stance"]] += 1
        for topic in item.row["topics"]:
            by_topic[topic][item.row["sentiment"]] += 1
    named: list[Group] = [(label_name(taxonomy, "topics", topic, language), found) for topic, found in by_topic.items()]
    order = [*top, corpus_text("others", language)]
    outlet_groups: list[Group] = [(name, by_outlet[name]) for name in order if name in by_outlet]
    return {
        "attention": _attention(on, taxonomy, language, own_file),
        "stance_by_outlet": _stacked("stance_by_outlet", outlet_groups, "stance", taxonomy, language, own_file),
        "sentiment_by_topic": _stacked("sentiment_by_topic", named, "sentiment", taxonomy, language, own_file),
    }


def _attention(on: Sequence[ScoredArticle], taxonomy: Taxonomy, language: Language, own_file: bool) -> str:
    """A row of bars for each topic, all on one scale, by week, month or year."""
    days = [(moment.date(), item.row["topics"]) for item in on if (moment := item.moment)]
    title, topics = corpus_text("attention", language), taxonomy.labels("topics")
    undated = len(on) - len(days)
    note = corpus_text("undated", language, n=format_count(undated, language)) if undated else ""
    if not days:
        return _svg("attention", title, [corpus_text("no_dates", language)], "", LINE, language, own_file)
    first, last = min(day for day, _ in days), max(day for day, _ in days)
    unit = "week" if (last - first).days <= 7 * MAX_WEEKS else "month" if (last - first).days <= 31 * MAX_MONTHS else "year"
    periods = list(dict.fromkeys(_period(first + timedelta(n), unit) for n in range((last - first).days + 1)))
    found = {topic: Counter(_period(day, unit) for day, held in days if topic in held) for topic in topics}
    most = max(max(c.values(), default=0) for c in found.values())
    step, body, spoken, y = WIDTH / len(periods), "", [], LINE
    for topic in topics:
        name = label_name(taxonomy, "topics", topic, language)
        peak = max(found[topic].values(), default=0)
        said = f"{name}: {sum(found[topic].values())} ({corpus_text('most', language)} {peak})"
        spoken.append(said)
        body += _text(0, y, said) + f'<path d="M0 {y + 56}H{WIDTH}" stroke="currentColor" stroke-opacity=".5"/>'
        for at, period in enumerate(periods):
            if n := found[topic][period]:
                height = 46 * n / most
                body += (
                    f'<rect x="{at * step + step * 0.1:.1f}" y="{y + 56 - height:.1f}" width="{max(1.5, step * 0.8):.1f}" '
                    f'height="{height:.1f}" fill="currentColor" fill-opacity=".75"><title>{period}: {n}</title></rect>'
                )
        y += 84
    body += _text(0, y - 8, periods[0]) + _text(WIDTH, y - 8, periods[-1], end=True)
    per = corpus_text("per", language, unit=corpus_text(unit, language))
    return _svg("attention", title, [per, *([note] if note else [])], body, y, language, own_file, spoken)


def _period(day: date, unit: str) -> str:
    if unit == "week":
        return (day - timedelta(day.weekday())).isoformat()
    return day.isoformat()[: 7 if unit == "month" else 4]


def _stacked(ident: str, groups: Sequence[Group], task: Task, taxonomy: Taxonomy, language: Language, own_file: bool) -> str:
    """A bar of 100 % for each group, with how many articles it is of and each part's number written in it."""
    title = corpus_text(ident, language)
    labels = taxonomy.labels(task)
    if not any(sum(found.values()) for _, found in groups):
        return _svg(ident, title, [corpus_text("nothing", language)], "", LINE, language, own_file)
    body, y, spoken = "", LINE, []
    for at, label in enumerate(labels):
        body += (
            f'<rect x="0" y="{y - 13}" width="24" height="15" fill="url(#{ident}-{at % len(PATTERNS)})" stroke="currentColor"/>'
        )
        body += _text(32, y, label_name(taxonomy, task, label, language))
        y += LINE + 2
    y += 8
    for name, found in groups:
        n = sum(found.values())
        short = name if len(name) <= LONG_NAME else name[: LONG_NAME - 1] + "…"
        parts = ", ".join(f"{label_name(taxonomy, task, label, language)} {found[label]}" for label in labels if found.get(label))
        spoken.append(f"{name}: n = {n}; {parts}")
        body += _text(0, y, short) + _text(WIDTH, y, f"n = {format_count(n, language)}", end=True)
        x = 0.0
        for at, label in enumerate(labels):
            if not found.get(label):
                continue
            width = WIDTH * found[label] / n
            body += (
                f'<rect x="{x:.1f}" y="{y + 6}" width="{width:.1f}" height="{BAR}" fill="url(#{ident}-{at % len(PATTERNS)})" '
                f'stroke="currentColor"><title>{escape(label_name(taxonomy, task, label, language))}: {found[label]}'
                "</title></rect>"
            )
            if width > 34:
                middle = x + width / 2
                body += f'<rect x="{middle - 14:.1f}" y="{y + 8}" width="28" height="14" rx="3" fill="#fff"/>'
                body += (
                    f'<text x="{middle:.1f}" y="{y + 19}" font-size="12" text-anchor="middle" fill="#111">{found[label]}</text>'
                )
            x += width
        y += 2 * LINE + 12
    return _svg(ident, title, [], body, y - LINE, language, own_file, spoken)


def _text(x: float, y: float, text: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="15" fill="currentColor"{anchor}>{escape(text)}</text>'


def _svg(
    ident: str,
    title: str,
    notes: Sequence[str],
    body: str,
    height: float,
    language: Language,
    own_file: bool,
    spoken: Sequence[str] = (),
) -> str:
    """The whole drawing: a heading, notes below it, what it shows in words for those who cannot see it."""
    head = 26 + LINE * len(notes)
    above = f'<text x="0" y="18" font-size="17" font-weight="700" fill="currentColor">{escape(title)}</text>'
    above += "".join(_text(0, 18 + LINE * (n + 1), note) for n, note in enumerate(notes))
    fills = "".join(
        f'<pattern id="{ident}-{n}" width="8" height="8" patternUnits="userSpaceOnUse">{drawn}</pattern>'
        for n, drawn in enumerate(PATTERNS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="corpus-chart" role="img" lang="{language}" '
        f'font-family="system-ui, sans-serif" '
        f'aria-labelledby="{ident}-title {ident}-desc" viewBox="-4 -4 {WIDTH + 8} {head + height + 8:g}">'
        f'<title id="{ident}-title">{escape(title)}</title><desc id="{ident}-desc">{escape(". ".join([*notes, *spoken]))}</desc>'
        f"{FILE_STYLE if own_file else ''}<defs>{fills}</defs>{above}"
        f'<g transform="translate(0 {head})">{body}</g></svg>'
    )
