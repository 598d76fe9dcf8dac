"""The recipe of `sorot pretrain`: encoder, unlabelled articles, training settings and output folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sorot.training.recipe import EncoderSection, load_section


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MaskSection(_Section):
    """Settings of masked language modelling.

    `mask_share` is the share of masked tokens, `warmup` the share of steps with rising learning rate, `batch_tokens` the
    padded tokens per batch. `max_steps` replaces `epochs` if set. A checkpoint is saved every `checkpoint_steps` steps.
    """

    epochs: float = Field(default=1, gt=0)
    max_steps: int | None = Field(default=None, ge=1)
    batch_tokens: int = Field(default=4096, ge=64)
    learning_rate: float = Field(default=1e-4, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    warmup: float = Field(default=0.06, ge=0, lt=1)
    mask_share: float = Field(default=0.2, ge=0.15, le=0.3)
    checkpoint_steps: int = Field(default=200, ge=1)
    seed: int = 13
    bf16: Literal["auto", "yes", "no"] = "auto"


class PretrainRecipe(_Section):
    """A pretraining run. Paths are relative to the folder in which the command runs.

    Excludes articles with the same words as one in `never_train_on`, which names labelled files, read with `taxonomy` (None:
    the shipped one). `held_out` is the share of articles to measure the loss on.
    """

    output: str
    files: tuple[str, ...] = Field(min_length=1)
    never_train_on: tuple[str, ...] = ()
    taxonomy: str | None = None
    held_out: float = Field(default=0.02, gt=0, lt=0.5)
    encoder: EncoderSection = EncoderSection()
    train: MaskSection = MaskSection()


def load_pretrain_recipe(path: Path) -> PretrainRecipe:
    """Read and validate a recipe. Raises sorot.training.recipe.RecipeError, which names every invalid key."""
    return load_section(path, PretrainRecipe)
