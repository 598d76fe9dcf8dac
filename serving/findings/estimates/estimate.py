"""One estimated share of a label, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sorot.data.taxonomy import Language

# A cell of fewer articles is marked.
SMALL_CELL = 30
COUNTED, MATRIX, AUDIT, AUDIT_MATRIX = "counted", "matrix", "audit", "audit_matrix"
_NOTES: Mapping[str, Mapping[Language, str]] = {
    COUNTED: {
        "en": "as the model counts, its errors not corrected",
        "id": "menurut hitungan model, galatnya tidak dikoreksi",
    },
    MATRIX: {
        "en": "errors assumed as on the development articles",
        "id": "galat dianggap sama dengan pada artikel pengembangan",
    },
    AUDIT: {
        "en": "from a random sample labelled by people",
        "id": "dari sampel acak yang dilabeli orang",
    },
    AUDIT_MATRIX: {
        "en": "errors assumed as in the labelled sample of the whole corpus",
        "id": "galat dianggap sama dengan pada sampel berlabel dari seluruh korpus",
    },
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of a label in one cell: articles of a `period` and a `group`, None where the corpus is not divided so.

    `share` with its 95 % band `low` to `high` is of all `n` articles of the cell, or, if `among` names a task, of those that
    truly have a label of that task. `found` of the cell's articles have the label by the model; `uncorrected` is the share
    that this makes. `labelled` counts the cell's articles that people labelled.
    """

    task: str
    label: str
    period: str | None
    group: str | None
    among: str | None
    n: int
    found: int
    uncorrected: float
    share: float
    low: float
    high: float
    method: str
    labelled: int = 0

    @property
    def corrected(self) -> bool:
        """Whether the model's errors are taken out."""
        return self.method != COUNTED

    @property
    def small(self) -> bool:
        """Whether the cell has too few articles to read much into it."""
        return self.n < SMALL_CELL

    @property
    def note(self) -> str:
        """What the share rests on, in English; `method_note` has other languages."""
        return method_note(self.method)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form, with the flags."""
        return asdict(self) | {"corrected": self.corrected, "small": self.small, "note": self.note}


def method_note(method: str, language: Language = "en") -> str:
    """What shares of a method rest on, in a language."""
    return _NOTES[method][language]
