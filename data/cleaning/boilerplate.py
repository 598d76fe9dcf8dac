"""Rules that recognise boilerplate in scraped pages, by kind; each rule must match a whole line.

A rule must match boilerplate and no prose: 'Hak cipta dilindungi undang-undang' goes, 'Pelanggaran hak cipta makin marak'
stays. So the rules look for what sets boilerplate apart: a colon, a name, a symbol, a missing full stop.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE
MAX_LINE = 240
# A line of at least this many words that ends like a sentence counts as a paragraph.
PARAGRAPH_WORDS = 15
# Promotions and copyright notices may have several sentences.
MAX_LONG_LINE = 700
_LONG_KINDS = frozenset({"promotion", "copyright"})

# 'Baca juga:' always marks a related link, even if the headline after it quotes someone.
_ALWAYS_RELATED = re.compile(
    r"\W{0,3}(?:baca|simak|lihat|tonton|saksikan)\s+(?:juga|pula|selengkapnya)\s*(?::|»|\s[-–]\s).{0,200}", _I
)
# ', kata Menkominfo' marks prose: boilerplate attributes no quotes.
_ATTRIBUTION = re.compile(
    r"[,?!”\"]\s*(?:kata|ujar|ucap|tutur|jelas|tegas|ungkap|papar|imbuh|tambah|pungkas|pesan|pinta|ajak|lanjut|tulis|seru)(?:nya\b|\s+\w)",
    _I,
)

# After 'Editor:' every word of a name is capitalised; 'Reporter: Mengapa situs itu diblokir?' is an interview.
_NAME = r"(?-i:[A-Z@(][\w'’()@-]*(?:\.\w+)*(?:(?:\s*[,/&|]\s*|\s+)(?:dan|di|bin|binti|al|[A-Z]\.|[A-Z@(\d][\w'’()@-]*(?:\.\w+)*)){0,9})"
_NETWORKS = r"facebook|twitter|x|instagram|whatsapp|telegram|google news|youtube|tiktok|media sosial"

# Kind and pattern for whole lines; the first match wins.
LINE_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("counter", re.compile(r"[\d.,]+\s*[kKmM]?|(?:dilihat|dibaca|views?|hits?|shares?|komentar|comments?|likes?|dibagikan|pembaca)\s*:?\s*[\d.,]*(?:\s*(?:kali|x|k))?|[\d.,]+\s*[kKmM]?\s*(?:views?|shares?|komentar|comments?|likes?|dibaca|kali dibaca|dibagikan|pembaca)|waktu baca \d+ menit", _I)),
    ("share", re.compile(rf"(?:thumbs (?:up|down)|share|shares|bagikan|bagikan(?: artikel| berita)? ini|bagikan ke|menyukai ini|suka memuat\.*|share this.{{0,20}}|facebook|twitter|whatsapp|telegram|line|x|pinterest|linkedin|google\+|email|copy link|salin tautan|ur[li] (?:telah )?(?:disalin|tercopy)|tweet|print|cetak|a\s?[-+]|\+\s?a|a a a|kirim|ikuti kami(?: di| juga di)?|ikuti kami (?:di|melalui|lewat) .{{0,50}}(?:{_NETWORKS}).{{0,40}}|follow us.{{0,60}})(?:\s*[|•·,/]\s*(?:facebook|twitter|whatsapp|telegram|line|x|email|copy link|linkedin))*:?", _I)),
    # 'Baca: Judul Berita', 'Lihat Video: Judul': headlines begin with a capital and have no full stop.
    ("related", re.compile(r"\W{0,3}(?:baca|simak|lihat|tonton|dengarkan|saksikan|klik)(?:\s+(?:artikel|berita|video)){0,2}\s*[:»]\s*['\"“‘]?(?-i:[A-Z\d]).{0,200}[^.,\"”)]", _I)),
    ("related", re.compile(r"\W{0,3}(?:(?:baca|simak|lihat|saksikan)\s+(?:juga|selengkapnya)\b(?:.{0,200}[^.,!?\"”)])?|saksikan (?:juga )?video (?:pilihan|menarik|lengkap|terkait|berikut|di bawah|selengkapnya).{0,120}|(?:pilihan (?:editor|redaksi)|lihat video|video terkait|artikel terkait|berita terkait|infografis)\s*[:\-–]\s*(?-i:[A-Z\d]).{0,200}[^.,\"”)])", _I)),
    ("advert", re.compile(r"\W*(?:advertisement|advertorial|iklan|sponsored|promoted|scroll (?:to (?:continue|resume)|untuk melanjutkan).{0,40}|gulir (?:ke bawah )?untuk (?:melanjutkan|lanjut|membaca).{0,40}|lanjut(?:kan)? (?:membaca|ke konten).{0,40}(?<!\.)|adsbygoogle.{0,60}|continue reading.{0,40}|skip ad.{0,20}|powered by)\W*", _I)),
    ("copyright", re.compile(r"\W{0,3}(?:copyright\s*(?:©|@|\(c\)|\W{0,3}\d{4}|by\b)|©|\(c\)\s*\d{4}|hak cipta\s*(?:©|\(c\)|dilindungi (?:oleh )?undang|\W{0,3}\d{4})).{0,160}|.{0,80}(?:©\s*\d{4}|all rights? reserved).{0,60}|dilarang (?:keras )?(?:mengambil|menyalin|mengutip|memperbanyak).{0,250}\b(?:izin tertulis|izin redaksi).{0,80}", _I)),
    ("credit", re.compile(rf"\W{{0,2}}(?:(?:editor|penulis|fotografer|photographer|reporter|pewarta|wartawan|penyunting|redaktur|uploader|rep|red|source|sumber|kontributor)\s*[:/]\s*(?:{_NAME}|(?:https?://)?[\w.-]+\.[a-z]{{2,}}\S*)?|(?:sumber )?(?:foto|photo|ilustrasi)\s*:\s*(?-i:[A-Z]|dok).{{0,140}}(?<![.,])|sumber (?:foto|gambar|video),\s*{_NAME}|dok(?:umentasi)?\s*[.:].{{0,80}}(?<!\.)|laporan (?:wartawan|reporter|kontributor) (?-i:[A-Z])[^,]{{2,40}},\s*{_NAME}|(?-i:[A-Z]{{6,}}/[A-Z][A-Z .]+))", _I)),
    # A caption names its photographer; '(abc/def)' or '(AFP/abc)' at the end of a paragraph names the reporters.
    ("caption", re.compile(r"(?=.*[(\[/:]|keterangan)(?!.*\((?-i:[A-Za-z]{2,8}(?:/(?:[a-z]{2,6}|[A-Z]{2,3}|(?i:reuters)))+)\)\W*$)(?:.{10,200}[(\[](?:(?:foto|dok|antara foto|ist|istimewa|getty|shutterstock)\b[^)\]]{0,60}|(?:antara|reuters|afp|ap)/[^)\]]{1,60})[)\]]\.?|.{10,200}[^.!?\"”’ ] [(\[](?:reuters|afp|ap|antara)[)\]]|.{5,160}[./]\s?(?:antara foto|istimewa|getty images|afp photo)\b.{0,40}\.?|.{5,160}[.)] (?:foto|photo): ?(?-i:dok|[A-Z])[\w'-]*(?:[ /.]+[\w'-]+){0,5}|keterangan gambar,.{0,200}(?<!\.))", _I)),
    ("caption", re.compile(r"(?=.*[A-Z]/).{5,220}\. ?(?:ANTARA|AFP|REUTERS|[A-Z]{6,})(?: FOTO| PHOTO)?(?:/(?:[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}|[a-z]{2,5}))+\.?")),
    # One sentence and '(Outlet/Name)'; with several sentences, or a quotation, it is a paragraph that names its source.
    ("caption", re.compile(r"(?=.*/[^/]*\)$)(?:(?![.!?] [A-Z])[^\"“”]){5,220}\((?:[A-Z][\w.]+(?: [A-Z][\w.]*){0,3}/(?:[A-Z][\w.]+(?: [A-Z][\w.]*){1,3}|[a-z]{6,}))\)")),
    # 'Redaksi: redaksi[at]kabar.example', 'Informasi pemasangan iklan'
    ("credit", re.compile(r"(?:(?:redaksi|hubungi(?: kami)?|e-?mail|kontak|iklan|informasi|telp|telepon)\s*:\s*){1,2}\S+\s?(?:@|\[at\]|\(at\))\s?\S+|(?:informasi )?pemasangan iklan(?: (?:hubungi|di).{0,60})?", _I)),
    # The foot of a newsletter
    ("promotion", re.compile(r"\W{0,3}(?:unsubscribe|berhenti berlangganan|view (?:this email )?in (?:your )?browser|lihat (?:email ini )?di (?:browser|peramban)|manage (?:your )?(?:preferences|subscription)|atur langganan)\b.{0,200}(?<![.,])", _I)),
    ("embed", re.compile(r"(?:\[gambas:[^\]]{1,60}\]\s*)+|perbesar|lihat foto|zoom-in|lihat (?:semua|selengkapnya)|video rekomendasi|tim redaksi", _I)),
    ("pager", re.compile(r"halaman(?: (?:selanjutnya|berikutnya|sebelumnya|\d+))?|\d+ dari \d+ halaman|halaman \d+ dari \d+|(?:selengkapnya|baca|lanjut|simak|berlanjut).{0,50} di halaman (?:selanjutnya|berikutnya)\W*", _I)),
    ("menu", re.compile(r"(?:home|beranda|depan|kanal)\s*(?:[>|»›/•·→]+|\s[-–]\s)\s*.{1,200}", _I)),
    # 'Kabar.com / News / Nasional', 'Kabar > Ekonomi > Makro': three short parts at least.
    ("menu", re.compile(r"(?-i:[A-Z])[\w.&]{1,20}(?: [\w&]{1,15}){0,2}(?:\s*(?:[>»›→]|\s/\s)\s*[\w.&]{1,20}(?: [\w&]{1,15}){0,2}){2,5}", _I)),
    ("share", re.compile(r"(?:(?:whatsapp|facebook|twitter|telegram|x|line|email|linkedin|pinterest|copy link|salin tautan)(?: share)?\s*){2,}", _I)),
    ("counter", re.compile(r"\W{0,3}(?:visibility|comment|forum|thumb_up|share|favorite|remove_red_eye)\s+[\d.,]*[kKmM]?(?:\s+\w+)?", _I)),
    ("credit", re.compile(r"\W{0,3}(?:account_circle|person|edit|face)\s+.{1,60}", _I)),
    ("promotion", re.compile(r"\W{0,3}(?:baca (?:berita|artikel) tanpa iklan.{0,120}|(?:gabung|berlangganan|langganan|upgrade|jadi(?:lah)? member|daftar) (?-i:[A-Z])\S*\+.{0,80}|berlangganan (?:sekarang|mulai|kompas|tempo).{0,80}|nikmati (?:akses|membaca).{0,120}tanpa (?:batas|iklan).{0,60}|(?:dengarkan|listen to) (?:artikel|berita|this article).{0,40}|unduh aplikasi.{0,60}(?<!\.)|cari berita.{0,30}|masuk / daftar|login / register)", _I)),
    ("menu", re.compile(r"(?:home|beranda|nasional|internasional|ekonomi|bisnis|olahraga|teknologi|tekno|hiburan|gaya hidup|lifestyle|otomotif|bola|news|news update|terkini|terpopuler|login|masuk|daftar|menu|indeks|cari|search|live tv|foto|video|regional|politik|hukum|kesehatan|edukasi|opini)(?:\s*[>|»/•·]\s*[\w &]{2,30})*", _I)),
    ("tags", re.compile(r"\W{0,2}(?:tags?|topik(?: terkait)?|kata kunci|label)\s*(?:[:#].{0,160})?", _I)),
    ("promotion", re.compile(r"\W{0,3}(?:dapatkan (?:update|berita up to date|informasi terkini) .{0,500}|simak breaking news .{0,500}|cek berita .{0,160}google news.{0,60}|(?:follow|silakan baca|ikuti|baca) .{0,80}google news.{0,60}|(?:ikuti|gabung|follow) .{0,60}(?:kanal|saluran|channel) (?:whatsapp|telegram|youtube).{0,160}|ikuti (?:kanal|saluran|whatsapp|(?:berita|channel) whatsapp).{0,160}|mari bergabung di grup telegram .{0,80}(?:klik|join|http).{0,200}|(?:download|unduh|install) aplikasi .{0,60}(?:play store|app store|di sini|sekarang|gratis).{0,60}|artikel ini (?:telah|sudah) (?:tayang|terbit|dimuat|dipublikasikan) di .{0,400}|fakta atau hoaks\?.{0,80}(?:kebenaran informasi|cek fakta|whatsapp).{0,300}|yuk,? (?:daftarkan|gabung) .{0,160}|akses berita lokal lebih cepat.{0,80}|(?=.*klik di ?sini\.?$)(?:.{0,160}[.,!?:] )?klik di ?sini\.?)", _I)),
)  # fmt: skip

# Kinds whose rules match lone words that may be subheads instead ('Telegram', '2017', 'Politik'): see `is_lone_word`.
_LONE_KINDS = frozenset({"counter", "share", "menu", "tags"})

# Heading of a section outside the article, such as related or popular news.
SECTION = re.compile(
    r"\W{0,3}(?:(?:berita|artikel|video|konten|topik|foto|tag)\s+(?:terkait|lain(?:nya)?|terbaru|terkini|populer|terpopuler|pilihan|utama|rekomendasi|selanjutnya)(?:\s+dari .{1,40})?"
    r"|(?:berita|artikel) (?-i:[A-Z])[\w.]*(?: [\w.]+)? lainnya|baca lainnya|terpopuler|most popular|rekomendasi untuk anda|related (?:news|articles?|posts?)|partner kami|mitra kami|you may also like|anda mungkin (?:juga )?(?:suka|menyukai).{0,20})\W{0,3}",
    _I,
)
# Also such a heading, unless a sentence follows: an article may have a subhead 'Jaringan' or 'Komentar'.
WEAK_SECTION = re.compile(
    r"\W{0,3}(?:terkait|terkini|populer|trending|related|rekomendasi(?: lain)?|partner|network|jaringan|kanal|tags?|topik)\W{0,3}",
    _I,
)
# Heading that ends the article for good; like WEAK_SECTION, only if no sentence follows.
ENDING = re.compile(
    r"\W{0,3}(?:(?:\d+ )?(?:komentar|comments?)(?: \d+)?|tinggalkan (?:komentar|balasan)|leave a reply|tulis komentar|tentang kami|about us|redaksi|pedoman media siber)\W{0,3}",
    _I,
)
# Heading of a few related links within the article.
ASIDE = re.compile(r"\W{0,3}(?:(?:baca|simak|lihat) juga|pilihan (?:editor|redaksi))\W{0,3}|baca\s*:\s*", _I)
# First and last line of an embedded block that the page offers to skip.
BLOCK_BEGIN = re.compile(r"(?:lewati|skip) .{2,60} (?:dan|and) (?:terus|lanjutkan|continue) (?:membaca|reading)", _I)
BLOCK_END = re.compile(r"(?:akhir dari|end of) .{2,60}", _I)
# Line before a caption.
BEFORE_CAPTION = re.compile(r"keterangan (?:gambar|foto)\W*", _I)
# Line before a teaser: the first words of the next page, which follows in full.
BEFORE_TEASER = re.compile(r"halaman (?:selanjutnya|berikutnya)", _I)

# Boilerplate inside a line, where the scraper lost the line breaks. Exact, case-sensitive strings, so that no prose
# matches. (?<!\s) keeps matching linear in long runs of white space.
_INLINE = re.compile(
    r"(?<!\s)\s*(?:\[Gambas:[^\]\n]{1,60}\]"
    r"|(?<![\w\"'“‘])ADVERTISEMENT(?![\w\"'”’])|SCROLL TO (?:CONTINUE|RESUME)(?: WITH)? CONTENT"
    r"|Dapatkan update berita pilihan dan breaking news[^\n]{0,400}?terlebih dulu di ponsel\."
    r"|Simak breaking news dan berita pilihan kami langsung di ponselmu\.[^\n]{0,300}?install aplikasi WhatsApp ya\."
    r"|Pewarta: [^\n]{3,80}? Editor: [^\n]{3,60}? (?:COPYRIGHT|Copyright) (?:\(c\)|©) ANTARA \d{4})"
)
# Reporters' initials after the last sentence: (abc/def), [gil], (fdl/idh). An abbreviation without a full stop before it,
# 'Negara Islam (ISIS)', is text, and so is '[sic]'.
INITIALS = re.compile(
    r"(?<=[.!?…\"'”’])\s*[\[(](?!sic\b)(?:[a-z]{2,5}|[A-Z]{2,4}|(?:Reuters|REUTERS|Antara|ANTARA)(?=\s*[/*-]))(?:\s*[/*-]\s*[A-Za-z]{1,7}){0,3}[\])]\s*$"
)
# 'Baca juga' in brackets inside a paragraph, or '(Baca: Judul Berita Lain)'; '(baca: sensor)' is prose.
_INLINE_RELATED = re.compile(
    r"(?<!\s)\s*[\[(](?:(?i:baca|simak|lihat)\s*(?i:juga|pula)\s*:[^\])\n]{3,200}|Baca\s*:\s*[A-Z][\w-]*(?: [A-Z\d][^\s\])]*){2}[^\])\n]{0,200})[\])]"
)

# Necessary parts of the two patterns above: a quick test that saves trying the patterns at every character.
_INLINE_MARKS = ("[Gambas:", "ADVERTISEMENT", "SCROLL TO ", "Dapatkan update ", "Simak breaking ", "Pewarta: ")
_INLINE_RELATED_MARK = re.compile(r"[\[(](?i:baca|simak|lihat)")


def remove_inline(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text without the boilerplate inside its lines, and the removed pieces as (kind, piece)."""
    removed: list[tuple[str, str]] = []
    if _INLINE_RELATED_MARK.search(text):
        text = _remove(text, _INLINE_RELATED, "related", removed)
    if _has_inline_mark(text):
        text = _remove(text, _INLINE, "inline", removed)
    return text, removed


