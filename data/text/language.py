"""The language of a text: by its function words among Indonesian and its neighbours, else by py3langid.

py3langid is a naive Bayes over byte n-grams (Lui and Baldwin 2012, "langid.py"). It confuses Indonesian with Malay and
Javanese and does not know Sundanese; function words tell these apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

# Languages mistaken for Indonesian, and others common in archives of Indonesian news.
CANDIDATES = ("id", "ms", "en", "jv", "nl", "ar", "zh", "ja", "fr", "de", "es", "pt", "tl", "vi", "th", "ru")
MIN_LETTERS = 40
# A text of fewer words gets no labels.
MIN_WORDS = 6
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|co\.id|id|net|org|go\.id|news|tv|me|ly)(?:/\S*)?(?!\w)", re.IGNORECASE
)
_QUOTED = re.compile(r'"[^"]{20,}"|“[^”]{20,}”')
SHORT_LETTERS = 250
SAMPLE_CHARACTERS = 2000
SURE = 0.95
# Function words of Indonesian alone.
_INDONESIAN_FUNCTION = frozenset(
    """
    yakni bahwa karena bisa usai saat saja bilang nggak gak banget ucap ucapnya tutur tuturnya mengatakan melansir terkait
    butuh coba gimana dong sih lantaran maupun sejumlah terjadi hingga
    """.split()
)
# Words of Indonesian alone, or spelt otherwise in Malay; Javanese and Sundanese news borrow them.
_INDONESIAN_NOUNS = frozenset(
    """
    tersangka terdakwa jaksa kantor polisi kepolisian uang mobil kasus wib wita wit rp pekan provinsi kabupaten kecamatan
    universitas agustus desember maret senin kamis jumat juli juni listrik berbeda pria sopir ponsel pemerintah perusahaan
    triliun miliar persen unggahan mantan resmi tim laga bandara sepeda delapan dinas gubernur bupati direktur nasional
    internasional informasi layanan kesehatan rapat gedung kecelakaan pengadilan karyawan
    """.split()
)
# Function words common to Indonesian and Malay, but foreign to Javanese and Sundanese.
_SHARED = frozenset(
    """
    yang dan untuk dengan dari pada tidak akan oleh dalam adalah telah tetapi juga ini itu mereka kami sudah ada kita bukan
    lebih hanya masih harus seperti sebagai kepada
    """.split()
)
# Words and spellings that at most 3 in 10,000 Indonesian news articles have. 'bandar', 'pejabat', 'jabatan', 'beliau',
# 'kereta', 'berkata' and 'semasa' are Indonesian too, with another sense.
_MALAY = frozenset(
    """
    kerana bahawa sahaja ogos disember julai isnin khamis jumaat baharu terbaharu disyaki menerusi pemberita sesawang
    juruteknik jurucakap jurubahasa jururawat juruterbang jurugambar syarikat suspek siasatan disiasat menyiasat
    penyiasat peguam kemalangan kejohanan jurulatih jurulatihnya adun timbalan lebuhraya pesakit kanser korang takde
    tengok seronok basikal televisyen memaklumkan dimaklumkan makluman bilion peratus peratusan mesyuarat sebarang
    bahagian rondaan reman direman dadah seksyen jenayah rompakan terbabit membabitkan dijel disabitkan kesihatan sihat
    kecederaan dirasmikan merasmikan rasmi minit berikutan ekoran biasiswa belanjawan bajet suruhanjaya sempena dijangka
    menjangka jangkaan menyeludup dinasihatkan kakitangan iaitu kelmarin pertuduhan tertuduh majistret perbicaraan
    pendakwaan dijadual dijadualkan setakat kerusi setiausaha naib parlimen lori treler motosikal kenderaan merempuh
    terbabas peniaga pekedai penganalisis pelabur pelaburan elaun tular pempengaruh talian pusingan penjaring mahu
    mahukan menggesa gesaan menyifatkan disifatkan gegaran berhampiran hujung tempoh membaiki dibaiki penambahbaikan
    tempatan antarabangsa serantau purata penguatkuasa pengerusi filem pawagam pelakon cikgu pensyarah peperiksaan
    pentaksiran kesesakan menjejaskan terjejas dijejaskan perubatan jawatankuasa jawatan menerajui menumpaskan sindiket
    mengelakkan pesawah pekebun akaun tarikh bercadang suapan tentera sukan tajaan penaja perkhidmatan pembekal bekalan
    penghantaran memandangkan kesemua berdepan usahawan pengeluar sekatan kempen hebahan akhbar pangsapuri konstabel
    inspektor superintenden sarjan rakan diarah dikesan mengesan teruja terpedaya berlainan rundingan ansuran tertunggak
    makmal lesen bimbit universiti beritahu bhd justeru penganggur pembangkang seramai jerebu bomba diraja kolej stesen
    insurans saintis cawangan kaunter eksport pasport imigresen kastam lokap muzik konsert pesara bersara persaraan
    pelawat syor mengesyorkan
    """.split()
)
# Words that are frequent in Malay news and rarer, not foreign, in Indonesian; several are needed.
_MALAY_LEANING = frozenset(
    """
    ialah apabila daripada semalam selepas manakala cukai elektrik hospital telefon trafik sdn wad kes kesalahan kanun
    pelbagai ringgit rm memberitahu awak nak dah polis lelaki     majikan mendakwa didakwa
    dakwaan menafikan mangsa dinaiki susut keutamaan kelewatan bantahan rayuan merayu berhubung berkenaan didenda
    dirampas rampasan serbuan kebajikan malahan mengikut tumpuan sejam bas sekiranya mayat bayaran wang simpanan tiada
    pengarah peminat ijazah kejayaan doktor kecemasan kelulusan meluluskan diluluskan lawatan melawat rasuah pelancong
    penyertaan hasrat kos memandu pemandu dibenarkan mencukupi peruntukan permohonan maut perlawanan berbanding denda
    pengeluaran pulih kerajaan hadapan petang tadi bekas sukarelawan  paras dijalankan bernilai berjumlah seri
    datuk mengesahkan membantah kemudahan gol calon raya ketinggalan murid warganet muncul tunai amanah menewaskan tewas
    dirasai sederhana maklumat pembedahan lapan kelab fesyen kapten
    """.split()
)
# Malay '-iti' where Indonesian has '-itas'.
_MALAY_SPELLING = re.compile(r"\w*(?:iv|al|or|un|ers|ent)iti")
# Words that Indonesian takes over in news about Malaysia, of _MALAY.
_NAMES = frozenset("parlimen suruhanjaya timbalan diraja bhd".split())
_JAVANESE = frozenset(
    """
    ing lan kang sing iki iku kuwi kae ora wis arep karo saka seka marang dening kowe dheweke yaiku uga nanging utawa
    amarga kanggo menyang nalika durung isih kudu akeh omah omahe banyu esuk bengi piye ngendika panjenengan
    panjenenganipun kula kulo mboten boten inggih sampun badhe kaliyan saking dhateng dhumateng wonten punika menika
    ingkang kados sanget awake dhewe wae nek yen opo ono ana neng tansah supados kabeh arek dadi dados nggih bilih
    saged ngantos wiwit wingi sesuk mau maneh banjur nganti mung aja ojo padha saben sawetara sapa endi kene kono wong
    bocah gedhe cilik dalan dhuwit regane telung rong limang patang pitu wolung sanga siji loro telu papat enem
    sewu taun sasi dina tabuh enjing siyang sonten awit kanthi miturut kandha jare jarene njaluk nyuwun rawuh
    sakwise sawise sadurunge sasampunipun amargi kangge sedaya mula mulane tinimbang luwih saiki suwe
    adoh cedhak mburi ngarep ngisor nduwur njero njaba kepriye kenging taksih dene kanca manggon mlebu metu
    mangan turu krungu weruh ngerti kandhane
    """.split()
)
_SUNDANESE = frozenset(
    """
    nu anu jeung ka ti kana tina ieu eta teh mah aya henteu teu geus parantos sareng sarta keur pikeun dina nyaeta urang
    manehna anjeunna abdi kuring loba seueur pisan deui oge lantaran ngeunaan jalma imah cai poe peuting naon kumaha
    iraha atawa atanapi nepi dugi ku kudu ceuk ceunah moal can acan ayeuna kamari baheula baris rek bade yen leuwih
    batan tuluy sangkan ulah ukur kene keneh beuki sababaraha sakabeh unggal saban isuk beurang jero tukangeun hareupeun
    deukeut jauh kolot barudak awewe lalaki duit hargana taun opat tilu genep dalapan salapan sapuluh rebu urut miharep
    menta nyarita numutkeun nyebutkeun waler margi supados kedah tiasa sumping linggih sakola usum karek kasohor dibere
    meuli mindeng sorangan manten tea wae atuh euy nya saha dinya ditu didieu kitu kieu sanes lain boga gede leutik alus
    hese gancang bari samemeh sanggeus saparantosna
    """.split()
)
# Endings of verbs and nouns that Indonesian has not.
_JAVANESE_ENDING = re.compile(r"\w{3,}(?:ipun|aken)|\w{4,}ake|dipun\w+")
_SUNDANESE_ENDING = re.compile(r"\w{3,}keun")
# A text is Javanese or Sundanese if at least this share of its words are, and twice as many as Indonesian ones.
_LOCAL_SHARE = 0.12
_LOCAL_WORDS = 3
# A text that quotes another language at length is Indonesian or Malay if this share of its words are theirs.
_QUOTING_SHARE = 0.1
# A Malay word counts twice a leaning one; so much is needed.
_MALAY_EVIDENCE = 3
_LEANING_SHARE = 0.05


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_DIR / MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(CANDIDATES))
    return identifier


def detect_language(text: str) -> str | None:
    """Two-letter code of a text's language, such as 'id', 'ms', 'jv' or 'su'; None if it is too short to decide, or short
    and not certainly foreign.

    Indonesian gets the benefit of the doubt: slang and local words must not cost a tweet its labels.
    """
    sample = text[:SAMPLE_CHARACTERS]
    letters = sum(map(str.isalpha, sample))
    if letters < MIN_LETTERS:
        return None
    unquoted = _unquoted(sample)
    words = re.findall(r"[^\W\d_]+", _without_accents(unquoted.lower()))
    shared = [w for w in words if w in _SHARED or w in _INDONESIAN_FUNCTION]
    if local := _local_language(words, len(shared)):
        return local
    code, probability = _identifier().classify(unquoted)
    if code in ("id", "ms", "jv") or (len(set(shared)) >= _LOCAL_WORDS and len(shared) >= _QUOTING_SHARE * len(words)):
        return "ms" if _is_malay(words, code) else "id"
    if letters < SHORT_LETTERS and probability < SURE:
        return None
    return str(code)


def too_little_text(text: str) -> str | None:
    """Why a text says too little to be labelled, or None: 'address' (links alone), 'numbers', 'short' (under MIN_WORDS words).

    Empty text gives None.
    """
    without = _ADDRESS.sub(" ", text)
    words = len(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", without))
    if words >= MIN_WORDS:
        return None
    if words:
        return "short"
    if without != text:
        return "address"
    return "numbers" if any(c.isdigit() for c in text) else None


def _unquoted(text: str) -> str:
    """The text without what it quotes, which may be in another language; the whole text if too little is left."""
    rest = _QUOTED.sub(" ", text)
    return rest if len(rest.split()) >= MIN_WORDS else text


def _without_accents(text: str) -> str:
    """The text without accents: newspapers write both 'kénéh' and 'keneh'."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _is_malay(words: list[str], code: str) -> bool:
    """Whether Malay words outweigh Indonesian ones, each word counted once; `code` is what py3langid says.

    Leaning words alone suffice only where they are dense and nothing is Indonesian.
    """
    met = set(words)
    malay = {w for w in met if w in _MALAY or _MALAY_SPELLING.fullmatch(w)}
    names = malay & _NAMES
    leaning = met & _MALAY_LEANING | names
    indonesian = met & (_INDONESIAN_FUNCTION | _INDONESIAN_NOUNS)
    weight = 2 * len(malay - names) + len(leaning)
    if weight + (code == "ms") < _MALAY_EVIDENCE or weight <= 2 * len(indonesian):
        return False
    return bool(malay - names) or (not indonesian and len(leaning) >= _LEANING_SHARE * len(words))


def _local_language(words: list[str], rest: int) -> str | None:
    """'jv' or 'su' if most function words are Javanese or Sundanese and not among the `rest`, else None."""
    counts: dict[str, int] = {}
    for code, own, ending in (("jv", _JAVANESE, _JAVANESE_ENDING), ("su", _SUNDANESE, _SUNDANESE_ENDING)):
        found = [w for w in words if w in own or ending.fullmatch(w)]
        if len(set(found)) >= _LOCAL_WORDS and len(found) >= _LOCAL_SHARE * len(words) and len(found) > 2 * rest:
            counts[code] = len(found)
    return max(counts, key=counts.__getitem__) if counts else None
