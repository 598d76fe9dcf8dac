"""Batches for fine-tuning: articles of like length together, under a budget of tokens, cropped by sentences.

One item of `BatchDataset` is a whole batch, so that the Hugging Face Trainer counts, shuffles and resumes batches as
it would examples; its collator is `first`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import datasets
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import Task, Taxonomy, held
from sorot.data.text.windows import EncodedArticle, cut_windows

UNLABELLED = -1
LEAD_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets of one article by task: 0 or 1 per label of a `many` task, one class index for a `one` task.

    A task without a label has UNLABELLED throughout and takes no part in the loss; `weight` scales the article's loss.
    """

    by_task: Mapping[str, tuple[int, ...]]
    weight: float


@dataclass(frozen=True, slots=True)
class Example:
    """An encoded article with its targets; `soft`, of shape (n_labels,), has probabilities to learn in their place."""

    encoded: EncodedArticle
    targets: Targets
    soft: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class SpecialIds:
    """Ids that frame a window and fill a batch."""

    bos: int
    eos: int
    pad: int


def make_targets(row: LabelledArticle, taxonomy: Taxonomy) -> Targets:
    """Targets of a labelled article."""
    return Targets({task.key: _target(task, row) for task in taxonomy.tasks}, row.weight)


def no_targets(taxonomy: Taxonomy, weight: float) -> Targets:
    """Targets of an article that is not labelled for any task."""
    return Targets({task.key: (UNLABELLED,) * (len(task.keys) if task.many else 1) for task in taxonomy.tasks}, weight)


def _target(task: Task, row: LabelledArticle) -> tuple[int, ...]:
    value = row.labels.get(task.key)
    if value is None:
        return (UNLABELLED,) * (len(task.keys) if task.many else 1)
    if task.many:
        return tuple(int(key in held(value)) for key in task.keys)
    return tuple(task.keys.index(key) for key in held(value))


def truth_of(targets: Sequence[Targets], task: Task) -> NDArray[np.int64]:
    """Targets of one task: (n, labels of the task) for a `many` task, (n,) for a `one` task."""
    width = len(task.keys) if task.many else 1
    rows = np.array([t.by_task[task.key] for t in targets], dtype=np.int64).reshape(len(targets), width)
    return rows if task.many else rows[:, 0]


