"""The analysis of an article: labels by task, probabilities, and the sentences that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy, Value, json_value
from sorot.serving.model.display import render
from sorot.serving.model.evidence import Evidence, choose_evidence
from sorot.serving.model.labels import Thresholds, label_set, labels_at, labels_with_evidence, move_thresholds
from sorot.serving.quotes.quote import Quote
from sorot.serving.quotes.record import quote_record

__all__ = ["Analysis", "Basis", "Evidence", "Quote"]


# Longest text form of an analysis.
REPR_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class Basis:
    """What an analysis was made from: the article as the model read it, and the rules that give labels.

    `least` has the least probability of a label in a task's set, empty for a model without sets.
    """

    article: Article
    taxonomy: Taxonomy
    thresholds: Thresholds
    least: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Analysis:
    """Labels of one article by task, with the probability and logit of every label, and the sentences that show them.

    `withheld` says in one word why there are no labels ('language', 'empty', 'address', 'numbers', 'short', 'gate'): then a
    `many` task has an empty tuple, a `one` task None, and `probabilities` and `logits` are empty. `contributions` holds every
    sentence's share of every label, in the order of tasks and labels; `evidence` is the strongest part of it for the labels
    given. `quotes` are the direct and reported statements with their speakers, and what the model says of each.

    `analysis["task"]` is short for `analysis.labels["task"]`. A notebook shows the text with its evidence highlighted.
    """

    labels: dict[str, Value]
    probabilities: dict[str, dict[str, float]]
    logits: dict[str, dict[str, float]]
    evidence: tuple[Evidence, ...]
    contributions: tuple[Evidence, ...]
    n_tokens: int
    n_windows: int
    language: str | None
    model: str
    withheld: str | None = None
    basis: Basis | None = field(default=None, compare=False)
    quotes: tuple[Quote, ...] = ()

    @property
    def article(self) -> Article:
        """The article as the model read it: cleaned, so that start and end of evidence count in its body."""
        return self._basis().article

    @property
    def label_sets(self) -> dict[str, tuple[str, ...]]:
        """For each `one` task the labels that may hold, the given one among them: more than one says that the model is not sure.

        Empty if labels are withheld or the model was released without sets. The manifest says how often a set has the true
        label, on sources that training had not seen.
        """
        if self.withheld or self.basis is None:
            return {}
        taxonomy = self.basis.taxonomy
        return {
            task: label_set(taxonomy.task(task), self.labels[task], self.probabilities[task], least)
            for task, least in self.basis.least.items()
        }

    def __getitem__(self, task: str) -> Value:
        if task not in self.labels:
            raise KeyError(f"{task!r} is no task of this model; its tasks are {', '.join(self.labels)}")
        return self.labels[task]

    def with_thresholds(self, thresholds: Mapping[str, Any]) -> Analysis:
        """The analysis with other thresholds: labels, the defaults that follow and the evidence are chosen again.

        `thresholds` holds the ones to move, as {label: value}, as {task: value} for all labels of a task, or as
        {task: {label: value}}. Raises sorot.serving.model.labels.ThresholdError for values and names that do not fit.
        """
        # Imports the tokenizer, which a result alone does not need.
        from sorot.serving.model.quoted import label_quotes

        basis = self._basis()
        moved = replace(basis, thresholds=move_thresholds(basis.taxonomy, basis.thresholds, thresholds))
        if self.withheld:
            return replace(self, basis=moved)
        if not self.contributions:
            raise ValueError("this analysis was made without contributions, from which evidence is chosen")
        labels = labels_at(basis.taxonomy, self.probabilities, moved.thresholds)
        evidence = choose_evidence(self.contributions, labels_with_evidence(basis.taxonomy, labels))
        quotes = label_quotes(basis.taxonomy, self.quotes, labels, basis.least)
        return replace(self, labels=labels, evidence=evidence, basis=moved, quotes=quotes)

    def to_dict(self, *, contributions: bool = False) -> dict[str, Any]:
        """A JSON-ready form: each task's labels under its key, label sets, probabilities, evidence, quotes, and the rest.

        Labels of a `many` task are a list. Logits are left out, and contributions unless they are asked for.
        """
        plain: dict[str, Any] = {task: json_value(value) for task, value in self.labels.items()}
        plain["label_sets"] = {task: list(labels) for task, labels in self.label_sets.items()}
        plain["probabilities"] = {task: dict(own) for task, own in self.probabilities.items()}
        plain["evidence"] = [asdict(e) for e in self.evidence]
        plain["quotes"] = [quote_record(q) for q in self.quotes]
        if contributions:
            plain["contributions"] = [asdict(e) for e in self.contributions]
        for name in ("n_tokens", "n_windows", "language", "withheld", "model"):
            plain[name] = getattr(self, name)
        return plain

    def __repr__(self) -> str:
        parts = [f"{task}={json_value(value)!r}" for task, value in self.labels.items()]
        sentences = len({(e.start, e.end) for e in self.evidence})
        parts.append(
            f"withheld={self.withheld!r}" if self.withheld else f"evidence in {sentences} sentence{'s' * (sentences != 1)}"
        )
        text = ", ".join(parts)
        return f"Analysis({text[:REPR_CHARACTERS]}{'...' * (len(text) > REPR_CHARACTERS)})"

    def _repr_html_(self) -> str | None:
        if self.basis is None:
            return None
        note = f"{self.model}; {self.n_tokens} tokens; language: {self.language or 'undetermined'}"
        if self.withheld:
            note = f"no labels (withheld: {self.withheld}); {note}"
        basis = self.basis
        return render(basis.taxonomy, self.labels, self.probabilities, self.evidence, self.quotes, basis.article, note)

    def _basis(self) -> Basis:
        if self.basis is None:
            raise ValueError("this analysis was not made by a model, so it has neither article nor thresholds")
        return self.basis
