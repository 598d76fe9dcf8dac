"""What the page says, in Indonesian and English."""

from __future__ import annotations

from typing import Literal

Language = Literal["id", "en"]

WORDS: dict[str, dict[Language, str]] = {
    "tagline": {
        "id": "Topik, sikap, dan sentimen berita Indonesia, beserta kalimat yang menunjukkannya. Teks yang ditempel tidak disimpan.",
        "en": "Topics, stance and sentiment of Indonesian news, with the sentences that show them. Nothing that is pasted is kept.",
    },
    "text": {"id": "Artikel, apa adanya", "en": "Article, as it was scraped"},
    "placeholder": {"id": "Tempel teks artikel di sini ...", "en": "Paste the text of an article here ..."},
    "analyse": {"id": "Analisis", "en": "Analyse"},
    "examples": {"id": "Contoh", "en": "Examples"},
    "topics": {"id": "Topik", "en": "Topics"},
    "stance": {"id": "Sikap terhadap tindakan negara", "en": "Stance on the state measure"},
    "sentiment": {"id": "Sentimen", "en": "Sentiment"},
    "threshold": {"id": "ambang", "en": "threshold"},
    "evidence": {"id": "Bukti dalam teks", "en": "Evidence in the text"},
    "shows": {"id": "Tunjukkan bukti untuk", "en": "Show the evidence for"},
    "strongest": {"id": "Kalimat terkuat", "en": "Strongest sentences"},
    "removed": {"id": "Yang dibuang saat pembersihan", "en": "What cleaning took away"},
    "nothing_removed": {"id": "Tidak ada yang dibuang.", "en": "Nothing was taken away."},
    "no_topic": {"id": "Tidak ada topik yang dikenali", "en": "No topic holds"},
    "title": {"id": "Judul", "en": "Title"},
    "outlet": {"id": "Media", "en": "Outlet"},
    "published": {"id": "Terbit", "en": "Published"},
    "place": {"id": "Tempat", "en": "Place"},
    "length": {"id": "Panjang", "en": "Length"},
    "tokens": {"id": "token dalam", "en": "tokens in"},
    "windows": {"id": "jendela", "en": "windows"},
    "not_indonesian": {
        "id": "Teks ini bukan bahasa Indonesia ({code}), jadi tidak diberi label.",
        "en": "This text is not Indonesian ({code}), so it gets no labels.",
    },
    "empty": {"id": "Tidak ada teks untuk dibaca. Tempel sebuah artikel.", "en": "There is no text to read. Paste an article."},
    "short": {
        "id": "Teks ini sangat pendek; labelnya kurang dapat diandalkan.",
        "en": "This text is very short; its labels are less reliable.",
    },
    "too_long": {
        "id": "Teks lebih panjang dari {limit} karakter. Pakai perintah: sorot score",
        "en": "The text is longer than {limit} characters. Use the command: sorot score",
    },
    "holds": {"id": "ya", "en": "holds"},
}


def word(key: str, language: Language) -> str:
    """A phrase in the page's language; KeyError for one that there is not."""
    return WORDS[key][language]
