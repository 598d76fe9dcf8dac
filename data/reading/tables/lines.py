"""Reads lines without holding an overlong one in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

STEP = 65_536
READ_AGAIN = 2_000_000


def read_limited_lines(text: TextIO, most: int, ends: str = "\n") -> Iterator[str]:
    """The lines of a text, each ending at a character of `ends`; longer lines are truncated to `most` + 1 characters.

    The rest of a truncated line is skipped in small steps, so that it never fills the memory.
    """
    while line := text.readline(most + 1):
        piece = line if len(line) > most else ""
        while piece and piece[-1] not in ends:
            piece = text.readline(STEP)
        yield line


class Lines:
    """Iterates over lines and counts them; lines can be given back to be read again.

    `again` is how many more characters may be given back: a fixed number and as many as were read, so that reading them all
    takes time in proportion to their length whatever is given back.
    """

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self._returned: deque[str] = deque()
        self.n_read = 0
        self.again = READ_AGAIN

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._returned:
            line = self._returned.popleft()
        else:
            line = next(self._source)
            self.again += len(line)
        self.n_read += 1
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        self._returned.extendleft(reversed(lines))
        self.n_read -= len(lines)
        self.again -= sum(map(len, lines))

    def peek(self) -> str | None:
        line = next(self, None)
        if line is not None:
            self.give_back([line])
        return line
