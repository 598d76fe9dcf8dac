"""Sections about labels: attention over time, and each task over time and by outlet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sorot.data.taxonomy import Task
from sorot.serving.findings.report.document.parts import Cell, Percent, Section, Table
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.draw.charts import Bar, Column, Panel, Part, Write, draw_bars, draw_columns, draw_panels
from sorot.serving.findings.report.draw.picture import Picture
from sorot.serving.findings.report.findings import Findings, Group, LabelShare, TaskFindings


def attention_section(findings: Findings, voice: Voice) -> Section:
    """The labels of `many` tasks over time, and which outlet covers what."""
    pictures: list[Picture] = []
    tables: list[Table] = []
    notes: list[str] = []
    many = [own for own in findings.tasks if voice.task(own.task).many]
    for own in many:
        task = voice.task(own.task)
        tables.append(_overall_table(own, task, voice))
        if own.periods:
            pictures += _pictures(findings, own, task, voice)
            title = voice("over_time", task=task.name(voice.language), unit=voice.unit(findings.corpus.unit))
            tables.append(_groups_table(f"{own.task}_periods", title, voice("period"), own.periods, task, voice))
        if findings.corpus.outlets:
            caption = voice("who_covers", task=task.name(voice.language))
            tables.append(_groups_table(f"{own.task}_outlets", caption, voice("outlet"), own.outlets, task, voice))
    if "dates" in findings.missing:
        notes.append(voice("missing_dates"))
    if "story" in findings.missing:
        notes.append(voice("missing_story"))
    text = voice(
        "attention_text",
        unit=voice.unit(findings.corpus.unit),
        level=voice.percent(findings.method.level),
        least=voice.count(findings.method.least_articles),
    )
    shown = (text,) if pictures else ()
    return Section("attention", voice("attention"), shown, (), tuple(notes), tuple(pictures), tuple(tables))


def composition_section(findings: Findings, own: TaskFindings, voice: Voice) -> Section:
    """The labels of a `one` task in all, over time and by outlet."""
    task = voice.task(own.task)
    articles = voice.articles(own.population, task)
    heading = voice.heading(task)
    if not own.overall.of:
        return Section(own.task, heading, notes=(voice("none_labelled", articles=articles),))
    keys = [(voice.label(own.task, share.label), voice.fill(own.task, share.label)) for share in own.overall.labels]
    tables = [_overall_table(own, task, voice)]
    pictures = []
    name = task.name(voice.language)
    if own.periods:
        title = voice("over_time", task=name, unit=voice.unit(findings.corpus.unit))
        bars = [_bar(group, own.task, voice) for group in own.periods]
        pictures.append(draw_columns(f"{own.task}-periods", title, bars, keys, voice.percent))
        tables.append(_groups_table(f"{own.task}_periods", title, voice("period"), own.periods, task, voice))
    if findings.corpus.outlets:
        title = voice("by_outlet", task=name)
        bars = [_bar(group, own.task, voice) for group in own.outlets if group.of]
        pictures.append(draw_bars(f"{own.task}-outlets", title, bars, keys, of_all=True))
        tables.append(_groups_table(f"{own.task}_outlets", title, voice("outlet"), own.outlets, task, voice))
    text = voice("among", of=voice.count(own.overall.of), articles=articles, least=voice.count(findings.method.least_articles))
    return Section(own.task, heading, (text,), (), (), tuple(pictures), tuple(tables))


def _pictures(findings: Findings, own: TaskFindings, task: Task, voice: Voice) -> Iterator[Picture]:
    """A task's labels over time: as shares of the articles, as numbers of articles and, if known, of stories."""
    names = [voice.group(group) for group in own.periods]
    unit, name = voice.unit(findings.corpus.unit), task.name(voice.language)

    def draw(measure: str, column_of: Callable[[LabelShare], Column | None], write: Write) -> Picture:
        panels = [
            Panel(
                voice.label(own.task, key),
                voice.fill(own.task, key),
                tuple(column_of(group.of_label(key)) for group in own.periods),
            )
            for key in task.keys
        ]
        return draw_panels(f"{own.task}-{measure}", voice(f"{measure}_by", unit=unit, task=name), names, panels, write)

    def share(of: LabelShare) -> Column | None:
        return Column(of.band.share, voice.band(of.band), of.band.low, of.band.high) if of.band else None

    def count(size: float) -> str:
        return voice.count(round(size))

    yield draw("shares", share, voice.percent)
    yield draw("articles", lambda of: Column(of.n, voice.count(of.n)), count)
    if own.overall.stories is not None:
        yield draw("stories", lambda of: None if of.stories is None else Column(of.stories, voice.count(of.stories)), count)


def _bar(group: Group, task: str, voice: Voice) -> Bar:
    parts = tuple(
        Part(voice.label(task, share.label), voice.fill(task, share.label), share.n, voice.percent(share.band.share))
        for share in group.labels
        if share.n and share.band
    )
    return Bar(voice.group(group), parts, f"n = {voice.count(group.of)}")


def _overall_table(own: TaskFindings, task: Task, voice: Voice) -> Table:
    """Each label over the whole corpus: articles, share, and where they are known stories and the corrected share."""
    shares = own.overall.labels
    with_stories = own.overall.stories is not None
    corrected = any(share.corrected for share in shares)
    columns = [voice("label_column"), voice("articles"), voice("share")]
    columns += [voice("corrected_column")] if corrected else []
    columns += [voice("stories")] if with_stories else []
    rows: list[tuple[Cell, ...]] = []
    for share in shares:
        row: list[Cell] = [voice.label(own.task, share.label), share.n, share.band]
        row += [share.corrected] if corrected else []
        row += [share.stories] if with_stories else []
        rows.append(tuple(row))
    caption = voice("in_all", task=task.name(voice.language))
    return Table(own.task, caption, tuple(columns), tuple(rows))


def _groups_table(key: str, caption: str, head: str, groups: tuple[Group, ...], task: Task, voice: Voice) -> Table:
    """A row for each group: its articles, and of each label the articles and their share."""
    labels = [share.label for share in groups[0].labels] if groups else []
    with_stories = any(group.stories is not None for group in groups)
    columns = [head, voice("articles"), *([voice("stories")] if with_stories else [])]
    for label in labels:
        name = voice.label(task.key, label)
        columns += [name, voice("share_of_label", label=name)]
        columns += [voice("stories_of_label", label=name)] if with_stories else []
    rows = [(voice.group(g), g.of, *([g.stories] if with_stories else []), *_label_cells(g, with_stories)) for g in groups]
    return Table(key, caption, tuple(columns), tuple(rows))


def _label_cells(group: Group, with_stories: bool) -> Iterator[Cell]:
    for share in group.labels:
        yield share.n
        yield Percent(share.band.share) if share.band else None
        if with_stories:
            yield share.stories
