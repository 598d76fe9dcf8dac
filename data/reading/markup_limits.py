"""How much markup a page holds: what finds articles takes time that grows with the square of it, so that a page can stall it."""

from __future__ import annotations

from collections.abc import Mapping

# Pages of news sites have some thousands of elements, the largest a little over ten thousand.
MAX_ELEMENTS = 20_000
MAX_ATTRIBUTES = 500


class _HeavyError(Exception):
    """Ends the count where it is beyond a limit."""


class _Count:
    """Counts for lxml, which calls these methods and builds no tree."""

    def __init__(self) -> None:
        self._left = MAX_ELEMENTS

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del tag
        self._left -= 1
        if self._left < 0:
            raise _HeavyError(f"more than {MAX_ELEMENTS} elements")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _HeavyError(f"an element with more than {MAX_ATTRIBUTES} attributes")

    def end(self, tag: str) -> None:
        """Nothing; lxml asks for it."""

    def close(self) -> None:
        """Nothing; lxml asks for it."""


def why_heavy(data: bytes | str) -> str | None:
    """What an HTML page has too much of, None where it can be read; it is parsed as it will be, so no quote hides a tag."""
    # Imported where it is needed: the package comes with the extra `html`.
    from lxml import etree

    known = isinstance(data, str)
    parser = etree.HTMLParser(target=_Count(), encoding="utf-8" if known else None)
    try:
        etree.fromstring(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data, parser)
    except _HeavyError as found:
        return str(found)
    except (etree.LxmlError, ValueError):
        # What cannot be parsed at all is told as such by whoever reads it.
        return None
    return None
