"""Texts of the Model tab."""

from __future__ import annotations

from sorot.serving.model.reference import CONFIDENCE, LABELS, LANGUAGE, LENGTH, TEXT_WORDS, TITLE_WORDS, WITHHELD
from sorot.serving.words.language import Language, Phrases

# By the names of the measures in sorot.serving.model.reference.
MEASURES: dict[str, dict[Language, str]] = {
    LENGTH: {"id": "panjang (token)", "en": "length in tokens"},
    TITLE_WORDS: {"id": "kata asing bagi model di judul", "en": "words unknown to it in titles"},
    TEXT_WORDS: {"id": "kata asing bagi model di teks", "en": "words unknown to it in texts"},
    CONFIDENCE: {"id": "keyakinan", "en": "confidence"},
    LABELS: {"id": "label", "en": "labels"},
    LANGUAGE: {"id": "bahasa", "en": "language"},
    WITHHELD: {"id": "tanpa label karena", "en": "no labels because"},
}

model_text = Phrases(
    {
        "for": {"id": "Untuk apa", "en": "What it is for"},
        "for_what": {
            "id": "Memberi artikel berita Indonesia label {tasks} menurut arti label di bawah, beserta kalimat "
            "yang menunjukkannya: untuk penelitian media atas banyak artikel, dan orang tetap membaca yang penting.",
            "en": "Labels Indonesian news articles with {tasks}, as defined below, and names the "
            "sentences that show them: for media research over many articles, with people reading what matters.",
        },
        "not_for": {"id": "Bukan untuk apa", "en": "What it is not for"},
        "not_for_what": {
            "id": "Bukan untuk keputusan tentang orang atau media, bukan untuk memoderasi atau mengawasi ucapan, bukan untuk bahasa "
            "selain Indonesia (bila bahasanya pasti lain, label tidak diberikan), dan bukan untuk menilai apakah isi artikel benar.",
            "en": "Not for decisions about persons or outlets, not for moderating or policing speech, not for languages other than "
            "Indonesian (if it is sure of another language, it gives no labels), and not for judging whether an article is true.",
        },
        "can": {"id": "Yang dapat dilakukannya", "en": "What it can do"},
        "can_lines": {
            "id": "Memberi label {tasks} pada artikel berita Indonesia.\nMembersihkan salinan mentah: menu, iklan, berita terkait.\n"
            "Menunjukkan kalimat yang menguatkan tiap label, dengan bagiannya.\nMengatakan seberapa yakin, dan label lain yang mungkin.\n"
            "Menolak alamat, angka, teks sangat pendek, dan bahasa lain.",
            "en": "Label Indonesian news articles with {tasks}.\nClean raw copies: menus, ads, related links.\n"
            "Show the sentences that support each label, with their share.\nSay how sure it is, and which other labels may hold.\n"
            "Refuse addresses, numbers, very short texts and other languages.",
        },
        "cannot": {"id": "Yang tidak dapat dilakukannya", "en": "What it cannot do"},
        "cannot_lines": {
            "id": "Menilai apakah isi artikel benar.\nMengerti sindiran, atau yang hanya tersirat.\n"
            "Membaca artikel lain tentang peristiwa yang sama: tiap artikel dinilai sendiri.\n"
            "Selalu benar: pada sumber yang belum pernah dilihat, angkanya yang pertama di bawah.\n"
            "Menggantikan pembaca untuk keputusan tentang orang atau media.",
            "en": "Judge whether an article is true.\nUnderstand irony, or what is only implied.\n"
            "Know other articles on the event: each is judged on its own.\n"
            "Be always right: on sources it has never seen, the first figures below hold.\n"
            "Replace a reader in decisions about persons or outlets.",
        },
        "mistakes": {"id": "Di mana ia salah", "en": "Where it errs"},
        "mistakes_note": {
            "id": "Artikel buatan kami sendiri yang tidak dipakai untuk melatih; contohnya yang salah dengan keyakinan terbesar.",
            "en": "Articles of our own that were held out of training; the examples are those it is surest of, and wrong.",
        },
        "wrong_of": {
            "id": "berbeda dari pembaca pada {wrong} dari {articles} artikel",
            "en": "unlike the readers in {wrong} of {articles} articles",
        },
        "by_readers": {"id": "Pembaca", "en": "Readers"},
        "by_model": {"id": "Model", "en": "Model"},
        "misled_by": {"id": "Kalimat yang paling menyesatkannya", "en": "The sentence that misled it most"},
        "drift": {
            "id": "Apakah korpus terakhir Anda seperti artikel pengukurnya?",
            "en": "Is your last corpus like the articles it was measured on?",
        },
        "no_drift": {
            "id": "Beri label pada sebuah korpus di tab Korpus; perbandingannya lalu ada di sini.",
            "en": "Score a corpus in the Corpus tab; the comparison is then here.",
        },
        "no_reference": {
            "id": "Bundel ini tidak mencatat seperti apa artikelnya.",
            "en": "This bundle does not say what its articles are like.",
        },
        "alike": {
            "id": "Seperti {n} artikel tempat model diukur, dalam semua yang dibandingkan.",
            "en": "Like the {n} articles on which the model was measured, in all that was compared.",
        },
        "unlike": {
            "id": "Berbeda dari {n} artikel tempat model diukur dalam: {measures}. Galat model di sini bisa lain; periksa sampel "
            "artikel sebelum mengutip angkanya (sorot audit-sample).",
            "en": "Unlike the {n} articles on which the model was measured in: {measures}. Its errors may be others here; check a "
            "sample before you quote its numbers (sorot audit-sample).",
        },
        "measure": {"id": "Ukuran", "en": "Measure"},
        "here": {"id": "Di sini", "en": "Here"},
        "there": {"id": "Artikel pengukur", "en": "Measured on"},
        "shift": {"id": "Pergeseran", "en": "Shift"},
        "differs": {"id": "berbeda", "en": "differs"},
        "measured_unseen": {
            "id": "Pada artikel dari sumber yang tidak pernah dilihat saat latihan (“{split}”)",
            "en": "On articles of sources that training never saw (“{split}”)",
        },
        "created": {"id": "Dibuat", "en": "Made"},
        "encoder": {"id": "Enkoder", "en": "Encoder"},
        "window": {"id": "Jendela (token)", "en": "Window (tokens)"},
        "gate": {"id": "Saringan awal", "en": "Gate"},
        "gate_keeps": {
            "id": "meloloskan {kept} dari {found} {articles}",
            "en": "keeps {kept} of {found} {articles}",
        },
        "no_gate": {"id": "tidak ada", "en": "none"},
        "figures": {
            "id": "Mutu label (macro-F1; 1 berarti selalu tepat)",
            "en": "Quality of its labels (macro-F1; 1 is always right)",
        },
        "no_figures": {"id": "Bundel ini tidak memuat angka.", "en": "This bundle holds no figures."},
        "measured": {"id": "Diukur pada “{split}”", "en": "Measured on “{split}”"},
        "calibration": {
            "id": "Seberapa sering model benar pada tiap tingkat keyakinan, per tugas",
            "en": "How often it is right at each confidence level, by task",
        },
        "calibration_note": {
            "id": "Di garis diagonal, keyakinan sama dengan bagian yang benar; tanda yang lebih besar mewakili lebih "
            "banyak keputusan.",
            "en": "On the diagonal, confidence and the share that is right are equal; a larger mark stands for more decisions.",
        },
        "interval": {"id": "selang 95 %", "en": "95 % interval"},
        "labels": {"id": "Label dan definisinya", "en": "Labels and what they mean"},
        "threshold": {"id": "ambang", "en": "threshold"},
        "card": {"id": "Kartu model (dalam bahasa Inggris)", "en": "Model card"},
        "no_card": {"id": "Bundel ini tidak memuat kartu model.", "en": "This bundle holds no model card."},
    }
)
