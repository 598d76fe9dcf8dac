"""What the tab of one article says of its own, in Indonesian and English."""

from __future__ import annotations

from sorot.serving.words.language import Phrases

article_text = Phrases(
    {
        "drop": {
            "id": "Atau berkas (.txt, .html)",
            "en": "Or a file (.txt, .html)",
        },
        "wrong_kind": {
            "id": "Berkas ini bukan .txt atau .html. Pilih berkas lain atau tempel teksnya.",
            "en": "This file is neither .txt nor .html. Choose another or paste its text.",
        },
        "too_large": {
            "id": "Berkas ini lebih besar dari {limit} byte. Pakai perintah: sorot score",
            "en": "This file is larger than {limit} bytes. Use the command: sorot score",
        },
        "binary": {
            "id": "Isi berkas ini bukan teks. Simpan sebagai .txt atau .html, lalu coba lagi.",
            "en": "This file does not hold text. Save it as .txt or .html and try again.",
        },
        "gone": {"id": "Berkas ini tidak dapat dibaca. Coba unggah lagi.", "en": "This file cannot be read. Upload it again."},
        "no_article": {
            "id": "Tidak ada artikel dalam halaman ini. Tempel teksnya.",
            "en": "There is no article in this page. Paste its text.",
        },
        "example": {
            "id": "Contoh. Tempel artikel Anda untuk menggantinya.",
            "en": "An example. Paste your article to replace it.",
        },
        "all_labels": {"id": "Semua label dan peluangnya", "en": "All labels and their probabilities"},
        "share_hint": {
            "id": "Tiga kalimat terkuat bagi label yang dipilih, dan bagiannya (%) dari semua yang menguatkan label itu. "
            "Klik label lain untuk melihat kalimatnya.",
            "en": "The three strongest sentences for the chosen label, with their share (%) of all that supports it. "
            "Click another label to see its sentences.",
        },
        "json": {"id": "Hasil sebagai JSON", "en": "Result as JSON"},
        "copy": {"id": "Salin JSON", "en": "Copy JSON"},
        "copied": {"id": "JSON tersalin.", "en": "JSON copied."},
        "not_copied": {
            "id": "Peramban tidak mengizinkan penyalinan. Salin dari kotak “Hasil sebagai JSON”.",
            "en": "The browser does not allow copying. Copy it from the box “Result as JSON”.",
        },
        "nothing_to_copy": {
            "id": "Belum ada hasil. Analisis sebuah artikel dulu.",
            "en": "No result yet. Analyse an article first.",
        },
    }
)
