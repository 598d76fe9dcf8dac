from __future__ import annotations

import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sorot.data.text.sentences import split_sentences

GOLD = [
    line
    for line in Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_gold_passages_split_where_a_reader_would() -> None:
    wrong = []
    for line in GOLD:
        expected = line.split(" | ")
        found = split(" ".join(expected))
        if found != expected:
            wrong.append((expected, found))
    assert wrong == []


def test_a_lost_space_after_a_full_stop_is_still_an_end() -> None:
    assert split("Petugas sudah selesai.Kemudian mereka pulang.") == ["Petugas sudah selesai.", "Kemudian mereka pulang."]
    assert split("Dikutip dari Kompas.com dan Liputan6.com hari ini.") == ["Dikutip dari Kompas.com dan Liputan6.com hari ini."]
    assert split("Berita itu dimuat Kompas.Com kemarin.") == ["Berita itu dimuat Kompas.Com kemarin."]


def test_an_opening_quote_belongs_to_what_it_opens() -> None:
    expected = ['"Kami lapor polisi."', '"Saya takut," katanya.']
    assert split('"Kami lapor polisi." "Saya takut," katanya.') == expected
    assert split('"Kami lapor polisi.""Saya takut," katanya.') == expected


def test_numbered_lines_stay_whole() -> None:
    assert split("1. Menghapus konten.\n2. Memblokir akun.") == ["1. Menghapus konten.", "2. Memblokir akun."]


@given(st.text(alphabet=st.sampled_from("aBc .!?…\"'”)\n\t1PT.Rp") | st.characters(), max_size=200))
def test_spans_cover_the_text_in_order_and_cross_no_line(text: str) -> None:
    spans = split_sentences(text)
    covered: set[int] = set()
    last = 0
    for start, end in spans:
        assert last <= start < end
        piece = text[start:end]
        assert piece == piece.strip()
        assert len(piece.splitlines()) == 1
        covered.update(range(start, end))
        last = end
    assert all(i in covered or c.isspace() for i, c in enumerate(text))


def test_time_is_linear_in_the_length() -> None:
    def seconds(n: int) -> float:
        text = "Kata dr. A. B. Pol. situs... " * n
        begun = time.perf_counter()
        assert split_sentences(text)
        return time.perf_counter() - begun

    seconds(1000)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.01)
