"""What is not article in a scraped page: the rules, one table, by kind of leftover. Each is tried on a whole line."""

from __future__ import annotations

import re

_I = re.IGNORECASE
MAX_LINE = 240

# Kind -> pattern for a line that is nothing else. Order decides where several fit.
LINE_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("counter", re.compile(r"[\d.,]+\s*[kKmM]?|(?:dilihat|dibaca|views?|hits?|shares?|komentar|comments?|likes?|dibagikan|pembaca)\s*:?\s*[\d.,]*(?:\s*(?:kali|x|k))?|[\d.,]+\s*[kKmM]?\s*(?:views?|shares?|komentar|comments?|likes?|dibaca|kali dibaca|dibagikan|pembaca)", _I)),
    ("share", re.compile(r"(?:thumbs (?:up|down)|share|shares|bagikan|bagikan(?: artikel| berita)? ini|bagikan ke|share this.{0,20}|facebook|twitter|whatsapp|telegram|line|x|pinterest|linkedin|google\+|email|copy link|salin tautan|tweet|print|cetak|a\s?[-+]|\+\s?a|kirim|ikuti kami.{0,60}|follow us.{0,60})(?:\s*[|•·,/]\s*(?:facebook|twitter|whatsapp|telegram|line|x|email|copy link|linkedin))*:?", _I)),
    ("related", re.compile(r"\W{0,3}(?:baca|simak|lihat|tonton|dengarkan|klik)\s*(?:juga|pula|selengkapnya|artikel|berita|video|:)\s*[:\-–»]?.{0,200}", _I)),
    ("related", re.compile(r"\W{0,3}(?:pilihan editor|lihat video|saksikan (?:video|juga).{0,120}|video terkait|artikel terkait|berita terkait|infografis)\s*[:\-–].{0,200}", _I)),
    ("advert", re.compile(r"\W*(?:advertisement|advertorial|iklan|sponsored|promoted|scroll to (?:continue|resume).{0,40}|gulir (?:ke bawah|untuk).{0,60}|lanjut(?:kan)? (?:membaca|ke konten).{0,40}|adsbygoogle.{0,60}|continue reading.{0,40}|skip ad.{0,20})\W*", _I)),
    ("copyright", re.compile(r".{0,40}(?:copyright|hak cipta|©|\(c\)\s*\d{4}|all rights reserved|dilarang (?:keras )?(?:mengambil|menyalin|mengutip)).{0,160}", _I)),
    ("credit", re.compile(r"\W{0,2}(?:editor|penulis|reporter|pewarta|wartawan|penyunting|redaktur|sumber foto|foto|photo|dok(?:\.|umentasi)?|ilustrasi|laporan(?: wartawan)?|uploader|rep|red|source|sumber|kontributor)\s*[:/].{0,140}", _I)),
    ("caption", re.compile(r"(?!.*\((?-i:[a-z]{2,5}(?:/[a-z]{2,5})+)\)\W*$)(?:.{10,200}\((?:foto|dok|antara foto|ist|istimewa|reuters|afp|ap|getty)[^)]{0,60}\)|.{5,160}[./]\s?(?:antara foto|istimewa|reuters|getty images|afp photo)\b.{0,40})\.?", _I)),
    ("menu", re.compile(r"(?:home|beranda|nasional|internasional|ekonomi|bisnis|olahraga|teknologi|tekno|hiburan|gaya hidup|lifestyle|otomotif|bola|news|news update|terkini|terpopuler|login|masuk|daftar|menu|indeks|cari|search|live tv|foto|video|regional|politik|hukum|kesehatan|edukasi|opini)(?:\s*[>|»/•·]\s*[\w &]{2,30})*", _I)),
    ("tags", re.compile(r"\W{0,2}(?:tags?|topik|topik terkait|kata kunci|label)\s*:?.{0,160}", _I)),
    ("promotion", re.compile(r"\W{0,3}(?:dapatkan (?:update|berita|informasi) .{0,160}|cek berita .{0,160}google news.{0,60}|ikuti (?:berita|kanal|saluran|whatsapp).{0,160}|(?:mari )?bergabung(?:lah)? di (?:grup )?telegram.{0,160}|download aplikasi.{0,120}|install aplikasi.{0,120}|.{0,80}klik di sini\.?)", _I)),
)  # fmt: skip

# A heading after which a page offers other things than its article.
SECTION = re.compile(
    r"\W{0,3}(?:(?:berita|artikel|video|konten|topik|foto)\s+(?:terkait|lain(?:nya)?|terbaru|terkini|populer|terpopuler|pilihan|utama|rekomendasi)(?:\s+dari .{1,40})?"
    r"|terkait|terpopuler|terkini|populer|trending|most popular|rekomendasi(?: untuk anda)?|related (?:news|articles?|posts?)|baca juga|simak juga|lihat juga|pilihan editor|partner kami|partner|mitra kami|network|jaringan|komentar|comments?|tinggalkan (?:komentar|balasan)|leave a reply|tentang kami|about us|redaksi|pedoman media siber|kanal|tags?|topik|you may also like|anda mungkin (?:juga )?(?:suka|menyukai).{0,20})\W{0,3}",
    _I,
)

# Reporter's initials at the end of the last paragraph: (abc/def), [gil], (fdl/idh).
INITIALS = re.compile(r"\s*[\[(](?:[a-z]{2,5}|[A-Z]{2,4})(?:\s*[/*-]\s*[A-Za-z]{1,6}){0,3}[\])]\s*$")
# 'Baca juga' between brackets within a paragraph.
INLINE_RELATED = re.compile(r"\s*[\[(](?:baca|simak|lihat)\s*(?:juga|pula)?\s*:[^\])\n]{3,200}[\])]", _I)


def kind_of(line: str) -> str | None:
    """The kind of leftover that a line is, or None for a line that may be article."""
    line = line.strip()
    if not line or len(line) > MAX_LINE:
        return None
    for kind, pattern in LINE_RULES:
        if pattern.fullmatch(line):
            return kind
    return None
