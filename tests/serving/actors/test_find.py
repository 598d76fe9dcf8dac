from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.serving.actors.find import find_actors
from sorot.serving.names.people import full_names
from sorot.serving.names.table import ActorTableError, load_actors, shipped_actors


def listed(body: str, title: str | None = None, published: date | None = None) -> list[tuple[str, str]]:
    """Actor and text of the mentions of listed actors."""
    return [(m.actor, m.text) for m in find_actors(title, body, published) if not m.actor.startswith("person:")]


def test_the_longest_name_is_taken() -> None:
    assert listed("Rapat Komisi I DPR RI di gedung DPR itu batal.") == [("komisi-i-dpr", "Komisi I DPR RI"), ("dpr", "DPR")]


def test_names_are_whole_words_with_their_capitals() -> None:
    assert listed("Warga DPRD mem-bin anak; aplikasi whatsapp dan BINA.") == []
    assert listed("Patroli TNI-Polri berlanjut.") == [("tni", "TNI"), ("polri", "Polri")]
    assert listed("Alamat kominfo.go.id dan @Kominfo serta https://x.id/KPK sudah mati.") == []


def test_a_short_form_with_other_meanings_needs_context() -> None:
    assert listed("Putusan MK itu final, kata hakim konstitusi.") == [("mk", "MK")]
    assert listed("Mata kuliah MK di kampus itu padat.") == []
    assert listed("Antara lain harga cabai.") == []


def test_an_acronym_that_the_text_explains_otherwise_is_left_out() -> None:
    text = "Kilang Pertamina Internasional (KPI) memasang iklan siaran televisi. KPI berpusat di Jakarta."
    assert "kpi" not in [actor for actor, _ in listed(text)]


def test_a_foreign_ministry_is_not_ours() -> None:
    assert listed("Kementerian Luar Negeri Rusia membantah.") == []
    assert listed("Kementerian Luar Negeri membantah.") == [("kemlu", "Kementerian Luar Negeri")]


def test_a_ministry_has_the_name_of_the_day() -> None:
    body = "Kominfo memblokir situs itu."
    before, after = (find_actors(None, body, day)[0] for day in (date(2019, 5, 22), date(2025, 1, 2)))
    assert before.actor == after.actor == "komdigi"
    assert before.name == "Kementerian Komunikasi dan Informatika"
    assert after.name == "Kementerian Komunikasi dan Digital"


def test_the_title_of_an_office_means_its_holder_on_the_day() -> None:
    body = "Rapat itu dipimpin Kapolri di Jakarta."
    assert listed(body, published=date(2017, 3, 1)) == [("tito-karnavian", "Kapolri")]
    assert listed(body, published=date(2023, 3, 1)) == [("listyo-sigit", "Kapolri")]
    assert listed(body) == []
    assert listed("Rapat itu dipimpin mantan Kapolri di Jakarta.", published=date(2017, 3, 1)) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Kerja sama Indonesia-Uni Eropa berlanjut.", [("uni-eropa", "Uni Eropa")]),
        ("Ia menulis di akun Twitternya.", [("x", "Twitter")]),
        ("Keputusan pemerintah Indonesia itu final.", [("pemerintah", "pemerintah Indonesia")]),
        ("Menurut Kementrian Keuangan, kas cukup.", [("kemenkeu", "Kementrian Keuangan")]),
        ("Ketua KPK Fulan Rahmat hadir.", [("kpk", "KPK")]),
        ("Penerbangan dari Soekarno-Hatta ditunda; final Piala Uber di Jalan Soekarno batal.", []),
        ("Surat bernomor 12/KPU/IX/2019 itu palsu.", []),
        ("Kementerian Luar Negeri (Kemlu) Rusia membantah.", []),
    ],
)
def test_names_in_odd_places(body: str, found: list[tuple[str, str]]) -> None:
    assert listed(body) == found


