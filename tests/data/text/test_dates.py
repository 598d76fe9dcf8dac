from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorot.data.text.dates import find_date, parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 17 Jul 2017 21:24", "2017-07-17T21:24:00+07:00"),
        ("Senin, 17/7/2017 21:24 WIB", "2017-07-17T21:24:00+07:00"),
        ("Kamis, 30 Mei 2025 14.03 WITA", "2025-05-30T14:03:00+08:00"),
        ("Minggu, 3 Peb 2013, 07:05 WIT", "2013-02-03T07:05:00+09:00"),
        ("12 Nop 2014", "2014-11-12"),
        ("1 Agustus 2020 pukul 19.30", "2020-08-01T19:30:00+07:00"),
        ("2017-07-17 21:24:05", "2017-07-17T21:24:05+07:00"),
        ("2017-07-17T21:24:05Z", "2017-07-17T21:24:05+00:00"),
        ("2017-07-17T21:24:05+08:00", "2017-07-17T21:24:05+08:00"),
        ("31-3-2022", "2022-03-31"),
        ("20/09/19", "2019-09-20"),
        ("Kompas.com - 30/05/2025, 14:03 WIB", "2025-05-30T14:03:00+07:00"),
        ("July 4, 2018 3:05 PM", "2018-07-04T15:05:00+07:00"),
        ("Okt 9, 2021", "2021-10-09"),
        ("Kamis, 10 Januari 2019 – 07:07 WIB", "2019-01-10T07:07:00+07:00"),
        ("10 Januari 2019 · 07:07 WIB", "2019-01-10T07:07:00+07:00"),
        ("10 Januari 2019 • 07.07", "2019-01-10T07:07:00+07:00"),
        ("10 Januari 2019 / 07:07 WIB", "2019-01-10T07:07:00+07:00"),
        ("10 Januari 2019 (07:07 WITA)", "2019-01-10T07:07:00+08:00"),
        ("10 Januari 2019 pukul : 07.07 WIB", "2019-01-10T07:07:00+07:00"),
        ("Kemarin, 17 Juli 2017 21:24", "2017-07-17T21:24:00+07:00"),
        ("Kecelakaan lalu lintas 17 Juli 2017", "2017-07-17"),
        ("17 Juli 2017 9.24 malam", "2017-07-17T21:24:00+07:00"),
        ("17 Juli 2017 pukul 1.30 siang", "2017-07-17T13:30:00+07:00"),
        ("17 Juli 2017 11.30 siang", "2017-07-17T11:30:00+07:00"),
        ("17 Juli 2017 7.15 pagi", "2017-07-17T07:15:00+07:00"),
        ("17 Juli 2017 21.24 malam", "2017-07-17T21:24:00+07:00"),
        ("17 Juli 2017 12.30 malam", "2017-07-17T00:30:00+07:00"),
        ("17 Juli 2017 12.30 siang", "2017-07-17T12:30:00+07:00"),
        ("17 Agst 2017", "2017-08-17"),
        # A time or a version beside a date is not a date.
        ("Senin, 17 Juli 2017 10.12.30 WIB", "2017-07-17T10:12:30+07:00"),
        ("10.12.30 WIB, Senin 17/07/2017", "2017-07-17"),
        ("Senin, 17 Juli 2017, 09.10-11.30 WIB", "2017-07-17T09:10:00+07:00"),
        ("Senin, 17 Juli 2017, 09:10 - 11:30 WITA", "2017-07-17T09:10:00+08:00"),
        ("17 Juli 2017 09:10-05:00", "2017-07-17T09:10:00-05:00"),
        ("Versi 2.1.10 17 Juli 2017", "2017-07-17"),
        ("2.1.10, 2017-07-17", "2017-07-17"),
        ("17-Jul-17", "2017-07-17"),
        ("17-Agt-17 14.30 WIT", "2017-08-17T14:30:00+09:00"),
        ("20170717", "2017-07-17"),
        (" 20170717 21:24 ", "2017-07-17T21:24:00+07:00"),
        ("1500301440", "2017-07-17T14:24:00+00:00"),
        ("1500301440000", "2017-07-17T14:24:00+00:00"),
        ("1500301440000000", "2017-07-17T14:24:00+00:00"),
        ("1500301440000000000", "2017-07-17T14:24:00+00:00"),
        ("1500301440000.5", "2017-07-17T14:24:00+00:00"),
        ("Mon Jul 17 14:24:00 +0000 2017", "2017-07-17T14:24:00+00:00"),
    ],
)
def test_dates_as_outlets_write_them(text: str, expected: str) -> None:
    found = parse_date(text)
    assert found is not None and found.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "kemarin",
            "2 jam lalu",
            "3 hari lalu, 2020",
            "15003014401",
            "31/31/2020",
            "Dilihat: 51",
            "tahun 2020",
            "pukul 14.30",
        ),
        *("20171717", "17170717", "Nomor 20170717", "201707171", "Pukul 09.10-11.30 WIB", "17-Jul-14.30"),
    ],
)
def test_text_without_a_date_gives_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", " , ", "- "])
@pytest.mark.parametrize("find", [parse_date, find_date])
def test_runs_of_white_space_take_no_time(find: Callable[[str], object], blank: str) -> None:
    start = time.process_time()
    for head in ("17 Juli 2017", "17 Juli 2017 pukul", "17 Juli 2017 21.24", "17/7/2017", "Jul 17 14:24:00"):
        find(head + blank * 3_000 + "Oleh Redaksi")
    assert time.process_time() - start < 5


def test_only_the_first_300_characters_are_searched() -> None:
    assert parse_date("17 Juli 2017" + " kata 1 " * 100_000) == parse_date(" \n" * 5_000 + "17 Juli\n2017")
    assert parse_date("kata 1 " * 100 + "17 Juli 2017") is None


@given(st.text(max_size=60))
def test_a_moment_is_aware_and_a_day_has_no_time(text: str) -> None:
    found = parse_date(text)
    assert found is None or not isinstance(found, datetime) or found.tzinfo is not None
