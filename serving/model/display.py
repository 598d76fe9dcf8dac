"""An analysis as HTML for a notebook: labels with their probabilities, and the text with its evidence highlighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, Value, held
from sorot.serving.model.evidence import Evidence

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
class Piece:
    """A stretch of text and the labels that it is evidence for; no labels if it is not highlighted."""

    text: str
    chips: tuple[Chip, ...] = ()


def render(
    taxonomy: Taxonomy,
    labels: Mapping[str, Value],
    probabilities: Mapping[str, Mapping[str, float]],
    evidence: Sequence[Evidence],
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
    title = Piece(article.title or "", tuple(marks.pop(None, ())))
    return _template().render(rows=rows, title=title, body=_cut(article.body, marks), note=note)


def _cut(body: str, marks: Mapping[tuple[int, int] | None, Sequence[Chip]]) -> list[Piece]:
    """The body in pieces, in order: highlighted sentences and the text between them."""
    pieces: list[Piece] = []
    end = 0
    for span in sorted(span for span in marks if span is not None):
        pieces += [Piece(body[end : span[0]]), Piece(body[span[0] : span[1]], tuple(marks[span]))]
        end = span[1]
    return [*pieces, Piece(body[end:])]


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template("analysis.html")
