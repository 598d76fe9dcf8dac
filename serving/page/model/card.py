"""A bundle's card as the page may show it: no front matter, no raw HTML, its own pictures apart and none from elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sorot.serving.model.bundle import RESTORE, Bundle, BundleError
from sorot.serving.model.manifest import CARD_FILE

FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
PICTURE = re.compile(r"!\[([^\[\]]*)\]\(([\w.-]+\.png)\)")


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of a bundle, and what its card says that it shows."""

    name: str
    alt: str
    png: bytes


def read_card(bundle: Bundle) -> tuple[str, dict[str, bytes]]:
    """The card of a bundle, empty where it has none, and its pictures by name; BundleError for an altered one."""
    files = bundle.manifest.files
    card = _read(bundle, CARD_FILE).decode("utf-8", "replace") if CARD_FILE in files else ""
    return card, {name: _read(bundle, name) for name in files if name.endswith(".png")}


def plots(card: str, pictures: Mapping[str, bytes]) -> list[Plot]:
    """Those of the bundle's pictures that the card shows, in its order, each once."""
    alts: dict[str, str] = {}
    for alt, name in PICTURE.findall(card):
        if name in pictures:
            alts.setdefault(name, alt)
    return [Plot(name, alt, pictures[name]) for name, alt in alts.items()]


def shown_card(card: str, pictures: Mapping[str, bytes]) -> str:
    """The card's Markdown, of `pictures` only what they show, as `plots` has them; others become links: nothing is fetched."""
    text = FRONT_MATTER.sub("", card).replace("<", "&lt;")
    text = PICTURE.sub(lambda found: f"*{found[1]}*" if found[2] in pictures else found[0], text)
    return re.sub(r"!+\[", "[", text)


def _read(bundle: Bundle, name: str) -> bytes:
    file = bundle.path / name
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BundleError(f"{file}: cannot be read ({error.strerror}); {RESTORE}") from error
    if hashlib.sha256(content).hexdigest() != bundle.manifest.files[name]:
        raise BundleError(f"{file}: altered since it was loaded; {RESTORE}")
    return content
