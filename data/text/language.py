"""The language of a text, by py3langid (a naive Bayes over byte n-grams; Lui and Baldwin 2012, "langid.py")."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Languages mistaken for Indonesian, and others common in archives of Indonesian news.
CANDIDATES = ("id", "ms", "en", "jv", "nl", "ar", "zh", "ja", "fr", "de", "es", "pt", "tl", "vi", "th", "ru")
MIN_LETTERS = 40
SHORT_LETTERS = 250
SAMPLE_CHARACTERS = 2000
SURE = 0.95
# Indonesian and Malay share most words; these few are common in one and rare in the other.
_INDONESIAN = frozenset(
    """
    bahwa karena bisa kepada mereka yakni serta tersebut warga kantor polisi uang kota mobil dapat sudah saat tidak
    usai wib rp bilang kamu nggak gak banget
    """.split()
)
_MALAY = frozenset(
    """
    kerana boleh bahawa beliau ialah wang polis pejabat kereta bandar sahaja juruteknik ringgit rm hospital
    universiti mac ogos disember jabatan beritahu berkata semasa manakala sekiranya
    baharu disyaki menerusi pemberita isnin khamis sesawang
    """.split()
)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_DIR / MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(CANDIDATES))
    return identifier


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of a text's language; None if it is too short to decide, or short and not certainly foreign.

    Indonesian gets the benefit of the doubt: slang and local words must not cost a tweet its labels.
    """
    sample = text[:SAMPLE_CHARACTERS]
    letters = sum(map(str.isalpha, sample))
    if letters < MIN_LETTERS:
        return None
    code, probability = _identifier().classify(sample)
    if code in ("id", "ms", "jv"):
        return _indonesian_or_malay(sample, code, letters)
    if letters < SHORT_LETTERS and probability < SURE:
        return None
    return str(code)


def _indonesian_or_malay(sample: str, code: str, letters: int) -> str:
    words = re.findall(r"[a-z]+", sample.lower())
    indonesian = sum(w in _INDONESIAN for w in words)
    malay = sum(w in _MALAY for w in words)
    if code == "ms" and letters >= SHORT_LETTERS:
        return "ms" if malay > indonesian else "id"
    return "ms" if malay > indonesian + 1 else "id"
