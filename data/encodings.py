"""From bytes to text, whatever a scraper left."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PROBE = 4096
SAMPLE = 200_000


def looks_binary(data: bytes) -> bool:
    """Whether `data` is no text: NUL bytes or many control characters without a byte-order mark."""
    probe = data[:PROBE]
    if any(probe.startswith(mark) for mark, _ in _MARKS):
        return False
    controls = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in probe)
    return controls > max(2, len(probe) // 20)


def guess_encoding(data: bytes) -> str:
    """The encoding of `data`: its byte-order mark's, UTF-8 where it is valid, else charset-normalizer's best guess."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        # A single cut character at the very end of a sample is no sign of another encoding.
        if error.start >= len(data) - 3 and len(data) >= SAMPLE:
            return "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE], cp_isolation=["cp1252", "latin_1", "utf_16_le", "utf_16_be", "cp1250"]).best()
    return best.encoding if best else "cp1252"


def decode(data: bytes) -> str:
    """Text of `data`, with NUL characters and lone surrogates taken out, line ends as \\n."""
    return mend(data.decode(guess_encoding(data), errors="replace"))


def mend(text: str) -> str:
    """`text` without NUL characters, lone surrogates as U+FFFD, line ends as \\n."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if not text.isascii() else text
