"""How much the corpus tab reads at once, and what it says and tells to type where there is more."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sorot.data.errors import SorotError
from sorot.serving.limits import DEFAULT_LIMITS, Limits

ZIP = ".zip"


@dataclass(frozen=True, slots=True)
class CorpusLimits:
    """How much the page reads at once; a file is an upload, so it is bounded as bodies are, and its articles as all are."""

    rows: int = 5_000
    bytes: int = DEFAULT_LIMITS.body_bytes
    characters: int = DEFAULT_LIMITS.characters
    html_characters: int = DEFAULT_LIMITS.html_characters
    columns: int = 64
    unpacked_bytes: int = 64_000_000


LIMITS = CorpusLimits()


class CorpusError(SorotError):
    """A file that is not read: `key` is the sentence among the tab's words, `values` what stands in it."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def corpus_limits(limits: Limits) -> CorpusLimits:
    """The limits of the tab on a page whose service has these."""
    return CorpusLimits(bytes=limits.body_bytes, characters=limits.characters, html_characters=limits.html_characters)


def command(name: str, columns: Mapping[str, str] | None = None) -> str:
    """What to type to score a file of this name without limits; `columns` were chosen by hand, '' for a field left out."""
    safe = shlex.quote(f"./{name}" if name.startswith("-") else name)
    if name.lower().endswith(ZIP):
        return f"unzip {safe} -d texts && sorot score texts -o out.parquet"
    chosen = "".join(f" --{field}-column {shlex.quote(column)}" for field, column in (columns or {}).items())
    return f"sorot score {safe}{chosen} -o out.parquet"


def too_many_rows(path: Path, limits: CorpusLimits, columns: Mapping[str, str] | None = None) -> CorpusError:
    """More articles than are read at once."""
    return CorpusError("too_many_rows", limit=limits.rows, command=command(path.name, columns))


def too_much_unpacked(path: Path, limits: CorpusLimits, columns: Mapping[str, str] | None = None) -> CorpusError:
    """More than is held in memory, however small the file is."""
    return CorpusError("bomb", limit=limits.unpacked_bytes // 1_000_000, command=command(path.name, columns))
