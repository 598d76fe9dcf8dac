"""Soft labels: what a larger model makes of unlabelled articles, for the shipped one to learn.

Knowledge distillation as in Hinton et al. 2015 ("Distilling the knowledge in a neural network"), over texts that nobody has
labelled. The teacher's probabilities are those of deep and linear part together, calibrated, so the student's deep part
learns from words that only the linear part knew as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from data.article import Article, Reject
from data.cleaning import clean_article
from data.columns import Columns
from data.readers import read_file
from data.taxonomy import TASKS
from data.windows import encode_article
from serving.bundle import sha256
from serving.manifest import Fingerprint
from training.assemble import Parts, centre_heads, deep_logits, framed_windows
from training.batches import UNLABELLED, Example, Targets
from training.calibrate import calibrate
from training.export import export_fp32, quantise
from training.recipe import TeacherSection
from training.sources import words_of

Item = TypeVar("Item")
Say = Callable[[str], None]
SOFT_FILE = "soft.safetensors"
CHUNK = 500
MIN_WORDS = 5


@dataclass(frozen=True, slots=True)
class Soft:
    """Examples with soft labels, and the fingerprints of the files that they are from."""

    examples: tuple[Example, ...]
    fingerprints: dict[str, Fingerprint]


def pool_files(section: TeacherSection, say: Say) -> list[Path]:
    """The files of the pool that are there; what is absent is said."""
    for name in section.pool:
        if not Path(name).is_file():
            say(f"{name} is absent: nothing learned from it")
    return [Path(name) for name in section.pool if Path(name).is_file()]


def label_pool(
    parts: Parts,
    dev: Sequence[Example],
    section: TeacherSection,
    files: Sequence[Path],
    guarded: frozenset[str],
    folder: Path,
    seed: int,
    say: Say,
) -> Soft:
    """Choose articles of `files`, label them by the teacher `parts`, and keep the labels in `folder` for a later run.

    `guarded` holds the words of held-out articles, which are left out. Kept labels are used as long as choice and files
    are the same.
    """
    hashes = [sha256(path) for path in files]
    linear = hashlib.sha256(parts.wide.wide.weight.tobytes()).hexdigest()
    mark = json.dumps([section.model_dump(), seed, hashes, linear])
    saved = folder / SOFT_FILE
    kept = load_file(saved) if saved.is_file() and read_mark(saved) == mark else None
    if kept is None:
        chosen = _choose(parts, section, files, guarded, seed, say)
        say(f"labelling {len(chosen)} articles of the pool by the teacher")
        examples = _read_chosen(parts, section, files, set(chosen))
        kept = {"chosen": np.array(chosen, dtype=np.int64), "probability": _label(parts, dev, examples, folder, say)}
        save_file(kept, saved, metadata={"mark": mark})
    else:
        say(f"the pool is labelled already: taken from {saved}")
    examples = _read_chosen(parts, section, files, {(file, row) for file, row in kept["chosen"].tolist()})
    soft = tuple(replace(e, soft=row) for e, row in zip(examples, kept["probability"], strict=True))
    counts = np.bincount(kept["chosen"][:, 0], minlength=len(files))
    prints = {path.name: Fingerprint(sha256=found, rows=int(n)) for path, found, n in zip(files, hashes, counts, strict=True)}
    return Soft(soft, prints)


def read_mark(path: Path) -> str:
    """What the labels of a file were made from."""
    with safe_open(path, framework="numpy") as file:
        return str(file.metadata()["mark"])


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
            scores.append(parts.wide.predict([_example(parts, a, section.weight) for _, a in fit])[:, topics].max(axis=1))
        say(f"{path}: {len(rows)} articles to choose from")
        order = np.argsort(-np.concatenate(scores), kind="stable")
        half = section.articles // 2
        rest = rng.permutation(order[half:])[: section.articles - half]
        chosen += sorted((number, rows[i]) for i in [*order[:half], *rest])
    return chosen


def _read_chosen(parts: Parts, section: TeacherSection, files: Sequence[Path], chosen: set[tuple[int, int]]) -> list[Example]:
    return [
        _example(parts, clean_article(article), section.weight)
        for number, path in enumerate(files)
        for row, article in pool_articles(path)
        if (number, row) in chosen
    ]


def _example(parts: Parts, article: Article, weight: float) -> Example:
    nothing = (UNLABELLED,) * len(parts.taxonomy.labels("topics"))
    encoded = encode_article(article, parts.encoder.tokenizer, parts.encoder.max_tokens)
    return Example(encoded, Targets(nothing, UNLABELLED, UNLABELLED, weight))


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _label(parts: Parts, dev: Sequence[Example], examples: Sequence[Example], folder: Path, say: Say) -> NDArray[np.float32]:
    """Calibrated probabilities of the teacher, shape (n, n_labels)."""
    centre_heads(parts)
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
