"""Carries unused input columns through to the output, for `--keep-columns`."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from datetime import date, time
from typing import Any

from sorot.data.article import Extra, Scalar
from sorot.data.text.encodings import decode, looks_binary

# Range of a signed 64-bit column.
INTEGERS = range(-(2**63), 2**63)


def extra_columns(row: Mapping[str, Any], used: Collection[str | None]) -> Extra:
    """Names and values of the row's columns outside `used`, in order; skips columns without a name."""
    return tuple((name, _scalar(value)) for name, value in row.items() if name not in used and name.strip())


def _scalar(value: Any) -> Scalar:
    """The value for output: text, numbers and booleans unchanged, dates in ISO 8601, lists and objects as JSON.

    Integers beyond 64 bits and other types become text; empty text, NaN, infinity and binary data become None.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value or None
    if isinstance(value, int):
        return value if value in INTEGERS else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return None if looks_binary(value) else decode(value) or None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
