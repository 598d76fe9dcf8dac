"""Finds datelines: the place and outlet at the start of a news text, as in 'JAKARTA, KOMPAS.com - '."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline such as 'REPUBLIKA.CO.ID, JAKARTA - ': place, outlet, and the index of the first character after it."""

    place: str | None
    outlet: str | None
    end: int


_ANY_DASH = r"\s*(?:[-–—]\s*){1,3}(?=[\w\"'“‘(])"
# After a place or a name alone, the dash needs space around it and a sentence after it:
# 'COVID-19 memukul', 'ISIS-Khorasan' and 'Ahok, Gubernur DKI - saat itu -' are prose.
_DASH = r"(?:\s+(?:[-–—]\s*){1,3}|(?:[-–—]\s*){1,3}(?<=\s)|—)(?=[A-Z0-9\"'“‘(])"
_PIPE = r"\s+\|\s+(?=[A-Z0-9\"'“‘(])"
_COLON = r"\s*:\s+(?=[A-Z0-9\"'“‘(])"
_PLACE = r"(?P<place>[A-Z][A-Za-z'.]+(?:[ -][A-Z][A-Za-z'.]+){0,3})"
_SITE = r"(?P<outlet>[A-Za-z0-9-]+(?:\s?[A-Za-z0-9-]+)?\.(?:com|co\.id|co|id|net|org|tv|news|or\.id|go\.id)(?:/[A-Za-z]+)?)"
# Places accepted alone; any other place needs an outlet next to it, or all capitals.
_CITY = (
    r"(?=[A-Z])(?i:Jakarta(?: (?:Pusat|Utara|Selatan|Barat|Timur))?|Bandung|Bogor|Depok|Bekasi|Tangerang|Serang|Cilegon|Cirebon|Tasikmalaya|Garut|Sukabumi|Cianjur|Karawang"
    r"|Purwakarta|Subang|Semarang|Solo|Surakarta|Yogyakarta|Yogya|Jogja|Sleman|Bantul|Klaten|Magelang|Tegal|Pekalongan|Kudus|Purwokerto|Cilacap|Wonosobo"
    r"|Surabaya|Sidoarjo|Gresik|Malang|Kediri|Blitar|Madiun|Jember|Banyuwangi|Probolinggo|Pasuruan|Denpasar|Mataram|Kupang"
    r"|Banda Aceh|Lhokseumawe|Medan|Padang|Bukittinggi|Pekanbaru|Batam|Tanjungpinang|Jambi|Palembang|Bengkulu|Pangkalpinang|(?:Bandar )?Lampung"
    r"|Pontianak|Banjarmasin|Banjarbaru|Palangka ?raya|Samarinda|Balikpapan|Tarakan|Makassar|Manado|Gorontalo|Palu|Poso|Kendari|Mamuju"
    r"|Ambon|Ternate|Sorong|Manokwari|Timika|Jayapura"
    r"|Banyumas|Purbalingga|Banjarnegara|Kebumen|Purworejo|Temanggung|Kendal|Demak|Jepara|Pati|Rembang|Blora|Grobogan|Sragen|Karanganyar"
    r"|Wonogiri|Sukoharjo|Boyolali|Salatiga|Ungaran|Batang|Pemalang|Brebes|Slawi|Kulon ?Progo|Gunung ?kidul|Wates|Wonosari"
    r"|Indramayu|Majalengka|Kuningan|Sumedang|Ciamis|Banjar|Pangandaran|Cimahi|Lembang|Cikarang|Lebak|Pandeglang|Rangkasbitung"
    r"|Lamongan|Tuban|Bojonegoro|Ngawi|Magetan|Ponorogo|Pacitan|Trenggalek|Tulungagung|Nganjuk|Jombang|Mojokerto|Lumajang|Bondowoso|Situbondo"
    r"|Bangkalan|Sampang|Pamekasan|Sumenep|Batu|Singaraja|Gianyar|Badung|Tabanan|Buleleng|Karangasem|Klungkung|Ubud|Kuta|Lombok(?: (?:Timur|Barat|Tengah|Utara))?"
    r"|Sumbawa|Bima|Dompu|Ende|Maumere|Ruteng|Labuan Bajo|Atambua|Waingapu|Larantuka|Binjai|Pematangsiantar|Siantar|Tebing Tinggi|Sibolga|Langkat|Karo|Deli Serdang"
    r"|Nias|Payakumbuh|Solok|Pariaman|Padang Panjang|Dumai|Siak|Rokan Hilir|Bengkalis|Kampar|Indragiri|Bintan|Karimun|Natuna|Muara Enim|Prabumulih|Lubuk ?linggau|Ogan Ilir"
    r"|Bangka|Belitung|Curup|Metro|Kotabumi|Pringsewu|Singkawang|Ketapang|Sambas|Sintang|Sampit|Pangkalan Bun|Martapura|Bontang|Kutai(?: \w+)?|Berau|Nunukan|Tenggarong"
    r"|Bitung|Tomohon|Minahasa|Kotamobagu|Luwuk|Donggala|Sigi|Parepare|Palopo|Maros|Gowa|Bone|Bulukumba|Toraja|Takalar|Kolaka|Baubau|Bau-?Bau|Wakatobi|Majene|Polewali"
    r"|Tual|Masohi|Tidore|Halmahera|Merauke|Nabire|Biak|Wamena|Fakfak|Kaimana|Serui|Sarmi|Meulaboh|Langsa|Sabang|Bireuen|Takengon|Aceh (?:Utara|Besar|Timur|Barat|Selatan|Tengah)"
    r"|Washington(?: DC)?|New York|London|Paris|Jenewa|Moskow|Beijing|Tokyo|Manila|Bangkok|Singapura|Kuala Lumpur|Sydney|Canberra|Riyadh|Makkah)"
)
# Outlets without a dot in their name.
_NAMED = r"(?P<outlet>VIVA|VOA|KBR|RMOL|KOMPAS|REPUBLIKA|TEMPO(?: Interaktif)?|ANTARA|[A-Z]{3,}COM)"
_DAY = r"(?i:senin|selasa|rabu|kamis|jumat|jum['’]at|sabtu|minggu|ahad)"
# After a place and a comma, a region or an office is not an outlet.
_REGION = r"(?:Jawa|Sumatera|Sumatra|Kalimantan|Sulawesi|Nusa Tenggara|Papua|Maluku|Lampung|Banten|Bali|Aceh|Riau|Jambi|Bengkulu|Gorontalo|Kepulauan|DKI|DIY|NTT|NTB|Indonesia|Malaysia)\b(?: [A-Z][A-Za-z]*){0,2}"
_OFFICE = r"(?:Presiden|Wakil|Gubernur|Menteri|Direktur|Ketua|Kota|Kabupaten|Bupati|Kepala|Jenderal|Kapolri|Kapolda)\b"
# All-caps names that often precede a dash and are not places.
_NO_PLACE = r"(?!(?:TELEGRAM|WHATSAPP|FACEBOOK|GOOGLE|TIKTOK|POLRI|KOMINFO|NASDEM|GOLKAR|GERINDRA|HANURA|DEMOKRAT|COVID|ISIS|HAMAS|ASEAN)\b)"
_DATELINES = tuple(
    re.compile(form)
    for form in (
        rf"(?i:{_SITE})\s*,\s*{_PLACE}\s*(?:\([^)]{{1,40}}\))?(?:{_ANY_DASH}|{_COLON})",
        rf"{_PLACE}\s*,\s*(?i:{_SITE}){_ANY_DASH}",
        rf"{_NAMED}\s*,\s*(?P<place>{_CITY})(?:{_DASH}|{_COLON})",
        rf"(?!{_CITY}\s*,)(?P<outlet>[A-Z][\w.]*(?: [A-Z][\w.]*){{0,2}})\s*,\s*(?P<place>{_CITY}){_DASH}",
        rf"(?P<place>{_CITY})\s*,\s*(?:{_REGION}|{_CITY}|\d{{1,2}} [A-Z][a-z]+ \d{{4}}){_DASH}",
        rf"(?P<place>{_CITY})\s*,?\s*(?:{_DAY},?\s*)?\(?\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\)?{_DASH}",
        rf"{_PLACE}\s*,\s*{_REGION}{_DASH}",
        rf"{_PLACE}\s*,\s*(?!{_OFFICE}|{_REGION}|{_CITY})(?P<outlet>[A-Z][\w.]*(?: [A-Z][\w.]*){{0,2}}){_DASH}",
        rf"{_PLACE}\s*,?\s*\((?P<outlet>[A-Z][A-Za-z. ]{{1,20}})\)\.?(?:{_DASH}|{_COLON})",
        rf"(?i:{_SITE})\s*,\s*(?P<place>{_CITY})\s+(?=[A-Z\"“])",
        rf"(?P<place>(?:(?i:Kota|Kabupaten|Kab\.?) )?{_CITY})(?:{_DASH}|{_COLON}|{_PIPE})",
        rf"{_NAMED}{_DASH}",
        rf"(?i:{_SITE}){_DASH}",
        # Capitals that are no known place name the outlet, as does a capital within a word: 'LENTERAKU - ', 'LenteraKu - '.
        rf"{_NO_PLACE}(?P<outlet>[A-Z]{{4,}}(?: [A-Z]{{3,}}){{0,2}}|[A-Z][a-z]+[A-Z][A-Za-z]+){_DASH}",
    )
)