def _remove(text: str, pattern: re.Pattern[str], kind: str, removed: list[tuple[str, str]]) -> str:
    found = [match[0].strip() for match in pattern.finditer(text)]
    removed.extend((kind, piece) for piece in found)
    return pattern.sub("", text).strip() if found else text


def _has_inline_mark(text: str) -> bool:
    return any(mark in text for mark in _INLINE_MARKS)


def kind_of(line: str) -> str | None:
    """The kind of boilerplate that a line is, or None if it may belong to the article."""
    line = line.strip()
    if not line or len(line) > MAX_LONG_LINE:
        return None
    short = len(line) <= MAX_LINE
    if short and _ALWAYS_RELATED.fullmatch(line):
        return "related"
    # If a paragraph follows an inline promotion, `remove_inline` cuts the promotion and the line stays.
    if _has_inline_mark(line) and _INLINE.search(line) and len(_INLINE.sub("", line).split()) >= PARAGRAPH_WORDS:
        return None
    for kind, pattern in LINE_RULES:
        if (short or kind in _LONG_KINDS) and pattern.fullmatch(line):
            return None if _ATTRIBUTION.search(line) else kind
    return None


def is_lone_word(line: str, kind: str) -> bool:
    """Whether boilerplate of this kind may be a subhead instead: one word or number, such as 'Telegram' or '2017'."""
    return kind in _LONE_KINDS and re.fullmatch(r"[\w.,+]+", line.strip()) is not None
