"""The findings of a report in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sorot.serving.findings.report.document.parts import Section
from sorot.serving.findings.report.document.voice import Voice
from sorot.serving.findings.report.findings import LEAST_ARTICLES, Findings, Group, TaskFindings
from sorot.serving.words.task_words import enumerate_names, inside

# Speakers and outlets that are named in a sentence.
NAMED = 3


def summary_section(findings: Findings, voice: Voice) -> Section:
    """What the corpus is, what it is about, how it is covered, who is quoted and what was copied."""
    points = [*_corpus_points(findings, voice)]
    for own in findings.tasks:
        points += _many_points(own, voice) if voice.task(own.task).many else _one_points(own, voice)
    points += _standout_points(findings, voice)
    points += _people_points(findings, voice)
    notes = []
    if not any(own.overall.of for own in findings.tasks):
        notes.append(voice("no_labels"))
    elif findings.corpus.judged < LEAST_ARTICLES:
        notes.append(voice("few", least=voice.count(LEAST_ARTICLES)))
    return Section("findings", voice("findings"), (), tuple(points), tuple(notes))


def _corpus_points(findings: Findings, voice: Voice) -> Iterator[str]:
    corpus = findings.corpus
    articles, outlets = voice.count(corpus.articles), voice.count(corpus.outlets)
    if corpus.first_day and corpus.last_day:
        text = voice("corpus", articles=articles, outlets=outlets, first=corpus.first_day, last=corpus.last_day)
    else:
        text = voice("corpus_undated", articles=articles, outlets=outlets)
    if corpus.stories is not None:
        text += " " + voice("by_story", stories=voice.count(corpus.stories))
    yield text
    if corpus.first_day and corpus.undated:
        yield voice("some_undated", n=voice.count(corpus.undated))
    if corpus.outlets and corpus.without_outlet:
        yield voice("some_without_outlet", n=voice.count(corpus.without_outlet))
    if corpus.withheld:
        reasons = ", ".join(f"{voice.reason(reason)}: {voice.count(n)}" for reason, n in corpus.withheld.items())
        yield voice("withheld", n=voice.count(sum(corpus.withheld.values())), reasons=reasons)
    if corpus.rejects:
        yield voice("rejects", n=voice.count(corpus.rejects))


def _many_points(own: TaskFindings, voice: Voice) -> Iterator[str]:
    overall = own.overall
    for share in sorted(overall.labels, key=lambda share: -share.n):
        if share.band is None:
            continue
        name = voice.label(own.task, share.label)
        text = voice("label", label=name, band=voice.band(share.band), of=voice.count(overall.of), n=voice.count(share.n))
        if share.corrected:
            text += " " + voice("corrected", band=voice.band(share.corrected))
        if share.stories is not None and overall.stories is not None:
            text += " " + voice("stories_of", n=voice.count(share.stories), of=voice.count(overall.stories))
        if share.n and (peak := _peak(own, share.label)) and (band := peak.of_label(share.label).band):
            n = voice.count(peak.of_label(share.label).n)
            text += " " + voice("peak", period=peak.name, share=voice.percent(band.share), n=n, of=voice.count(peak.of))
        yield text


def _one_points(own: TaskFindings, voice: Voice) -> Iterator[str]:
    task = voice.task(own.task)
    shares = sorted((share for share in own.overall.labels if share.band), key=lambda share: -share.n)
    if not shares:
        return
    parts = [f"{inside(voice.label(own.task, s.label))} {voice.band(s.band)}" for s in shares if s.band]
    text = voice(
        "composition",
        task=voice.heading(task),
        of=voice.count(own.overall.of),
        articles=voice.articles(own.population, task),
        parts=", ".join(parts),
    )
    if any(share.corrected for share in shares):
        corrected = [f"{inside(voice.label(own.task, s.label))} {voice.band(s.corrected)}" for s in shares if s.corrected]
        text += " " + voice("corrected", band=", ".join(corrected))
    yield text


def _standout_points(findings: Findings, voice: Voice) -> Iterator[str]:
    if findings.method.comparisons and not findings.standouts:
        yield voice("no_standout")
    for found in findings.standouts:
        task = voice.task(found.task)
        own = next(own for own in findings.tasks if own.task == found.task)
        yield voice(
            "standout",
            outlet=found.outlet,
            label=inside(voice.label(found.task, found.label)),
            band=voice.band(found.here),
            of=voice.count(found.of),
            articles=voice.articles(own.population, task),
            overall=voice.percent(found.overall),
        )


def _people_points(findings: Findings, voice: Voice) -> Iterator[str]:
    if findings.quoted and findings.quoted.speakers:
        named = [voice("speaker", name=s.name, n=voice.count(s.quotes)) for s in findings.quoted.speakers[:NAMED]]
        yield voice("most_quoted", speakers=enumerate_names(named, voice.language))
    if findings.copies and findings.copies.share.band:
        copies = findings.copies
        band = findings.copies.share.band
        yield voice("copied", band=voice.band(band), n=voice.count(copies.share.n), groups=voice.count(copies.groups))


def _peak(own: TaskFindings, label: str) -> Group | None:
    """The period with the greatest share of a label among those with enough articles; None if there is none."""
    large = [group for group in own.periods if not group.is_small]
    return max(large, key=lambda group: group.of_label(label).n / group.of, default=None)
