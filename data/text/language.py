"""The language of a text: by its function words among Indonesian and its neighbours, else by py3langid.

py3langid is a naive Bayes over byte n-grams (Lui and Baldwin 2012, "langid.py"). It confuses Indonesian with Malay and
Javanese and does not know Sundanese; function words tell these apart.
"""

from __future__ import annotations

import re
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
SHORT_LETTERS = 250
SAMPLE_CHARACTERS = 2000
SURE = 0.95
# Words that Indonesian uses and Malay, Javanese and Sundanese hardly do, or spell differently.
_INDONESIAN = frozenset(
    """
    yakni bahwa karena bisa tersebut warga kantor polisi uang mobil usai wib wita wit rp bilang nggak gak banget ujar ujarnya
    ucap ucapnya tutur tuturnya katanya menurutnya sehingga namun pihaknya kasus dirinya pekan provinsi kabupaten kecamatan
    universitas agustus desember maret senin kamis jumat minggu juli juni indonesia jakarta mengatakan menjelaskan melansir
    korban listrik menurut terkait jika berbeda butuh coba gimana kenapa
    """.split()
)
# Function words common to Indonesian and Malay, but foreign to Javanese and Sundanese.
_SHARED = frozenset("yang dan untuk dengan dari pada tidak akan oleh dalam adalah telah tetapi juga ini itu mereka kami".split())
# Words and spellings of Malay alone. 'bandar', 'pejabat', 'jabatan', 'beliau', 'kereta', 'berkata', 'semasa' and 'polis'
# are Indonesian too, with another sense.
_MALAY = frozenset(
    """
    kerana bahawa ialah sahaja ringgit universiti ogos disember julai isnin khamis jumaat baharu disyaki menerusi pemberita
    sesawang juruteknik jurucakap syarikat suspek siasatan disiasat menyiasat peguam kemalangan hospital kejohanan jurulatih
    adun pendakwa timbalan kontena lebuhraya trafik pesakit kanser awak korang nak takde tengok seronok basikal telefon
    televisyen beritahu memaklumkan dimaklumkan makluman cukai bekalan elektrik parlimen bilion peratus mesyuarat sebarang
    bomba bahagian rondaan reman dadah kes kesalahan seksyen kanun jenayah rompakan terbabit dijel disabitkan kesihatan
    dirasmikan merasmikan sdn bhd putrajaya minit hujung pelbagai berikutan ekoran justeru biasiswa belanjawan suruhanjaya
    sempena dijangka juruterbang menyeludup dinasihatkan wad kecederaan kakitangan
    """.split()
)
# Words that Indonesian takes over in news about Malaysia.
_NAMES = frozenset("ringgit putrajaya hospital parlimen suruhanjaya datuk".split())
_JAVANESE = frozenset(
    """
    ing lan kang sing iki iku kuwi ora wis arep karo saka seka marang dening kowe dheweke yaiku uga nanging utawa amarga
    kanggo menyang nalika durung isih kudu akeh omah banyu esuk bengi piye ngendika panjenengan kula kulo mboten inggih
    sampun badhe kaliyan saking dhateng wonten punika menika ingkang kados sanget awake dhewe wae nek yen opo ono ana neng
    tansah supados kabeh arek dadi dados nggih
    """.split()
)
_SUNDANESE = frozenset(
    """
    nu jeung ka ti kana tina ieu eta éta aya henteu teu geus parantos sareng sarta keur pikeun dina nyaeta nyaéta urang
    manehna manéhna anjeunna abdi kuring loba seueur pisan mah deui oge ogé lantaran ngeunaan jalma imah cai poe poé peuting naon
    kumaha iraha atawa atanapi nepi dugi ku kudu ceuk ceunah moal can acan ayeuna kamari baheula
    """.split()
)
# A text is Javanese or Sundanese if at least this share of its words are, and twice as many as Indonesian ones.
_LOCAL_SHARE = 0.12
_LOCAL_WORDS = 3


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
    words = re.findall(r"[^\W\d_]+", sample.lower())
    indonesian = sum(w in _INDONESIAN for w in words)
    if local := _local_language(words, indonesian):
        return local
    code, probability = _identifier().classify(sample)
    if code in ("id", "ms", "jv"):
        # One Malay word in a text may be a name or a quotation, unless nothing in it is Indonesian.
        malay = [w for w in words if w in _MALAY]
        enough = len(set(malay)) >= 2 or (code == "ms" and indonesian == 0 and set(malay) - _NAMES)
        return "ms" if enough and len(malay) > indonesian else "id"
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


def _local_language(words: list[str], indonesian: int) -> str | None:
    """'jv' or 'su' if most function words are Javanese or Sundanese, else None."""
    rest = indonesian + sum(w in _SHARED for w in words)
    for code, own in (("jv", _JAVANESE), ("su", _SUNDANESE)):
        found = [w for w in words if w in own]
        if len(set(found)) >= _LOCAL_WORDS and len(found) >= _LOCAL_SHARE * len(words) and len(found) > 2 * rest:
            return code
    return None
