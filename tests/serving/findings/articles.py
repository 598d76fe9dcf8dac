"""Articles of invented outlets on invented events: copies, stories, and look-alikes that are neither."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from sorot.data.article import Article

RELEASE = """Wali Kota Tirtasari Ratna Kusumaningrum meresmikan jembatan gantung di Kelurahan Sukamulih yang menghubungkan dua kampung nelayan.

Jembatan sepanjang 84 meter itu dibangun selama sembilan bulan oleh warga bersama dinas pekerjaan umum tanpa alat berat karena jalan menuju lokasi terlalu sempit.

Sebelum jembatan berdiri, anak-anak sekolah harus menyeberang dengan rakit bambu dan sering terlambat ketika air pasang naik pada pagi hari.

"Kami ingin anak-anak berangkat dengan tenang dan pulang dengan selamat," kata Ratna Kusumaningrum.

Pemerintah kota menyiapkan dana perawatan setiap tahun dan melatih pemuda kampung untuk memeriksa baut serta tali baja setiap bulan."""
SHORTENED = """Wali Kota Tirtasari Ratna Kusumaningrum membuka jembatan gantung di Kelurahan Sukamulih, seperti dikutip dari Kantor Berita Lentera.

Jembatan sepanjang 84 meter itu dibangun selama sembilan bulan oleh warga bersama dinas pekerjaan umum tanpa alat berat.

Sebelum jembatan berdiri, anak-anak sekolah harus menyeberang dengan rakit bambu dan sering terlambat ketika air pasang naik.

Peresmian ditutup dengan makan bersama di tepi sungai."""
OWN_REPORT = """Warga Kelurahan Sukamulih di Tirtasari akhirnya punya jembatan gantung. Ratusan orang menonton Wali Kota Ratna Kusumaningrum memotong pita.

Mulyadi, nelayan yang tinggal di seberang, mengaku lega. Menurut dia rakit bambu yang dulu dipakai anak-anak sekolah pernah terbalik dua kali.

"Kami ingin anak-anak berangkat dengan tenang dan pulang dengan selamat," kata Ratna Kusumaningrum di atas jembatan gantung sepanjang 84 meter itu.

Dinas pekerjaan umum menyebut perawatan jembatan gantung Sukamulih dibiayai pemerintah kota."""
UNRELATED = """Klub bola voli Garuda Merapi menang tiga gim langsung atas tamunya dalam pertandingan pembuka musim di Gedung Olahraga Wirabuana.

Pelatih Hendrika Sastrowijoyo memuji servis pemain mudanya dan berjanji merotasi susunan pada laga berikutnya.

Penonton memenuhi tribun sejak sore dan menyanyikan lagu klub sampai peluit akhir berbunyi."""


def gold(day: int, prices: tuple[int, ...]) -> str:
    """A daily item on the price of gold: one template, other figures."""
    lines = "\n\n".join(
        f"Harga emas batangan ukuran {grams} gram di gerai Cahaya Logam dijual Rp {price}.000."
        for grams, price in zip((1, 2, 3, 5, 10), prices, strict=True)
    )
    return (
        f"Harga emas batangan di gerai Cahaya Logam pada {day} Mei 2021 tercatat Rp {prices[0]}.000 per gram dan dapat berubah "
        f"sewaktu-waktu mengikuti harga pasar.\n\n{lines}\n\nHarga tersebut belum termasuk pajak penghasilan bagi pembeli."
    )


def article(key: str, body: str, published: date | None, *, title: str = "Jembatan Gantung Sukamulih Diresmikan") -> Article:
    """An article of an outlet that is named after its key."""
    return Article(id=key, body=body, title=title, outlet=f"Harian {key}", published=published)


MORNING = datetime(2021, 5, 6, 7, 30, tzinfo=UTC)
NOON = datetime(2021, 5, 6, 12, 0, tzinfo=UTC)
DAY = date(2021, 5, 6)


# Words of two events of one affair, and words that reporters of either choose.
_EVENTS = {
    "hari1": "majelis hakim memutus gugatan nelayan Sukamulih dikabulkan sebagian dalam sidang terbuka pengadilan",
    "hari3": "ribuan demonstran memblokade gerbang pelabuhan Karangjati sambil membakar ban hingga polisi menembakkan gas",
}
_AFFAIR = "reklamasi teluk Tirtasari menurut Wali Kota Ratna Kusumaningrum"
_SYLLABLES = ("ka", "mo", "ti", "re", "su", "pa", "lin", "de", "wo", "gar", "bin", "ju")


def affair() -> list[Article]:
    """Eight reports of each of two events of one affair, two days apart: few words in common, and none in one order."""
    found = []
    for event, words in _EVENTS.items():
        for number in range(8):
            draw = Random(f"{event}{number}")
            own = ["".join(draw.choices(_SYLLABLES, k=3)) for _ in range(18)]
            shared = draw.sample(words.split(), 11) + draw.sample(_AFFAIR.split(), 6)
            text = [*own, *shared]
            draw.shuffle(text)
            day = DAY + timedelta(days=0 if event == "hari1" else 2)
            found.append(article(f"{event}-{number}", " ".join(text) + ".", day, title=" ".join(own[:3])))
    return found
