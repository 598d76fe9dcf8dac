"""An analysis as HTML for a notebook: labels, and the text with evidence highlighted and quotes underlined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, Value, held
from sorot.serving.model.evidence import Evidence
from sorot.serving.quotes.quote import Quote

if TYPE_CHECKING:
    from jinja2 import Template

# Light enough for dark text; tasks take them in turn.
COLOURS = ("#a7f3d0", "#bfdbfe", "#fde68a", "#fbcfe8", "#ddd6fe", "#fed7aa")


@dataclass(frozen=True, slots=True)
class Chip:
    """A label beside its name: `text` such as 'Censorship 0.93', on the colour of its task."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `said_by` is None outside quotes, and empty where a quote's speaker is unknown."""

    text: str
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, cut at quotes, and the labels that it is evidence for; no labels if it is not highlighted."""

    runs: tuple[Run, ...]
    chips: tuple[Chip, ...] = ()


def render(
    taxonomy: Taxonomy,
    labels: Mapping[str, Value],
    probabilities: Mapping[str, Mapping[str, float]],
    evidence: Sequence[Evidence],
    quotes: Sequence[Quote],
    article: Article,
    note: str,
) -> str:
    """HTML of one analysis; everything that comes from the article is escaped."""
    colours = {key: COLOURS[at % len(COLOURS)] for at, key in enumerate(taxonomy.keys)}

    def chip(task: str, label: str) -> Chip:
        probability = probabilities.get(task, {}).get(label)
        name = taxonomy.task(task).label(label).name("en")
        return Chip(name if probability is None else f"{name} {probability:.2f}", colours[task])

    rows = [(task.name("en"), [chip(task.key, label) for label in held(labels[task.key])]) for task in taxonomy.tasks]
    marks: dict[tuple[int, int] | None, list[Chip]] = {}
    for e in evidence:
        span = None if e.start is None or e.end is None else (e.start, e.end)
        marks.setdefault(span, []).append(Chip(taxonomy.task(e.task).label(e.label).name("en"), colours[e.task]))
    title = Piece((Run(article.title),), tuple(marks.pop(None, ()))) if article.title else None
    return _template().render(rows=rows, title=title, body=_cut(article.body, marks, quotes), note=note)


def quoted_runs(body: str, start: int, end: int, quotes: Sequence[Quote]) -> tuple[Run, ...]:
    """A stretch of the body, cut at quotes; where one quote lies in another, the inner one's speaker counts."""
    near = [q for q in quotes if q.start < end and start < q.end]
    cuts = sorted({start, end, *(min(max(place, start), end) for q in near for place in (q.start, q.end))})
    runs: list[Run] = []
    for low, high in pairwise(cuts):
        inner = min((q for q in near if q.start <= low and high <= q.end), key=lambda q: q.end - q.start, default=None)
        runs.append(Run(body[low:high], None if inner is None else inner.speaker or ""))
    return tuple(runs)


def _cut(body: str, marks: Mapping[tuple[int, int] | None, Sequence[Chip]], quotes: Sequence[Quote]) -> list[Piece]:
    """The body in pieces, in order: highlighted sentences and the text between them."""
    pieces: list[Piece] = []
    end = 0
    for span in sorted(span for span in marks if span is not None):
        pieces += [
            Piece(quoted_runs(body, end, span[0], quotes)),
            Piece(quoted_runs(body, *span, quotes), tuple(marks[span])),
        ]
        end = span[1]
    return [*pieces, Piece(quoted_runs(body, end, len(body), quotes))]


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template("analysis.html")
