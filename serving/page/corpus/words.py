"""Texts of the Corpus tab."""

from __future__ import annotations

from sorot.serving.page.common.language import Language, Phrases

corpus_text = Phrases(
    {
        "intro": {
            "id": "Beri label pada banyak berita sekaligus: CSV, JSONL, Parquet, atau zip berisi .txt dan .html. Paling banyak {rows} artikel, {bytes} MB, {characters} karakter per artikel, dan {columns} kolom. Untuk yang lebih besar, ketik: {command}. Berkas yang dikirim dan unduhan yang disiapkan dihapus satu sampai dua jam kemudian.",
            "en": "Label many articles at once: CSV, JSONL, Parquet, or a zip of .txt and .html. At most {rows} articles, {bytes} MB, {characters} characters an article and {columns} columns. For more, type: {command}. Uploaded files and prepared downloads are deleted one to two hours later.",
        },
        "file": {"id": "Berkas korpus", "en": "Corpus file"},
        "example": {"id": "Pakai contoh", "en": "Use an example"},
        "text": {"id": "Kolom teks", "en": "Text column"},
        "title": {"id": "Kolom judul", "en": "Title column"},
        "outlet": {"id": "Kolom media", "en": "Outlet column"},
        "date": {"id": "Kolom tanggal", "en": "Date column"},
        "url": {"id": "Kolom tautan", "en": "URL column"},
        "id": {"id": "Kolom ID", "en": "ID column"},
        "none": {"id": "(tidak ada)", "en": "(none)"},
        "first_rows": {"id": "Baris pertama dengan kolom ini", "en": "First rows with these columns"},
        "start": {"id": "Beri label", "en": "Score"},
        "cancel": {"id": "Batalkan", "en": "Cancel"},
        "no_file": {"id": "Belum ada berkas. Pilih berkas atau pakai contoh.", "en": "There is no file yet. Choose one, or use the example."},
        "no_text_column": {"id": "Kolom teks belum dipilih. Pilih kolom yang berisi isi artikel.", "en": "No text column is chosen. Choose the column that holds the articles."},
        "no_rows": {"id": "Berkas ini tidak berisi baris. Periksa isinya.", "en": "The file holds no rows. Check its content."},
        "no_columns": {"id": "Kolom yang dipilih tidak ada dalam berkas ini. Pilih lagi kolomnya.", "en": "A chosen column is not in this file. Choose the columns again."},
        "unknown_kind": {"id": "Jenis berkas ini tidak dapat dibaca. Berikan CSV, JSONL, Parquet, atau zip.", "en": "This type of file cannot be read. Give CSV, JSONL, Parquet or zip."},
        "packed": {"id": "Berkas ini dimampatkan. Buka dulu, atau ketik: {command}", "en": "The file is compressed. Unpack it first, or type: {command}"},
        "broken": {"id": "Berkas ini bukan {kind} yang dapat dibaca. Simpan ulang lalu coba lagi.", "en": "The file is not readable {kind}. Save it again and try once more."},
        "bomb": {"id": "Isi berkas ini lebih dari {limit} MB setelah dibuka. Ketik: {command}", "en": "Unpacked, the file holds more than {limit} MB. Type: {command}"},
        "too_many_rows": {"id": "Berkas ini berisi lebih dari {limit} artikel. Ketik: {command}", "en": "The file holds more than {limit} articles. Type: {command}"},
        "too_many_bytes": {"id": "Berkas ini lebih besar dari {limit} MB. Ketik: {command}", "en": "The file is larger than {limit} MB. Type: {command}"},
        "too_many_columns": {"id": "Berkas ini berisi lebih dari {limit} kolom. Ketik: {command}", "en": "The file has more than {limit} columns. Type: {command}"},
        "over_budget": {"id": "Membaca berkas ini butuh kerja lebih banyak dari batas di halaman ini. Gunakan sorot score.", "en": "Reading this file takes more work than this page may do. Use sorot score."},
        "failed": {"id": "Pelabelan terhenti: {reason}", "en": "Scoring stopped: {reason}"},
        "busy": {"id": "Pelabelan terhenti: antrean terlalu lama penuh. Coba lagi beberapa menit lagi.", "en": "Scoring stopped: the queue was full for too long. Try again in a few minutes."},
        "stopping": {"id": "Pelabelan terhenti: layanan sedang dimatikan. Coba lagi nanti.", "en": "Scoring stopped: the service is shutting down. Try again later."},
        "waiting": {"id": "Menunggu giliran ...", "en": "Waiting for its turn ..."},
        "reading": {"id": "Membaca berkas ...", "en": "Reading the file ..."},
        "no_pace_yet": {"id": "{done} dari {total} artikel", "en": "{done} of {total} articles"},
        "progress": {"id": "{done} dari {total} artikel, {pace} per detik, sisa sekitar {left} detik", "en": "{done} of {total} articles, {pace} a second, about {left} seconds left"},
        "done": {"id": "Selesai.", "en": "Done."},
        "stopped": {"id": "Dihentikan; {done} dari {total} artikel sudah diberi label dan disimpan di bawah.", "en": "Stopped; {done} of {total} articles are scored and kept below."},
        "stopped_early": {"id": "Dihentikan sebelum ada artikel yang diberi label.", "en": "Stopped before any article was scored."},
        "expired": {"id": "Hasil ini sudah dihapus karena lama tidak dipakai. Beri label lagi.", "en": "These results were deleted after a long time without use. Score again."},
        "summary": {"id": "{n} artikel: {labelled}, {foreign} bukan bahasa Indonesia, {rejected} ditolak.", "en": "{n} articles: {labelled}, {foreign} not Indonesian, {rejected} rejected."},
        "n_labelled": {"id": "{n} berlabel", "en": "{n} with labels"},
        "articles_plain": {"id": "artikel", "en": "articles"},
        "rejects": {"id": "Yang ditolak ({n})", "en": "Rejected ({n})"},
        "in_english": {"id": "Alasan dari pembaca berkas, dalam bahasa Inggris:", "en": "Reasons of the file reader, in English:"},
        "thresholds_note": {"id": "Menggeser ambang mengubah {changed} dan buktinya.", "en": "Moving a threshold changes {changed} and their evidence."},
        "thresholds_note_fixed": {"id": "Menggeser ambang mengubah {changed} dan buktinya; {fixed} tetap.", "en": "Moving a threshold changes {changed} and their evidence; {fixed} stays."},
        "counted": {"id": "{name}: {now} artikel (semula {was})", "en": "{name}: {now} articles (was {was})"},
        "reset": {"id": "Kembalikan ambang", "en": "Reset thresholds"},
        "search": {"id": "Cari dalam judul dan teks", "en": "Search title and text"},
        "by_outlet": {"id": "Media", "en": "Outlet"},
        "sort": {"id": "Urutkan", "en": "Sort by"},
        "all": {"id": "Semua", "en": "All"},
        "order": {"id": "Urutan berkas", "en": "Order of the file"},
        "sort_title": {"id": "Judul", "en": "Title"},
        "sort_newest": {"id": "Terbaru", "en": "Newest"},
        "sort_oldest": {"id": "Terlama", "en": "Oldest"},
        "shown": {"id": "{n} artikel cocok; halaman {page} dari {pages}", "en": "{n} articles match; page {page} of {pages}"},
        "back": {"id": "← Sebelumnya", "en": "← Previous"},
        "on": {"id": "Berikutnya →", "en": "Next →"},
        "articles": {"id": "Artikel", "en": "Articles"},
        "published": {"id": "Terbit", "en": "Published"},
        "attention": {"id": "Perhatian dari waktu ke waktu", "en": "Attention over time"},
        "undated": {"id": "{articles} tanpa tanggal, tidak ada dalam grafik ini: {n}.", "en": "{articles} without a date, not in this chart: {n}."},
        "no_dates": {"id": "Tidak ada {articles} yang bertanggal, jadi grafik ini kosong.", "en": "There are no {articles} with a date, so this chart is empty."},
        "nothing": {"id": "Tidak ada {articles} untuk grafik ini.", "en": "There are no {articles} for this chart."},
        "per": {"id": "artikel per {unit}", "en": "articles a {unit}"},
        "week": {"id": "minggu", "en": "week"},
        "month": {"id": "bulan", "en": "month"},
        "year": {"id": "tahun", "en": "year"},
        "no_outlet": {"id": "(tanpa media)", "en": "(no outlet)"},
        "others": {"id": "(lainnya)", "en": "(others)"},
        "most": {"id": "paling banyak", "en": "at most"},
        "format": {"id": "Unduh sebagai", "en": "Download as"},
        "svg": {"id": "Grafik (SVG dalam zip)", "en": "Charts (SVGs in a zip)"},
        "prepare": {"id": "Siapkan berkas", "en": "Prepare the file"},
        "download": {"id": "Unduh {name}", "en": "Download {name}"},
        "gone": {"id": "Berkas ini sudah dihapus. Unggah lagi.", "en": "The file has been deleted. Upload it again."},
        "unreadable": {"id": "Berkas ini tidak dapat dibaca: {reason}", "en": "This file cannot be read: {reason}"},
        "odd_column": {"id": "Salah satu kolom yang dipilih tidak berisi teks, angka, atau tanggal. Pilih kolom lain.", "en": "A chosen column holds neither text nor numbers nor dates. Choose another."},
    }
)  # fmt: skip

# How reject reasons begin in English, and their Indonesian translations.
REASONS: dict[str, str] = {
    "no text in column": "kolom teksnya kosong",
    "longer than": "lebih panjang dari batas karakter",
    "could not be scored": "tidak dapat diberi label",
    "not a .txt or .html file": "bukan berkas .txt atau .html",
    "the file holds no text": "berkas ini tidak berisi teks",
    "the file is binary": "berkas ini biner, bukan teks",
    "the member is damaged": "berkas ini rusak, terkunci kata sandi, atau dimampatkan dengan cara yang tidak dapat dibaca",
    "no article was found": "tidak ada artikel dalam halaman HTML ini",
}


def reason_in(reason: str, language: Language) -> str | None:
    """A reject's reason in the page's language; None if it has no translation."""
    return (
        reason
        if language == "en"
        else next((translation for start, translation in REASONS.items() if reason.startswith(start)), None)
    )
