from __future__ import annotations

import pytest

from sorot.data.cleaning.datelines import find_dateline


@pytest.mark.parametrize(
    ("text", "place", "outlet", "rest"),
    [
        ("WARTA.CO.ID, JAKARTA - Menteri tiba.", "JAKARTA", "WARTA.CO.ID", "Menteri tiba."),
        ("Jakarta, Kabar Petang -- Menteri tiba.", "Jakarta", "Kabar Petang", "Menteri tiba."),
        ("Jakarta , Kabar Petang - - Menteri tiba.", "Jakarta", "Kabar Petang", "Menteri tiba."),
        ("Bandung (KANTOR) - Menteri tiba.", "Bandung", "KANTOR", "Menteri tiba."),
        ("KABAR.com – Menteri tiba.", None, "KABAR.com", "Menteri tiba."),
        ("Kabar6.com, Jakarta Menteri tiba.", "Jakarta", "Kabar6.com", "Menteri tiba."),
        ("MEDAN - Menteri tiba.", "MEDAN", None, "Menteri tiba."),
        ("Jakarta - Menteri tiba.", "Jakarta", None, "Menteri tiba."),
        ("Solo -- Menteri tiba.", "Solo", None, "Menteri tiba."),
        ("Jakarta: Menteri tiba.", "Jakarta", None, "Menteri tiba."),
        ("Banda Aceh - Menteri tiba.", "Banda Aceh", None, "Menteri tiba."),
        ("KOTA MALANG - Menteri tiba.", "KOTA MALANG", None, "Menteri tiba."),
        ("Bandung, Jawa Barat - Menteri tiba.", "Bandung", None, "Menteri tiba."),
        ("Jakarta, 17 Juli 2017 - Menteri tiba.", "Jakarta", None, "Menteri tiba."),
        ("VIVA - Menteri tiba.", None, "VIVA", "Menteri tiba."),
        ("INILAHCOM, Jakarta - Menteri tiba.", "Jakarta", "INILAHCOM", "Menteri tiba."),
        ("Metrotvnews.com, Jakarta: Menteri tiba.", "Jakarta", "Metrotvnews.com", "Menteri tiba."),
        ("TEMPO Interaktif, Jakarta: Menteri tiba.", "Jakarta", "TEMPO Interaktif", "Menteri tiba."),
        ("JAKARTA (Suara Karya): Menteri tiba.", "JAKARTA", "Suara Karya", "Menteri tiba."),
        ("JAKARTA, (PR).- Menteri tiba.", "JAKARTA", "PR", "Menteri tiba."),
        ("JAKARTA, KOMPAS.com - menteri tiba.", "JAKARTA", "KOMPAS.com", "menteri tiba."),
        ("Kabar.com—Menteri tiba.", None, "Kabar.com", "Menteri tiba."),
    ],
)
def test_datelines(text: str, place: str | None, outlet: str | None, rest: str) -> None:
    found = find_dateline(text)
    assert found is not None
    assert (found.place, found.outlet, text[found.end :]) == (place, outlet, rest)


@pytest.mark.parametrize(
    "text",
    [
        "Menteri tiba di Jakarta - siang tadi.",
        "Harga naik.",
        "- Poin pertama",
        "Rudi, petani - yang ramah",
        "COVID-19 memukul media.",
        "ISIS-Khorasan mengklaim serangan itu.",
        "ASEAN-China menandatangani kerja sama.",
        "WHATSAPP-nya diretas.",
        "TELEGRAM - aplikasi asal Rusia - diblokir.",
        "NASDEM - PKS berkoalisi.",
        "Ahok, Gubernur DKI - saat itu - marah.",
        "Ahok, Gubernur DKI - Djarot mendampinginya.",
        "Surabaya, Kota Pahlawan - julukannya sejak 1945 - ramai.",
        "Bukalapak.com - platform dagang daring - menolak.",
        "Rusia - negara asal Telegram - menolak.",
        "Kesimpulan: Menteri tiba.",
    ],
)
def test_prose_has_no_dateline(text: str) -> None:
    assert find_dateline(text) is None
