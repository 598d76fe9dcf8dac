"""The sentences that compared articles share, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from sorot.serving.page.common.templates import render
from sorot.serving.page.compare.alignment import AlignedSentences, Kind, align_texts, count_kinds
from sorot.serving.page.compare.words import compare_text
from sorot.serving.words.language import Language

KINDS: tuple[Kind, ...] = ("same", "changed", "dropped", "added")


def alignment_html(named: Sequence[tuple[str, str]], language: Language) -> str:
    """Each article, given as (name, text), beside the earlier one that it shares most sentences with, if any."""
    pairs = []
    for place, (name, text) in enumerate(named):
        best: tuple[int, str, list[AlignedSentences]] | None = None
        for other, earlier in named[:place]:
            rows = align_texts(earlier, text)
            counts = count_kinds(rows)
            shared = counts["same"] + counts["changed"]
            if shared > (best[0] if best else 0):
                best = shared, other, rows
        if best:
            _, other, rows = best
            counts = count_kinds(rows)
            listed = ", ".join(f"{compare_text(kind, language)}: {counts[kind]}" for kind in KINDS)
            pairs.append({"first": other, "second": name, "rows": rows, "counts": listed})
    return render(
        "compare/alignment.html.j2",
        heading=compare_text("aligned", language),
        kind_heading=compare_text("kind", language),
        nothing=compare_text("nothing_shared", language),
        names={kind: compare_text(kind, language) for kind in KINDS},
        pairs=pairs,
    )
