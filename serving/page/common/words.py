"""Texts that several tabs share, and those of the page itself."""

from __future__ import annotations

from sorot.serving.words.language import Language, Phrases, format_count

page_text = Phrases(
    {
        "tagline": {
            "id": "{tasks} berita Indonesia, beserta kalimat yang menunjukkannya. Teks yang ditempel tidak disimpan.",
            "en": "{tasks} of Indonesian news, with the sentences that show them. Pasted text is not kept.",
        },
        "article_tab": {"id": "Artikel", "en": "Article"},
        "compare_tab": {"id": "Bandingkan", "en": "Compare"},
        "model_tab": {"id": "Model", "en": "Model"},
        "corpus_tab": {"id": "Korpus", "en": "Corpus"},
        "review_tab": {"id": "Tinjauan", "en": "Review"},
        "text": {"id": "Teks artikel (boleh salinan mentah)", "en": "Article text (raw is fine)"},
        "placeholder": {"id": "Tempel teks artikel di sini ...", "en": "Paste the text of an article here ..."},
        "analyse": {"id": "Analisis", "en": "Analyse"},
        "examples": {"id": "Contoh", "en": "Examples"},
        "threshold": {"id": "ambang", "en": "threshold"},
        "evidence": {"id": "Bukti dalam teks", "en": "Evidence in the text"},
        "removed": {"id": "Bagian halaman yang dibuang", "en": "Removed boilerplate"},
        "nothing_removed": {"id": "Tidak ada yang dibuang.", "en": "Nothing was removed."},
        "title": {"id": "Judul", "en": "Title"},
        "outlet": {"id": "Media", "en": "Outlet"},
        "published": {"id": "Terbit", "en": "Published"},
        "place": {"id": "Tempat", "en": "Place"},
        "length": {"id": "Panjang", "en": "Length"},
        "n_words": {"id": "{n} kata", "en": "{n} words"},
        "one_words": {"id": "1 kata", "en": "1 word"},
        "unsure": {"id": "Belum pasti; bisa juga: {labels}", "en": "Not sure; may also be: {labels}"},
        "clear": {"id": "jelas {label}", "en": "clearly {label}"},
        "likely": {"id": "kemungkinan besar {label}", "en": "probably {label}"},
        "leaning": {"id": "cenderung {label}", "en": "perhaps {label}"},
        "not_indonesian": {
            "id": "Teks ini bukan bahasa Indonesia, melainkan {name}, jadi tidak diberi label.",
            "en": "This text is not Indonesian but {name}, so it gets no labels.",
        },
        "other_language": {"id": "bahasa lain ({code})", "en": "another language ({code})"},
        "empty": {
            "id": "Tidak ada teks untuk dibaca. Tempel sebuah artikel.",
            "en": "There is no text to read. Paste an article.",
        },
        "over_budget": {
            "id": "Membaca teks ini butuh kerja lebih banyak dari batas untuk satu artikel. Tempel isi artikelnya saja.",
            "en": "Reading this text takes more work than one article may. Paste only the article.",
        },
        "address": {
            "id": "Ini hanya alamat. Sorot tidak membuka alamat, jadi tidak ada label: buka sendiri, lalu tempel teks artikelnya.",
            "en": "This is only an address. Sorot fetches no address, so there are no labels: open it and paste the article's text.",
        },
        "numbers": {
            "id": "Teks ini hanya angka, jadi tidak diberi label. Tempel sebuah artikel.",
            "en": "This text is only numbers, so it gets no labels. Paste an article.",
        },
        "too_short": {
            "id": "Teks ini kurang dari enam kata, jadi tidak diberi label. Tempel teks yang lebih panjang.",
            "en": "This text has fewer than six words, so it gets no labels. Paste a longer text.",
        },
        "short": {
            "id": "Teks ini sangat pendek; labelnya kurang dapat diandalkan.",
            "en": "This text is very short; its labels are less reliable.",
        },
        "too_long": {
            "id": "Teks lebih panjang dari {limit} karakter. Pakai perintah: sorot score",
            "en": "The text is longer than {limit} characters. Use the command: sorot score",
        },
        "holds": {"id": "ya", "en": "holds"},
        "internal": {
            "id": "kesalahan internal ({name}), mohon laporkan",
            "en": "internal error ({name}), please report",
        },
        "failed": {"id": "Teks ini tidak dapat dianalisis: {reason}", "en": "This text cannot be analysed: {reason}"},
    }
)