def labelled_rows(truth: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of the articles that are labelled for the task of `truth_of`."""
    return np.flatnonzero((truth[:, 0] if truth.ndim == 2 else truth) != UNLABELLED)


def target_row(given: Example | Targets, taxonomy: Taxonomy) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities to learn, (n_labels,), and for each task 1 where it is labelled, (n_tasks,)."""
    if isinstance(given, Example) and given.soft is not None:
        return given.soft, np.ones(len(taxonomy.tasks), dtype=np.float32)
    targets = given.targets if isinstance(given, Example) else given
    row, known = np.zeros(taxonomy.n_labels, dtype=np.float32), np.zeros(len(taxonomy.tasks), dtype=np.float32)
    columns = taxonomy.columns()
    for number, task in enumerate(taxonomy.tasks):
        target = targets.by_task[task.key]
        if target[0] == UNLABELLED:
            continue
        known[number] = 1
        if task.many:
            row[columns[task.key]] = target
        else:
            row[columns[task.key].start + target[0]] = 1
    return row, known


def crop(
    ids: NDArray[np.int32], lengths: NDArray[np.int64], budget: int, rng: np.random.Generator
) -> tuple[NDArray[np.int32], list[int], list[int]]:
    """Ids, sentence lengths and sentence numbers of at most `budget` tokens: the lead, then sentences drawn at random, in
    their order.

    `lengths` are the tokens of each sentence. An article within the budget is left whole. The lead takes `LEAD_SHARE` of it.
    """
    if len(ids) <= budget:
        return ids, lengths.tolist(), list(range(len(lengths)))
    lead = int(np.searchsorted(np.cumsum(lengths), budget * LEAD_SHARE, side="right"))
    lead = max(lead, int(lengths[0] <= budget))
    chosen = set(range(lead))
    room = budget - int(lengths[:lead].sum())
    for sentence in rng.permutation(np.arange(lead, len(lengths))):
        if lengths[sentence] <= room:
            chosen.add(int(sentence))
            room -= int(lengths[sentence])
    if not chosen:
        return ids[:budget], [budget], [0]
    order = sorted(chosen)
    keep = np.isin(np.repeat(np.arange(len(lengths)), lengths), order)
    return ids[keep], [int(lengths[s]) for s in order], order


def frame_windows(
    windows: list[NDArray[np.int32]], article: list[int], special: SpecialIds, marks: list[NDArray[np.int64]] | None = None
) -> dict[str, Tensor]:
    """Pad windows to one length, framed by the special tokens: input_ids, attention_mask, keep, article and, if given, marks.

    `keep` is true for the article's own tokens, `marks` has the bit mask of each token's sentence; shapes (windows, tokens)
    and, for `article`, (windows,).
    """
    width = max(len(w) for w in windows) + 2
    ids = np.full((len(windows), width), special.pad, dtype=np.int64)
    mask = np.zeros_like(ids)
    keep = np.zeros_like(ids, dtype=bool)
    for row, window in enumerate(windows):
        n = len(window)
        ids[row, 0], ids[row, 1 : n + 1], ids[row, n + 1] = special.bos, window, special.eos
        mask[row, : n + 2] = 1
        keep[row, 1 : n + 1] = True
    framed = {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
        "keep": torch.from_numpy(keep),
        "article": torch.tensor(article),
    }
    if marks is not None:
        placed = np.zeros_like(ids)
        placed[keep] = np.concatenate(marks)
        framed["marks"] = torch.from_numpy(placed)
    return framed


def group_by_length(lengths: NDArray[np.int64], budget: int, rng: np.random.Generator) -> list[list[int]]:
    """Cut articles, sorted by length with ties in random order, into batches of at most `budget` padded tokens."""
    order = rng.permutation(len(lengths))
    order = order[np.argsort(lengths[order], kind="stable")]
    batches: list[list[int]] = [[]]
    for index in order:
        if batches[-1] and (len(batches[-1]) + 1) * (lengths[index] + 2) > budget:
            batches.append([])
        batches[-1].append(int(index))
    return batches


class BatchDataset(Dataset[dict[str, Tensor]]):
    """Training batches over encoded articles (sorot.training.input.encoded). Members of a batch are of like length and fixed.

    Articles are cropped differently in every `epoch`, which the caller sets, and lose their title with probability
    `title_dropout`.
    """

    def __init__(
        self,
        articles: datasets.Dataset,
        *,
        special: SpecialIds,
        batch_tokens: int,
        crop_tokens: int,
        max_tokens: int,
        seed: int,
        title_dropout: float = 0.0,
    ) -> None:
        self.articles = articles
        self.special = special
        self.crop_tokens = crop_tokens
        self.room = max_tokens - 2
        self.seed = seed
        self.title_dropout = title_dropout
        self.epoch = 0
        lengths = np.minimum(articles["n_tokens"], crop_tokens)
        self.batches = group_by_length(lengths, batch_tokens, np.random.default_rng(seed))

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        # Batches are fetched one ahead of a checkpoint, so crops follow the epoch rather than a generator's state: a resumed
        # run draws the same crops.
        rng = np.random.default_rng((self.seed, self.epoch, index))
        windows, marks, article = [], [], []
        members = self.articles[self.batches[index]]
        for number, (whole, sentences, titled, masks) in enumerate(
            zip(members["ids"], members["lengths"], members["titled"], members["marks"], strict=True)
        ):
            body = (
                sentences[0] if titled and len(sentences) > 1 and self.title_dropout and rng.random() < self.title_dropout else 0
            )
            first = int(body > 0)
            ids, lengths, kept = crop(
                np.asarray(whole[body:], dtype=np.int32), np.asarray(sentences[first:], dtype=np.int64), self.crop_tokens, rng
            )
            token_marks = np.repeat(np.asarray(masks[first:], dtype=np.int64)[kept], lengths)
            for start, stop in cut_windows(lengths, self.room):
                windows.append(ids[start:stop])
                marks.append(token_marks[start:stop])
                article.append(number)
        return {
            **frame_windows(windows, article, self.special, marks),
            "target": torch.from_numpy(np.stack(members["target"]).astype(np.float32)),
            "known": torch.from_numpy(np.stack(members["known"]).astype(np.float32)),
            "weight": torch.tensor(np.asarray(members["weight"], dtype=np.float32)),
        }


def first(items: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The collator: the one batch that the Trainer drew."""
    return items[0]
