"""Texts of the Compare tab."""

from __future__ import annotations

from sorot.serving.words.language import Phrases

compare_text = Phrases(
    {
        "intro": {
            "id": "Tempel 2 sampai 6 artikel tentang satu peristiwa; lihat apa yang ditekankan tiap media. Kotak kosong dilewati.",
            "en": "Paste two to six articles on one event and see which outlet stressed what. Empty boxes are skipped.",
        },
        "outlet_of": {"id": "Media {number} (boleh kosong)", "en": "Outlet {number} (optional)"},
        "text_of": {"id": "Artikel {number}", "en": "Article {number}"},
        "placeholder": {"id": "Tempel teks artikel di sini ...", "en": "Paste the text of an article here ..."},
        "compare": {"id": "Bandingkan", "en": "Compare"},
        "add": {"id": "Tambah artikel", "en": "Add an article"},
        "example": {"id": "Isi dengan contoh", "en": "Fill in an example"},
        "holds": {"id": "ya", "en": "holds"},
        "stressed": {"id": "Yang ditekankan", "en": "Emphasis"},
        "no_sentence": {"id": "Tidak ada kalimat yang menonjol.", "en": "No sentence stands out."},
        "words": {"id": "Kata khas", "en": "Distinctive words"},
        "here_elsewhere": {
            "id": "Berapa kali di sini, dan di semua artikel lain",
            "en": "How often here, and in all the other articles",
        },
        "times": {"id": "{here}× di sini, {elsewhere}× di artikel lain", "en": "{here}× here, {elsewhere}× elsewhere"},
        "no_words": {
            "id": "Tidak ada kata yang lebih sering dipakai di sini.",
            "en": "No word is used more here than elsewhere.",
        },
        "aligned": {"id": "Kalimat yang dipakai bersama", "en": "Sentences that they share"},
        "kind": {"id": "Apa yang terjadi", "en": "What happened"},
        "same": {"id": "sama", "en": "same"},
        "changed": {"id": "diubah", "en": "changed"},
        "dropped": {"id": "dibuang", "en": "dropped"},
        "added": {"id": "ditambahkan", "en": "added"},
        "nothing_shared": {
            "id": "Tidak ada kalimat yang sama atau hampir sama.",
            "en": "No sentence is the same or nearly the same.",
        },
        "too_few": {
            "id": "Perlu sedikitnya dua artikel berbahasa Indonesia yang berbeda. Tempel satu lagi.",
            "en": "It takes at least two different articles in Indonesian. Paste another.",
        },
        "too_many": {
            "id": "Paling banyak {limit} artikel dapat dibandingkan sekaligus. Kurangi artikelnya.",
            "en": "At most {limit} articles can be compared at once. Take some out.",
        },
        "too_long": {
            "id": "{name} lebih panjang dari {limit} karakter. Tempel artikelnya saja.",
            "en": "{name} is longer than {limit} characters. Paste the article alone.",
        },
        "not_indonesian": {
            "id": "{name} bukan bahasa Indonesia, melainkan {language_name}, jadi tidak ikut dibandingkan.",
            "en": "{name} is not Indonesian but {language_name}, so it is left out.",
        },
        "unreadable": {
            "id": "Tidak ada teks yang dapat dibaca di {name}, jadi tidak ikut dibandingkan.",
            "en": "{name} has no text to read, so it is left out.",
        },
        "too_little": {
            "id": "{name} berisi kurang dari enam kata, jadi tidak ikut dibandingkan.",
            "en": "{name} has fewer than six words, so it is left out.",
        },
        "repeated": {
            "id": "Teks {name} sama dengan {first}, jadi hanya dibandingkan sekali.",
            "en": "The text of {name} is that of {first}, so it is compared once.",
        },
    }
)
