"""Values that JSON writes as objects or lists: MongoDB's dates, WordPress' rendered texts, Telegram's pieces of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sorot.data.reading.fields.markup import plain_line, plain_text

# Objects nested more deeply have no names of their own, and a row has at most this many names.
MAX_DEPTH = 6
MAX_NAMES = 1000
# The keys that hold the value of an object, the likeliest first: of a text, and of any other field.
_TEXT_KEYS = tuple(
    "rendered text teks plain value #text $t _text __cdata html markdown content body isi raw children data paragraph paragraf"
    " blocks".split()
)
_FIELD_KEYS = tuple("rendered name nama title judul value #text $t _text __cdata text label url href iso date id".split())
VALUE_KEYS = frozenset(_TEXT_KEYS + _FIELD_KEYS)
_NUMBERS = ("$numberLong", "$numberInt", "$numberDouble", "$numberDecimal")
_FIRESTORE = frozenset(("stringValue", "timestampValue", "integerValue", "doubleValue", "booleanValue"))
# Kinds of pieces within one line of Telegram's exports; the items of all other lists are paragraphs.
_INLINE = frozenset(
    "plain bold italic underline strikethrough spoiler code pre link text_link hashtag cashtag mention mention_name email phone"
    " bot_command bank_card custom_emoji blockquote".split()
)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with MongoDB's values and WordPress' zone resolved, and with nested keys as 'outer.inner' too."""
    own: dict[str, Any] = {}
    nested: dict[str, Any] = {}
    for name, value in row.items():
        own[name] = value
        if isinstance(value, Mapping):
            own[name] = special = _mongo(value)
            if special is value:
                _flatten(value, name, nested, 1)
    if "date_gmt" in own and "date" in own:
        own["date"] = _with_offset(own["date"], own["date_gmt"])
    # A key that is written with a dot comes before a nested one.
    return {**own, **{name: value for name, value in nested.items() if name not in own}} if nested else own


def text_of(value: Any, depth: int = 0) -> Any:
    """The text of an object or of a list of objects, HTML removed where it is 'rendered'; other values unchanged.

    An object without text is unchanged too, and such an item of a list adds nothing.
    """
    if isinstance(value, Mapping):
        if isinstance(rendered := value.get("rendered"), str):
            return plain_text(rendered)
        for key in _TEXT_KEYS if depth < MAX_DEPTH else ():
            inner = value.get(key)
            if isinstance(inner, str | list | Mapping) and isinstance(text := text_of(inner, depth + 1), str) and text.strip():
                return text
        return value
    if isinstance(value, list) and (depth or any(isinstance(item, Mapping | list) for item in value)):
        return _joined(value, depth) if depth < MAX_DEPTH else ""
    return value


def field_of(value: Any) -> Any:
    """The name, title or other value that an object stands for, or the only item of a list; other values unchanged."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, Mapping):
        return value
    if isinstance(rendered := value.get("rendered"), str):
        return plain_line(rendered)
    for key in _FIELD_KEYS:
        if isinstance(inner := value.get(key), str | int | float) and not isinstance(inner, bool):
            return inner
    seconds = value.get("_seconds", value.get("seconds"))
    return _moment(seconds * 1000) if isinstance(seconds, int) else value


def _joined(items: Sequence[Any], depth: int) -> str:
    """The paragraphs of a list, or the pieces of a line; empty if it has none."""
    inline = any(
        isinstance(item, Mapping) and item.get("type") in _INLINE and isinstance(item.get("text"), str) for item in items
    )
    texts = [text for item in items if isinstance(text := text_of(item, depth + 1), str)]
    return "".join(texts) if inline else "\n\n".join(text for text in texts if text.strip())


def _flatten(value: Mapping[str, Any], prefix: str, into: dict[str, Any], depth: int) -> None:
    for key, inner in value.items():
        if len(into) >= MAX_NAMES:
            return
        name = f"{prefix}.{key}"
        into[name] = special = _mongo(inner) if isinstance(inner, Mapping) else inner
        if key == "rendered" and isinstance(inner, str):
            into[name] = plain_text(inner)
        if isinstance(special, Mapping) and depth < MAX_DEPTH:
            _flatten(special, name, into, depth + 1)


def _mongo(value: Mapping[str, Any]) -> Any:
    """The value of MongoDB's extended JSON or of Firestore's; any other object unchanged."""
    if len(value) == 1 and (typed := _FIRESTORE & value.keys()):
        return value[next(iter(typed))]
    if "$oid" in value:
        return str(value["$oid"])
    for key in _NUMBERS:
        if key in value:
            return _number(value[key])
    if "$date" in value:
        date = value["$date"]
        date = _mongo(date) if isinstance(date, Mapping) else date
        return _moment(date) if isinstance(date, int | float) else date
    return value


def _number(value: Any) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(value)
        except (TypeError, ValueError):
            continue
    return str(value)


def _moment(milliseconds: float) -> str | None:
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).isoformat()
    except (OverflowError, ValueError):
        return None


def _with_offset(local: Any, greenwich: Any) -> Any:
    """WordPress' local time with the offset that its time in Greenwich shows; unchanged if the two do not fit."""
    try:
        here, there = datetime.fromisoformat(local), datetime.fromisoformat(greenwich)
        offset = here - there
    except (TypeError, ValueError):
        return local
    if here.tzinfo or abs(offset) > timedelta(hours=14) or offset % timedelta(minutes=15):
        return local
    return here.replace(tzinfo=timezone(offset)).isoformat()
