"""How a report writes: numbers, bands and names in its language."""

from __future__ import annotations

from dataclasses import dataclass

from sorot.data.taxonomy import Language, Task, Taxonomy
from sorot.serving.findings.report.document.words import report_text
from sorot.serving.findings.report.findings import Band, Group, Population, Unit
from sorot.serving.words.label_styles import label_style
from sorot.serving.words.language import format_count, format_number, format_percent
from sorot.serving.words.task_words import inside, task_text

SMALL = "†"


@dataclass(frozen=True, slots=True)
class Voice:
    """The language of a report, and the taxonomy that names its labels."""

    taxonomy: Taxonomy
    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """A sentence of the report."""
        return report_text(key, self.language, **values)

    def count(self, n: int) -> str:
        """A whole number."""
        return format_count(n, self.language)

    def percent(self, share: float) -> str:
        """A share as a whole percentage."""
        return format_percent(share, self.language)

    def number(self, value: float, digits: int) -> str:
        """A number with decimal places."""
        return format_number(value, self.language, digits)

    def band(self, band: Band) -> str:
        """A share with its band: '42 % (38 % – 46 %)'."""
        # No line ends within the brackets.
        return f"{self.percent(band.share)} ({self.percent(band.low)}\u00a0–\u00a0{self.percent(band.high)})"

    def unit(self, unit: Unit | None) -> str:
        """The name of a period's length."""
        return self(f"period_{unit}") if unit else self("period_year")

    def task(self, key: str) -> Task:
        """A task of the taxonomy."""
        return self.taxonomy.task(key)

    def heading(self, task: Task) -> str:
        """A task's name as a heading, in the taxonomy's own words where it has some."""
        return task_text(task, "title", self.language)

    def label(self, task: str, key: str) -> str:
        """The name of a label."""
        return self.task(task).label(key).name(self.language)

    def fill(self, task: str, key: str) -> str:
        """A label's pattern as an SVG fill."""
        return label_style(self.taxonomy, task, key).fill

    def articles(self, population: Population, task: Task) -> str:
        """The articles that a task's labels are counted among, within a sentence."""
        gate = self.taxonomy.gate_task
        if population == "decided":
            return self("with_decision", one=inside(task.phrase("singular", self.language) or task.name(self.language)))
        if population == "labelled" and gate:
            return task_text(gate, "articles", self.language)
        return self("articles_plain")

    def group(self, group: Group) -> str:
        """The name of a group, with a mark if it is small."""
        name = self(group.kind) if group.kind in ("no_outlet", "others") else group.name
        return f"{name} {SMALL}" if group.is_small else name

    def reason(self, reason: str) -> str:
        """Why articles have no labels."""
        key = f"reason_{reason}"
        return self(key) if key in report_text.texts else reason
