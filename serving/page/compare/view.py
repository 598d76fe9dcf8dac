"""Articles on one event as columns: their topics, what they stressed, and their distinctive words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sorot.data.taxonomy import Task, Taxonomy, held
from sorot.serving.findings.distinctive_words import DistinctiveWord, distinctive_words, find_repeats
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.labels import labels_with_evidence
from sorot.serving.page.common.label_chips import label_chips
from sorot.serving.page.common.templates import render
from sorot.serving.page.common.words import language_name
from sorot.serving.page.compare.alignment_view import alignment_html
from sorot.serving.page.compare.pasted_articles import ComparedArticle
from sorot.serving.page.compare.words import compare_text
from sorot.serving.words.language import Language, format_percent
from sorot.serving.words.task_words import capitalised, inside, task_text

SENTENCES_PER_LABEL = 2
WORDS_PER_ARTICLE = 8
# Least contribution of a sentence that counts, relative to the strongest one's.
LEAST_SHARE = 0.1


def compare_html(compared: Sequence[ComparedArticle], taxonomy: Taxonomy, language: Language) -> str:
    """A summary in one sentence and a column per article, with a notice for each one left out; or why there is no result."""
    kept, notices = _sift(compared, language)
    if len(kept) < 2:
        return render("compare/compare.html.j2", notices=[*notices, compare_text("too_few", language)], summary="", columns=[])
    words = distinctive_words([f"{c.article.title or ''}\n{c.article.body}" for c in kept], WORDS_PER_ARTICLE)
    shown = render(
        "compare/compare.html.j2",
        notices=notices,
        summary=summary_sentence(kept, taxonomy, language),
        columns=[_column(c, own, taxonomy, language) for c, own in zip(kept, words, strict=True)],
        text={key: compare_text(key, language) for key in ("stressed", "no_sentence", "words", "no_words", "here_elsewhere")},
    )
    return shown + alignment_html([(name_of(c, language), c.article.body) for c in kept], language)


def name_of(compared: ComparedArticle, language: Language) -> str:
    """The outlet, given or found in the text, else the number of the box."""
    return compared.article.outlet or compare_text("text_of", language, number=compared.box)


def summary_sentence(kept: Sequence[ComparedArticle], taxonomy: Taxonomy, language: Language) -> str:
    """The labels that the articles share, and where they differ, in one sentence.

    A task that depends on another is left out if no article has a label there.
    """
    parts = []
    for task in taxonomy.tasks:
        if task.many:
            shared = [key for key in task.keys if all(key in held(c.analysis.labels[task.key]) for c in kept)]
            labels = ", ".join(inside(task.label(key).name(language)) for key in shared)
            parts.append(task_text(task, "shared" if shared else "shared_nothing", language, labels=labels))
        elif task.without is None or any(held(c.analysis.labels[task.without]) for c in kept):
            parts.append(_one_task_part(kept, task, language))
    return capitalised("; ".join(parts) + ".")


def _one_task_part(kept: Sequence[ComparedArticle], task: Task, language: Language) -> str:
    groups: dict[str, list[str]] = {}
    for c in kept:
        for key in held(c.analysis.labels[task.key]):
            groups.setdefault(inside(task.label(key).name(language)), []).append(name_of(c, language))
    if len(groups) == 1:
        return task_text(task, "same", language, labels=next(iter(groups)))
    listed = ", ".join(f"{label} ({', '.join(names)})" for label, names in groups.items())
    return task_text(task, "differs", language, groups=listed)


def sentence_share(analysis: Analysis, task: Task) -> tuple[int, int]:
    """How many sentences of the body speak for a label of a task that holds, with at least LEAST_SHARE of the strongest
    one's contribution, and how many sentences there are; (0, 0) if no label holds."""
    speaking, all_starts = set(), set()
    for key in held(analysis.labels[task.key]):
        shares = [e for e in analysis.contributions if (e.task, e.label) == (task.key, key)]
        least = LEAST_SHARE * max((abs(e.contribution) for e in shares), default=0)
        in_body = [e for e in shares if e.start is not None]
        all_starts |= {e.start for e in in_body}
        speaking |= {e.start for e in in_body if e.contribution > 0 and e.contribution >= least}
    return len(speaking), len(all_starts)


