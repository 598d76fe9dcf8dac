"""Recipes: one TOML file holds all settings of a training run. Unknown keys are errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sorot.data.errors import SorotError
from sorot.data.toml_files import read_toml
from sorot.serving.model.manifest import Name


class RecipeError(SorotError):
    """The recipe is invalid; the message names file, key and fix."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EncoderSection(_Section):
    """The text encoder. `name` is 'builtin', a folder or a Hugging Face id; `layers` keeps only the lowest ones (None: all);
    `max_tokens` is the window size, including special tokens.

    `name` may also be the folder of a bundle, whose layers and windows stay; with `frozen` only its heads are trained.
    """

    name: str = "builtin"
    layers: int | None = Field(default=None, ge=1)
    max_tokens: int = Field(default=512, ge=16)
    frozen: bool = False


class DataSection(_Section):
    """A training file.

    `format` is `labelled` for labelled records (JSON lines, CSV, Parquet, a folder from `datasets.save_to_disk`, or
    path = "hf:user/name" for a hub dataset in the local cache, which `download = true` brings there first); `smsa` or
    `nusax` for public datasets of one task (input/public_sets.toml); `short` for labels of short texts.

    `texts` names a file of articles that supplies missing texts by id; rows of `short` use the article's title, or its text if
    it has none. `weight` scales the loss of the file's rows, and each epoch repeats them `repeat` times. With `wide = false`
    the linear part does not learn from the file, since short texts of another kind make it worse on articles. A missing
    `optional` file is reported and skipped.
    """

    path: str
    format: Literal["labelled", "short", "smsa", "nusax"] = "labelled"
    texts: str | None = None
    weight: float = Field(default=1.0, gt=0)
    repeat: int = Field(default=1, ge=1)
    wide: bool = True
    optional: bool = False
    download: bool = False


class DevSection(_Section):
    """Development files for model selection. If none exists, `fraction` of the training articles is held out, by group.

    `unseen` names the files of `paths` whose sources are not in the training data; label sets are fitted on these only (if
    empty, on all of `paths`).

    Excludes training rows with the same words as an article in a file of `never_train_on`; for `never_train_near` also
    near-duplicates (half of their 5-word shingles in common).
    """

    paths: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    fraction: float = Field(default=0.2, gt=0, lt=1)
    never_train_on: tuple[str, ...] = ()
    never_train_near: tuple[str, ...] = ()


class TrainSection(_Section):
    """Settings of fine-tuning with AdamW.

    `batch_tokens` limits the padded tokens of a batch. `crop_tokens` limits those of an article: it keeps title and lead, plus
    sentences drawn at random each epoch; pooling is a sum over tokens, so a model trained on crops fits whole articles. Each
    epoch also leaves out an article's title with probability `title_dropout`, as many scraped articles have none.
    `learning_rate` applies to the top encoder layer and is multiplied by `layer_decay` for each layer below; the heads use
    `head_learning_rate`. The rates rise during the share `warmup` of all steps, then fall linearly. `class_weight_power` is
    the strength of class weights (0: none, 1: full balance). `evidence_weight` scales the loss that draws attention to
    sentences marked as evidence. `start_share` is the part of the starting weights in the weights that come out, which keeps
    what a trained encoder knew (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"). With `epochs = 0` encoder and
    heads of a bundle stay as they are, and only the linear part and the calibration are fitted.

    `trackers` are names for the Trainer's `report_to`, such as tensorboard, trackio or mlflow, and must be installed. A
    checkpoint is saved every `checkpoint_steps` steps. These two do not affect the result.
    """

    epochs: float = Field(default=4, ge=0)
    batch_tokens: int = Field(default=2048, ge=64)
    crop_tokens: int = Field(default=256, ge=32)
    title_dropout: float = Field(default=0.0, ge=0, lt=1)
    learning_rate: float = Field(default=1e-4, gt=0)
    head_learning_rate: float = Field(default=1e-3, gt=0)
    layer_decay: float = Field(default=0.9, gt=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0)
    warmup: float = Field(default=0.1, ge=0, lt=1)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    class_weight_power: float = Field(default=0.5, ge=0, le=1)
    evidence_weight: float = Field(default=0.0, ge=0)
    start_share: float = Field(default=0.0, ge=0, lt=1)
    seed: int = 13
    bf16: Literal["auto", "yes", "no"] = "auto"
    trackers: tuple[str, ...] = ()
    checkpoint_steps: int = Field(default=200, ge=1)


