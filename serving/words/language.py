"""The page's two languages: texts by key, and numbers as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")


@dataclass(frozen=True, slots=True)
class Phrases:
    """A table of texts by key, each in both languages."""

    texts: Mapping[str, Mapping[Language, str]]

    def __call__(self, key: str, language: Language, **values: object) -> str:
        """The text of a key with `values` filled in; KeyError for an unknown key or a missing value."""
        text = self.texts[key][language]
        return text.format(**values) if values else text


def as_language(value: object) -> Language:
    """The language of the page's switch; Indonesian for anything else that a caller of the API may send."""
    return "en" if value == "en" else "id"


def format_number(value: float, language: Language, digits: int, *, signed: bool = False) -> str:
    """A number as the language writes it: '0,61' in Indonesian, '0.61' in English."""
    text = f"{value:{'+' if signed else ''}.{digits}f}".replace("-", "−")
    return text.replace(".", ",") if language == "id" else text


def format_count(value: int, language: Language) -> str:
    """A whole number with separated thousands: '200.000' in Indonesian, '200,000' in English."""
    return f"{value:,}".replace(",", "." if language == "id" else ",")


def format_percent(share: float, language: Language, digits: int = 0) -> str:
    """A percentage, '93 %' in Indonesian and '93%' in English; 0 and 100 only for exactly 0 and 1. It never wraps."""
    gap = "\u00a0" if language == "id" else ""
    shown = round(100 * share, digits)
    if not digits and shown >= 100 and share < 1:
        return f">\u00a099{gap}%"
    if not digits and shown <= 0 and share > 0:
        return f"<\u00a01{gap}%"
    return f"{format_number(shown, language, digits)}{gap}%"
