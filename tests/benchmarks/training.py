"""Fine-tuning of one encoder: articles a second by the recipe's way and by the stock Trainer's, in one run.

Stock is what a tutorial shows: `AutoModelForSequenceClassification` for the topics, every article padded to 512 tokens, batches of 8,
fp32. Ours learns all three tasks from crops, in batches of like length. Both train the builtin encoder with the recipe's layers on the same
articles; sides take turns, so that a busy machine troubles both. Ratio of medians is printed.

Run with: python -m tests.benchmarks.training [--layers 10] [--full]
With --full each side is trained to the end (three epochs, ten minutes a layer for the stock side) and macro-F1 of the topics on dev.jsonl is printed
as well.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertForSequenceClassification, Trainer, TrainingArguments

from sorot.data.labels.records import LabelledArticle
from sorot.data.taxonomy import load_taxonomy
from sorot.training.input.batches import BatchDataset
from sorot.training.input.encoded import encoded_table
from sorot.training.input.sources import read_rows
from sorot.training.measure.baselines import article_text, indicators
from sorot.training.measure.metrics import interval, macro_f1
from sorot.training.models.deep import ArticleModel, pool
from sorot.training.models.encoder import Encoder, load_encoder
from sorot.training.models.finetune import fit_deep, make_examples, make_optimizer, make_trainable, use_bf16
from sorot.training.recipe import TrainSection, load_recipe

SHARED = Path(os.environ.get("SOROT_SHARED", "../shared/data"))
RECIPE = Path("training/recipes/sorot-0.2.0.toml")
LENGTH = 512
BATCH = 8
ROUNDS = 4
EPOCHS = 3.0
RATE = 1e-4


class StockDataset(torch.utils.data.Dataset[dict[str, Any]]):
    """Articles padded to `LENGTH` tokens, with their topics as floats."""

    def __init__(self, rows: list[LabelledArticle], encoder: Encoder) -> None:
        self.items = []
        labels = indicators(rows, load_taxonomy())["topics"]
        for row, label in zip(rows, labels, strict=True):
            ids = [*encoder.tokenizer.encode(article_text(row)).ids][:LENGTH]
            pad = LENGTH - len(ids)
            self.items.append(
                {
                    "input_ids": torch.tensor([*ids, *[encoder.special.pad] * pad]),
                    "attention_mask": torch.tensor([1] * len(ids) + [0] * pad),
                    "labels": torch.tensor(label, dtype=torch.float32),
                }
            )

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self.items[index]


def main() -> None:
    """Print both rates and their ratio."""
    parser = argparse.ArgumentParser(description="Articles a second of fine-tuning, beside the stock Trainer.")
    parser.add_argument("--layers", type=int, help="layers of the encoder, for those of the recipe")
    parser.add_argument("--full", action="store_true", help="train both sides to the end and measure them")
    options = parser.parse_args()
    source = SHARED / "news" / "train.jsonl"
    if not source.is_file():
        print(f"skipped: {source} is absent; set SOROT_SHARED to the folder that holds news/train.jsonl")
        return
    taxonomy = load_taxonomy()
    rows = read_rows(source, "labelled", taxonomy)
    recipe = load_recipe(RECIPE)
    layers = options.layers or recipe.encoder.layers

    def fresh() -> Encoder:
        return load_encoder("builtin", layers=layers, max_tokens=recipe.encoder.max_tokens)

    section = recipe.train.model_copy(update={"epochs": EPOCHS, "learning_rate": RATE})
    stock, stock_data = make_stock(fresh()), StockDataset(rows, fresh())
    ours, ours_data = make_trainable(fresh(), rows, taxonomy, section)
    rates: dict[str, list[float]] = {"stock Trainer": [], "sorot": []}
    rng = np.random.default_rng(0)
    stock_optimizer = torch.optim.AdamW(stock.parameters(), lr=RATE)
    ours_optimizer = make_optimizer(ours, section)
    for number in range(ROUNDS + 1):
        batch = torch.utils.data.default_collate([stock_data[int(i)] for i in rng.choice(len(rows), BATCH, replace=False)])
        took = {"stock Trainer": BATCH / step(stock, batch, stock_optimizer, bf16=False)}
        chosen = rng.choice(len(ours_data), 4, replace=False)
        batches = [ours_data[int(i)] for i in chosen]
        seconds = sum(step(ours, b, ours_optimizer, bf16=use_bf16(section.bf16)) for b in batches)
        took["sorot"] = sum(len(b["weight"]) for b in batches) / seconds
        # The first round warms up.
        for name, rate in took.items() if number else ():
            rates[name].append(rate)
    medians = {name: statistics.median(found) for name, found in rates.items()}
    print(f"{len(rows)} articles, {layers} layers, {torch.get_num_threads()} threads, {ROUNDS} rounds in turn")
    for name, found in rates.items():
        bar = "#" * round(4 * medians[name])
        print(f"{name:14} {medians[name]:6.2f} articles/s (least {min(found):.2f}, most {max(found):.2f})  {bar}")
    print(f"ratio {medians['sorot'] / medians['stock Trainer']:.1f}")
    if options.full:
        compare_quality(rows, fresh, section)


def make_stock(encoder: Encoder) -> BertForSequenceClassification:
    """The stock classifier over the encoder's weights."""
    config = encoder.model.config
    config.num_labels = len(load_taxonomy().task("topics").keys)
    config.problem_type = "multi_label_classification"
    model = BertForSequenceClassification(config)
    model.bert.load_state_dict(encoder.model.state_dict(), strict=False)
    return model


