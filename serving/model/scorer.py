"""The scorer: a loaded bundle that turns cleaned articles into analyses."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sorot.data.article import Article
from sorot.data.taxonomy import Task, Taxonomy, Value
from sorot.data.text.language import detect_language, too_little_text
from sorot.data.text.windows import EncodedArticle, encode_article, segment_article
from sorot.serving.model.analysis import Analysis, Basis
from sorot.serving.model.bundle import RESTORE, Bundle, BundleError, load_bundle, loading
from sorot.serving.model.evidence import all_contributions, find_evidence
from sorot.serving.model.labels import labels_at, labels_with_evidence
from sorot.serving.model.manifest import MODEL_FILE, TOKENIZER_FILE, Gate, Manifest
from sorot.serving.model.pooling import FloatArray, sigmoid, softmax, sum_segments, token_logits
from sorot.serving.model.quoted import label_quotes, quote_logits
from sorot.serving.model.runtime import Runtime
from sorot.serving.model.tokenizer import read_tokenizer
from sorot.serving.model.wide import Wide
from sorot.serving.quotes.find import find_quotes
from sorot.serving.quotes.quote import Quote

# Articles in other languages get no labels; a text whose language is unknown gets the benefit of the doubt.
SERVED_LANGUAGE = "id"


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article before scoring; `encoded` is None if it is `withheld` from the encoder."""

    article: Article
    withheld: str | None
    language: str | None
    encoded: EncodedArticle | None = None
    n_tokens: int = 0
    n_windows: int = 0


@dataclass(frozen=True, slots=True)
class Scorer:
    """A loaded model."""

    bundle: Bundle
    tokenizer: Tokenizer
    runtime: Runtime
    wide: Wide

    @classmethod
    def load(cls, path: Path | str | None = None, threads: int | None = None) -> Scorer:
        """Load a bundle, the shipped one by default; sorot.BundleError if it cannot be used."""
        bundle = load_bundle(path)
        with loading(bundle.path / TOKENIZER_FILE):
            tokenizer = read_tokenizer(bundle.path / TOKENIZER_FILE)
        with loading(bundle.path / MODEL_FILE):
            runtime = Runtime.load(bundle.path / MODEL_FILE, tokenizer, threads)
            _check_runtime(runtime, bundle)
        wide_file = bundle.path / bundle.manifest.wide_file
        with loading(wide_file):
            wide = Wide.load(wide_file)
            _check_wide(wide, bundle)
        return cls(bundle, tokenizer, runtime, wide)

    @property
    def manifest(self) -> Manifest:
        return self.bundle.manifest

    @property
    def taxonomy(self) -> Taxonomy:
        return self.bundle.taxonomy

    @property
    def model(self) -> str:
        """Name and version, as in the output column `model`."""
        return f"{self.manifest.name}-{self.manifest.version}"

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        """Analyse cleaned articles, in order.

        An article gets no labels (`withheld`) if it is empty, surely not Indonesian, or says too little: an address, numbers
        alone, or fewer than six words with its title.
        """
        return list(self.score_each(articles))

    def score_each(
        self, articles: Sequence[Article], *, gate: bool = False, contributions: bool = True, quotes: bool = True
    ) -> Generator[Analysis, None, None]:
        """The same, each analysis as soon as it is ready; the windows of all articles are held in memory.

        With `gate` the encoder skips articles whose linear logits stay below the gate: they get no labels. Without
        `contributions` the analyses keep the evidence but not every sentence's share of every label; without `quotes` none
        are looked for.
        Raises BundleError if the bundle has no gate.
        """
        gate_ = self.gate() if gate else None
        drafts: list[_Draft] = []

        def windows() -> Iterator[NDArray[np.int32]]:
            for article in articles:
                drafts.append(self._draft(article, gate_))
                if encoded := drafts[-1].encoded:
                    yield from (encoded.ids[start:stop] for start, stop in encoded.windows)

        # The encoder starts on the first article while the others are prepared.
        outputs = self.runtime.run(windows())
        for draft in drafts:
            encoded = draft.encoded
            if encoded is None:
                yield self._withhold(draft, quotes=quotes)
                continue
            tokens = _tokens(encoded, outputs)
            deep = token_logits(*tokens, self.taxonomy.columns())
            shares = sum_segments(deep, encoded.segment, len(encoded.segments)) + self.wide.segment_logits(encoded.segments)
            analysis = self._analyse(draft, encoded, shares, contributions=contributions)
            yield self._with_quotes(analysis, encoded, tokens) if quotes else analysis

    def gate(self) -> Gate:
        """The bundle's gate; BundleError if it has none."""
        if self.manifest.gate is None:
            raise BundleError(f"{self.bundle.path}: this bundle has no gate; leave --gate out, or train the model again")
        return self.manifest.gate

    def _draft(self, article: Article, gate: Gate | None) -> _Draft:
        """Tokens and language of an article, or the reason why the encoder need not read it."""
        if gate is not None and (segments := segment_article(article)):
            logits = self.wide.article_logits(segments, self.taxonomy.columns()[gate.task])
            if logits.max() < gate.threshold:
                return _Draft(article, "gate", article.language)
        language = article.language or detect_language(article.body)
        encoded = encode_article(article, self.tokenizer, self.manifest.max_tokens)
        n_tokens, n_windows = encoded.n_tokens, len(encoded.windows)
        if not n_tokens:
            return _Draft(article, "empty", language)
        if language not in (SERVED_LANGUAGE, None):
            return _Draft(article, "language", language, n_tokens=n_tokens, n_windows=n_windows)
        if reason := too_little_text(f"{article.title or ''} {article.body}"):
            return _Draft(article, reason, language, n_tokens=n_tokens, n_windows=n_windows)
        return _Draft(article, None, language, encoded)

    def _analyse(self, draft: _Draft, encoded: EncodedArticle, shares: FloatArray, *, contributions: bool) -> Analysis:
        total = shares.sum(axis=0, dtype=np.float64).astype(np.float32) + self._bias()
        if not np.isfinite(total).all():
            raise BundleError(f"{self.bundle.path}: this bundle gives values that are not finite; {RESTORE}")
        logits = self._by_task(total)
        probabilities = {task.key: self._probabilities(task, total) for task in self.taxonomy.tasks}
        labels = labels_at(self.taxonomy, probabilities, self.manifest.thresholds)
        assigned = labels_with_evidence(self.taxonomy, labels)
        return Analysis(
            labels=labels,
            probabilities=probabilities,
            logits=logits,
            evidence=find_evidence(encoded.segments, shares, self.taxonomy, assigned),
            contributions=all_contributions(encoded.segments, shares, self.taxonomy) if contributions else (),
            n_tokens=encoded.n_tokens,
            n_windows=len(encoded.windows),
            language=draft.language,
            model=self.model,
            basis=self._basis(draft.article),
        )

    def _probabilities(self, task: Task, logits: FloatArray) -> dict[str, float]:
        """The calibrated probabilities of a task's labels, from the logits of all tasks."""
        scaled = logits[self.taxonomy.columns()[task.key]] / np.float32(self.manifest.temperatures[task.key])
        spread = sigmoid(scaled) if task.many else softmax(scaled, axis=0)
        return dict(zip(task.keys, (float(p) for p in spread), strict=True))

    def _with_quotes(self, analysis: Analysis, encoded: EncodedArticle, tokens: tuple[FloatArray, FloatArray]) -> Analysis:
        """The analysis with the article's quotes and their labels, given the encoder's outputs for every token."""
        article, basis = analysis.article, analysis.basis
        found = find_quotes(article.title, article.body)
        if not found or basis is None:
            return analysis
        columns = self.taxonomy.columns()
        logits = quote_logits(found, encoded, tokens, columns, self.tokenizer, self.wide) + self._bias()
        quotes = [
            replace(quote, probabilities={task.key: self._probabilities(task, own) for task in self.taxonomy.one_tasks})
            if np.isfinite(own).all()
            else quote
            for quote, own in zip(found, logits, strict=True)
        ]
        return replace(analysis, quotes=label_quotes(self.taxonomy, quotes, analysis.labels, basis.least))

    def _withhold(self, draft: _Draft, *, quotes: bool) -> Analysis:
        labels: dict[str, Value] = {task.key: () if task.many else None for task in self.taxonomy.tasks}
        n_tokens, n_windows, basis = draft.n_tokens, draft.n_windows, self._basis(draft.article)
        found: tuple[Quote, ...] = ()
        # Quotes are found by rules, but in Indonesian alone; the gate is for speed.
        if quotes and draft.withheld not in ("gate", "language"):
            found = label_quotes(self.taxonomy, find_quotes(draft.article.title, draft.article.body), labels, basis.least)
        return Analysis(
            labels, {}, {}, (), (), n_tokens, n_windows, draft.language, self.model, draft.withheld, basis, quotes=found
        )

    def _basis(self, article: Article) -> Basis:
        sets = self.manifest.label_sets
        return Basis(article, self.taxonomy, self.manifest.thresholds, sets.least if sets else {})

    def _bias(self) -> FloatArray:
        return np.array([b for task in self.taxonomy.keys for b in self.manifest.bias[task]], dtype=np.float32)

    def _by_task(self, logits: FloatArray) -> dict[str, dict[str, float]]:
        columns = self.taxonomy.columns()
        return {
            task.key: dict(zip(task.keys, (float(v) for v in logits[columns[task.key]]), strict=True))
            for task in self.taxonomy.tasks
        }


