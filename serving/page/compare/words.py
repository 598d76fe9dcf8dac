"""What the tab that compares articles says of its own, in Indonesian and English."""

from __future__ import annotations

from sorot.serving.page.common.language import Phrases

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
        "all_about": {
            "id": "Menurut model, semua artikel ini tentang {topics}",
            "en": "According to the model, all these articles are about {topics}",
        },
        "share_no_topic": {
            "id": "Menurut model, tidak ada topik yang sama di semua artikel ini",
            "en": "According to the model, there is no topic that all these articles share",
        },
        "stance_same": {
            "id": "sikapnya terhadap tindakan negara sama: {label}",
            "en": "their stance on the state measure is the same: {label}",
        },
        "stance_differs": {
            "id": "sikapnya terhadap tindakan negara berbeda: {groups}",
            "en": "their stance on the state measure differs: {groups}",
        },
        "sentiment_same": {"id": "nadanya sama: {label}", "en": "their tone is the same: {label}"},
        "sentiment_differs": {"id": "nadanya berbeda: {groups}", "en": "their tone differs: {groups}"},
        "topics": {"id": "Topik", "en": "Topics"},
        "stance": {"id": "Sikap", "en": "Stance"},
        "sentiment": {"id": "Sentimen", "en": "Sentiment"},
        "holds": {"id": "ya", "en": "holds"},
        "stressed": {"id": "Yang ditekankan", "en": "What it stressed"},
        "no_sentence": {"id": "Tidak ada kalimat yang menonjol.", "en": "No sentence stands out."},
        "speaks_for": {
            "id": "{own} dari {all} kalimat ({percent}) menguatkan topiknya.",
            "en": "{own} of {all} sentences ({percent}) speak for its topic.",
        },
        "no_topic": {"id": "Tidak ada topik yang mencapai ambangnya.", "en": "No topic reaches its threshold."},
        "words": {"id": "Kata khas", "en": "Words of its own"},
        "here_elsewhere": {
            "id": "Berapa kali di sini, dan di semua artikel lain",
            "en": "How often here, and in all the other articles",
        },
        "times": {"id": "{here} kali, lainnya {elsewhere}", "en": "{here} times, others {elsewhere}"},
        "no_words": {
            "id": "Tidak ada kata yang lebih sering dipakai di sini.",
            "en": "No word is used more here than elsewhere.",
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
            "id": "{name} bukan bahasa Indonesia ({code}), jadi tidak ikut dibandingkan.",
            "en": "{name} is not Indonesian ({code}), so it is left out.",
        },
        "unreadable": {
            "id": "Tidak ada teks yang dapat dibaca di {name}, jadi tidak ikut dibandingkan.",
            "en": "There is no text to read in {name}, so it is left out.",
        },
        "repeated": {
            "id": "Teks {name} sama dengan {first}, jadi hanya dibandingkan sekali.",
            "en": "The text of {name} is that of {first}, so it is compared once only.",
        },
    }
)
