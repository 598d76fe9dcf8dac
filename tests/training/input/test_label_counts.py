"""A label with too few articles is named and refused before any long work starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sorot.training.input.label_counts import TooFewExamplesError
from sorot.training.pipeline.run import run_recipe
from sorot.training.recipe import Recipe


def write_rows(path: Path, rows: list[tuple[list[str], str, str]]) -> str:
    records = [
        {"id": str(i), "text": f"artikel nomor {i} tentang hal ini .", "topics": topics, "stance": stance, "sentiment": sentiment}
        for i, (topics, stance, sentiment) in enumerate(rows)
    ]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return str(path)


def test_every_label_with_too_few_articles_is_named_with_its_count(tmp_path: Path) -> None:
    rows = [(["censorship", "terrorism"], "support", "positive")] * 5 + [(["terrorism"], "oppose", "negative")] * 3
    data = {"path": write_rows(tmp_path / "train.jsonl", rows), "repeat": 9}
    (tmp_path / "dev.jsonl").write_text(json.dumps({"id": "d", "text": "lain .", "sentiment": "neutral"}), encoding="utf-8")
    # An encoder that is not there: the refusal comes before it is looked for.
    recipe = Recipe.model_validate(
        {
            "name": "uji",
            "version": "1",
            "encoder": {"name": str(tmp_path / "absent")},
            "data": [data],
            "dev": {"paths": [str(tmp_path / "dev.jsonl")]},
        }
    )
    said: list[str] = []
    with pytest.raises(TooFewExamplesError) as error:
        run_recipe(recipe, tmp_path / "run", said.append)
    assert str(error.value).startswith(
        "too few training articles of topics platform_regulation (0), stance oppose (3), stance neutral (0), stance none (0), "
        "sentiment neutral (0), sentiment negative (3), where each label needs 5; "
    )
    assert "min_examples" in str(error.value)
    assert "topics: censorship 5, terrorism 8, platform_regulation 0" in said
    assert not (tmp_path / "run" / "data.json").exists()
    with pytest.raises(TooFewExamplesError, match=r"of topics platform_regulation \(0\), stance neutral .* needs 1;"):
        run_recipe(recipe.model_copy(update={"min_examples": 1}), tmp_path / "run", said.append)
