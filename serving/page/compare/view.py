"""Articles on one event as columns: what each is about, what it stressed, its own words. All text is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sorot.data.taxonomy import Task, Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.page.common.evidence_marks import STEPS
from sorot.serving.page.common.language import Language, format_percent
from sorot.serving.page.common.templates import notice_html
from sorot.serving.page.common.verdict import inside, label_name, verdict_sentence
from sorot.serving.page.compare.distinctive_words import DistinctiveWord, distinctive_words, find_repeats
from sorot.serving.page.compare.pasted_articles import ComparedArticle
from sorot.serving.page.compare.words import compare_text

# Sentences a label, and words an article.
SENTENCES = 2
WORDS = 8


def compare_html(compared: Sequence[ComparedArticle], taxonomy: Taxonomy, language: Language) -> str:
    """A summary in one sentence and a column an article, with a notice for each that was left out; or why there is none."""
    kept, notices = _sift(compared, language)
    if len(kept) < 2:
        notices.append(compare_text("too_few", language))
    told = "".join(map(notice_html, notices))
    if len(kept) < 2:
        return told
    own = distinctive_words([f"{c.article.title or ''}\n{c.article.body}" for c in kept], WORDS)
    columns = "".join(_column(c, words, taxonomy, language) for c, words in zip(kept, own, strict=True))
    summary = f'<p class="verdict" role="status">{escape(summary_sentence(kept, taxonomy, language))}</p>'
    return f'{told}{summary}<div class="compared">{columns}</div>'


def name_of(compared: ComparedArticle, language: Language) -> str:
    """The outlet, given or found, else the number of the box."""
    return compared.article.outlet or compare_text("text_of", language, number=compared.box)


def summary_sentence(kept: Sequence[ComparedArticle], taxonomy: Taxonomy, language: Language) -> str:
    """What the articles have in common and where they part, in one sentence."""
    topics = [key for key in taxonomy.labels("topics") if all(key in c.analysis.topics for c in kept)]
    if topics:
        shared = ", ".join(inside(label_name(taxonomy, "topics", key, language)) for key in topics)
        parts = [compare_text("all_about", language, topics=shared)]
    else:
        parts = [compare_text("share_no_topic", language)]
    # Without a topic there is no measure to take a stance on.
    tasks: tuple[Task, ...] = ("stance", "sentiment") if any(c.analysis.topics for c in kept) else ("sentiment",)
    for task in tasks:
        groups: dict[str, list[str]] = {}
        for c in kept:
            label = inside(label_name(taxonomy, task, _label(c.analysis, task), language))
            groups.setdefault(label, []).append(name_of(c, language))
        if len(groups) == 1:
            parts.append(compare_text(f"{task}_same", language).format(label=next(iter(groups))))
        else:
            listed = ", ".join(f"{label} ({', '.join(names)})" for label, names in groups.items())
            parts.append(compare_text(f"{task}_differs", language).format(groups=listed))
    return "; ".join(parts) + "."


def topic_share(analysis: Analysis) -> tuple[int, int]:
    """How many sentences of the body speak for a topic that holds, as the marks in the text count it, and how many there are."""
    own, everything = set(), set()
    for topic in analysis.topics:
        shares = [e for e in analysis.contributions if (e.task, e.label) == ("topics", topic)]
        least = STEPS[0] * max((abs(e.contribution) for e in shares), default=0)
        inside = [e for e in shares if e.start is not None]
        everything |= {e.start for e in inside}
        own |= {e.start for e in inside if e.contribution > 0 and e.contribution >= least}
    return len(own), len(everything)


def _sift(compared: Sequence[ComparedArticle], language: Language) -> tuple[list[ComparedArticle], list[str]]:
    """Those that can be compared, and a sentence for each other one."""
    notices, labelled = [], []
    for c in compared:
        if c.analysis.withheld is None:
            labelled.append(c)
            continue
        key = "not_indonesian" if c.analysis.withheld == "language" else "unreadable"
        notices.append(compare_text(key, language, name=name_of(c, language), code=c.analysis.language or "-"))
    same = dict(find_repeats([c.article.body for c in labelled]))
    for place, first in same.items():
        # By the numbers of their boxes: they may well be of one outlet.
        name, other = (compare_text("text_of", language, number=labelled[p].box) for p in (place, first))
        notices.append(compare_text("repeated", language, name=name, first=other))
    return [c for place, c in enumerate(labelled) if place not in same], notices


def _column(compared: ComparedArticle, words: Sequence[DistinctiveWord], taxonomy: Taxonomy, language: Language) -> str:
    article, analysis = compared.article, compared.analysis
    title = f'<p class="headline">{escape(article.title)}</p>' if article.title else ""
    verdict = f'<p class="says">{escape(verdict_sentence(analysis, taxonomy, language))}</p>'
    bars = [_bar(analysis, "topics", key, key in analysis.topics, taxonomy, language) for key in analysis.probabilities["topics"]]
    bars += [_bar(analysis, task, _label(analysis, task), True, taxonomy, language) for task in ("stance", "sentiment")]
    # Five rows, which the style lines up with those of the other columns.
    return (
        f"<article><div><h2>{escape(name_of(compared, language))}</h2>{title}</div>{verdict}<div>{''.join(bars)}</div>"
        f"<div>{_stressed(analysis, taxonomy, language)}</div><div>{_words(words, language)}</div></article>"
    )


def _bar(analysis: Analysis, task: Task, key: str, holds: bool, taxonomy: Taxonomy, language: Language) -> str:
    probability = analysis.probabilities[task][key]
    name, value = label_name(taxonomy, task, key, language), format_percent(probability, language)
    if task != "topics":
        name = f"{compare_text(task, language)}: {inside(name)}"
    spoken = f"{name}: {value}" + (f" ({compare_text('holds', language)})" if holds else "")
    return (
        f'<div class="bar{" on" if holds else ""}" role="img" aria-label="{escape(spoken)}">'
        f'<span class="name">{"✓ " if holds else ""}{escape(name)}</span><span class="value">{escape(value)}</span>'
        f'<span class="track"><b style="width:{100 * probability:.1f}%"></b></span></div>'
    )


def _stressed(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> str:
    """The strongest sentences for what holds, each once, with the labels that it shows."""
    shown: dict[str, list[str]] = {}
    pairs: list[tuple[Task, str]] = [("topics", key) for key in analysis.topics]
    if _label(analysis, "stance") != taxonomy.stance_without_topic:
        pairs.append(("stance", _label(analysis, "stance")))
    pairs.append(("sentiment", _label(analysis, "sentiment")))
    for task, key in pairs:
        own = [e for e in analysis.contributions if (e.task, e.label) == (task, key) and e.contribution > 0]
        name = f"{compare_text(task, language)}: {inside(label_name(taxonomy, task, key, language))}"
        for e in sorted(own, key=lambda e: -e.contribution)[:SENTENCES]:
            shown.setdefault(e.sentence, []).append(name)
    items = ""
    for sentence, names in shown.items():
        chips = " ".join(f'<span class="shows">{escape(name)}</span>' for name in names)
        items += f"<li><q>{escape(sentence.strip())}</q> {chips}</li>"
    body = f"<ul>{items}</ul>" if items else f"<p>{escape(compare_text('no_sentence', language))}</p>"
    return f"<h3>{escape(compare_text('stressed', language))}</h3>{_share(analysis, language)}{body}"


def _share(analysis: Analysis, language: Language) -> str:
    own, everything = topic_share(analysis)
    text = compare_text("no_topic", language)
    if everything:
        text = compare_text("speaks_for", language, own=own, all=everything, percent=format_percent(own / everything, language))
    return f'<p class="share">{escape(text)}</p>'


def _words(words: Sequence[DistinctiveWord], language: Language) -> str:
    head = f"<h3>{escape(compare_text('words', language))}</h3>"
    if not words:
        return f"{head}<p>{escape(compare_text('no_words', language))}</p>"
    items = "".join(
        f"<li><b>{escape(d.word)}</b> {escape(compare_text('times', language).format(here=d.here, elsewhere=d.elsewhere))}</li>"
        for d in words
    )
    return f'{head}<p class="share">{escape(compare_text("here_elsewhere", language))}</p><ul class="words">{items}</ul>'


def _label(analysis: Analysis, task: Task) -> str:
    return str(analysis.stance if task == "stance" else analysis.sentiment)
