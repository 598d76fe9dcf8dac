"""Quotes and their speakers, in sentences written for these tests."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.serving.quotes.find import find_quotes
from sorot.serving.quotes.quote import Quote


def quotes(body: str, title: str | None = None) -> list[tuple[str, str, str | None]]:
    """Type, text and speaker of the quotes of a body."""
    return [(q.type, q.text, q.speaker) for q in find_quotes(title, body)]


@pytest.mark.parametrize(
    "body",
    [
        '"Jalan itu sudah rusak sejak lama," kata Rina Hartati, Senin (3/4).',
        "“Jalan itu sudah rusak sejak lama,” ujar Kepala Desa Sukamaju, Rina Hartati, di kantornya.",
        "”Jalan itu sudah rusak sejak lama,” tutur Rina Hartati.",
        "''Jalan itu sudah rusak sejak lama,'' ucap Ketua RT Rina Hartati.",
        "'Jalan itu sudah rusak sejak lama,' kata Rina Hartati.",
        '" Jalan itu sudah rusak sejak lama, " jelas Rina Hartati .',
        'Rina Hartati mengatakan, "Jalan itu sudah rusak sejak lama,"',
        'Menurut Rina Hartati, "Jalan itu sudah rusak sejak lama,"',
        'Warga resah.,"Jalan itu sudah rusak sejak lama," tegas Rina Hartati.,Pemerintah diam.',
        '"Jalan itu sudah rusak sejak lama," demikian kata Rina Hartati.',
    ],
)
def test_marks_and_cues(body: str) -> None:
    assert ("direct", "Jalan itu sudah rusak sejak lama,", "Rina Hartati") in quotes(body)


def test_an_attribution_in_mid_quote_parts_one_utterance() -> None:
    found = quotes('"Kami menolak," kata Rina Hartati, "karena jalan itu belum selesai." Warga pulang.')
    assert found == [
        ("direct", "Kami menolak,", "Rina Hartati"),
        ("direct", "karena jalan itu belum selesai.", "Rina Hartati"),
    ]


def test_a_sentence_in_marks_goes_on_with_the_speaker_before_it() -> None:
    found = quotes('"Jalan itu rusak," ujar Rina Hartati. "Kami sudah lama menunggu perbaikan."')
    assert [speaker for _, _, speaker in found] == ["Rina Hartati", "Rina Hartati"]


@pytest.mark.parametrize(
    "body",
    [
        'Film "Senja di Kota Tua" tayang pekan depan di bioskop.',
        'Ia dikenal sebagai "raja jalanan" di kampungnya.',
        'Lagu "Hujan" dan buku "Pulang" laris sekali.',
        'Program itu disebut "hijau" oleh banyak orang',
        'Penonton mengisi "," dan "," di halaman itu.',
    ],
)
def test_titles_terms_and_lost_words_are_no_quotes(body: str) -> None:
    assert not [q for q in find_quotes(None, body) if q.type == "direct"]


def test_a_lost_mark_does_not_turn_the_others_around() -> None:
    body = '"Kami siap membantu, kata Budi Santoso.\n\n"Bantuan tiba besok pagi," ujar Rina Hartati.\n\nWarga menunggu.'
    found = quotes(body)
    assert ("direct", "Bantuan tiba besok pagi,", "Rina Hartati") in found
    assert ("direct", "Kami siap membantu,", "Budi Santoso") in found


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ("Rina Hartati mengatakan bahwa jalan itu rusak parah.", "jalan itu rusak parah"),
        ("Rina Hartati menilai, aturan baru itu merugikan pedagang.", "aturan baru itu merugikan pedagang"),
        ("Menurut Rina Hartati, aturan baru itu merugikan pedagang.", "aturan baru itu merugikan pedagang"),
        ("Aturan baru itu, kata Rina Hartati, merugikan pedagang kecil di pasar.", "merugikan pedagang kecil di pasar"),
        ("Aturan baru itu merugikan pedagang kecil, kata Rina Hartati.", "Aturan baru itu merugikan pedagang kecil"),
        ("Rina Hartati meminta wali kota agar jalan itu segera diperbaiki.", "jalan itu segera diperbaiki"),
        ("Rina Hartati berjanji akan memperbaiki jalan itu.", "akan memperbaiki jalan itu"),
        ("Rina Hartati membantah warga tidak diajak bicara.", "warga tidak diajak bicara"),
    ],
)
def test_reported_speech(body: str, content: str) -> None:
    assert quotes(body) == [("indirect", content, "Rina Hartati")]


def test_a_second_verb_begins_a_second_report() -> None:
    found = quotes("Rina Hartati menyebut jalan itu rusak parah dan mengatakan warga sudah lama menunggu.")
    assert [(text, speaker) for _, text, speaker in found] == [
        ("jalan itu rusak parah", "Rina Hartati"),
        ("warga sudah lama menunggu", "Rina Hartati"),
    ]


def test_a_sentence_that_the_next_one_attributes() -> None:
    found = quotes("Jalan itu akan diperbaiki bulan depan. Hal itu disampaikan Rina Hartati di kantornya.")
    assert found == [("indirect", "Jalan itu akan diperbaiki bulan depan", "Rina Hartati")]


def test_a_medium_that_is_cited_speaks() -> None:
    found = quotes("Mengutip Kantor Berita Nusa, harga beras naik dua kali lipat.")
    assert found and found[0][1] == "harga beras naik dua kali lipat"


@pytest.mark.parametrize(
    "body",
    [
        "Rina Hartati tidak mengatakan kapan jalan itu diperbaiki.",
        "Undang-Undang Nomor 3 menyebutkan setiap orang wajib membayar pajak.",
        "Baca juga: Wali Kota Menilai Jalan Kampung Itu Rusak Parah",
        "Polisi menangkap tiga orang di pasar.",
    ],
)
def test_what_is_no_report(body: str) -> None:
    assert not quotes(body)


def test_a_judgement_in_the_passive_is_somebodys() -> None:
    assert quotes("Aturan itu dinilai merugikan pedagang kecil.") == [
        ("indirect", "Aturan itu dinilai merugikan pedagang kecil", None)
    ]


def test_short_names_roles_and_pronouns_get_the_fullest_name() -> None:
    body = (
        "Menteri Perhubungan Rina Hartati meninjau pelabuhan.\n\n"
        '"Kapal segera berangkat," kata Rina.\n\n'
        '"Penumpang harap sabar," ujarnya.\n\n'
        "Ia berharap cuaca segera membaik.\n\n"
        "Menteri Perhubungan menegaskan kapal itu layak berlayar."
    )
    found = quotes(body)
    assert [speaker for _, _, speaker in found] == ["Rina Hartati"] * 4


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ('"Air sudah surut," kata Bupati Boalemo Darwis Hartono.', "Darwis Hartono"),
        ('"Air sudah surut," kata Kombes AM Hartono.', "AM Hartono"),
        ("Menteri Kelautan meninjau pasar. Media Nusantaramelaporkan bahwa harga ikan naik dua kali lipat.", "Media Nusantara"),
        ("Stasiun televisi pemerintah Suriah mengatakan, kota itu sudah direbut.", "Stasiun televisi pemerintah Suriah"),
        (
            "Pedagang ikan, Rina Hartati, menjadi sorotan usai Kejaksaan Agung menyatakan, pedagang itu segera diperiksa.",
            "Kejaksaan Agung",
        ),
    ],
)
def test_where_a_speaker_begins_and_ends(body: str, speaker: str) -> None:
    assert [name for _, _, name in quotes(body)] == [speaker]


def test_a_pronoun_is_a_person_and_no_company() -> None:
    body = "Rina Hartati mengunjungi pabrik Nusa Raya. Nusa Raya membuat kapal. Ia menilai kapal itu layak berlayar."
    assert [speaker for _, _, speaker in quotes(body)] == ["Rina Hartati"]


def test_a_name_is_completed_from_the_title() -> None:
    found = quotes(
        '"Kami berangkat besok pagi," kata Rina.\n\nKapal itu, menurut Rina, siap berlayar besok.', "Rina Hartati: Kapal Siap"
    )
    assert {speaker for _, _, speaker in found} == {"Rina Hartati"}


def test_institutions_are_named_in_full() -> None:
    body = "Komisi Pelabuhan Nasional (KPN) meninjau dermaga.\n\nKPN menilai dermaga itu tidak aman bagi penumpang."
    assert quotes(body) == [("indirect", "dermaga itu tidak aman bagi penumpang", "Komisi Pelabuhan Nasional")]


def test_where_only_a_role_is_given_it_is_the_speaker() -> None:
    assert quotes('"Api cepat sekali membesar," kata seorang warga.') == [
        ("direct", "Api cepat sekali membesar,", "seorang warga")
    ]


def test_offsets_lead_back_to_the_body() -> None:
    body = '"Jalan itu rusak," kata Rina Hartati. Ia menilai perbaikan itu terlambat.'
    found = find_quotes(None, body)
    assert len(found) == 2
    assert [body[q.start : q.end] for q in found] == [q.text for q in found]
    assert [q.cue for q in found] == ["kata", "menilai"]


_PIECES = st.sampled_from(
    ['"', "“", "”", "''", "'", " ", ",", ".", "\n", "kata", "ujarnya", "Rina", "Hartati", "mengatakan", "bahwa", "Menurut", "dia", "(", ")",
     "jalan", "rusak", "-", "Komisi", "dan", "menilai", ":", "dinilai", "Hal", "itu", "disampaikan"]
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(_PIECES, max_size=40).map(" ".join), st.none() | st.text(max_size=20))
def test_any_text_is_read(body: str, title: str | None) -> None:
    found: tuple[Quote, ...] = find_quotes(title, body)
    assert all(body[q.start : q.end] == q.text and q.text.strip() for q in found)
    assert [q.start for q in found] == sorted(q.start for q in found)
