"""The stories of the filtered articles: one event that several articles report, and who had it first."""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np

from sorot.serving.page.common.templates import render
from sorot.serving.page.corpus.kept.open_corpus import Flags, OpenCorpus
from sorot.serving.page.corpus.view import shorten_cell
from sorot.serving.page.corpus.words import corpus_text
from sorot.serving.words.language import Language, format_count

TOP_STORIES = 20


def stories_html(opened: OpenCorpus, flags: Flags, language: Language) -> str:
    """The largest stories as a table; each headline is a button that leaves the story's articles."""
    groups, items = opened.arrays.groups, opened.items
    members: dict[str, list[int]] = defaultdict(list)
    copies = 0
    for place in np.flatnonzero(flags):
        if name := groups[place].story:
            members[name].append(int(place))
        copies += groups[place].copy is not None
    told = {name: places for name, places in members.items() if len(places) > 1}
    alone = int(flags.sum()) - sum(map(len, told.values()))
    rows = []
    for places in sorted(told.values(), key=lambda own: (-len(own), own[0]))[:TOP_STORIES]:
        days = opened.arrays.days[places]
        # NaT sorts last.
        ordered = [places[k] for k in np.argsort(days, kind="stable")]
        first, known = items[ordered[0]].row, np.sort(days[~np.isnat(days)])
        rows.append(
            (
                shorten_cell(first["title"] or corpus_text("untitled", language)),
                json.dumps({"picked": ordered}),
                format_count(len(places), language),
                format_count(len({items[place].row["outlet"] for place in places if items[place].row["outlet"]}), language),
                str(known[0]) if len(known) else "–",
                str(known[-1]) if len(known) else "–",
                (first["outlet"] or "–") if len(known) == len(places) and (len(known) < 2 or known[0] < known[1]) else "–",
            )
        )
    return render(
        "corpus/findings/stories.html.j2",
        note=corpus_text(
            "stories_note" if rows else "no_stories",
            language,
            n=format_count(int(flags.sum()), language),
            stories=format_count(len(told) + alone, language),
            copies=format_count(copies, language),
        ),
        label=corpus_text("stories_view", language),
        columns=[
            corpus_text(key, language) for key in ("story", "articles", "outlets", "first_told", "last_told", "first_outlet")
        ],
        rows=rows,
    )
