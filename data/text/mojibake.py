"""Repairs mojibake: UTF-8 once decoded as cp1252 ('â€œ') or Mac Roman ('‚Äú')."""

from __future__ import annotations

import re

# Text may have been misread more than once ('Ã¢â‚¬Å“').
ROUNDS = 3
_CP1252 = "".join(bytes([b]).decode("cp1252", "ignore") for b in range(0x80, 0xC0)) + "".join(map(chr, range(0x80, 0xA0)))
_MAC = bytes(range(0x80, 0xC0)).decode("mac_roman")
_QUOTES = "“”‘’‚„…–—›‹"
_TAIL = f"[{re.escape(_CP1252)}]"
_ANY = rf"(?:[Â-ß]{_TAIL}|[à-ï]{_TAIL}{{2}}|[ð-ô]{_TAIL}{{3}})"
# Two or more sequences in a row are always mojibake; a single one must be of a kind that nobody writes on purpose.
# A capital before a quotation mark ('AMANHÃ”') may end a word.
_FROM_CP1252 = re.compile(
    rf"{_ANY}{{2,}}|â[€‚„\x80\x82\x84]{_TAIL}|ï¿½|ï»¿|ðŸ{_TAIL}{{2}}|[ÂÃÄÅ](?:(?![{_QUOTES}]){_TAIL}|(?<![A-ZÀ-Þ].){_TAIL})"
)
# A quick test first: most texts have no such pair, and the whole pattern is far slower.
_SIGN = re.compile(rf"[Â-ô]{_TAIL}")
_FROM_MAC = re.compile(rf"‚Ä[{re.escape(_MAC)}]|(?<=[A-Za-z])√[{re.escape(_MAC)}]|¬[†´ª]")


def mend_mojibake(text: str) -> str:
    """`text` with each misread sequence restored if its bytes are valid UTF-8; the rest is unchanged."""
    for _ in range(ROUNDS):
        mended = _FROM_CP1252.sub(_restore_cp1252, text) if _SIGN.search(text) else text
        if any(sign in mended for sign in "‚√¬"):
            mended = _FROM_MAC.sub(_restore_mac, mended)
        if mended == text:
            break
        text = mended
    return text


def _restore_cp1252(match: re.Match[str]) -> str:
    try:
        return b"".join(_byte(c) for c in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _byte(character: str) -> bytes:
    # cp1252 leaves five bytes undefined; they decode to control characters of the same number.
    return bytes([ord(character)]) if ord(character) < 0xA0 else character.encode("cp1252")


def _restore_mac(match: re.Match[str]) -> str:
    try:
        return match[0].encode("mac_roman").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
