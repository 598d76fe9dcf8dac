"""Limits on the markup of a page: article extraction takes quadratic time, so one hostile page could stall it."""

from __future__ import annotations

from collections.abc import Mapping

# News pages have a few thousand elements, the largest just over ten thousand.
MAX_ELEMENTS = 20_000
MAX_ATTRIBUTES = 500


class _LimitError(Exception):
    """Stops parsing once a limit is exceeded; the message names the limit."""


class _Counter:
    """Parser target for lxml: counts elements and attributes, and builds no tree."""

    def __init__(self) -> None:
        self._remaining = MAX_ELEMENTS

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del tag
        self._remaining -= 1
        if self._remaining < 0:
            raise _LimitError(f"more than {MAX_ELEMENTS} elements")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _LimitError(f"an element with more than {MAX_ATTRIBUTES} attributes")

    def end(self, tag: str) -> None:
        """Required by lxml; does nothing."""

    def close(self) -> None:
        """Required by lxml; does nothing."""


def exceeded_limit(data: bytes | str) -> str | None:
    """The limit that an HTML page exceeds, such as 'more than 20000 elements', or None.

    Counts with the parser that extraction uses, so that quoting cannot hide tags from it.
    """
    # Imported here, since only the extra `html` installs it.
    from lxml import etree

    decoded = isinstance(data, str)
    parser = etree.HTMLParser(target=_Counter(), encoding="utf-8" if decoded else None)
    try:
        etree.fromstring(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data, parser)
    except _LimitError as error:
        return str(error)
    except (etree.LxmlError, ValueError):
        # Unparsable pages are reported by the extraction itself.
        return None
    return None
