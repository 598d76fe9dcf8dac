"""Texts of the Review tab."""

from __future__ import annotations

from collections.abc import Mapping

from sorot.serving.words.language import Language, Phrases

review_text = Phrases(
    {
        "keeps": {
            "id": "Tab ini menyimpan apa yang Anda tinjau: artikel, label, kalimat bukti, nama Anda, dan waktunya, di folder {folder}. Tab lain tetap tidak menyimpan apa pun.",
            "en": "This tab keeps what you review: the article, its labels, the sentences of evidence, your name and the time, in the folder {folder}. The other tabs still keep nothing.",
        },
        "name": {"id": "Nama Anda", "en": "Your name"},
        "name_info": {
            "id": "Tercatat di setiap tinjauan; pakai nama yang sama setiap kali.",
            "en": "Kept with every review; use the same one every time.",
        },
        "start": {"id": "Mulai meninjau", "en": "Start reviewing"},
        "again": {"id": "Ambil artikel berikutnya", "en": "Get the next article"},
        "leave": {"id": "Keluar", "en": "Sign out"},
        "reviewer": {"id": "Peninjau", "en": "Reviewer"},
        "done": {"id": "selesai oleh Anda", "en": "done by you"},
        "left": {"id": "tersisa", "en": "left"},
        "may_be_none": {"id": "{task} (boleh tidak ada)", "en": "{task} (leave empty if none apply)"},
        "sentences": {
            "id": "Klik kalimat yang menunjukkan label",
            "en": "Click the sentences that show the labels",
        },
        "guess_note": {
            "id": "Angka di belakang label adalah peluang menurut model, yang pilihannya sudah terisi. Percayai artikelnya, bukan modelnya.",
            "en": "The number after a label is its probability by the model, whose choice is filled in. Trust the article, not the model.",
        },
        "audit_note": {
            "id": "Sampel audit: jawaban model disembunyikan sampai Anda menyimpan jawaban sendiri.",
            "en": "Audit sample: the model's answer is hidden until you have saved your own.",
        },
        "blind_note": {
            "id": "Jawaban model disembunyikan sampai Anda menyimpan jawaban sendiri.",
            "en": "The model's answer is hidden until you have saved your own.",
        },
        "blind": {"id": "Sembunyikan jawaban model", "en": "Hide the model's answer"},
        "model_said": {"id": "Jawaban model: {said}.", "en": "The model's answer: {said}."},
        "same": {"id": "{model} (sama)", "en": "{model} (same)"},
        "other": {"id": "{model} (Anda: {own})", "en": "{model} (you: {own})"},
        "no_label": {"id": "tidak ada", "en": "no label"},
        "flag": {"id": "Tandai untuk dibahas", "en": "Flag for discussion"},
        "flagged": {"id": "ditandai", "en": "flagged"},
        "note": {"id": "Catatan", "en": "Note"},
        "quotes": {"id": "Kutipan (hapus centang untuk membuang)", "en": "Quotes (untick to remove)"},
        "tools": {"id": "Pilih teks, lalu:", "en": "Select text, then:"},
        "mark": {"id": "Tandai bukti", "en": "Mark as evidence"},
        "quote": {"id": "Simpan kutipan", "en": "Keep as quote"},
        "answered_by_you": {"id": "Yang sudah Anda tinjau", "en": "What you have reviewed"},
        "search": {"id": "Cari dalam judul, media, teks, dan catatan", "en": "Search in title, outlet, text and note"},
        "only_flagged": {"id": "Hanya yang ditandai", "en": "Flagged only"},
        "found_none": {"id": "Tidak ada tinjauan Anda yang cocok.", "en": "No review of yours matches."},
        "found_all": {
            "id": "Cocok: {total}. Klik judul untuk membukanya lagi.",
            "en": "Found: {total}. Click a title to open it again.",
        },
        "found": {
            "id": "Cocok: {total}, ditampilkan {n} yang terakhir. Klik judul untuk membukanya lagi.",
            "en": "Found: {total}, showing the latest {n}. Click a title to open it again.",
        },
        "reopened": {
            "id": "Tinjauan Anda dibuka lagi. Simpan untuk menggantinya, atau lewati untuk membiarkannya.",
            "en": "Your review is open again. Save to replace it, or skip to leave it as it is.",
        },
        "left_alone": {"id": "Tinjauan itu tidak diubah.", "en": "That review is unchanged."},
        "not_answered": {
            "id": "Tidak ada tinjauan Anda untuk artikel itu; cari lagi.",
            "en": "You have no review of that article; search again.",
        },
        "long_note": {
            "id": "Catatan paling panjang 1.000 karakter; pendekkan.",
            "en": "A note has at most 1,000 characters; shorten it.",
        },
        "unknown_quote": {
            "id": "Kutipan harus bagian dari artikel ini, paling panjang 2.000 karakter; pilih lagi.",
            "en": "A quote must be a part of this article, at most 2,000 characters long; select it again.",
        },
        "team_title": {"id": "Kemajuan dan kesepakatan", "en": "Progress and agreement"},
        "team": {
            "id": "{done} dari {articles} artikel selesai, {left} tersisa, {held} sedang terbuka.",
            "en": "{done} of {articles} articles done, {left} left, {held} open now.",
        },
        "agreement": {
            "id": "Kesepakatan atas artikel yang ditinjau lebih dari satu orang",
            "en": "Agreement on articles reviewed by more than one person",
        },
        "task": {"id": "Tugas", "en": "Task"},
        "shared_articles": {"id": "Artikel", "en": "Articles"},
        "equal_answers": {"id": "Jawaban sama", "en": "Equal answers"},
        "reliability": {"id": "Alpha Krippendorff", "en": "Krippendorff's alpha"},
        "not_shared": {
            "id": "Belum ada artikel yang ditinjau dua orang. Antrekan dengan: sorot feedback add --people 2",
            "en": "No article is reviewed by two people yet. Queue some with: sorot feedback add --people 2",
        },
        "few_shared": {
            "id": "Kurang dari 50 artikel: angka ini masih dapat banyak berubah. Alpha 1 berarti sepakat penuh, 0 berarti seperti kebetulan.",
            "en": "Fewer than 50 articles: these figures may still change much. An alpha of 1 is full agreement, 0 is chance.",
        },
        "agreement_note": {
            "id": "Alpha 1 berarti sepakat penuh, 0 berarti seperti kebetulan.",
            "en": "An alpha of 1 is full agreement, 0 is chance.",
        },
        "confirm": {"id": "Simpan dan lanjut", "en": "Save and next"},
        "skip": {"id": "Lewati", "en": "Skip"},
        "undo": {"id": "Urungkan yang terakhir", "en": "Undo the last"},
        "shortcuts": {"id": "Pintasan", "en": "Shortcuts"},
        "key_labels": {"id": "label", "en": "labels"},
        "guidelines": {"id": "Pedoman dan arti label", "en": "Guidelines and what labels mean"},
        "saved": {"id": "Tersimpan.", "en": "Saved."},
        "skipped": {"id": "Dilewati; artikel itu kembali nanti.", "en": "Skipped; that article comes back later."},
        "undone": {
            "id": "Tinjauan terakhir Anda diurungkan; artikelnya ada di sini lagi.",
            "en": "Your last review is undone; its article is here again.",
        },
        "all_done": {
            "id": "Tidak ada lagi artikel untuk Anda. Tambahkan dengan: sorot feedback add",
            "en": "There are no more articles for you. Add some with: sorot feedback add",
        },
        "others_have_them": {
            "id": "Artikel yang tersisa sedang ditinjau orang lain. Coba lagi beberapa menit lagi.",
            "en": "The remaining articles are being reviewed by others. Try again in a few minutes.",
        },
        "no_article": {
            "id": "Tidak ada artikel yang terbuka; ambil yang berikutnya dulu.",
            "en": "No article is open; get the next one first.",
        },
        "no_name": {"id": "Tulis nama Anda dulu.", "en": "Type your name first."},
        "long_name": {"id": "Nama paling panjang 60 karakter; pendekkan.", "en": "A name has at most 60 characters; shorten it."},
        "unknown_label": {
            "id": "Ada label yang tidak dikenal; pilih dari daftar.",
            "en": "A label is unknown; choose from the list.",
        },
        "unchosen": {
            "id": "{tasks} harus dipilih; pilih masing-masing satu.",
            "en": "{tasks} must be chosen; choose one of each.",
        },
        "unknown_sentence": {
            "id": "Kalimat yang ditandai tidak ada di artikel ini; tandai lagi.",
            "en": "A marked sentence is not in this article; mark it again.",
        },
        "gone": {
            "id": "Artikel itu sudah berpindah ke orang lain atau sudah selesai, jadi tinjauan Anda tidak disimpan.",
            "en": "That article is with another reviewer or done already, so your review was not kept.",
        },
        "answered": {
            "id": "Artikel itu sudah Anda tinjau; yang tersimpan tidak diubah. Untuk mengubahnya, urungkan dulu.",
            "en": "You have reviewed that article already; what was kept is unchanged. To change it, undo it first.",
        },
        "here_is_next": {"id": "Ini artikel berikutnya.", "en": "Here is the next one."},
        "draft_kept": {
            "id": "Isian Anda di artikel yang tadi terbuka diingat di halaman ini sampai artikel itu kembali.",
            "en": "What you filled in for the article that was open is remembered on this page until it comes back.",
        },
        "nothing_to_undo": {
            "id": "Belum ada tinjauan Anda yang dapat diurungkan.",
            "en": "You have no review to undo yet.",
        },
        "undo_taken": {
            "id": "Artikel itu sedang ditinjau orang lain; coba urungkan lagi beberapa menit lagi.",
            "en": "Another person is reviewing that article now; try to undo again in a few minutes.",
        },
        "disk_full": {
            "id": "Penyimpanan penuh, jadi tidak ada yang disimpan. Hubungi pengelola, lalu coba lagi.",
            "en": "The disk is full, so nothing was kept. Contact the administrator, then try again.",
        },
        "no_right": {
            "id": "Folder tinjauan tidak boleh dibaca atau ditulis, jadi tidak ada yang disimpan. Hubungi pengelola.",
            "en": "The folder of reviews may not be read or written, so nothing was kept. Contact the administrator.",
        },
        "busy": {
            "id": "Folder tinjauan sedang dipakai program lain, jadi tidak ada yang disimpan. Coba lagi sebentar lagi.",
            "en": "Another program is using the folder of reviews, so nothing was kept. Try again in a moment.",
        },
        "no_folder": {
            "id": "Folder tinjauan tidak ada lagi di tempatnya, jadi tidak ada yang disimpan. Hubungi pengelola.",
            "en": "The folder of reviews is no longer in its place, so nothing was kept. Contact the administrator.",
        },
        "failed": {
            "id": "Folder tinjauan tidak dapat dipakai, jadi tidak ada yang disimpan. Hubungi pengelola.",
            "en": "The folder of reviews cannot be used, so nothing was kept. Contact the administrator.",
        },
        "broken": {
            "id": "Ada kesalahan di dalam program ({kind}). Coba lagi; bila terulang, hubungi pengelola.",
            "en": "Internal error ({kind}). Try again; if it happens again, contact the administrator.",
        },
    }
)

# Rules for every task; each task's own rules and the definitions of labels are in the taxonomy.
RULES_BEFORE: tuple[Mapping[Language, str], ...] = (
    {
        "id": "Baca seluruh artikel dulu. Nilai apa yang tertulis, bukan apa yang Anda ketahui tentang peristiwanya.",
        "en": "Read the whole article first. Label what it says, never what you know of the event.",
    },
)
RULES_AFTER: tuple[Mapping[Language, str], ...] = (
    {
        "id": "Tandai kalimat yang paling menunjukkan label yang Anda pilih; dua atau tiga biasanya cukup.",
        "en": "Mark the sentences that best show the labels you chose; two or three are usually enough.",
    },
)
