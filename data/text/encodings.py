"""From bytes to text, whatever a scraper left."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from sorot.data.text.mojibake import mend_mojibake

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PROBE = 4096
SAMPLE = 200_000
# What Indonesian pages are in where they are not in UTF-8.
LEGACY = "cp1252"


def looks_binary(data: bytes) -> bool:
    """Whether `data` is no text: NUL bytes or many control characters, where it is not UTF-16 or UTF-32."""
    probe = data[:PROBE]
    if any(probe.startswith(mark) for mark, _ in _MARKS):
        return False
    if wide := _wide(probe):
        probe = probe.decode(wide, "replace").encode("latin-1", "replace")
    controls = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in probe)
    return controls > max(2, len(probe) // 20)


def guess_encoding(data: bytes) -> str:
    """The encoding of `data`: its byte-order mark's, UTF-16 by its NULs, UTF-8 where that reads most of it, else cp1252.

    A few bad bytes do not make another encoding of UTF-8: what is cp1252 hardly ever holds valid UTF-8 by chance.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if wide := _wide(data[:PROBE]):
        return wide
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        # A single cut character at the very end of a sample is no sign of another encoding.
        if error.start >= len(data) - 3 and len(data) >= SAMPLE:
            return "utf-8"
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return "utf-8" if good > bad else LEGACY


def decode(data: bytes) -> str:
    """Text of `data`, mended."""
    return mend(data.decode(guess_encoding(data), errors="replace"))


def mend(text: str) -> str:
    """`text` without NUL characters, lone surrogates as U+FFFD, line ends as \\n, misread stretches ('â€œ') restored."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    return mend_mojibake(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def valid_name(path: Path | str) -> str:
    """A file's name as text that can be written: bytes of it that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _wide(probe: bytes) -> str | None:
    """UTF-16 without a mark: text in Latin letters has a NUL in every other byte."""
    half = len(probe) // 2
    first, second = probe[0::2].count(0), probe[1::2].count(0)
    if half < 4 or min(first, second) > half // 50 or max(first, second) < half * 0.7:
        return None
    return "utf-16-be" if first > second else "utf-16-le"
