from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article, published_from
from sorot.data.cleaning.clean import clean_article
from sorot.data.text.dates import parse_date


@dataclass(frozen=True)
class Dump:
    text: str
    body: str
    outlet: str | None
    title: str | None
    published: str | None
    place: str | None


def read_dumps() -> list[Dump]:
    files = sorted(Path(__file__).with_name("dumps").glob("*.txt"))
    dumps = []
    for block in (block for file in files for block in file.read_text(encoding="utf-8").split("\n=== ")[1:]):
        head, *lines = block.strip("\n").split("\n")
        outlet, title, published, place = (None if f == "-" else f for f in head.split(" | "))
        page, body = [], []
        for line in lines:
            if line.startswith("B|"):
                parts = line[2:].split("||")
                # The longest part is the paragraph; what stands beside it is dateline or initials.
                body.append(max(parts, key=len).strip())
                page.append("".join(parts))
            else:
                page.append("" if line == "E|" else line)
        dumps.append(Dump("\n".join(page), "\n\n".join(body), outlet, title, published, place))
    return dumps


DUMPS = read_dumps()


def clean(text: str, title: str | None = None) -> Article:
    return clean_article(Article(id="a", body=text, title=title))


def test_body_tokens_of_the_dumps_are_found_and_nothing_else() -> None:
    assert len(DUMPS) >= 44
    hits = found = true = 0
    for dump in DUMPS:
        have, want = Counter(re.findall(r"\w+", clean(dump.text).body)), Counter(re.findall(r"\w+", dump.body))
        hits += (have & want).total()
        found += have.total()
        true += want.total()
    precision, recall = hits / found, hits / true
    print(f"body tokens of {len(DUMPS)} dumps: precision {precision:.4f}, recall {recall:.4f}")
    assert precision >= 0.97 and recall >= 0.97


@pytest.mark.parametrize("field", ["title", "outlet", "published", "place", "body"])
def test_fields_of_the_dumps(field: str) -> None:
    wrong = []
    for dump in DUMPS:
        expected = getattr(dump, field)
        found = getattr(clean(dump.text), field)
        if field == "published":
            expected = published_from(expected) if expected else None
        # Where the page names no outlet but its address does in the dateline, that one is kept.
        if field == "outlet" and expected is None:
            continue
        if found != expected:
            wrong.append((expected, found))
    assert len(wrong) <= 1, wrong


CLEAN = [
    "Harga beras naik.\n\nPedagang mengeluh.",
    "Satu baris saja tanpa titik",
    'Pemerintah mengumumkan aturan baru hari ini, dan warga menyambutnya dengan banyak pertanyaan di kantor kelurahan.\n"Kami bingung," kata Sri.\n\n\nBaris terakhir.  ',
    "mantul bgt gan   #promo",
    "Baca juga buku ini, katanya.",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_passes_character_for_character(text: str) -> None:
    assert clean(text).body == text
    assert clean(text, title="Judul").body == text
    assert clean(text).removed == ()


def test_leftovers_in_an_article_go_and_the_rest_stays() -> None:
    first = "Menteri menjelaskan aturan baru itu kepada para wartawan di kantornya pada Senin siang, dan meminta semua pihak bersabar."
    second = (
        "Sejumlah pengusaha menyambut baik penjelasan itu, tetapi meminta waktu lebih panjang untuk menyesuaikan sistem mereka."
    )
    text = f"Jakarta, Kabar Petang -- {first}\nBaca juga: Aturan Lama Dicabut\nADVERTISEMENT\n{second} (abc/def)"
    found = clean(text, title="Aturan Baru")
    assert found.body == f"{first}\n{second}"
    assert (found.place, found.outlet, found.title) == ("Jakarta", "Kabar Petang", "Aturan Baru")
    assert sorted(r.kind for r in found.removed) == ["advert", "dateline", "initials", "related"]


def test_fields_that_are_there_are_kept() -> None:
    dump = DUMPS[0]
    article = clean_article(Article(id="a", body=dump.text, outlet="Lain", place="Wakatobi"))
    assert (article.outlet, article.place, article.title) == ("Lain", "Wakatobi", dump.title)


PIECES = st.sampled_from(
    ["Baca juga: Lain Hal", "Baca juga:", "Pilihan Redaksi", "Berita Terkait", "Komentar", "Telegram", "Perbesar", "Halaman Selanjutnya", "[Gambas:Video Kabar]",
     "Lewati Podcast dan terus membaca", "Warga mengeluh.", "Keterangan gambar,", "12", "Dilihat: 5", "JAKARTA, KABAR.com - ", "Kabar - 17 Juli 2017 10:00 WIB", "", "(abc/def)", "ADVERTISEMENT",
     "Judul Berita Hari Ini", "Pemerintah kota membuka taman baru di tepi sungai pada hari Minggu dan warga datang sejak pagi untuk menikmati udara segar."]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=40), max_size=12), st.none() | st.just("Judul Berita Hari Ini"))
