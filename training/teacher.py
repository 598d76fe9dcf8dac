"""Soft labels: what a larger model makes of unlabelled articles, for the shipped one to learn.

Knowledge distillation as in Hinton et al. 2015 ("Distilling the knowledge in a neural network"), over texts that nobody has
labelled. The teacher's probabilities are those of deep and linear part together, calibrated, so the student's deep part
learns from words that only the linear part knew as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from data.article import Article, Reject
from data.cleaning import clean_article
from data.columns import Columns
from data.readers import read_file
from data.taxonomy import TASKS, Taxonomy
from data.windows import encode_article
from serving.bundle import sha256
from serving.manifest import Fingerprint
from training.assemble import Parts, deep_logits, framed_windows
from training.batches import UNLABELLED, Example, Targets
from training.calibrate import calibrate
from training.encoder import Encoder
from training.export import export_fp32, quantise
from training.recipe import TeacherSection
from training.sources import words_of

Item = TypeVar("Item")
Say = Callable[[str], None]
CHUNK = 500
MIN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Soft:
    """Examples with soft labels, and the fingerprints of the files that they are from."""

    examples: tuple[Example, ...]
    fingerprints: dict[str, Fingerprint]


def pool_files(section: TeacherSection, say: Say) -> tuple[Path, ...]:
    """The files of the pool that are there; what is absent is said."""
    for name in section.pool:
        if not Path(name).is_file():
            say(f"{name} is absent: nothing learned from it")
    return tuple(Path(name) for name in section.pool if Path(name).is_file())


def label_pool(
    parts: Parts,
    dev: Sequence[Example],
    section: TeacherSection,
    files: Sequence[Path],
    guarded: frozenset[str],
    path: Path,
    seed: int,
    say: Say,
) -> None:
    """Choose articles of `files`, label them by the teacher `parts`, and write choice and labels to `path`.

    `guarded` holds the words of held-out articles, which are left out.
    """
    chosen = _choose(parts, section, files, guarded, seed, say)
    say(f"labelling {len(chosen)} articles of the pool by the teacher")
    examples = _read_chosen(parts.encoder, parts.taxonomy, section, files, set(chosen))
    probability = _label(parts, dev, examples, path.parent, say)
    save_file({"chosen": np.array(chosen, dtype=np.int64), "probability": probability}, path)


def read_soft(path: Path, section: TeacherSection, files: Sequence[Path], encoder: Encoder, taxonomy: Taxonomy) -> Soft:
    """The articles that `label_pool` chose, with their labels."""
    kept = load_file(path)
    examples = _read_chosen(encoder, taxonomy, section, files, {(file, row) for file, row in kept["chosen"].tolist()})
    soft = tuple(replace(e, soft=row) for e, row in zip(examples, kept["probability"], strict=True))
    counts = np.bincount(kept["chosen"][:, 0], minlength=len(files))
    prints = {path.name: Fingerprint(sha256=sha256(path), rows=int(n)) for path, n in zip(files, counts, strict=True)}
    return Soft(soft, prints)


def pool_articles(path: Path) -> Iterator[tuple[int, Article]]:
    """Articles of a pool file, cleaned as in service, with their place among its rows."""
    for row, item in enumerate(read_file(path, Columns())):
        if not isinstance(item, Reject):
            yield row, item


def _choose(
    parts: Parts, section: TeacherSection, files: Sequence[Path], guarded: frozenset[str], seed: int, say: Say
) -> list[tuple[int, int]]:
    """(file, row) of the chosen, in reading order: of each file half by rank of the linear part, half at random."""
    rng = np.random.default_rng(seed)
    topics = parts.taxonomy.columns()["topics"]
    chosen = []
    for number, path in enumerate(files):
        rows: list[int] = []
        scores: list[NDArray[np.float32]] = []
        for chunk in _chunks(pool_articles(path)):
            fit = [(row, clean_article(a)) for row, a in chunk]
            fit = [(row, a) for row, a in fit if len(a.body.split()) >= MIN_WORDS and words_of(a) not in guarded]
            rows += [row for row, _ in fit]
            examples = [_example(parts.encoder, parts.taxonomy, a, section.weight) for _, a in fit]
            scores.append(parts.wide.predict(examples)[:, topics].max(axis=1))
        say(f"{path}: {len(rows)} articles to choose from")
        order = np.argsort(-np.concatenate(scores), kind="stable")
        half = section.articles // 2
        rest = rng.permutation(order[half:])[: section.articles - half]
        chosen += sorted((number, rows[i]) for i in [*order[:half], *rest])
    return chosen


def _read_chosen(
    encoder: Encoder, taxonomy: Taxonomy, section: TeacherSection, files: Sequence[Path], chosen: set[tuple[int, int]]
) -> list[Example]:
    return [
        _example(encoder, taxonomy, clean_article(article), section.weight)
        for number, path in enumerate(files)
        for row, article in pool_articles(path)
        if (number, row) in chosen
    ]


def _example(encoder: Encoder, taxonomy: Taxonomy, article: Article, weight: float) -> Example:
    nothing = (UNLABELLED,) * len(taxonomy.labels("topics"))
    encoded = encode_article(article, encoder.tokenizer, encoder.max_tokens)
    return Example(encoded, Targets(nothing, UNLABELLED, UNLABELLED, weight))


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _label(parts: Parts, dev: Sequence[Example], examples: Sequence[Example], folder: Path, say: Say) -> NDArray[np.float32]:
    """Calibrated probabilities of the teacher, shape (n, n_labels)."""
    fp32, int8 = folder / "model.fp32.onnx", folder / "model.onnx"
    export_fp32(parts.fitted.tokens, fp32, framed_windows(parts, dev))
    quantise(fp32, int8)
    bias = parts.fitted.bias
    calibration = calibrate(
        deep_logits(int8, parts, dev) + bias, parts.wide.predict(dev), [e.targets for e in dev], parts.taxonomy
    )
    found = []
    for number, chunk in enumerate(_chunks(examples)):
        by_task = calibration.probabilities(deep_logits(int8, parts, chunk) + bias, parts.wide.predict(chunk), parts.taxonomy)
        found.append(np.concatenate([by_task[task] for task in TASKS], axis=1))
        say(f"{min((number + 1) * CHUNK, len(examples))} of {len(examples)} labelled")
    return np.concatenate(found).astype(np.float32)
