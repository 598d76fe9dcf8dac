"""Tells what programs and pages write where there is no value: 'nan', '#N/A', 'Konten tidak ditemukan'."""

from __future__ import annotations

import re

# Longer cells are texts.
MAX_PLACEHOLDER = 80
_NOTHING = frozenset(
    """
    nan null none nonetype na n/a n.a. nil undefined nat untitled (null) <na> <null> \\n #n/a #null! #ref! #value! #name? #num!
    #div/0! #error! #spill! #calc! #getting_data [object [removed] [deleted]
    """.split()
)
_PHRASES = frozenset(
    line.strip()
    for line in """
    tanpa judul
    tanpa isi
    kosong
    n a
    belum ada
    belum diisi
    belum tersedia
    belum diambil
    tidak diisi
    perlu diisi
    tidak ada
    tidak tersedia
    tidak ditemukan
    tidak diketahui
    no title
    no text
    no content
    no data
    no value
    not available
    not found
    not applicable
    object object
    subscribe to read
    subscribe to continue
    subscribe to continue reading
    subscribe to read more
    subscribe to read the full article
    subscribe to read this article
    berlangganan untuk membaca
    silakan berlangganan untuk membaca
    silakan login
    silakan masuk untuk membaca
    please log in
    please login
    log in to continue
    login to continue
    sign in to continue
    access denied
    akses ditolak
    forbidden
    unauthorized
    just a moment
    one moment please
    mohon tunggu
    please wait
    loading
    memuat
    attention required
    attention required cloudflare
    are you a robot
    checking your browser
    checking your browser before accessing
    verify you are human
    verifying you are human
    enable javascript
    please enable javascript
    please enable js and disable any ad blocker
    enable javascript and cookies to continue
    please enable cookies
    too many requests
    bad gateway
    gateway timeout
    service unavailable
    internal server error
    site not found
    request blocked
    gagal memuat
    gagal memuat konten
    gagal mengambil konten
    gagal mengambil data
    failed to fetch
    failed to load
    error fetching content
    video tidak tersedia
    """.splitlines()
    if line.strip()
)
# What stands in the place of a text for readers who have not paid; longer than other placeholders.
MAX_PAYWALL = 200
_PAYWALL = re.compile(
    r"(?:(?:artikel|konten|berita|isi|halaman)(?: \w+){0,3} (?:khusus|hanya|eksklusif)\b.{0,40}"
    r"\b(?:pelanggan|member|anggota|berbayar|premium)\b.{0,120}"
    r"|(?:untuk (?:membaca|melanjutkan|mengakses)\b.{0,60})?\b(?:silakan|silahkan|mohon|harap)(?: anda)?"
    r" (?:berlangganan|login|log in|masuk|daftar)\b.{0,80}"
    r"|(?:this|the) (?:article|content|story) is (?:for|only for|available to|exclusive to)\b.{0,20}"
    r"\b(?:subscribers?|members?)\b.{0,80})"
)
_MISSING = re.compile(
    r"(?:maaf |sorry )?(?:this |the )?"
    r"(?:(?:isi|teks|konten|berita|artikel|halaman|data|judul|content|article|page|text|body|title|item|url)\b ?){1,3}"
    r"(?:(?:yang )?(?:anda|kamu) (?:cari|minta) )?(?:is |was |could )?"
    r"(?:tidak (?:ditemukan|tersedia|ada|(?:dapat|bisa) (?:ditampilkan|dimuat|diakses|dibuka))|belum (?:tersedia|ada|diisi)"
    r"|not (?:be )?(?:found|available|extracted|loaded)|unavailable)"
    r"(?: (?:or|atau|dan|and) (?:failed to \w+|gagal di\w+))?"
    r"|(?:no|tidak ada|tanpa) (?:isi|teks|konten|deskripsi|artikel|berita|content|text|body|article|description|full text)"
    r"(?: (?:available|found|extracted|provided|tersedia|ditemukan))?"
    r"|(?:failed|unable|error|gagal) (?:to )?"
    r"(?:extract|extracting|scrape|scraping|parse|fetch|retrieve|mengambil|memuat|mengekstrak)"
    r"(?: (?:the )?(?:isi|teks|konten|artikel|berita|halaman|content|text|body|article|page|data)){0,3}"
)
_STATUS = re.compile(r"(?:http )?(?:error )?(?:4\d\d|5\d\d) (?:error )?(?=[a-z])")
# Signs that stand for nothing by themselves; an emoji says something.
_SIGNS = frozenset("-–—−_=.,;:…/\\|*'\"`~?[](){}<> \t\r\n\u00a0\u200b\ufeff")


def is_placeholder(text: str) -> bool:
    """Whether a whole cell stands for 'no value'; case, outer signs and spacing do not count. Empty text is one too."""
    if len(text) > MAX_PAYWALL and not _SIGNS.issuperset(text):
        return False
    plain = " ".join(text.casefold().split())
    if _PAYWALL.fullmatch(re.sub(r"[^\w ]+", "", plain)):
        return True
    if len(text) > MAX_PLACEHOLDER and not _SIGNS.issuperset(text):
        return False
    if _SIGNS.issuperset(plain) or plain in _NOTHING:
        return True
    words = " ".join(re.sub(r"[^\w\[\]/]+", " ", plain.replace("’", "'")).split())
    if words.strip("[]") in _NOTHING or words in _PHRASES or words.strip("[]") in _PHRASES:
        return True
    words = _STATUS.sub("", words, count=1) if _STATUS.match(words) else re.sub(r" (?:error )?(?:4\d\d|5\d\d)$", "", words)
    return words in _PHRASES or _MISSING.fullmatch(words) is not None