# A dateline stands in the first characters of a text.
DATELINE_CHARACTERS = 160


def find_dateline(text: str) -> Dateline | None:
    """The dateline at the start of `text`, or None."""
    head = text[:DATELINE_CHARACTERS]
    for form in _DATELINES:
        match = form.match(head)
        if match:
            part = match.groupdict()
            return Dateline(part.get("place"), part.get("outlet"), match.end())
    return None


# Longer bodies hold more than a dateline.
MAX_REMAINS = 400
# Labels of what was not scraped: '[Gambas:Video 20detik]', 'Baca juga:', 'ADVERTISEMENT'.
_LABEL = re.compile(
    r"\[(?:gambas|video|foto|gambar|infografis|embed|halaman)\b[^\]]*\]|(?:baca juga|baca|lihat juga|simak juga|simak|tonton juga)\s*:?"
    r"|advertisement|scroll to continue with content|(?:halaman|page)\s*:?[\d\s]*",
    re.IGNORECASE,
)
_DASH_END = re.compile(r"[\s,.;:|]*[-–—][\s,.;:|–—-]*$")


def is_remains(body: str) -> bool:
    """Whether a body is nothing but a dateline, signs such as the commas of lost links, and labels of what was not scraped."""
    if len(body) > MAX_REMAINS and len("".join(body.split())) > MAX_REMAINS:
        return False
    # White space is collapsed, as what is left is searched for an end that may begin with it.
    lines = [" ".join(line.split()) for line in body.split("\n")]
    left = [line for line in lines if any(c.isalnum() for c in line) and not _LABEL.fullmatch(line)]
    if not left:
        # Emoji and the like say something; signs alone do not.
        return all(c.isalnum() or c.isspace() or unicodedata.category(c).startswith("P") for line in lines for c in line)
    if len(left) > 2:
        return False
    text = " ".join(left)
    core = _DASH_END.sub("", text).rstrip(" ,.;:")
    found = find_dateline(f"{core} - X")
    if found is None or found.end < len(core) + 3:
        return False
    # Without its dash, a name of a place may be a text; with an outlet's domain it is none.
    return _DASH_END.search(text) is not None or (found.outlet is not None and "." in found.outlet)
