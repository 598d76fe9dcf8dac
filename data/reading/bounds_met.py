"""Which inputs exceeded their budget, so that a resumed run does not meet them again."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path


class BoundsMet:
    """Reasons by file and by the item of it at which reading stopped, kept in a file if `path` is given.

    A file that cannot be written only makes the next run meet them again.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._met: dict[tuple[str, int], str] = {}
        with suppress(OSError, ValueError, KeyError, TypeError):
            for line in path.read_text(encoding="utf-8").splitlines() if path else ():
                met = json.loads(line)
                self._met[str(met["source"]), int(met["item"])] = str(met["reason"])

    def reason(self, source: str, item: int) -> str | None:
        """Why `item` of `source` was not read, if it was not."""
        return self._met.get((source, item))

    def add(self, source: str, item: int, reason: str) -> None:
        """Remembers a bound that was met."""
        self._met[source, item] = reason
        if self._path:
            with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"source": source, "item": item, "reason": reason}) + "\n")
