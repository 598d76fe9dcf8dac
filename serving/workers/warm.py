"""Imported once by the process that workers are forked from, so that each starts in milliseconds and shares its memory.

The libraries for HTML, dates and languages load most of their tables at first use: so an example is prepared here.
"""

from __future__ import annotations

import gc
from contextlib import suppress

from sorot.data.errors import SorotError
from sorot.data.prepare import prepare_text

EXAMPLE_TEXT = "Jakarta, 12 Maret 2024 - Pemerintah memblokir situs berita itu. Dewan Pers menilai langkah itu berlebihan."
EXAMPLE_PAGE = (
    "<html><head><title>Situs berita diblokir</title></head><body><article><h1>Situs berita diblokir</h1>"
    f"<time>Selasa, 12 Maret 2024 10:00 WIB</time><p>{EXAMPLE_TEXT}</p><p>{EXAMPLE_TEXT}</p></article></body></html>"
)

prepare_text(EXAMPLE_TEXT)
# Without the extra html there is nothing to load.
with suppress(SorotError):
    prepare_text(EXAMPLE_PAGE, html=True)
# Objects that live as long as the process: collecting them would copy the memory that workers share.
gc.freeze()
