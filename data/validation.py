"""Validation errors in words: what pydantic found wrong, as one sentence for the user."""

from __future__ import annotations

from pydantic import ValidationError

MAX_MISTAKES = 20


def describe_validation_error(error: ValidationError, whole: str = "the file") -> str:
    """Every mistake as 'key: reason', separated by semicolons; beyond `MAX_MISTAKES` only their number.

    `whole` stands in place of a key if the mistake is not about a single one.
    """
    mistakes = [f"{'.'.join(map(str, mistake['loc'])) or whole}: {mistake['msg']}" for mistake in error.errors()]
    more = [f"and {len(mistakes) - MAX_MISTAKES} more"] if len(mistakes) > MAX_MISTAKES else []
    return "; ".join(mistakes[:MAX_MISTAKES] + more)