def step(model: torch.nn.Module, batch: dict[str, Any], optimizer: torch.optim.Optimizer, *, bf16: bool) -> float:
    """Seconds of one whole step."""
    model.train()
    begun = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        found = model(**batch)
    found["loss"].backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return time.perf_counter() - begun


def compare_quality(rows: list[LabelledArticle], fresh: Any, section: TrainSection) -> None:
    """Train both sides to the end; print macro-F1 of the topics on dev at a threshold of 0.5, with intervals."""
    taxonomy = load_taxonomy()
    dev = read_rows(SHARED / "news" / "dev.jsonl", "labelled", taxonomy)
    truth = indicators(dev, taxonomy)["topics"]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        fitted = fit_deep(fresh(), rows, taxonomy, section, Path(folder) / "ours")
        took = time.monotonic() - begun
        encoder = fresh()
        whole = BatchDataset(
            encoded_table(make_examples(dev, encoder, taxonomy), taxonomy),
            special=encoder.special,
            batch_tokens=1,
            crop_tokens=100_000,
            max_tokens=encoder.max_tokens,
            seed=0,
        )
        logits = np.zeros((len(dev), taxonomy.n_labels), dtype=np.float32)
        model = ArticleModel(fitted.tokens, taxonomy, torch.ones(taxonomy.n_labels)).eval()
        with torch.no_grad():
            for members, batch in zip(whole.batches, (whole[i] for i in range(len(whole))), strict=True):
                attention, value = model.tokens(batch["input_ids"], batch["attention_mask"])
                logits[members] = (
                    pool(attention, value, batch["keep"], batch["article"], len(members), taxonomy).numpy() + fitted.bias
                )
        report("sorot", truth, logits[:, taxonomy.columns()["topics"]] > 0, took)
        begun = time.monotonic()
        stock = make_stock(fresh())
        arguments = TrainingArguments(
            output_dir=str(Path(folder) / "stock"), num_train_epochs=section.epochs, learning_rate=RATE, warmup_steps=0.1,
            per_device_train_batch_size=BATCH, save_strategy="no", report_to=[], use_cpu=True, seed=section.seed,
        )  # fmt: skip
        trainer = Trainer(model=stock, args=arguments, train_dataset=StockDataset(rows, fresh()))
        trainer.train()
        took = time.monotonic() - begun
        found = trainer.predict(StockDataset(dev, fresh())).predictions > 0
        report("stock Trainer", truth, found, took)


def report(name: str, truth: np.ndarray[Any, Any], found: np.ndarray[Any, Any], seconds: float) -> None:
    """One side's quality and time."""
    low, high = interval(lambda i: macro_f1(truth[i], found[i]), len(truth))
    print(f"{name:14} dev topics macro-F1 {macro_f1(truth, found):.3f} [{low:.3f}, {high:.3f}] in {seconds / 60:.0f} minutes")


if __name__ == "__main__":
    main()
