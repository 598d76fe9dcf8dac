"""A bundle's card as the page may show it: no front matter, no raw HTML, no picture but the bundle's own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from serving.bundle import RESTORE, Bundle, BundleError
from serving.manifest import CARD_FILE

FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
PICTURE = re.compile(r"!\[([^\[\]]*)\]\(([\w.-]+\.png)\)")
SECTION = re.compile(r"^### (\S+) \(.*$", re.MULTILINE)
INTERVAL = re.compile(r"^\| (topics|stance|sentiment) \| \d+ \| [\d.]+ \| ([\d.]+) to ([\d.]+) \|", re.MULTILINE)


def read_card(bundle: Bundle) -> tuple[str, dict[str, bytes]]:
    """The card of a bundle, empty where it has none, and its pictures by name; BundleError for an altered one."""
    files = bundle.manifest.files
    card = _read(bundle, CARD_FILE).decode("utf-8", "replace") if CARD_FILE in files else ""
    return card, {name: _read(bundle, name) for name in files if name.endswith(".png")}


def shown_card(card: str, pictures: Mapping[str, bytes]) -> str:
    """The card's Markdown, the pictures that it names put in as data; others become links, so that nothing is fetched."""
    # NUL marks where a picture goes, so the card itself may hold none.
    text = FRONT_MATTER.sub("", card.replace("\0", "")).replace("<", "&lt;")
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if found[2] not in pictures:
            return found[0]
        kept.append(f"![{found[1]}](data:image/png;base64,{base64.b64encode(pictures[found[2]]).decode('ascii')})")
        return f"\0{len(kept) - 1}\0"

    text = re.sub(r"!+\[", "[", PICTURE.sub(keep, text))
    return re.sub("\0(\\d+)\0", lambda found: kept[int(found[1])], text)


def intervals(card: str) -> dict[tuple[str, str], tuple[float, float]]:
    """The 95 % intervals of macro-F1 by split and task, as our training room writes them; empty for any other card."""
    pieces = SECTION.split(card)
    return {
        (split, task): (float(low), float(high))
        for split, text in zip(pieces[1::2], pieces[2::2], strict=True)
        for task, low, high in INTERVAL.findall(text)
        if _is_share(low) and _is_share(high)
    }


def _read(bundle: Bundle, name: str) -> bytes:
    file = bundle.path / name
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BundleError(f"{file}: cannot be read ({error.strerror}); {RESTORE}") from error
    if hashlib.sha256(content).hexdigest() != bundle.manifest.files[name]:
        raise BundleError(f"{file}: altered since it was loaded; {RESTORE}")
    return content


def _is_share(text: str) -> bool:
    return re.fullmatch(r"[01]\.\d+", text) is not None and float(text) <= 1