def _tokens(encoded: EncodedArticle, outputs: Iterator[tuple[FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """Attention (n_tokens, n_tasks) and value (n_tokens, n_labels) of an article, from the outputs of its windows."""
    parts = [next(outputs) for _ in encoded.windows]
    return np.concatenate([a for a, _ in parts]), np.concatenate([v for _, v in parts])


def _check_runtime(runtime: Runtime, bundle: Bundle) -> None:
    """Run one token and compare the output widths with the manifest's tasks and labels."""
    [(attention, value)] = runtime.run([np.array([runtime.bos], dtype=np.int32)])
    _check_width(bundle.path / MODEL_FILE, "attention", attention.shape, (1, len(bundle.taxonomy.tasks)))
    _check_width(bundle.path / MODEL_FILE, "value", value.shape, (1, bundle.taxonomy.n_labels))


def _check_wide(wide: Wide, bundle: Bundle) -> None:
    """Check one weight per feature and label, and sorted features, which the search relies on."""
    file, n = bundle.path / bundle.manifest.wide_file, len(wide.keys)
    _check_width(file, "idf", wide.idf.shape, (n,))
    _check_width(file, "weight", wide.weight.shape, (n, bundle.taxonomy.n_labels))
    if wide.keys.dtype != np.uint64 or not (wide.keys[1:] > wide.keys[:-1]).all():
        raise BundleError(f"{file}: its keys are not sorted 64-bit ones; {RESTORE}")


def _check_width(file: Path, name: str, found: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if found != expected:
        raise BundleError(f"{file}: {name} has shape {found}, but the manifest's labels need {expected}; {RESTORE}")