def _sift(compared: Sequence[ComparedArticle], language: Language) -> tuple[list[ComparedArticle], list[str]]:
    """The articles that can be compared, and a sentence for each other one."""
    notices, labelled = [], []
    for c in compared:
        if c.analysis.withheld is None:
            labelled.append(c)
            continue
        key = {"language": "not_indonesian", "empty": "unreadable"}.get(c.analysis.withheld, "too_little")
        notices.append(
            compare_text(key, language, name=name_of(c, language), language_name=language_name(c.analysis.language, language))
        )
    same = dict(find_repeats([c.article.body for c in labelled]))
    for place, first in same.items():
        # By the numbers of their boxes: they may well be of one outlet.
        name, other = (compare_text("text_of", language, number=labelled[p].box) for p in (place, first))
        notices.append(compare_text("repeated", language, name=name, first=other))
    return [c for place, c in enumerate(labelled) if place not in same], notices


def _column(
    compared: ComparedArticle, words: Sequence[DistinctiveWord], taxonomy: Taxonomy, language: Language
) -> dict[str, object]:
    article, analysis = compared.article, compared.analysis
    bars = []
    for task in taxonomy.tasks:
        labels = held(analysis.labels[task.key])
        bars += [_bar(analysis, task, key, key in labels, language) for key in (task.keys if task.many else labels)]
    return {
        "name": name_of(compared, language),
        "title": article.title,
        "groups": label_chips(analysis, taxonomy, language),
        "bars": bars,
        "share": _share_sentence(analysis, taxonomy.gate_task, language),
        "sentences": _stressed(analysis, taxonomy, language),
        "words": [(w.word, compare_text("times", language, here=w.here, elsewhere=w.elsewhere)) for w in words],
    }


def _bar(analysis: Analysis, task: Task, key: str, holds: bool, language: Language) -> dict[str, object]:
    probability = analysis.probabilities[task.key][key]
    name, value = task.label(key).name(language), format_percent(probability, language)
    if not task.many:
        name = f"{task.name(language)}: {inside(name)}"
    spoken = f"{name}: {value}" + (f" ({compare_text('holds', language)})" if holds else "")
    return {"name": name, "value": value, "spoken": spoken, "holds": holds, "width": 100 * probability}


def _stressed(analysis: Analysis, taxonomy: Taxonomy, language: Language) -> dict[str, list[str]]:
    """The strongest sentences for the labels that hold, each once, with the labels that it shows."""
    labels_by_sentence: dict[str, list[str]] = {}
    for task_key, key in labels_with_evidence(taxonomy, analysis.labels):
        task = taxonomy.task(task_key)
        own = [e for e in analysis.contributions if (e.task, e.label) == (task_key, key) and e.contribution > 0]
        name = f"{task.name(language)}: {inside(task.label(key).name(language))}"
        for e in sorted(own, key=lambda e: -e.contribution)[:SENTENCES_PER_LABEL]:
            labels_by_sentence.setdefault(open_quotation(e.sentence.strip()), []).append(name)
    return labels_by_sentence


def open_quotation(sentence: str) -> str:
    """The sentence, with the opening quotation mark that an earlier sentence of the same quotation has."""
    closing = re.search(r'["”]', sentence)
    if closing and sentence.count('"') % 2 + sentence.count("”") - sentence.count("“") > 0 and closing.start() > 0:
        return f"{'“' if closing[0] == '”' else closing[0]}… {sentence}"
    return sentence


def _share_sentence(analysis: Analysis, task: Task | None, language: Language) -> str:
    if task is None:
        return ""
    own, total = sentence_share(analysis, task)
    if not total:
        return task_text(task, "nothing", language)
    return task_text(task, "share", language, own=own, all=total, percent=format_percent(own / total, language))
