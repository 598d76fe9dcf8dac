"""What the page says of quotes, in Indonesian and English."""

from __future__ import annotations

from sorot.serving.words.language import Phrases

quotes_text = Phrases(
    {
        "heading": {"id": "Siapa mengatakan apa", "en": "Who says what"},
        "nothing": {"id": "Tidak ada kutipan dalam teks ini.", "en": "There are no quotes in this text."},
        "one": {"id": "1 kutipan", "en": "1 quote"},
        "several": {"id": "{n} kutipan", "en": "{n} quotes"},
        "direct": {"id": "langsung", "en": "direct"},
        "indirect": {"id": "tidak langsung", "en": "reported"},
        "unknown": {"id": "Tanpa nama", "en": "Not named"},
        "marked": {"id": "Teks dengan kutipannya", "en": "The text with its quotes"},
        "legend": {
            "id": "Garis bergelombang di atas warna abu-abu: kata-kata seorang narasumber.",
            "en": "A wavy line on grey: the words of a speaker.",
        },
    }
)
