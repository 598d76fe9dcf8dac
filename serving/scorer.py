"""Articles in, analyses out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from data.article import Article
from data.language import detect_language
from data.taxonomy import TASKS, Task, Taxonomy
from data.windows import EncodedArticle, encode_article
from serving.analysis import Analysis, Evidence
from serving.bundle import Bundle, load_bundle
from serving.evidence import all_contributions, choose_evidence
from serving.manifest import MODEL_FILE, TOKENIZER_FILE, WIDE_FILE, Manifest
from serving.pooling import FloatArray, sigmoid, softmax, sum_segments, token_logits
from serving.runtime import Runtime
from serving.wide import Wide

# The language whose articles are labelled; where none can be told, the text gets the benefit of the doubt.
SERVED_LANGUAGE = "id"


@dataclass(frozen=True, slots=True)
class Scorer:
    """A loaded model."""

    bundle: Bundle
    tokenizer: Tokenizer
    runtime: Runtime
    wide: Wide

    @classmethod
    def load(cls, path: Path | None = None, threads: int | None = None) -> Scorer:
        """Load a bundle, the shipped one by default; serving.bundle.BundleError where it cannot be used."""
        bundle = load_bundle(path)
        tokenizer = Tokenizer.from_file(str(bundle.path / TOKENIZER_FILE))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        runtime = Runtime.load(bundle.path / MODEL_FILE, tokenizer, threads)
        return cls(bundle, tokenizer, runtime, Wide.load(bundle.path / WIDE_FILE))

    @property
    def manifest(self) -> Manifest:
        return self.bundle.manifest

    @property
    def taxonomy(self) -> Taxonomy:
        return self.bundle.taxonomy

    @property
    def model(self) -> str:
        """Name and version, as written in every row."""
        return f"{self.manifest.name}-{self.manifest.version}"

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        """Analyse articles, cleaned ones, in order. Those surely not Indonesian, or empty, get no labels and say so."""
        languages = [a.language or detect_language(a.body) for a in articles]
        encoded = [encode_article(a, self.tokenizer, self.manifest.max_tokens) for a in articles]
        wanted = [i for i, e in enumerate(encoded) if e.n_tokens and languages[i] in (SERVED_LANGUAGE, None)]
        shares = dict(zip(wanted, self._segment_logits([encoded[i] for i in wanted]), strict=True))
        return [
            self._analyse(encoded[i], shares[i], languages[i]) if i in shares else self._withhold(encoded[i], languages[i])
            for i in range(len(articles))
        ]

    def _segment_logits(self, articles: Sequence[EncodedArticle]) -> list[FloatArray]:
        """For each article the sentences' shares of all logits, without bias, shape (n_segments, n_labels)."""
        windows = [e.ids[start:stop] for e in articles for start, stop in e.windows]
        outputs = self.runtime.run(windows)
        shares = []
        columns = self.taxonomy.columns()
        for encoded in articles:
            parts = [next(outputs) for _ in encoded.windows]
            attention = np.concatenate([a for a, _ in parts])
            value = np.concatenate([v for _, v in parts])
            deep = sum_segments(token_logits(attention, value, columns), encoded.segment, len(encoded.segments))
            shares.append(deep + self.wide.segment_logits(encoded.segments))
        return shares

    def _analyse(self, encoded: EncodedArticle, shares: FloatArray, language: str | None) -> Analysis:
        logits = self._by_task(shares.sum(axis=0, dtype=np.float64).astype(np.float32) + self._bias())
        probabilities: dict[Task, dict[str, float]] = {}
        for task in TASKS:
            scaled = np.array(list(logits[task].values()), dtype=np.float32) / self.manifest.temperatures[task]
            spread = sigmoid(scaled) if task == "topics" else softmax(scaled, axis=0)
            probabilities[task] = dict(zip(logits[task], (float(p) for p in spread), strict=True))
        topics = tuple(t for t, p in probabilities["topics"].items() if p >= self.manifest.thresholds[t])
        stance = max(probabilities["stance"], key=probabilities["stance"].__getitem__)
        default = self.taxonomy.stance_without_topic
        if not topics and default is not None:
            stance = default
        sentiment = max(probabilities["sentiment"], key=probabilities["sentiment"].__getitem__)
        contributions = all_contributions(encoded.segments, shares, self.taxonomy)
        assigned: list[tuple[Task, str]] = [("topics", t) for t in topics]
        if stance != default:
            assigned.append(("stance", stance))
        assigned.append(("sentiment", sentiment))
        return Analysis(
            topics=topics,
            stance=stance,
            sentiment=sentiment,
            probabilities=probabilities,
            logits=logits,
            evidence=choose_evidence(contributions, assigned),
            contributions=contributions,
            n_tokens=encoded.n_tokens,
            n_windows=len(encoded.windows),
            language=language,
            model=self.model,
        )

    def _withhold(self, encoded: EncodedArticle, language: str | None) -> Analysis:
        reason = "language" if encoded.n_tokens else "empty"
        none: tuple[Evidence, ...] = ()
        return Analysis((), None, None, {}, {}, none, none, encoded.n_tokens, len(encoded.windows), language, self.model, reason)

    def _bias(self) -> FloatArray:
        return np.array([b for task in TASKS for b in self.manifest.bias[task]], dtype=np.float32)

    def _by_task(self, logits: FloatArray) -> dict[Task, dict[str, float]]:
        columns = self.taxonomy.columns()
        return {
            task: dict(zip(self.taxonomy.labels(task), (float(v) for v in logits[columns[task]]), strict=True)) for task in TASKS
        }