class WideSection(_Section):
    """Settings of the linear part: character and word n-grams that occur in at least `min_articles` articles, at most
    `max_features` of them; `c` is scikit-learn's inverse regularisation strength.
    """

    min_articles: int = Field(default=3, ge=1)
    max_features: int = Field(default=120_000, ge=100)
    c: float = Field(default=10.0, gt=0)


class TeacherSection(_Section):
    """A larger model of the same encoder, trained first; the shipped model also learns its probabilities on unlabelled articles.

    `layers` is as in the encoder's section (None: all). With `bundles` nothing is trained first: the teacher is the mean of
    these bundles, and `layers`, `epochs` and `learning_rate` do not count. `pool` names files of unlabelled articles; missing
    ones are skipped. Each file gives `articles` articles: half those that the linear part ranks highest for a topic, half
    random ones. `weight` scales their loss.
    """

    layers: int | None = Field(default=None, ge=1)
    bundles: tuple[str, ...] = ()
    epochs: float = Field(default=3, gt=0)
    learning_rate: float = Field(default=1e-4, gt=0)
    pool: tuple[str, ...]
    articles: int = Field(default=8000, ge=2)
    weight: float = Field(default=0.5, gt=0)


class DistilSection(_Section):
    """Distil the encoder of another recipe's run, the teacher, into a shorter one.

    The student keeps the teacher's `layers` (numbered from 0) and learns to match its states and logits. `begin` names a
    recipe whose run, with as many layers, initialises the student instead. `heads` keeps only that many attention heads, the
    most important ones before training (None: all); the others are disabled and left out of the serving model.

    Training uses the articles of this recipe plus `articles` of each file of `pool`: half those that the linear part ranks
    highest for a topic, half random ones. Missing files are skipped.
    """

    recipe: str
    layers: tuple[int, ...] = Field(min_length=1)
    begin: str | None = None
    heads: int | None = Field(default=None, ge=1)
    epochs: float = Field(default=3, gt=0)
    learning_rate: float = Field(default=2e-4, gt=0)
    pool: tuple[str, ...] = ()
    articles: int = Field(default=8000, ge=2)


class SoupSection(_Section):
    """A recipe whose weights are averaged with this run's. `share` is its part of the mean; this run has the rest."""

    recipe: str
    share: float = Field(gt=0, lt=1)


class Recipe(_Section):
    """A training run. Paths are relative to the folder in which the command runs.

    A label with fewer than `min_examples` training articles is an error, and so is a bundle of more than `max_megabytes` MB.

    `soup` names recipes with the same encoder, labels and seed (hence the same initial heads). Their runs are trained too, in
    folders next to this one's, and all weights are averaged (Wortsman et al. 2022, "Model soups").

    Files of `calibration` are never trained on. With the development files they fit temperatures and biases, weighted by
    `weight`, so that the calibration also suits other kinds of text, such as short ones.
    """

    name: Name
    version: Name
    taxonomy: str | None = None
    min_examples: int = Field(default=5, ge=0)
    max_megabytes: float | None = Field(default=None, gt=0)
    soup: tuple[SoupSection, ...] = ()
    encoder: EncoderSection = EncoderSection()
    data: tuple[DataSection, ...]
    dev: DevSection = DevSection()
    calibration: tuple[DataSection, ...] = ()
    train: TrainSection = TrainSection()
    wide: WideSection = WideSection()
    teacher: TeacherSection | None = None
    distil: DistilSection | None = None

    @field_validator("soup")
    @classmethod
    def _check_shares(cls, soup: tuple[SoupSection, ...]) -> tuple[SoupSection, ...]:
        if sum(part.share for part in soup) >= 1:
            raise ValueError("the shares add up to 1 or more, so this run has no weight; lower them")
        return soup


def load_recipe(path: Path) -> Recipe:
    """Read and validate a recipe. Raises RecipeError, which names every invalid key."""
    return load_section(path, Recipe)


def recipes_before(recipe: Recipe) -> Iterator[Recipe]:
    """All recipes whose weights a recipe needs, directly or not, in the order of training. Raises RecipeError."""
    distil = (recipe.distil.recipe, recipe.distil.begin) if recipe.distil else ()
    for name in filter(None, (*(part.recipe for part in recipe.soup), *distil)):
        other = load_recipe(Path(name))
        yield from recipes_before(other)
        yield other


Section = TypeVar("Section", bound=BaseModel)


def load_section(path: Path, kind: type[Section]) -> Section:
    """Read a TOML file into the model `kind`. Raises RecipeError, which names every invalid key."""
    return read_toml(path, kind, RecipeError, kind="recipe", if_missing="name a TOML file such as training/recipes/release.toml")
