"""Data of the invariance checks, from a TOML file: names to swap, paraphrases, boilerplate and paragraphs to add."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sorot.data.errors import SorotError
from sorot.data.toml_files import read_toml

SHIPPED_CHECKS = Path(__file__).with_name("checks.toml")
Text = Annotated[str, Field(min_length=1)]


class CheckError(SorotError):
    """The file of checks cannot be used; the message names file, key and cure."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SwapName(_Section):
    """A person, party, platform or outlet: `also` are other spellings, `short` the form of later mentions in an article.

    `office` helps whoever maintains the list.
    """

    name: Text
    also: tuple[Text, ...] = ()
    short: Text | None = None
    office: str | None = None


class Boilerplate(_Section):
    """Lines put before the text, after its first paragraph, and after its last."""

    before: tuple[Text, ...]
    between: tuple[Text, ...]
    after: tuple[Text, ...]


class Paraphrase(_Section):
    """Pairs (original, replacement)."""

    pairs: tuple[tuple[Text, Text], ...]


class Expectation(_Section):
    """The probability of a task's label must not rise ('not_up') or must not fall ('not_down')."""

    task: str
    label: Text
    direction: Literal["not_up", "not_down"]


class Directional(_Section):
    """Paragraphs of one kind to add to an article, one at a time, and the probabilities that must not move.

    `needs` names a task: only articles to which the model gives a label of that task are used.
    """

    name: Text
    paragraphs: tuple[Text, ...] = Field(min_length=1)
    expect: tuple[Expectation, ...] = Field(min_length=1)
    needs: str | None = None


class CheckTables(_Section):
    """The whole file: `tolerance` is a change of probability, `typo_share` a share of words, `swaps` holds names by kind."""

    tolerance: float = Field(ge=0, le=1)
    typo_share: float = Field(gt=0, le=1)
    swaps: dict[str, Annotated[tuple[SwapName, ...], Field(min_length=2)]]
    boilerplate: Boilerplate
    paraphrase: Paraphrase
    directional: tuple[Directional, ...]


def load_tables(path: Path = SHIPPED_CHECKS) -> CheckTables:
    """Read a table of checks, the shipped one by default; CheckError where it is absent or malformed."""
    return read_toml(path, CheckTables, CheckError, kind="table of checks")