def test_cleaning_twice_changes_nothing_and_invents_nothing(pieces: list[str], title: str | None) -> None:
    text = "\n".join(pieces)
    once = clean(text, title)
    assert clean_article(once).body == once.body
    assert not Counter(re.findall(r"\S", once.body)) - Counter(re.findall(r"\S", text))


def test_five_megabytes_of_one_line() -> None:
    text = "Pemerintah memblokir situs. " * 190_000
    assert clean(text).body == text


@pytest.mark.parametrize(
    "unit", ["Baca juga: Judul Lain\n{LONG}\n", "Berita Terkait\n", "Komentar\nBudi\n", "(baca juga: ", "  [Gambas:  "]
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    def seconds(n: int) -> float:
        text = unit.format(LONG=LONG) * n + LONG
        begun = time.process_time()
        clean(text)
        return time.process_time() - begun

    # The least of some, as other work on the machine makes single ones longer, and never shorter.
    short, long = (min(seconds(n) for _ in range(3)) for n in (800, 8_000))
    assert long < 40 * max(short, 0.01)


LONG = "Kementerian menjelaskan aturan baru itu kepada para wartawan di kantornya pada Senin siang, dan meminta semua pihak bersabar."
LATER = "Sejumlah pengusaha menyambut baik penjelasan itu, tetapi meminta waktu lebih panjang untuk menyesuaikan sistem mereka."
LAST = "Pengamat menilai penjelasan itu belum cukup karena tidak menyebut siapa yang berwenang dan bagaimana warga dapat mengajukan keberatan."
HEAD = "Kominfo Blokir Telegram Hari Ini\nKabar Petang - Senin, 17 Juli 2017 10:00 WIB\n"


def body_of(*lines: str, head: str = HEAD) -> list[str]:
    return clean(head + "\n".join(lines)).body.split("\n\n")


PROSE = [
    "Pelanggaran hak cipta di YouTube makin marak, kata Menkominfo.",
    "RUU Hak Cipta akan dibahas pekan depan.",
    "Hak cipta dilindungi selama tujuh puluh tahun.",
    "Wartawan dilarang keras mengambil gambar di ruang sidang.",
    "Warga dilarang mengambil gambar tanpa izin.",
    "Tagihan listrik warga naik.",
    "Tagar #SaveKPK ramai.",
    "Topik ini akan dibahas DPR.",
    "Label rekaman itu menolak menghapus lagunya.",
    "Hal itu disampaikan Asosiasi Penyelenggara Jasa Internet Indonesia (APJII).",
    "Program itu dibiayai Anggaran Pendapatan dan Belanja Negara (APBN).",
    "Korban selamat bersama Siti (istri korban).",
    "Polisi masih menyelidiki kasus itu. (Antara)",
    "Aparat berjaga di lokasi. TNI/Polri bersiaga.",
    "Reporter: Mengapa situs itu diblokir?",
    "Reporter: Benarkah?",
    "Sumber: kami tidak pernah menyensor siapa pun.",
    "Penulis: Saya menulis buku ini sejak 2015.",
    "Foto: karya itu menampilkan dua tentara yang menangis.",
    "Ilustrasi: seorang warga menolak diperiksa.",
    "Baca berita dengan kritis, kata Rudiantara.",
    "Baca: surat edaran Kapolri.",
    "Simak video itu baik-baik, ujar hakim kepada terdakwa.",
    "Lihat juga kasus Prita Mulyasari, kata pengacara.",
    "Dapatkan informasi dari sumber resmi, pesan Kapolri.",
    "Ikuti berita dari media resmi, pinta Gubernur.",
    "Ikuti kami ke kantor polisi.",
    "Bergabunglah di Telegram, ajak akun ISIS itu.",
    "Pesan itu berisi ajakan klik di sini.",
    "Download aplikasi itu dilarang, kata Menkominfo.",
    "Gulir ke bawah untuk melihat tabel.",
    "Fakta atau hoaks? Warga bingung membedakannya.",
    "Pilihan editor: buku tentang sensor.",
    "Telegram",
    "2017",
    "Politik",
    "Jaringan",
    "Komentar",
    "Rekomendasi",
]


@pytest.mark.parametrize("sentence", PROSE)
def test_a_sentence_of_prose_between_paragraphs_stays(sentence: str) -> None:
    text = f"{LONG}\n\n{sentence}\n\n{LATER}\n\n{LAST}"
    assert clean(text).body == text
    assert clean(text, title="Judul").body == text
    assert body_of(LONG, sentence, LATER, LAST) == [LONG, sentence, LATER, LAST]


LEFTOVERS = [
    'Baca juga: "Kami Menang," Kata Ketua Panitia',
    "Baca: Kominfo Bantah Blokir Situs",
    "Lihat Video: Warga Antre Minyak",
    "Copyright © KABAR 2021",
    "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis di situs web ini tanpa izin tertulis dari Kantor Berita KABAR.",
    "Penulis: Rini Hapsari, Budi S. dan Agus bin Salim",
    "Sumber: kabar.com",
    "Laporan Wartawan Kabar Jaya, Rini Hapsari",
    "Tag #pajak digital #internet",
    "Petugas memeriksa server di Jakarta. MIMBARJAYA/RINI HAPSARI",
    "Rapat paripurna mengesahkan aturan itu. (Kabar Petang/Rini Hapsari)",
    "Menteri memberi keterangan. Foto: Rini Hapsari/kabar",
    "[Gambas:Video CNN]",
    "Perbesar",
    "Lihat Semua",
    "Halaman Selanjutnya",
    "2 dari 3 halaman",
    "Follow Berita Kabar di Google News",
    "Silakan baca konten menarik lainnya dari Kabar.com di Google News",
    "Ikuti saluran WhatsApp Kabar untuk berita terbaru.",
    "Artikel ini telah tayang di Kabar.com dengan judul Kominfo Blokir Telegram, https://kabar.com/2017/kominfo-blokir-telegram.",
    'Dapatkan update berita pilihan dan breaking news setiap hari dari Kabar.com. Mari bergabung di Grup Telegram "Kabar News", caranya klik link https://t.me/kabar, kemudian join. Anda harus install aplikasi Telegram terlebih dulu di ponsel. Tersedia di semua toko aplikasi.',
    "* Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor Cek Fakta Kabar.",
]


@pytest.mark.parametrize("line", LEFTOVERS)
def test_a_leftover_between_paragraphs_goes(line: str) -> None:
    assert clean(f"{LONG}\n{line}\n{LATER}", title="Judul").body == f"{LONG}\n{LATER}"
    assert body_of(LONG, line, LATER) == [LONG, LATER]


@pytest.mark.parametrize(
    "line",
    ["[Gambas:Video CNN]", "SCROLL TO CONTINUE WITH CONTENT", "ADVERTISEMENT", "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
     'Dapatkan update berita pilihan dan breaking news setiap hari dari Kompas.com. Mari bergabung di Grup Telegram "Kompas.com News Update". Anda harus install aplikasi Telegram terlebih dulu di ponsel.',
     "Pewarta: Putu Indah Editor: Nurul Hayat COPYRIGHT (c) ANTARA 2019"],
)  # fmt: skip
def test_a_leftover_within_a_line_goes_and_so_do_initials_before_it(line: str) -> None:
    assert clean(f"{LONG} {line} {LATER}", title="Judul").body == f"{LONG} {LATER}"
    assert clean(f"{LONG} {LATER} (abc/def) {line}", title="Judul").body == f"{LONG} {LATER}"
    assert clean(f"{line} {LONG} {LATER}", title="Judul").body == f"{LONG} {LATER}"


@pytest.mark.parametrize(
    "end",
    ["Kelompok itu bernama Negara Islam (ISIS)", "Ia bekerja di komisi (KPK)", "Semuanya bohong (hoaks)", "Begitu katanya ... [sic]",
     "Larangan itu (baca: sensor) ditolak.", "Ancaman itu jelas (lihat: Pasal 27 ayat 3).", "Layar itu menyala 'ADVERTISEMENT' lalu padam."],
)  # fmt: skip
def test_brackets_and_capitals_of_prose_stay(end: str) -> None:
    text = f"{LONG} {LATER} {end}"
    assert clean(text, title="Judul").body == text
    assert clean(f"{LONG} {end} {LATER}").body == f"{LONG} {end} {LATER}"


def test_related_links_within_a_paragraph_go() -> None:
    for link in ("[Baca juga: Harga Naik]", "(Baca: Kominfo Bantah Blokir Situs)"):
        assert clean(f"{LONG} {link} {LATER}").body == f"{LONG} {LATER}"


@pytest.mark.parametrize("heading", ["Baca juga:", "Baca Juga", "Pilihan Redaksi"])
def test_a_heading_amid_the_article_takes_its_few_links_and_never_the_article(heading: str) -> None:
    assert body_of(LONG, heading, LATER) == [LONG, LATER]
    short = ['"Kami terpaksa," kata menteri.', "Warga mengeluh.", "Polisi berjaga."]
    assert body_of(LONG, LATER, heading, "Warga Resah", *short) == [LONG, LATER, *short]
    assert body_of(LONG, LATER, heading, *short) == [LONG, LATER, *short]
    links = ["Dua Pekan Tanpa Internet, Pedagang Rugi", "Mengapa Situs Berita Diblokir?"]
    assert body_of(LONG, heading, *links, "Alasan Hakim", "Hakim punya alasan.", LATER) == [
        LONG,
        "Alasan Hakim",
        "Hakim punya alasan.",
        LATER,
    ]
    assert body_of(LONG, heading, *links, "Apa dasar hukumnya menurut hakim itu?", LATER) == [
        LONG,
        "Apa dasar hukumnya menurut hakim itu?",
        LATER,
    ]


@pytest.mark.parametrize("heading", ["Jaringan", "Komentar", "Redaksi", "Kanal"])
def test_an_everyday_word_as_a_subhead_cuts_nothing(heading: str) -> None:
    part = [heading, "Kelompok itu punya lima anggota.", "Mereka bertemu di rumah makan."]
    assert body_of(LONG, *part, LATER, LAST) == [LONG, *part, LATER, LAST]
    assert body_of(LONG, LATER, *part) == [LONG, LATER, *part]
    assert clean("\n\n".join([LONG, LATER, *part])).body == "\n\n".join([LONG, LATER, *part])


def test_questions_of_an_interview_stay() -> None:
    talk = [
        "Tanya: Mengapa diblokir?",
        "Jawab: Karena ada propaganda.",
        "Reporter: Sampai kapan?",
        "Menteri: Sampai mereka patuh.",
    ]
    assert body_of(LONG, *talk) == [LONG, *talk]
    assert body_of(LONG, *talk, LATER) == [LONG, *talk, LATER]


@pytest.mark.parametrize(
    "tail",
    [
        ["Berita Terkait", "Polisi Tangkap Lima Orang", LATER, "Harga Beras Naik Lagi", LAST, "Warga Resah", LONG],
        ["Terpopuler", "1", "Harga Beras Naik Lagi", LAST, "2", "Warga Resah", LATER],
        ["Komentar", "Budi", LATER, LAST, "Ani", LONG],
        ["2 Komentar", "Budi says:", LATER, "Leave a Reply", "Your email address will not be published."],
        ["PARTNER KAMI", "Radio Kabar", "Kabar TV"],
        ["Network", "Kabar Timur", "Kabar Barat"],
    ],
)
def test_tails_go_even_where_their_teasers_are_long(tail: list[str]) -> None:
    article = [LONG.replace("Senin", "Rabu"), LATER.replace("baik", "hangat"), "Warga mengeluh."]
    assert body_of(*article, *tail) == article


def test_a_block_that_may_be_skipped_and_captions_of_pictures_go() -> None:
    page = [
        "Lewati Podcast dan terus membaca",
        "Podcast",
        "Kisah perantau",
        "Akhir dari Podcast",
        "Keterangan gambar,",
        "Kotak surat dari kayu",
    ]
    assert body_of(LONG, *page, "Warga mengeluh.", LATER) == [LONG, "Warga mengeluh.", LATER]
    assert body_of(LONG, "Lewati Podcast dan terus membaca", "Warga mengeluh.", LATER) == [LONG, "Warga mengeluh.", LATER]


@pytest.mark.parametrize("sources", ["(AFP/wid)", "(AP/REUTERS/SAM)", "(AFP/Reuters/lin)", "(Reuters/ano)"])
def test_a_last_paragraph_with_agency_and_initials_is_no_caption(sources: str) -> None:
    last = "Taman dibuka kembali setelah tembok berdiri. Ayunannya belum diganti."
    assert body_of(LONG, LATER, f"{last} {sources}")[-1].startswith(last)
    picture = "Seorang warga melintas di depan taman kota yang ditutup, Sabtu (24/8). (REUTERS/Darren Whiteside)"
    assert body_of(LONG, picture, LATER) == [LONG, LATER]


@pytest.mark.parametrize(
    "lead", ["Kominfo memblokir Telegram.", "Kominfo memblokir layanan pesan Telegram sejak Jumat malam karena banyak aduan."]
)
def test_a_short_lead_is_body_and_never_title(lead: str) -> None:
    for line in (f"JAKARTA, KOMPAS.com - {lead}", lead):
        found = clean(f"{HEAD}{line}\n{LONG}\n{LATER}")
        assert (found.title, found.body) == ("Kominfo Blokir Telegram Hari Ini", f"{lead}\n\n{LONG}\n\n{LATER}")
    assert clean(f"{HEAD}JAKARTA, KOMPAS.com - {lead}\n{LONG}\n{LATER}").place == "JAKARTA"


@pytest.mark.parametrize(
    ("head", "title", "outlet", "date"),
    [
        ("Menteri Bicara soal Telegram\nKetua dewan meminta semua pihak menahan diri dan bersabar\nKabar Petang - 17 Juli 2017 10:00 WIB", "Menteri Bicara soal Telegram", "Kabar Petang", "17 Juli 2017 10:00"),
        ("Nama Lain yang Panjang Sekali\nTelegram Diblokir\nTelegram Diblokir Lagi\nTelegram Diblokir Lagi\n17 Juli 2017 10:00", "Telegram Diblokir Lagi", None, "17 Juli 2017 10:00"),
        ("Kronologi Bom Sarinah 14 Januari 2016\nSelasa, 17 Januari 2017", "Kronologi Bom Sarinah 14 Januari 2016", None, "17 Januari 2017"),
        ("Prakiraan Cuaca Jakarta 17 Juli 2017\nKabar Petang - Senin, 16 Juli 2017 10:00 WIB", "Prakiraan Cuaca Jakarta 17 Juli 2017", "Kabar Petang", "16 Juli 2017 10:00"),
        ("Kominfo Blokir Telegram Hari Ini\nOleh Budi Santoso - Senin, 17 Juli 2017 10:00 WIB", "Kominfo Blokir Telegram Hari Ini", None, "17 Juli 2017 10:00"),
        ("Kominfo Blokir Telegram Hari Ini\nDiterbitkan 20 Agustus 2018, 11:05 WIB", "Kominfo Blokir Telegram Hari Ini", None, "20 Agustus 2018 11:05"),
        ("Telegram Diblokir\n17 Juli 2017 10:00\nPerbesar\nPetugas memeriksa server di pusat data Jakarta Selatan. (Kabar.com/Rini Hapsari)\nTelegram Diblokir Lagi", "Telegram Diblokir Lagi", None, "17 Juli 2017 10:00"),
        ("Kominfo Blokir Telegram Hari Ini\nRini Hapsari - kabarNews\nRabu, 8 Mei 2019 14:32 WIB", "Kominfo Blokir Telegram Hari Ini", "kabarNews", "8 Mei 2019 14:32"),
        ("Kominfo Blokir Telegram Hari Ini\nRini Hapsari, Kabar · Minggu 28 Maret 2021 11:40 WIB", "Kominfo Blokir Telegram Hari Ini", "Kabar", "28 Maret 2021 11:40"),
    ],
)  # fmt: skip
def test_title_outlet_and_date_of_a_head(head: str, title: str, outlet: str | None, date: str) -> None:
    found = clean(f"{head}\n{LONG}\n{LATER}")
    assert (found.title, found.outlet, found.published) == (title, outlet, parse_date(date))


def test_a_line_equal_to_the_title_goes_above_the_text_and_stays_below() -> None:
    assert clean(f"Semua Selesai\n\n{LONG}\n\n{LATER}", title="Semua selesai").body == f"{LONG}\n\n{LATER}"
    assert clean(f"{LONG}\n\n{LATER}\n\nSemua selesai.", title="Semua Selesai").body == f"{LONG}\n\n{LATER}\n\nSemua selesai."


def test_an_outlet_named_before_the_dash_is_no_place() -> None:
    found = clean(f"LENSA.co.id\nPenyair Dipanggil Polisi karena Puisi\n8 September 2017 16:18\nLENSA – {LONG}\n{LATER}")
    assert (found.place, found.outlet, found.body) == (None, "LENSA.co.id", f"{LONG}\n\n{LATER}")


def test_every_line_of_a_page_is_body_or_removed() -> None:
    for dump in DUMPS:
        found = clean(dump.text)
        have = Counter(re.findall(r"\w+", found.body + " " + " ".join(r.text for r in found.removed)))
        assert have == Counter(re.findall(r"\w+", dump.text)), dump.title


@pytest.mark.parametrize("day", ["Kamis", "Kam", "Thu", "Min"])
def test_a_short_day_before_the_date_is_no_outlet(day: str) -> None:
    text = (Path(__file__).parents[3] / "serving/page/article/examples/4-dump.txt").read_text(encoding="utf-8")
    article = clean(text.replace("- Kam,", f"- {day},"))
    assert article.outlet == "Harian Sagara"
    assert article.title == "Polisi Gagalkan Rencana Serangan di Terminal, Lima Terduga Teroris Ditangkap"
