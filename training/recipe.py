"""A recipe: one TOML file that says all there is to say of a training run. Unknown keys are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sorot.data.errors import SorotError
from sorot.data.toml_files import read_toml


class RecipeError(SorotError):
    """The recipe cannot be used; the message names file, key and cure."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EncoderSection(_Section):
    """Which encoder; `layers` keeps the lowest ones (None: all); `max_tokens` is the window, special tokens included."""

    name: str = "builtin"
    layers: int | None = Field(default=None, ge=1)
    max_tokens: int = Field(default=512, ge=16)


class DataSection(_Section):
    """A training file, by `format`.

    `labelled`: labelled records as JSON lines, CSV, Parquet, a folder of `datasets.save_to_disk`, or a hub dataset in the
    local cache (path = "hf:user/name"). `smsa`, `nusax`: public sets for one task (input/public_sets.toml). `short`: labels
    of short texts.

    `texts` names the file of articles that records without a text are joined to by id; those of `short` take the title
    of theirs, or the text where it has none. `weight` scales the loss of a
    file's rows; they are seen `repeat` times an epoch. `wide` set to false keeps a file from the linear part, as short
    texts of another kind make its words worse for articles. Where an optional file is absent the run goes on
    without it and says so.
    """

    path: str
    format: Literal["labelled", "short", "smsa", "nusax"] = "labelled"
    texts: str | None = None
    weight: float = Field(default=1.0, gt=0)
    repeat: int = Field(default=1, ge=1)
    wide: bool = True
    optional: bool = False


class DevSection(_Section):
    """Held-out files to choose by. Where none exists, `fraction` of the training articles is held out by group.

    `unseen` names those of `paths` whose sources training has not seen; label sets are fitted on them alone (on all of `paths`
    if there are none). Training rows whose words equal those of a file of `never_train_on` are left out; of `never_train_near`,
    those that are nearly the same as well (half of their 5-word shingles in common).
    """

    paths: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    fraction: float = Field(default=0.2, gt=0, lt=1)
    never_train_on: tuple[str, ...] = ()
    never_train_near: tuple[str, ...] = ()


class TrainSection(_Section):
    """Fine-tuning. Lengths in tokens, learning rates per step of AdamW, `warmup` a share of all steps.

    `crop_tokens` is the budget of a training article: its title and lead stay, the rest are sentences drawn again each
    time; pooling is a sum over tokens, so what is learned on crops holds for whole articles. `evidence_weight` scales the loss
    that draws attention to sentences marked as evidence. `trackers` are those of the
    Trainer's `report_to`, such as tensorboard, trackio or mlflow, which have to be installed. A checkpoint is kept every
    `checkpoint_steps` steps. Neither of the last two changes the result.
    """

    epochs: float = Field(default=4, gt=0)
    batch_tokens: int = Field(default=2048, ge=64)
    crop_tokens: int = Field(default=256, ge=32)
    learning_rate: float = Field(default=1e-4, gt=0)
    head_learning_rate: float = Field(default=1e-3, gt=0)
    layer_decay: float = Field(default=0.9, gt=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0)
    warmup: float = Field(default=0.1, ge=0, lt=1)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    class_weight_power: float = Field(default=0.5, ge=0, le=1)
    evidence_weight: float = Field(default=0.0, ge=0)
    seed: int = 13
    bf16: Literal["auto", "yes", "no"] = "auto"
    trackers: tuple[str, ...] = ()
    checkpoint_steps: int = Field(default=200, ge=1)


class WideSection(_Section):
    """The linear part: character and word n-grams seen in at least `min_articles`; `c` is scikit-learn's inverse penalty."""

    min_articles: int = Field(default=3, ge=1)
    max_features: int = Field(default=120_000, ge=100)
    c: float = Field(default=10.0, gt=0)


class TeacherSection(_Section):
    """A larger model of the same encoder, trained first; the shipped one learns its probabilities on unlabelled articles too.

    `layers` as in the encoder's section (None: all). `pool` names files of articles, those that are absent are left out;
    of each file `articles` are taken, half of them those that the linear part ranks highest for a topic, half at random.
    `weight` scales their loss.
    """

    layers: int | None = Field(default=None, ge=1)
    epochs: float = Field(default=3, gt=0)
    learning_rate: float = Field(default=1e-4, gt=0)
    pool: tuple[str, ...]
    articles: int = Field(default=8000, ge=2)
    weight: float = Field(default=0.5, gt=0)


class DistilSection(_Section):
    """A shorter encoder from that of a recipe's run: `layers` of it are kept (numbered from 0) and learn what all of them did.

    With `begin` they begin as the encoder of that recipe's run, which has as many layers, and not as the longer one's own. Of
    their attention heads `heads` are kept, those that do most when it begins (None: all); the others stay silent from then on,
    and the serving model leaves them out.

    They learn it on the articles of this recipe and on `articles` of each file of `pool`, half of them those that the linear
    part ranks highest for a topic, half at random; files that are absent are left out.
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
    """A recipe whose weights are averaged with this run's; `share` is its part of the mean, this run has what is left of 1."""

    recipe: str
    share: float = Field(gt=0, lt=1)


class Recipe(_Section):
    """All of a run. Paths are relative to the folder that the command is run in.

    `soup` names recipes with the same encoder and labels: their encoders are trained too, in folders beside this run's, and
    the weights of all are averaged (Wortsman et al. 2022, "Model soups"). All share this run's seed and so their first heads.

    A label with fewer than `min_examples` training articles is refused. A bundle of more than `max_megabytes` is, too.

    Files of `calibration` are never trained on: together with the development files they fit temperatures and biases, by
    their `weight`, so that texts of another kind (short ones, say) are not labelled by numbers fitted to articles alone.
    """

    name: str
    version: str
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
    def _leave_a_share(cls, soup: tuple[SoupSection, ...]) -> tuple[SoupSection, ...]:
        if sum(part.share for part in soup) >= 1:
            raise ValueError("the shares add up to 1 or more and leave nothing of this run; lower them")
        return soup


def load_recipe(path: Path) -> Recipe:
    """Read and validate a recipe; RecipeError names every wrong key."""
    return load_section(path, Recipe)


def recipes_before(recipe: Recipe) -> Iterator[Recipe]:
    """The recipes that the weights of a recipe's run come from, at whatever distance. Raises RecipeError."""
    distil = (recipe.distil.recipe, recipe.distil.begin) if recipe.distil else ()
    for name in filter(None, (*(part.recipe for part in recipe.soup), *distil)):
        other = load_recipe(Path(name))
        yield from recipes_before(other)
        yield other


Section = TypeVar("Section", bound=BaseModel)


def load_section(path: Path, kind: type[Section]) -> Section:
    """Read a TOML file as a recipe of some kind; RecipeError names every wrong key."""
    return read_toml(path, kind, RecipeError, kind="recipe", if_missing="name a TOML file such as training/recipes/release.toml")
