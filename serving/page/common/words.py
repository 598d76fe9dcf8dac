"""Texts that several tabs share, and those of the page itself."""

from __future__ import annotations

from sorot.serving.page.common.language import Language, Phrases

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
        "text": {"id": "Artikel, apa adanya", "en": "Article, as it was scraped"},
        "placeholder": {"id": "Tempel teks artikel di sini ...", "en": "Paste the text of an article here ..."},
        "analyse": {"id": "Analisis", "en": "Analyse"},
        "examples": {"id": "Contoh", "en": "Examples"},
        "threshold": {"id": "ambang", "en": "threshold"},
        "evidence": {"id": "Bukti dalam teks", "en": "Evidence in the text"},
        "shows": {"id": "Tunjukkan bukti untuk", "en": "Show the evidence for"},
        "strongest": {"id": "Kalimat terkuat", "en": "Strongest sentences"},
        "removed": {"id": "Yang dibuang saat pembersihan", "en": "Removed by cleaning"},
        "nothing_removed": {"id": "Tidak ada yang dibuang.", "en": "Nothing was removed."},
        "title": {"id": "Judul", "en": "Title"},
        "outlet": {"id": "Media", "en": "Outlet"},
        "published": {"id": "Terbit", "en": "Published"},
        "place": {"id": "Tempat", "en": "Place"},
        "length": {"id": "Panjang", "en": "Length"},
        "tokens": {"id": "token dalam", "en": "tokens in"},
        "unsure": {"id": "Belum pasti; bisa juga: {labels}", "en": "Not sure; may also be: {labels}"},
        "windows": {"id": "jendela", "en": "windows"},
        "one_window": {"id": "jendela", "en": "window"},
        "not_indonesian": {
            "id": "Teks ini bukan bahasa Indonesia ({code}), jadi tidak diberi label.",
            "en": "This text is not Indonesian ({code}), so it gets no labels.",
        },
        "empty": {
            "id": "Tidak ada teks untuk dibaca. Tempel sebuah artikel.",
            "en": "There is no text to read. Paste an article.",
        },
        "over_budget": {
            "id": "Membaca teks ini butuh kerja lebih banyak dari batas untuk satu artikel. Tempel isi artikelnya saja.",
            "en": "Reading this text takes more work than one article may. Paste only the article.",
        },
        "address": {
            "id": "Ini hanya alamat, jadi tidak diberi label. Tempel teks artikelnya.",
            "en": "This is only an address, so it gets no labels. Paste the text of the article.",
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
        "colour_green": {"id": "hijau", "en": "green"},
        "colour_blue": {"id": "biru", "en": "blue"},
        "colour_yellow": {"id": "kuning", "en": "yellow"},
        "colour_purple": {"id": "ungu", "en": "purple"},
        "colour_grey": {"id": "abu-abu", "en": "grey"},
        "colour_red": {"id": "merah", "en": "red"},
        "for": {"id": "kalimat menguatkan label ini", "en": "the sentence supports this label"},
        "against": {"id": "melemahkannya", "en": "against it"},
        "more_signs": {
            "id": "Makin banyak tanda, makin besar bagiannya; tanpa tanda, hampir tidak berpengaruh.",
            "en": "More signs, a larger share; without a sign, hardly any.",
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
OTHER_KIND: dict[Language, str] = {"id": "Lainnya", "en": "Other"}


def kind_name(kind: str, language: Language) -> str:
    """The name of a kind of removed text."""
    return KINDS.get(kind, OTHER_KIND)[language]
