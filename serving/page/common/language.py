"""Languages of the page; the functions live in `sorot.serving.words`, which reports use too."""

from sorot.serving.words.language import (
    LANGUAGES,
    Language,
    Phrases,
    as_language,
    format_count,
    format_number,
    format_percent,
)

__all__ = ["LANGUAGES", "Language", "Phrases", "as_language", "format_count", "format_number", "format_percent"]
