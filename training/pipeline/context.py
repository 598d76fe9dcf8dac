"""The context of a run, shared by its steps: recipe, folder, and data and models, loaded on first use."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import load_file, save_file

from sorot.data.taxonomy import Taxonomy, load_taxonomy
from sorot.serving.model.wide import Wide
from sorot.training.distillation.pool import existing_files
from sorot.training.distillation.soft_labels import SoftLabels, read_soft_labels
from sorot.training.export.assemble import TrainedModel, centre_heads
from sorot.training.input.batches import Example
from sorot.training.input.sources import RunData, load_run_data
from sorot.training.models.deep import TokenModel
from sorot.training.models.encoder import Encoder, load_encoder
from sorot.training.models.finetune import Fitted, make_examples
from sorot.training.models.wide_fit import FittedWide
from sorot.training.pipeline.run_files import CURVES_FILE, DEEP_FILE, LINEAR_FILE, SOFT_FILE, SOUP_FILE
from sorot.training.recipe import EncoderSection, Recipe, RecipeError, load_recipe

_BIAS = "bias"


@dataclass(frozen=True)
class Run:
    """One run of a recipe. Its properties raise sorot.data.errors.SorotError for errors that the user can fix."""

    recipe: Recipe
    folder: Path
    say: Callable[[str], None]

    @cached_property
    def taxonomy(self) -> Taxonomy:
        return load_taxonomy(Path(self.recipe.taxonomy) if self.recipe.taxonomy else None)

    @cached_property
    def data(self) -> RunData:
        """Training, development and calibration rows; reports their counts and notes on first use."""
        data = load_run_data(self.recipe, self.taxonomy)
        for note in data.notes:
            self.say(note)
        self.say(f"{len(data.train)} training rows, " + ", ".join(f"{len(rows)} in {name}" for name, rows in data.dev.items()))
        return data

    @cached_property
    def encoder(self) -> Encoder:
        """The pretrained encoder, for its tokenizer only: training loads its own copy and changes the weights."""
        return self.load_encoder(self.recipe.encoder)

    @staticmethod
    def load_encoder(section: EncoderSection) -> Encoder:
        return load_encoder(section.name, layers=section.layers, max_tokens=section.max_tokens, frozen=section.frozen)

    @cached_property
    def dev_by_file(self) -> dict[str, list[Example]]:
        """Development examples by the name of their file."""
        return {name: make_examples(list(rows), self.encoder, self.taxonomy) for name, rows in self.data.dev.items()}

    @property
    def dev(self) -> list[Example]:
        """All development examples."""
        return [example for examples in self.dev_by_file.values() for example in examples]

    @property
    def unseen(self) -> NDArray[np.bool_]:
        """Mask (n,) of the development examples from files in `dev.unseen`; all true if none of these files is there."""
        names = {Path(path).stem for path in self.recipe.dev.unseen}
        return np.array(
            [not names & self.dev_by_file.keys() or name in names for name, rows in self.dev_by_file.items() for _ in rows],
            dtype=bool,
        )

    @cached_property
    def calibration(self) -> list[Example]:
        """Examples for calibration in addition to the development articles."""
        return make_examples(list(self.data.calibration), self.encoder, self.taxonomy)

    @cached_property
    def linear(self) -> FittedWide:
        """The fitted linear part."""
        arrays = load_arrays(self.folder / LINEAR_FILE)
        return FittedWide(Wide(arrays["keys"], arrays["idf"], arrays["weight"]), arrays["intercept"])

    @cached_property
    def trained(self) -> TrainedModel:
        """Encoder, heads and linear part for export."""
        encoder = self.load_encoder(self.recipe.encoder)
        trained = TrainedModel(encoder, load_fitted(self.deep_file, encoder, self.taxonomy), self.linear, self.taxonomy)
        centre_heads(trained)
        return trained

    @property
    def deep_file(self) -> Path:
        """File of the exported encoder and heads: the averaged weights of a soup, else the trained ones."""
        return self.folder / (SOUP_FILE if self.recipe.soup else DEEP_FILE)

    @cached_property
    def distil_teacher(self) -> Run | None:
        """The run whose encoder this one shortens (`distil.recipe`). Raises RecipeError if the two do not match."""
        section = self.recipe.distil
        if section is None:
            return None
        recipe = load_recipe(Path(section.recipe))
        if self.recipe.encoder.layers != len(section.layers):
            raise RecipeError(
                f"distil.layers: names {len(section.layers)}, encoder.layers says {self.recipe.encoder.layers}; make them equal"
            )
        same = self.recipe.encoder.model_copy(update={"layers": recipe.encoder.layers})
        if (recipe.encoder, recipe.taxonomy) != (same, self.recipe.taxonomy):
            raise RecipeError(f"{section.recipe}: differs from this recipe in encoder or taxonomy; only the layers may differ")
        return Run(recipe, self._folder_of(section.recipe, recipe), self.say)

    @cached_property
    def distil_start(self) -> Run | None:
        """The run whose encoder initialises the student (`distil.begin`); None: kept layers of the teacher.

        Raises RecipeError if its encoder or taxonomy differs.
        """
        section = self.recipe.distil
        if section is None or section.begin is None:
            return None
        recipe = load_recipe(Path(section.begin))
        if (recipe.encoder, recipe.taxonomy) != (self.recipe.encoder, self.recipe.taxonomy):
            raise RecipeError(
                f"{section.begin}: differs in encoder or taxonomy from the recipe that begins with it; make them equal"
            )
        return Run(recipe, self._folder_of(section.begin, recipe), self.say)

    @cached_property
    def distil_files(self) -> tuple[Path, ...]:
        """Existing files of unlabelled articles for distilling a shorter encoder; reports missing ones."""
        return existing_files(self.recipe.distil.pool, self.say) if self.recipe.distil else ()

    @property
    def sources(self) -> tuple[Run, ...]:
        """All runs whose weights this run needs, directly or not, in the order of training."""
        direct = [*self.ingredients, *filter(None, (self.distil_teacher, self.distil_start))]
        by_folder = {run.folder: run for other in direct for run in (*other.sources, other)}
        return tuple(by_folder.values())

    def _folder_of(self, name: str, recipe: Recipe) -> Path:
        """Folder of another recipe's run, next to this one's."""
        folder = self.folder.with_name(f"{recipe.name}-{recipe.version}")
        if folder == self.folder:
            raise RecipeError(f"{name}: has the name and version of the run that needs it; raise the version")
        return folder

    @cached_property
    def ingredients(self) -> tuple[Run, ...]:
        """The runs whose weights are averaged with this one's. Raises RecipeError if encoder, taxonomy or seed differ."""
        runs = []
        for part in self.recipe.soup:
            name = part.recipe
            recipe = load_recipe(Path(name))
            if (recipe.encoder, recipe.taxonomy, recipe.train.seed) != (
                self.recipe.encoder, self.recipe.taxonomy, self.recipe.train.seed,
            ):  # fmt: skip
                raise RecipeError(
                    f"{name}: weights can be averaged only with the same encoder, taxonomy and seed; make them equal"
                )
            runs.append(Run(recipe, self._folder_of(name, recipe), self.say))
        return tuple(runs)

    @cached_property
    def pool_files(self) -> tuple[Path, ...]:
        """Existing files of unlabelled articles for the teacher to label; reports missing ones."""
        return existing_files(self.recipe.teacher.pool, self.say) if self.recipe.teacher else ()

    @cached_property
    def soft(self) -> SoftLabels:
        """Examples with the teacher's soft labels; empty without teacher or pool files."""
        section = self.recipe.teacher
        if section is None or not self.pool_files:
            return SoftLabels((), {})
        return read_soft_labels(self.folder / SOFT_FILE, section, self.pool_files, self.encoder, self.taxonomy)


