"""Pairs of true and given labels: written, read, and counted into matrices."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.confusion import Confusion, count_pairs

TAXONOMY = Taxonomy.from_dict(
    {
        "tasks": [
            {"key": "kinds", "kind": "many", "labels": [{"key": "a"}, {"key": "b"}]},
            {"key": "mood", "kind": "one", "labels": [{"key": "up"}, {"key": "down"}]},
        ]
    }
)
KINDS, MOOD = TAXONOMY.tasks


def test_pairs_become_matrices() -> None:
    truth = [{"kinds": ("a", "b"), "mood": "up"}, {"kinds": (), "mood": None}, {"kinds": ("a",), "mood": "down"}]
    found = [{"kinds": ("a",), "mood": "up"}, {"kinds": ("a",), "mood": "up"}, {"kinds": (), "mood": "up"}]
    confusion = count_pairs(truth, found)
    assert confusion is not None
    read = Confusion.model_validate_json(confusion.model_dump_json())
    assert read.articles == 3 and "kinds=a+b mood=up > kinds=a mood=up" in read.pairs
    assert read.matrix(MOOD).tolist() == [[1, 0], [1, 0]]
    assert read.matrix(KINDS, "a").tolist() == [[0, 1], [1, 1]]
    assert read.matrix(MOOD, given=("kinds", "a")).tolist() == [[1, 0], [0, 0]]


def test_other_text_is_refused() -> None:
    for pairs in ({"kinds=a": 1}, {"kinds > mood": 1}, {"kinds=a > kinds=b": 0}, {}):
        with pytest.raises(ValidationError):
            Confusion(pairs=pairs)
    assert count_pairs([], []) is None
