"""A bundle's card on the page: its own pictures, and nothing that a browser would fetch or run."""

from __future__ import annotations

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.bundle import load_bundle
from sorot.serving.page.model.card import Plot, plots, shown_card
from sorot.serving.page.model.view import model_html


def test_front_matter_is_cut_off_and_pictures_of_the_bundle_stand_apart() -> None:
    card = "---\nlanguage: id\n---\n# Model\n![plot](a.png) ![no](b.png) ![again](a.png)\n"
    assert shown_card(card, {"a.png": b"x"}) == "# Model\n*plot* [no](b.png) *again*\n"
    assert plots(card, {"a.png": b"x", "c.png": b"y"}) == [Plot("a.png", "plot", b"x")]


def test_a_hostile_card_shows_no_html_and_no_picture_from_elsewhere() -> None:
    for card in (
        "![x](https://example.org/a.png)",
        "!![x][y]\n\n[y]: https://example.org/a.png",
        "!![[x](a.png)](https://example.org/b.png)",
        "!![x](a.png)[y](https://example.org/b.png)",
        "<img src=https://example.org/a.png><script>x()</script>",
    ):
        shown = shown_card(card, {"a.png": b"x"})
        assert "![" not in shown and "<" not in shown
    drawn = model_html(load_bundle().manifest, load_taxonomy(), plots('![" onerror="x()](a.png)', {"a.png": b"x"}), "id")
    assert 'alt="&#34; onerror=&#34;x()"' in drawn
