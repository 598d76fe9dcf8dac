"""Sections about the media: who is quoted, the words of outlets, copies, and example articles."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from sorot.data.taxonomy import Task
from sorot.serving.findings.report.document.parts import Card, Cell, Percent, Section, Table
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.draw.charts import Bar, Part, draw_bars
from sorot.serving.findings.report.findings import Example, Findings, Speaker

# An article is linked only by these; others could run code when they are opened.
SAFE_SCHEMES = ("http", "https")


def speakers_section(findings: Findings, voice: Voice) -> Section:
    """Who is quoted, how often, and with which labels."""
    heading, quoted = voice("speakers"), findings.quoted
    if quoted is None:
        return Section("speakers", heading, notes=(voice("missing_quotes"),))
    text = voice(
        "speakers_text",
        quotes=voice.count(quoted.quotes),
        articles=voice.count(quoted.articles),
        unnamed=voice.count(quoted.unnamed),
    )
    tasks = [task for task in voice.taxonomy.one_tasks if any(s.labels.get(task.key) for s in quoted.speakers)]
    pictures = []
    for task in tasks:
        keys = [(label.name(voice.language), voice.fill(task.key, label.key)) for label in task.labels]
        title = voice("quotes_by_task", task=voice.heading(task))
        bars = [_speaker_bar(speaker, task.key, voice) for speaker in quoted.speakers]
        pictures.append(draw_bars(f"speakers-{task.key}", title, bars, keys, of_all=False))
    columns = [voice("speaker_column"), voice("quotes_column"), voice("direct"), voice("articles"), voice("outlets")]
    columns += [f"{task.name(voice.language)}: {label.name(voice.language)}" for task in tasks for label in task.labels]
    rows: list[tuple[Cell, ...]] = [
        (s.name, s.quotes, s.direct, s.articles, s.outlets, *_label_counts(s, tasks)) for s in quoted.speakers
    ]
    table = Table("speakers", voice("quotes_by"), tuple(columns), tuple(rows))
    return Section("speakers", heading, (text,), (), (), tuple(pictures), (table,) if rows else ())


def words_section(findings: Findings, voice: Voice) -> Section:
    """The words that set each outlet apart."""
    notes = [voice("words_of_titles")] if findings.words_of == "title" else []
    if "outlets" in findings.missing:
        return Section("words", voice("words"), notes=(voice("missing_outlets"),))
    if not findings.words:
        return Section("words", voice("words"), notes=(voice("no_words"),))
    rows: list[tuple[Cell, ...]] = []
    for own in findings.words:
        listed = ", ".join(f"{w.word} ({voice.count(w.here)}; {voice.count(w.elsewhere)})" for w in own.words)
        rows.append((own.outlet, own.of, own.articles, listed))
    columns = (voice("outlet"), voice("articles"), voice("read"), voice("words_column"))
    table = Table("words", voice("words"), columns, tuple(rows))
    text = voice("words_text") + " " + voice("words_sample", n=voice.count(findings.method.words_read))
    return Section("words", voice("words"), (text,), (), tuple(notes), (), (table,))


def copies_section(findings: Findings, voice: Voice) -> Section:
    """The largest groups of the same text."""
    copies = findings.copies
    if copies is None:
        return Section("copies", voice("copies"), notes=(voice("missing_copy"),))
    points: tuple[str, ...] = ()
    if copies.share.band:
        n, groups = voice.count(copies.share.n), voice.count(copies.groups)
        points = (voice("copied", band=voice.band(copies.share.band), n=n, groups=groups),)
    columns = (voice("title_column"), voice("articles"), voice("outlets"), voice("first_day"), voice("first"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (group.title, group.articles, group.outlets, group.first_day, group.first) for group in copies.largest
    )
    tables = (Table("copies", voice("copies"), columns, rows),) if rows else ()
    text = (voice("copies_text"),) if rows else ()
    return Section("copies", voice("copies"), (*points, *text), (), (), (), tables)


def examples_section(findings: Findings, voice: Voice) -> Section:
    """For each label a few articles with the sentences that show it."""
    if not findings.examples:
        return Section("examples", voice("examples"), notes=(voice("no_labels"),))
    cards = tuple(_card(example, voice) for example in findings.examples)
    return Section("examples", voice("examples"), (voice("examples_text"),), cards=cards)


def safe_address(url: str | None) -> str:
    """The address if a click on it opens a web page, else an empty string."""
    try:
        scheme, host = urlsplit(url or "")[:2]
    except ValueError:
        return ""
    return url if url and scheme.lower() in SAFE_SCHEMES and host else ""


def _card(example: Example, voice: Voice) -> Card:
    task = voice.task(example.task)
    origin = (example.outlet, example.published[:10] if example.published else None)
    return Card(
        label=f"{task.name(voice.language)}: {voice.label(example.task, example.label)}",
        fill=voice.fill(example.task, example.label),
        certainty=Percent(example.probability),
        title=example.title or voice("no_title"),
        origin=" · ".join(part for part in origin if part),
        url=safe_address(example.url),
        sentences=tuple(sentence.text for sentence in example.sentences) or (voice("no_sentence"),),
    )


def _label_counts(speaker: Speaker, tasks: Sequence[Task]) -> list[int]:
    return [speaker.labels.get(task.key, {}).get(key, 0) for task in tasks for key in task.keys]


def _speaker_bar(speaker: Speaker, task: str, voice: Voice) -> Bar:
    parts = tuple(
        Part(voice.label(task, key), voice.fill(task, key), n, voice.count(n)) for key, n in speaker.labels.get(task, {}).items()
    )
    return Bar(speaker.name, parts, voice.count(speaker.quotes))
