"""Data files in the model card: source, licence and limits of each file that a model was trained or tuned on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sorot.data.errors import SorotError
from sorot.data.toml_files import read_toml
from sorot.serving.model.manifest import Fingerprint
from sorot.training.recipe import Recipe

TABLE = Path(__file__).with_name("data_cards.toml")
UNKNOWN = "not stated"


class DataCardError(SorotError):
    """The table of known data files cannot be used; the message names file, key and cure."""


class DataCard(BaseModel):
    """Description of the files whose path in a recipe matches `pattern` (* for anything)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    pattern: str
    name: str
    source: str
    licence: str
    limits: tuple[str, ...] = ()


class _General(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    limits: tuple[str, ...]


class DataCards(BaseModel):
    """The table: known files in order, and the limits of every model."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    data: tuple[DataCard, ...]
    general: _General


@dataclass(frozen=True, slots=True)
class UsedFile:
    """A data file of a run by its name in the manifest, with its description (None if it is unknown)."""

    file: str
    print: Fingerprint
    card: DataCard | None


def load_data_cards(path: Path = TABLE) -> DataCards:
    """Read the table of known data files; DataCardError where it is absent or malformed."""
    return read_toml(path, DataCards, DataCardError, kind="table of data files", if_missing="restore it")


def recipe_files(recipe: Recipe) -> list[str]:
    """The data files of a recipe that exist, in the order in which the run names them."""
    sections = [s.path for s in recipe.data] + list(recipe.dev.paths) + [s.path for s in recipe.calibration]
    named = [*sections, *(recipe.teacher.pool if recipe.teacher else ())]
    files = [file for name in named for file in (sorted(Path().glob(name)) if "*" in name else [Path(name)])]
    return [file.as_posix() for file in files if file.is_file()]


def used_files(prints: Mapping[str, Fingerprint], paths: Iterable[str], cards: DataCards) -> list[UsedFile]:
    """The files of a manifest with their descriptions.

    A manifest names a file by its last part, or by its path if another file has that name already; so the first of the paths
    with the same last part is used.
    """
    known: dict[str, str] = {}
    for path in paths:
        known.setdefault(Path(path).name, path)
        known.setdefault(path, path)
    found = {name: next((c for c in cards.data if fnmatch(known.get(name, ""), c.pattern)), None) for name in prints}
    return [UsedFile(name, prints[name], found[name]) for name in prints]


def calibration_name(name: str, version: str) -> str:
    """File name of a card's calibration plot; it holds the model's name because all cards are in one folder."""
    return f"{name}-{version}-calibration.png"
