"""Masked batches: dynamic whole-word masking.

Masks whole words, as BERT's whole-word masking does, because the rest of a word gives away a masked piece. Masking is
dynamic: each epoch masks other words (Liu et al. 2019, "RoBERTa"). Of the chosen pieces, 80 % become the mask token, 10 % a
random piece and 10 % stay unchanged (Devlin et al. 2019, "BERT").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, models
from torch import Tensor

from sorot.training.input.batches import SpecialIds, frame_windows, group_by_length

IGNORED = -100
MASKED, REPLACED = 0.8, 0.1
# How metaspace and byte-level tokenizers write the space before a word.
_SPACES = ("▁", "Ġ")

IdArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]


def word_starts(tokenizer: Tokenizer) -> BoolArray:
    """Whether each id's piece starts a word, shape (largest id + 1,); all true if the pieces do not show it."""
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    starts = np.ones(max(vocabulary.values()) + 1, dtype=bool)
    if isinstance(tokenizer.model, models.WordPiece):
        inside = tokenizer.model.continuing_subword_prefix
        marked = {i: not piece.startswith(inside) for piece, i in vocabulary.items()}
    else:
        marked = {i: piece.startswith(_SPACES) for piece, i in vocabulary.items()}
    if any(marked.values()):
        starts[list(marked)] = list(marked.values())
    return starts


def choose_words(ids: IdArray, starts: BoolArray, share: float, rng: np.random.Generator) -> BoolArray:
    """Mark the tokens (n,) of random whole words, at least one word, otherwise at most `share` (0 to 1) of all tokens.

    `ids` has shape (n,) and `starts` comes from `word_starts`.
    """
    word = np.cumsum(starts[ids], dtype=np.int64)
    word -= word[0]
    order = rng.permutation(int(word[-1]) + 1)
    totals = np.cumsum(np.bincount(word)[order])
    n = max(1, int(np.searchsorted(totals, share * len(ids), side="right")))
    return np.asarray(np.isin(word, order[:n]))


def mask_ids(ids: IdArray, chosen: BoolArray, mask: int, pieces: IdArray, rng: np.random.Generator) -> IdArray:
    """Copy of `ids` (n,) with the `chosen` ones (n,) masked, replaced by a random one of `pieces`, or unchanged."""
    out = ids.copy()
    draw = rng.random(len(ids))
    out[chosen & (draw < MASKED)] = mask
    replaced = chosen & (draw >= MASKED) & (draw < MASKED + REPLACED)
    out[replaced] = rng.choice(pieces, int(replaced.sum()))
    return out


class MaskedWindows:
    """Batches of windows of similar length; each `draw` masks other tokens."""

    def __init__(
        self, windows: Sequence[IdArray], tokenizer: Tokenizer, *, special: SpecialIds, mask: int, share: float,
        batch_tokens: int, seed: int,
    ) -> None:  # fmt: skip
        self.windows = windows
        self.special = special
        self.mask = mask
        self.share = share
        self.seed = seed
        self.starts = word_starts(tokenizer)
        added = {i for i, token in tokenizer.get_added_tokens_decoder().items() if token.special}
        self.pieces = np.array(sorted(set(tokenizer.get_vocab().values()) - added), dtype=np.int32)
        lengths = np.array([len(w) for w in windows])
        self.batches = group_by_length(lengths, batch_tokens, np.random.default_rng(seed))

    def __len__(self) -> int:
        return len(self.batches)

    def masked(self, index: int, draw: int) -> dict[str, Tensor]:
        """Batch `index`, masked by the seed and `draw`: input_ids, attention_mask and labels, each (windows, tokens).

        Labels are IGNORED except at masked tokens.
        """
        rng = np.random.default_rng((self.seed, index, draw))
        windows = [self.windows[i] for i in self.batches[index]]
        chosen = [choose_words(ids, self.starts, self.share, rng) for ids in windows]
        masked = [mask_ids(ids, marks, self.mask, self.pieces, rng) for ids, marks in zip(windows, chosen, strict=True)]
        framed = frame_windows(masked, list(range(len(windows))), self.special)
        labels = torch.full_like(framed["input_ids"], IGNORED)
        for row, (ids, marks) in enumerate(zip(windows, chosen, strict=True)):
            labels[row, 1 : len(ids) + 1] = torch.from_numpy(np.where(marks, ids, IGNORED).astype(np.int64))
        return {"input_ids": framed["input_ids"], "attention_mask": framed["attention_mask"], "labels": labels}
