"""Decodes scraped bytes: guesses the encoding and repairs broken text."""

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
# The usual encoding of Indonesian pages that are not UTF-8.
LEGACY = "cp1252"
# Error handler of `bytes.decode` for files that mix UTF-8 and cp1252.
MIXED = "sorot_mixed"
# The quotation marks, dashes, dots and spaces of cp1252, which a file of UTF-8 may hold where it was pasted together.
_PASTED = frozenset(range(0x91, 0x98)) | {0x85, 0xA0}


def _mix(error: UnicodeError) -> tuple[str, int]:
    """Decodes one byte: in UTF-8 as cp1252's punctuation, in cp1252 as the control that `mend` expects in misread text."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start]
    if error.encoding.replace("_", "-").startswith("utf") or error.encoding.startswith("utf"):
        return (bytes([byte]).decode(LEGACY) if byte in _PASTED else "\ufffd"), error.start + 1 if byte in _PASTED else error.end
    return chr(byte), error.start + 1


codecs.register_error(MIXED, _mix)


def looks_binary(data: bytes) -> bool:
    """Whether `data` is binary: many control characters or NUL bytes, and neither UTF-16 nor UTF-32."""
    probe = data[:PROBE]
    if any(probe.startswith(mark) for mark, _ in _MARKS):
        return False
    if wide := _guess_utf_16(probe):
        probe = probe.decode(wide, "replace").encode("latin-1", "replace")
    controls = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in probe)
    return controls > max(2, len(probe) // 20)


def guess_encoding(data: bytes) -> str:
    """The encoding of `data`: by its byte-order mark, UTF-16 by its NULs, UTF-8 if that decodes most of it, else cp1252.

    UTF-8 with a few bad bytes stays UTF-8, because cp1252 text hardly ever forms valid UTF-8 by chance.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if wide := _guess_utf_16(data[:PROBE]):
        return wide
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        # A character cut off at the end of a sample does not point to another encoding.
        if error.start >= len(data) - 3 and len(data) >= SAMPLE:
            return "utf-8"
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return "utf-8" if good > bad else LEGACY


def decode(data: bytes) -> str:
    """The text of `data`, repaired by `mend`."""
    return mend(data.decode(guess_encoding(data), errors=MIXED))


def mend(text: str) -> str:
    """`text` repaired: NULs removed, lone surrogates as U+FFFD, line ends as \\n, misread characters ('â€œ') restored."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    return mend_mojibake(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def valid_name(path: Path | str) -> str:
    """A file name as valid UTF-8 text; undecodable bytes become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _guess_utf_16(probe: bytes) -> str | None:
    """UTF-16 without a byte-order mark, or None: in Latin letters every other byte is NUL."""
    half = len(probe) // 2
    first, second = probe[0::2].count(0), probe[1::2].count(0)
    if half < 4 or min(first, second) > half // 50 or max(first, second) < half * 0.7:
        return None
    return "utf-16-be" if first > second else "utf-16-le"
