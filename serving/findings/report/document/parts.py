"""The parts of a report in words. Cells keep numbers as numbers, so that a workbook gets them and a page writes them."""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Language
from sorot.serving.findings.report.draw.picture import Picture
from sorot.serving.findings.report.findings import Band


@dataclass(frozen=True, slots=True)
class Percent:
    """A share between 0 and 1 in a cell."""

    share: float


@dataclass(frozen=True, slots=True)
class Decimal:
    """A number with `digits` decimal places in a cell."""

    value: float
    digits: int


Cell = str | int | Percent | Decimal | Band | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a key that is unique in the report, caption, names of columns, rows, and a note below."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An example article: what it is an example of, its heading, where it is from, its address, and its evidence."""

    label: str
    fill: str
    certainty: Percent
    title: str
    origin: str
    url: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: `points` are sentences of a list, `notes` say what is missing or to be minded."""

    key: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language."""

    language: Language
    title: str
    subtitle: str
    sections: tuple[Section, ...]
