"""Who is quoted in the filtered articles, how often, and with which labels."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np

from sorot.serving.page.common.label_styles import LabelStyle, label_style
from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.kept.open_corpus import Flags, OpenCorpus
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import Language, format_count
from sorot.serving.words.task_words import task_text

TOP_SPEAKERS = 20


@dataclass(slots=True)
class SpeakerCount:
    """What one speaker says: the places of the articles, quotes in all and word for word, and labels by task."""

    name: str
    places: list[int] = field(default_factory=list)
    quotes: int = 0
    direct: int = 0
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)


def speakers_in(opened: OpenCorpus, flags: Flags) -> tuple[list[SpeakerCount], int, int]:
    """The speakers in the order of their quotes, the number of quotes in all, and of those whose speaker has no name."""
    found: dict[str, SpeakerCount] = {}
    total = unnamed = 0
    for place in np.flatnonzero(flags):
        for quote in opened.items[place].quotes:
            total += 1
            if not (name := (quote["speaker"] or "").strip()):
                unnamed += 1
                continue
            own = found.setdefault(name.casefold(), SpeakerCount(name))
            own.quotes += 1
            own.direct += quote["type"] == "direct"
            if not own.places or own.places[-1] != place:
                own.places.append(int(place))
            own.labels.update((task.key, quote[task.key]) for task in opened.taxonomy.one_tasks if quote.get(task.key))
    return sorted(found.values(), key=lambda one: (-one.quotes, -len(one.places), one.name)), total, unnamed


def speakers_html(opened: OpenCorpus, flags: Flags, language: Language) -> str:
    """The most quoted speakers as a table; each name is a button that leaves the articles that quote them."""
    speakers, total, unnamed = speakers_in(opened, flags)
    taxonomy = opened.taxonomy
    outlets = opened.arrays.outlets
    rows = []
    for one in speakers[:TOP_SPEAKERS]:
        chips: dict[str, list[tuple[LabelStyle, str]]] = defaultdict(list)
        for (task, key), n in one.labels.most_common():
            label = taxonomy.task(task).label(key)
            chips[task].append((label_style(taxonomy, task, key), f"{label.name(language)} {format_count(n, language)}"))
        rows.append(
            (
                one.name,
                json.dumps({"picked": one.places}),
                *(
                    format_count(n, language)
                    for n in (one.quotes, one.direct, len(one.places), len({o for o in outlets[one.places] if o}))
                ),
                [chips[task.key] for task in taxonomy.one_tasks],
            )
        )
    return render(
        "corpus/findings/speakers.html.j2",
        note=corpus_text(
            "speakers_note" if speakers else "no_speakers",
            language,
            n=format_count(total, language),
            unnamed=format_count(unnamed, language),
        ),
        label=corpus_text("speakers_view", language),
        columns=[corpus_text(key, language) for key in ("speaker", "quotes", "direct_quotes", "articles", "outlets")]
        + [task_text(task, "singular", language) for task in taxonomy.one_tasks],
        rows=rows,
    )