def test_a_body_without_capitals_names_what_the_title_names_and_longer_names() -> None:
    body = "harga emas antam naik di bank indonesia, kata sumber line itu."
    assert listed(body, title="Emas Antam Naik") == [("antam", "Antam"), ("antam", "antam"), ("bi", "bank indonesia")]


def test_without_a_day_an_office_means_the_holder_whom_the_article_names() -> None:
    assert ("purbaya", "Menkeu") in listed("Purbaya hadir. Rapat itu dipimpin Menkeu di Jakarta.")


def test_in_an_article_on_another_country_bodies_of_a_state_are_its_own() -> None:
    body = "Warga Turki marah. Partai di Turki menggugat ke Mahkamah Konstitusi. Polisi Turki berjaga."
    assert listed(body) == []
    assert listed(f"{body} Kedutaan Indonesia memantau.") == [("mk", "Mahkamah Konstitusi")]


def test_a_short_name_means_the_namesake_whose_full_name_the_article_has() -> None:
    body = 'Pengurus koperasi itu, Edhy Prabowo, menolak. "Kami rugi," kata Edhy Prabowo. Menurut dia, rencana {} itu lain.'
    assert "prabowo-subianto" not in {actor for actor, _ in listed(body.format("Prabowo"))}
    assert "prabowo-subianto" in {actor for actor, _ in listed(body.format("Presiden Prabowo Subianto"))}


def test_a_short_form_means_nothing_before_its_actor_existed() -> None:
    body = "Pengguna Instagram membahas Threads."
    assert ("threads", "Threads") in listed(body, published=date(2024, 1, 2))
    assert ("threads", "Threads") not in listed(body, published=date(2020, 1, 2))


def test_a_title_without_capitals_names_what_the_body_names() -> None:
    assert listed("Polri menggelar razia.", title="polri dan pan gelar razia") == [("polri", "polri"), ("polri", "Polri")]


def test_a_surname_is_joined_to_the_full_name() -> None:
    body = 'Koordinator lembaga itu, Markus Tabuni, menolak. "Kami tidak diajak," kata Tabuni kepada wartawan.'
    people = [m for m in find_actors(None, body) if m.type == "person"]
    assert [m.text for m in people] == ["Markus Tabuni", "Tabuni"]
    assert {m.actor for m in people} == {"person:markus-tabuni"}
    assert all(body[m.start : m.end] == m.text for m in people)


def test_shared_names_stay_apart() -> None:
    full = full_names(["Budi Santoso", "Budi Hartono", "Budi", "Hartono", "Hartono"])
    assert full["Budi"] == "Budi" and full["Hartono"] == "Budi Hartono"
    assert full_names(["Rafli", "Boy Rafli", "Boy Rafli Amar"])["Rafli"] == "Boy Rafli Amar"


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="ABKPDRabi .,-()/@\n'’", max_size=80))
def test_mentions_are_places_of_the_body_in_order(body: str) -> None:
    mentions = find_actors(None, body)
    places = [(m.start or 0, m.end or 0) for m in mentions]
    assert all(body[a:b] == m.text for (a, b), m in zip(places, mentions, strict=True))
    assert all(one[1] <= two[0] for one, two in pairwise(places))


def test_the_table_is_large_and_every_name_means_one_actor() -> None:
    table = shipped_actors()
    assert len(table.actors) >= 250
    names = [name for actor in table.actors.values() for name in actor.aliases]
    assert len(names) == len(set(names))
    assert table.named("kemkominfo") is table.actors["komdigi"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('actors.party = [{ id = "a", name = "A" }, { id = "a", name = "B" }]', "stands twice"),
        ('actors.party = [{ id = "a", name = "A", parent = "b" }]', "'b' is named but has no entry"),
        ('actors.party = [{ id = "a", nama = "A" }]', "nama"),
        ("actors = [", "not valid TOML"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "actors.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ActorTableError, match=message):
        load_actors(file)
