"""What the tab of reviews says, in Indonesian and English."""

from __future__ import annotations

from sorot.serving.page.common.language import Language, Phrases

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
        "leave": {"id": "Selesai, ganti nama", "en": "Finish, change name"},
        "reviewer": {"id": "Peninjau", "en": "Reviewer"},
        "done": {"id": "selesai oleh Anda", "en": "done by you"},
        "left": {"id": "tersisa", "en": "left"},
        "sentences": {
            "id": "Klik kalimat yang menunjukkan label",
            "en": "Click the sentences that show the labels",
        },
        "topics": {"id": "Topik (boleh tidak ada)", "en": "Topics (none may hold)"},
        "stance": {"id": "Sikap terhadap tindakan negara", "en": "Stance on the state measure"},
        "sentiment": {"id": "Sentimen", "en": "Sentiment"},
        "guess_note": {
            "id": "Angka di belakang label adalah peluang menurut model, yang pilihannya sudah terisi. Percayai artikelnya, bukan modelnya.",
            "en": "The number after a label is its probability by the model, whose choice is filled in. Trust the article, not the model.",
        },
        "confirm": {"id": "Simpan, lanjut", "en": "Save, next"},
        "skip": {"id": "Lewati", "en": "Skip"},
        "undo": {"id": "Urungkan yang terakhir", "en": "Undo the last"},
        "shortcuts": {"id": "Pintasan", "en": "Shortcuts"},
        "key_topics": {"id": "topik", "en": "topics"},
        "key_confirm": {"id": "simpan, lanjut", "en": "save, next"},
        "key_skip": {"id": "lewati", "en": "skip"},
        "key_undo": {"id": "urungkan", "en": "undo"},
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
            "en": "The articles that are left are before other people now. Try again in some minutes.",
        },
        "no_article": {
            "id": "Tidak ada artikel yang terbuka; ambil yang berikutnya dulu.",
            "en": "No article is open; get the next one first.",
        },
        "no_name": {"id": "Tulis nama Anda dulu.", "en": "Type your name first."},
        "long_name": {"id": "Nama paling panjang 60 karakter; pendekkan.", "en": "A name has at most 60 characters; shorten it."},
        "unknown_label": {
            "id": "Ada topik yang tidak dikenal; pilih dari daftar.",
            "en": "A topic is unknown; choose from the list.",
        },
        "unchosen": {
            "id": "Sikap dan sentimen harus dipilih; pilih masing-masing satu.",
            "en": "Stance and sentiment must be chosen; choose one of each.",
        },
        "default_not_chosen": {
            "id": "Tanpa topik, sikapnya harus “{stance}”; pilih itu, atau centang topiknya.",
            "en": "Without a topic the stance has to be “{stance}”; choose that, or tick the topic.",
        },
        "unknown_sentence": {
            "id": "Kalimat yang ditandai tidak ada di artikel ini; tandai lagi.",
            "en": "A marked sentence is not in this article; mark it again.",
        },
        "gone": {
            "id": "Artikel itu sudah berpindah ke orang lain atau sudah selesai, jadi tinjauan Anda tidak disimpan.",
            "en": "That article has gone to another person or is done already, so your review was not kept.",
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
            "en": "There is no review of yours to undo yet.",
        },
        "undo_taken": {
            "id": "Artikel itu sedang ditinjau orang lain; coba urungkan lagi beberapa menit lagi.",
            "en": "Another person reviews that article now; try to undo again in some minutes.",
        },
        "disk_full": {
            "id": "Cakram penuh, jadi tidak ada yang disimpan. Kabari yang menjalankan halaman ini, lalu coba lagi.",
            "en": "The disk is full, so nothing was kept. Tell whoever runs this page, then try again.",
        },
        "no_right": {
            "id": "Folder tinjauan tidak boleh dibaca atau ditulis, jadi tidak ada yang disimpan. Kabari yang menjalankan halaman ini.",
            "en": "The folder of reviews may not be read or written, so nothing was kept. Tell whoever runs this page.",
        },
        "busy": {
            "id": "Folder tinjauan sedang dipakai program lain, jadi tidak ada yang disimpan. Coba lagi sebentar lagi.",
            "en": "Another program is using the folder of reviews, so nothing was kept. Try again in a moment.",
        },
        "no_folder": {
            "id": "Folder tinjauan tidak ada lagi di tempatnya, jadi tidak ada yang disimpan. Kabari yang menjalankan halaman ini.",
            "en": "The folder of reviews is no longer in its place, so nothing was kept. Tell whoever runs this page.",
        },
        "failed": {
            "id": "Folder tinjauan tidak dapat dipakai, jadi tidak ada yang disimpan. Kabari yang menjalankan halaman ini.",
            "en": "The folder of reviews cannot be used, so nothing was kept. Tell whoever runs this page.",
        },
        "broken": {
            "id": "Ada kesalahan di dalam program ({kind}). Coba lagi; bila terulang, kabari yang menjalankan halaman ini.",
            "en": "Something is wrong inside the program ({kind}). Try again; if it happens again, tell whoever runs this page.",
        },
    }
)

# Short rules of our own for whoever labels; what each label means stands in the taxonomy.
RULES: tuple[dict[Language, str], ...] = (
    {
        "id": "Baca seluruh artikel dulu. Nilai apa yang tertulis, bukan apa yang Anda ketahui tentang peristiwanya.",
        "en": "Read the whole article first. Label what it says, never what you know of the event.",
    },
    {
        "id": "Topik berlaku bila menjadi bagian dari yang diberitakan: ada di judul, atau di sedikitnya dua kalimat. Sebutan sepintas dan paragraf latar belakang belum cukup.",
        "en": "A topic holds when it is part of what is reported: in the headline, or in at least two sentences. A passing mention or a paragraph of background is not enough.",
    },
    {
        "id": "Sikap dinilai terhadap tindakan negara yang menjadi pokok topiknya. Bila ada beberapa tindakan, yang di judul yang dinilai.",
        "en": "Stance is on the state measure that the topics are about. Where there are several, it is the one in the headline.",
    },
    {
        "id": "Memihak berarti kira-kira dua pertiga penilaian, dari narasumber dan cara artikel membingkainya, mengarah ke satu sisi. Laporan fakta tanpa penilaian tidak memihak.",
        "en": "To take a side means that about two thirds of what is evaluative, voices and framing together, points one way. Facts without evaluation take no side.",
    },
    {
        "id": "Pejabat yang hanya menyebut apa yang dilakukan tidak memihak; yang memberi alasan atau mengaku berhasil, tanpa ada yang menyanggah, mendukung.",
        "en": "An official who only says what is done takes no side; one who gives reasons or claims success, with nobody objecting, supports it.",
    },
    {
        "id": "Sentimen adalah kesan yang ditinggalkan pada pembaca biasa. Setiap artikel punya satu, apa pun topiknya.",
        "en": "Sentiment is the tone that an ordinary reader is left with. Every article has one, whatever its topics.",
    },
    {
        "id": "Tandai kalimat yang paling menunjukkan label yang Anda pilih; dua atau tiga biasanya cukup.",
        "en": "Mark the sentences that best show the labels you chose; two or three are usually enough.",
    },
)
