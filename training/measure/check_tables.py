"""The tables of the invariance checks: names to swap, paraphrases, boilerplate and paragraphs, read from a TOML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sorot.data.errors import SorotError
from sorot.data.toml_files import read_toml

SHIPPED = Path(__file__).with_name("checks.toml")
Text = Annotated[str, Field(min_length=1)]


class CheckError(SorotError):
    """The table of checks cannot be used; the message names file, key and cure."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(_Section):
    """One bearer of a name: `also` are other spellings of it, `short` what later mentions in an article are by.

    `office` is for whoever keeps the list.
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
    """Pairs (what stands, what is put for it)."""

    pairs: tuple[tuple[Text, Text], ...]


class Expectation(_Section):
    """A label's probability must not rise ('not_up') or not fall ('not_down')."""

    task: str
    label: Text
    direction: Literal["not_up", "not_down"]


class Directional(_Section):
    """Paragraphs of one kind, one of which is added to an article, and what must not come of it.

    With `needs_topic` only articles are taken that were found to be on a topic.
    """

    name: Text
    paragraphs: tuple[Text, ...] = Field(min_length=1)
    expect: tuple[Expectation, ...] = Field(min_length=1)
    needs_topic: bool = False


class CheckTables(_Section):
    """All tables. `tolerance` is a change of probability, `typo_share` a share of words, `swaps` holds names by kind."""

    tolerance: float = Field(ge=0, le=1)
    typo_share: float = Field(gt=0, le=1)
    swaps: dict[str, Annotated[tuple[Name, ...], Field(min_length=2)]]
    boilerplate: Boilerplate
    paraphrase: Paraphrase
    directional: tuple[Directional, ...]


def load_tables(path: Path = SHIPPED) -> CheckTables:
    """Read a table of checks, the shipped one by default; CheckError where it is absent or malformed."""
    return read_toml(path, CheckTables, CheckError, kind="table of checks")
