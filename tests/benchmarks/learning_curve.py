"""How macro-F1 grows with labelled articles, and what weighting of rare labels gives: the recipe's model, made smaller, on the news.

Each variant trains linear and deep part on a share of train.jsonl (drawn by group of near-duplicates, smaller shares within larger ones)
and is calibrated as a release is; macro-F1 is that of dev and dev_shift together, deep part in fp32. Some minutes a variant on two
cores; what is done is kept in FOLDER, so that the same command goes on after a stop.

Run with: python -m tests.benchmarks.learning_curve FOLDER [--layers 6] [--epochs 3]
It writes FOLDER/learning.csv, which `sorot evaluate --report --learning-curve` draws.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from sorot.data.labels.records import LabelledArticle
from sorot.data.labels.splits import hold_out
from sorot.data.taxonomy import Taxonomy, load_taxonomy
from sorot.training.export.assemble import TrainedModel, centre_heads, deep_logits, framed_windows
from sorot.training.export.calibrate import fit_calibration
from sorot.training.export.onnx_export import export_fp32
from sorot.training.input.sources import read_rows
from sorot.training.measure.baselines import indicators
from sorot.training.measure.metrics import BoolArray, interval, macro_f1, one_hot
from sorot.training.models.encoder import load_encoder
from sorot.training.models.finetune import fit_deep, make_examples
from sorot.training.models.wide_fit import fit_wide
from sorot.training.recipe import Recipe, load_recipe

SHARED = Path(os.environ.get("SOROT_SHARED", "../shared/data"))
RECIPE = Path("training/recipes/sorot-0.2.0.toml")


@dataclass(frozen=True)
class Variant:
    """A share of the labelled articles, and the power by which rare labels weigh more."""

    share: float
    power: float

    @property
    def name(self) -> str:
        return f"share {self.share:g}, power {self.power:g}"


class VariantScore(BaseModel):
    """Macro-F1 by task with its 95 % bootstrap interval, and F1 by label."""

    articles: int
    minutes: float
    macro_f1: dict[str, tuple[float, float, float]]
    f1: dict[str, float]


VARIANTS = (Variant(0.125, 0.5), Variant(0.25, 0.5), Variant(0.5, 0.5), Variant(1, 0.5), Variant(1, 0.0), Variant(1, 1.0))


def main() -> None:
    """Train all unfinished variants, and print the figures of each."""
    parser = argparse.ArgumentParser(description="Learning curve, and weighting of rare labels.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=float, default=3)
    options = parser.parse_args()
    news = SHARED / "news"
    paths = [news / name for name in ("train.jsonl", "dev.jsonl", "dev_shift.jsonl")]
    if absent := [str(path) for path in paths if not path.is_file()]:
        print(f"skipped: {', '.join(absent)} absent; set SOROT_SHARED to the folder that holds news/")
        return
    taxonomy = load_taxonomy()
    train, *held_out = (read_rows(path, "labelled", taxonomy) for path in paths)
    dev = [row for rows in held_out for row in rows]
    options.folder.mkdir(parents=True, exist_ok=True)
    recipe = load_recipe(RECIPE)
    shortened = recipe.model_copy(
        update={
            "encoder": recipe.encoder.model_copy(update={"layers": options.layers}),
            "train": recipe.train.model_copy(update={"epochs": options.epochs}),
        }
    )
    results = []
    for variant in VARIANTS:
        kept = options.folder / f"{variant.share:g}-{variant.power:g}.json"
        if not kept.is_file():
            found = train_variant(variant, train, dev, taxonomy, shortened, options.folder / kept.stem.replace(".", "_"))
            kept.write_text(found.model_dump_json(), encoding="utf-8")
        results.append((variant, VariantScore.model_validate_json(kept.read_bytes())))
        report(*results[-1])
    curve = [(found.articles, task, found.macro_f1[task][0]) for v, found in results if v.power == 0.5 for task in found.macro_f1]
    table = options.folder / "learning.csv"
    table.write_text("articles,task,macro_f1\n" + "".join(f"{n},{task},{f1:.4f}\n" for n, task, f1 in curve), encoding="utf-8")
    print(f"curve: {table}")


def train_variant(
    variant: Variant, train: list[LabelledArticle], dev: list[LabelledArticle], taxonomy: Taxonomy, recipe: Recipe, folder: Path
) -> VariantScore:
    """Train one variant; an unfinished one continues from its last checkpoint in `folder`."""
    begun = time.monotonic()
    rows = list(hold_out(train, fraction=variant.share, seed=0)[0]) if variant.share < 1 else train
    section = recipe.train.model_copy(update={"class_weight_power": variant.power})
    encoder = load_encoder("builtin", layers=recipe.encoder.layers, max_tokens=recipe.encoder.max_tokens)
    examples, dev_examples = (make_examples(part, encoder, taxonomy) for part in (rows, dev))
    linear = fit_wide(examples, taxonomy, recipe.wide)
    trained = TrainedModel(encoder, fit_deep(encoder, rows, taxonomy, section, folder), linear, taxonomy)
    centre_heads(trained)
    model = folder / "fp32.onnx"
    export_fp32(trained.fitted.tokens, model, framed_windows(trained.encoder, dev_examples))
    deep, wide = deep_logits(model, trained, dev_examples) + trained.fitted.bias, linear.predict(dev_examples)
    calibration = fit_calibration(deep, wide, [e.targets for e in dev_examples], taxonomy)
    probabilities = calibration.probabilities(deep, wide, taxonomy)
    truth = indicators(dev, taxonomy)
    scores, by_label = {}, {}
    for task in taxonomy.tasks:
        values = probabilities[task.key]
        if task.many:
            found = values >= np.array([calibration.thresholds[task.key][label] for label in task.keys])
        else:
            found = one_hot(values.argmax(axis=1), values.shape[1])
        true = truth[task.key]
        scores[task.key] = with_interval(true, found)
        for k, label in enumerate(task.keys):
            by_label[f"{task.key}: {label}"] = macro_f1(true[:, [k]], found[:, [k]])
    shutil.rmtree(folder)
    return VariantScore(articles=len(rows), minutes=(time.monotonic() - begun) / 60, macro_f1=scores, f1=by_label)


def with_interval(true: BoolArray, found: BoolArray) -> tuple[float, float, float]:
    """Macro-F1 and the bounds of its 95 % bootstrap interval."""
    return macro_f1(true, found), *interval(lambda i: macro_f1(true[i], found[i]), len(true))


def report(variant: Variant, result: VariantScore) -> None:
    """One variant's figures."""
    print(f"{variant.name}: {result.articles} articles, {result.minutes:.0f} minutes")
    for task, (value, low, high) in result.macro_f1.items():
        own = ", ".join(f"{name.partition(': ')[2]} {f1:.3f}" for name, f1 in result.f1.items() if name.startswith(f"{task}: "))
        print(f"  {task:10} {value:.3f} [{low:.3f}, {high:.3f}]  {own}", flush=True)


if __name__ == "__main__":
    main()