def save_linear(linear: FittedWide, path: Path) -> None:
    """Save a linear part as safetensors."""
    wide = linear.wide
    save_arrays({"keys": wide.keys, "idf": wide.idf, "weight": wide.weight, "intercept": linear.intercept}, path)


def save_fitted(fitted: Fitted, folder: Path) -> None:
    """Save a deep part and its training log in `folder`."""
    state = {name: value.cpu() for name, value in fitted.tokens.state_dict().items()}
    save_file({**state, _BIAS: torch.from_numpy(fitted.bias)}, folder / DEEP_FILE)
    (folder / CURVES_FILE).write_text(json.dumps(list(fitted.history), indent=1) + "\n", encoding="utf-8")


def average_weights(files: Sequence[Path], shares: Sequence[float], path: Path) -> None:
    """Write the weighted mean of `save_fitted` files to `path`; `shares` add up to 1 (Wortsman et al. 2022, "Model soups")."""
    states = [load_file(file) for file in files]
    weights = torch.tensor(shares)
    mean = {name: torch.einsum("n,n...->...", weights, torch.stack([state[name] for state in states])) for name in states[0]}
    save_file(mean, path)


def load_fitted(path: Path, encoder: Encoder, taxonomy: Taxonomy) -> Fitted:
    """Load a deep part from a `save_fitted` file, overwriting the weights of `encoder`."""
    state = load_file(path)
    bias = state.pop(_BIAS).numpy().copy()
    tokens = TokenModel(encoder.model, taxonomy, dropout=0.0)
    tokens.load_state_dict(state)
    return Fitted(tokens.eval(), bias)
