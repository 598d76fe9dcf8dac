"""Invented stories for generated pages and dumps."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7))
DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
TITLES = (
    "Nelayan Teluk Seruni Tolak Jaring Baru",
    "Wali Kota Resmikan Pasar Apung di Tepi Sungai Lawai",
    '"Kami Tidak Akan Pindah", Kata Warga Kampung Duku',
    "Mengapa Harga Cabai Naik Lagi Menjelang Panen?",
    "Kementerian Digital Putus Akses Situs Cerita Rakyat",
    "Festival Layang-layang - Pesta Angin yang Dirindukan",
    "Polisi Tangkap Tiga Pencuri Kabel Lampu Jalan, Satu Masih Buron",
    "BANJIR RENDAM DUA KECAMATAN, WARGA MENGUNGSI KE BALAI DESA",
    "Gubernur: Jalan Tol Lingkar Barat Selesai Sebelum Lebaran",
    "Ribuan Guru Honorer Datangi Gedung Dewan, Minta Kepastian Gaji dan Jadwal Pengangkatan yang Sudah Dua Tahun Tertunda",
    "5 Cara Merawat Sepeda Tua Agar Awet",
    "Tim Futsal Putri Melaju ke Final Setelah Menang 4-2",
    "Museum Rempah Dibuka Kembali Usai Dua Tahun Tutup",
    "Prakiraan Cuaca 12 Mei 2024: Hujan Lebat di Pesisir Selatan",
    "Warga Desa Sumber Wangi Panen Kopi Perdana",
    "Hakim Tolak Gugatan Pabrik Semen terhadap Petani",
    "Kapal Feri Mogok di Selat Buntu, 80 Penumpang Selamat",
    "Komika Dipanggil Polisi karena Candaan soal Bupati",
)
PARAGRAPHS = (
    "Warga berkumpul di balai desa sejak pagi untuk mendengarkan penjelasan pemerintah daerah. Sebagian membawa poster dan meminta keputusan itu ditunda.",
    "Juru bicara dinas mengatakan aturan itu sudah dibahas bersama para pemangku kepentingan. Ia berjanji akan menerbitkan petunjuk teknis dalam dua pekan.",
    '"Kami hanya ingin didengar sebelum semuanya diputuskan," kata Sarmini, pedagang sayur yang sudah berjualan di sana selama dua puluh tahun.',
    "Menurut catatan lembaga pemantau, keluhan serupa muncul di sedikitnya tujuh kabupaten sejak awal tahun. Sebagian besar belum mendapat tanggapan.",
    "Kepala kepolisian setempat meminta masyarakat tetap tenang dan tidak menyebarkan kabar yang belum jelas sumbernya.",
    "Pengamat kebijakan publik dari sebuah universitas menilai langkah itu terlambat. Pemerintah, menurutnya, perlu membuka data anggaran kepada publik.",
    "Dewan perwakilan rakyat daerah menjadwalkan rapat dengar pendapat pada pekan depan. Undangan sudah dikirim kepada semua pihak.",
    "Sementara itu, arus lalu lintas di sekitar lokasi sempat tersendat selama dua jam. Petugas mengalihkan kendaraan ke jalan alternatif.",
    "Harga bahan pokok di pasar setempat belum berubah. Para pedagang khawatir pasokan berkurang apabila hujan terus turun sampai akhir bulan.",
    "Panitia menyiapkan tiga ratus relawan yang bertugas membagikan air minum dan memandu pengunjung. Semua kegiatan tidak dipungut biaya.",
    "Kuasa hukum warga menyatakan akan mengajukan banding. Berkas permohonan disiapkan dan akan diserahkan sebelum tenggat.",
    "Dinas kesehatan mencatat tidak ada korban jiwa dalam peristiwa itu. Empat orang yang terluka ringan sudah diperbolehkan pulang.",
    "Sejumlah mahasiswa menggelar diskusi terbuka di halaman kampus. Mereka menuntut penjelasan tertulis dari kementerian.",
    "Pembangunan dimulai pada 2019 dan sempat berhenti pada 2021 karena pandemi. Anggarannya mencapai empat puluh miliar rupiah.",
    "Bupati mengatakan bantuan akan disalurkan langsung ke rekening penerima. Ia meminta camat mengawasi penyalurannya.",
    "Keputusan akhir akan diumumkan setelah semua masukan dihimpun, kata sekretaris daerah kepada wartawan.",
)
OTHERS = (
    "Pasar Malam Kembali Ramai", "Jadwal Kapal Pekan Ini", "Harga Emas Turun Tipis", "Resep Sambal Matah Sederhana",
    "Pelatih Baru Tiba di Mes Pemain", "Guru Menulis Buku Cerita Anak", "Jalan Protokol Ditutup Sementara", "Kebun Raya Tambah Koleksi Anggrek",
)  # fmt: skip
AUTHORS = ("Sinta Wulandari", "Rahmat Hidayat", "Dewi Anggraini", "Yusuf Maulana", "Lia Permata")
PLACES = ("Jakarta", "Bandung", "Makassar", "Kupang", "Medan", "Semarang")


@dataclass(frozen=True)
class Story:
    """What a page tells: the truth that is measured against."""

    title: str
    paragraphs: tuple[str, ...]
    moment: datetime
    author: str
    place: str
    others: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def day(self) -> str:
        """'Kamis'"""
        return DAYS[self.moment.weekday()]

    @property
    def month(self) -> str:
        """'November'"""
        return MONTHS[self.moment.month - 1]


def stories(number: int, seed: int) -> list[Story]:
    """`number` stories, the same for a seed."""
    chance = random.Random(seed)
    made = []
    for i in range(number):
        moment = datetime(
            chance.randint(2012, 2025),
            chance.randint(1, 12),
            chance.randint(1, 28),
            chance.randint(5, 22),
            chance.randint(1, 59),
            tzinfo=WIB,
        )
        made.append(
            Story(
                TITLES[(i + seed) % len(TITLES)],
                tuple(chance.sample(PARAGRAPHS, chance.randint(4, 8))),
                moment,
                chance.choice(AUTHORS),
                chance.choice(PLACES),
                tuple(chance.sample(OTHERS, 6)),
            )
        )
    return made
