"""Masked batches: whole words are hidden anew each time a window is seen.

Words rather than pieces, as in BERT's whole-word masking: the rest of a word gives a hidden piece of it away. Anew each time,
as in Liu et al. 2019 ("RoBERTa"). Of the pieces chosen 80 % become the mask, 10 % another piece, 10 % stay (Devlin et al. 2019).
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
HIDDEN, SWAPPED = 0.8, 0.1
# Metaspace and byte-level tokenizers write the space before a word as one of these.
_SPACES = ("▁", "Ġ")

IdArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]


def word_starts(tokenizer: Tokenizer) -> BoolArray:
    """For each id whether its piece begins a word, shape (largest id + 1,); all of them where pieces do not show it."""
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
    """Which tokens to hide, (n,): words drawn at random as long as they stay within `share` of the tokens, at least one."""
    word = np.cumsum(starts[ids], dtype=np.int64)
    word -= word[0]
    order = rng.permutation(int(word[-1]) + 1)
    taken = np.cumsum(np.bincount(word)[order])
    n = max(1, int(np.searchsorted(taken, share * len(ids), side="right")))
    return np.asarray(np.isin(word, order[:n]))


def hide(ids: IdArray, chosen: BoolArray, mask: int, pieces: IdArray, rng: np.random.Generator) -> IdArray:
    """The ids with the chosen ones hidden, swapped for one of `pieces`, or left."""
    out = ids.copy()
    draw = rng.random(len(ids))
    out[chosen & (draw < HIDDEN)] = mask
    swapped = chosen & (draw >= HIDDEN) & (draw < HIDDEN + SWAPPED)
    out[swapped] = rng.choice(pieces, int(swapped.sum()))
    return out


class MaskedWindows:
    """Windows of like length in batches, each of which is masked anew for every `draw`."""

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
        """A batch with its hidden tokens, the same for the same draw: input_ids, attention_mask, labels, (windows, tokens)."""
        rng = np.random.default_rng((self.seed, index, draw))
        windows = [self.windows[i] for i in self.batches[index]]
        chosen = [choose_words(ids, self.starts, self.share, rng) for ids in windows]
        hidden = [hide(ids, at, self.mask, self.pieces, rng) for ids, at in zip(windows, chosen, strict=True)]
        framed = frame_windows(hidden, list(range(len(windows))), self.special)
        labels = torch.full_like(framed["input_ids"], IGNORED)
        for row, (ids, at) in enumerate(zip(windows, chosen, strict=True)):
            labels[row, 1 : len(ids) + 1] = torch.from_numpy(np.where(at, ids, IGNORED).astype(np.int64))
        return {"input_ids": framed["input_ids"], "attention_mask": framed["attention_mask"], "labels": labels}