# By the kinds of removed text in data/cleaning.
KINDS: dict[str, dict[Language, str]] = {
    "counter": {"id": "Penghitung", "en": "Counter"},
    "share": {"id": "Tombol berbagi", "en": "Share buttons"},
    "related": {"id": "Berita terkait", "en": "Related news"},
    "advert": {"id": "Iklan", "en": "Advertisement"},
    "copyright": {"id": "Hak cipta", "en": "Copyright"},
    "credit": {"id": "Nama penulis atau sumber", "en": "Writer or source"},
    "caption": {"id": "Keterangan foto", "en": "Photo caption"},
    "menu": {"id": "Menu", "en": "Menu"},
    "tags": {"id": "Tag", "en": "Tags"},
    "promotion": {"id": "Ajakan", "en": "Promotion"},
    "pager": {"id": "Nomor halaman", "en": "Page numbers"},
    "embed": {"id": "Sematan", "en": "Embedded content"},
    "repeated_title": {"id": "Judul yang terulang", "en": "Repeated title"},
    "partner": {"id": "Mitra", "en": "Partners"},
    "date": {"id": "Tanggal", "en": "Date"},
    "head": {"id": "Bagian atas halaman", "en": "Top of the page"},
    "dateline": {"id": "Kota dan media di awal teks", "en": "Dateline"},
    "initials": {"id": "Inisial wartawan", "en": "Reporter's initials"},
}
# Those that the detector tells apart, by their two letters; others are named by these letters.
LANGUAGE_NAMES: dict[str, dict[Language, str]] = {
    "ms": {"id": "bahasa Melayu", "en": "Malay"},
    "en": {"id": "bahasa Inggris", "en": "English"},
    "jv": {"id": "bahasa Jawa", "en": "Javanese"},
    "su": {"id": "bahasa Sunda", "en": "Sundanese"},
    "nl": {"id": "bahasa Belanda", "en": "Dutch"},
    "ar": {"id": "bahasa Arab", "en": "Arabic"},
    "zh": {"id": "bahasa Tionghoa", "en": "Chinese"},
    "ja": {"id": "bahasa Jepang", "en": "Japanese"},
    "fr": {"id": "bahasa Prancis", "en": "French"},
    "de": {"id": "bahasa Jerman", "en": "German"},
    "es": {"id": "bahasa Spanyol", "en": "Spanish"},
    "pt": {"id": "bahasa Portugis", "en": "Portuguese"},
    "tl": {"id": "bahasa Tagalog", "en": "Tagalog"},
    "vi": {"id": "bahasa Vietnam", "en": "Vietnamese"},
    "th": {"id": "bahasa Thai", "en": "Thai"},
    "ru": {"id": "bahasa Rusia", "en": "Russian"},
}
OTHER_KIND: dict[Language, str] = {"id": "Lainnya", "en": "Other"}


def kind_name(kind: str, language: Language) -> str:
    """The name of a kind of removed text."""
    return KINDS.get(kind, OTHER_KIND)[language]


def language_name(code: str | None, language: Language) -> str:
    """The name of a text's language within a sentence."""
    return LANGUAGE_NAMES[code][language] if code in LANGUAGE_NAMES else page_text("other_language", language, code=code or "-")


def counted(key: str, n: int, language: Language) -> str:
    """The text of a key such as 'n_words' for a number, in the singular if it is one."""
    return page_text(f"one_{key.removeprefix('n_')}" if n == 1 else key, language, n=format_count(n, language))
