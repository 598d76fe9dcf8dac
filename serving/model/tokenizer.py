"""Reads a bundle's tokenizer, and refuses one whose normalizer makes far more of a text than it is."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from tokenizers import Tokenizer

# What one character may become, at most: 18 in a table of SentencePiece, and twice as much in a step or two after it.
MAX_GROWTH = 256


def read_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a file, which neither cuts nor pads.

    Raises ValueError if it has no tokens that frame a window, or if its normalizer may make a text more than MAX_GROWTH times as
    long.
    """
    data = path.read_bytes()
    # Before the library reads it, since it normalizes the added tokens then. It ends the process where memory ends.
    if (growth := _growth(from_json(data))) > MAX_GROWTH:
        raise ValueError(f"its normalizer may make {growth:,.0f} characters of one, more than {MAX_GROWTH}")
    tokenizer = Tokenizer.from_str(data.decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    frame_ids(tokenizer)
    return tokenizer


def frame_ids(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids of the tokens that begin and end a window; ValueError if the tokenizer has none.

    They are the tokens that the tokenizer puts around a text or, if it adds none, those with the usual names.
    """
    around = tokenizer.encode("")
    added = [i for i, special in zip(around.ids, around.special_tokens_mask, strict=True) if special]
    if len(added) == 2:
        return added[0], added[1]
    for begin, end in (("<s>", "</s>"), ("[CLS]", "[SEP]")):
        first, last = tokenizer.token_to_id(begin), tokenizer.token_to_id(end)
        if first is not None and last is not None:
            return first, last
    raise ValueError("the tokenizer adds no special tokens and has neither <s> and </s> nor [CLS] and [SEP]")


def _growth(raw: Any) -> float:
    """An upper bound of the characters that the steps of the normalizer which write any text make of one character."""
    found = raw.get("normalizer") if isinstance(raw, Mapping) else None
    return math.prod(map(_growth_of_step, _steps(found)))


def _steps(normalizer: Any) -> Iterator[Mapping[str, Any]]:
    """The steps of a normalizer, those of sequences in it included."""
    waiting = [normalizer]
    while waiting:
        step = waiting.pop()
        if isinstance(step, Mapping):
            yield step
            within = step.get("normalizers")
            waiting += within if isinstance(within, list) else []


def _growth_of_step(step: Mapping[str, Any]) -> float:
    match step:
        case {"type": "Replace", "content": str(content), "pattern": {"String": str(found)}} if found:
            return max(1.0, len(content) / len(found))
        case {"type": "Replace", "content": str(content)}:
            # A pattern may match nothing, between any two characters.
            return 1.0 + len(content)
        case {"type": "Prepend", "prepend": str(content)}:
            return 1.0 + len(content)
        case {"type": "Precompiled", "precompiled_charsmap": str(table)}:
            # SentencePiece's table: the size of an index, the index, and what it refers to, each ended by a NUL.
            data = base64.b64decode(table)
            texts = data[4 + int.from_bytes(data[:4], "little") :]
            return max(len(text.decode("utf-8", "replace")) for text in texts.split(b"\0")) or 1.0
        case _:
            return 1.0
