"""What int8 may cost before a release is refused."""

from __future__ import annotations

import pytest

from sorot.training.export.assemble import int8_allowance


@pytest.mark.parametrize("articles", [400, 590, 10_000])
def test_half_a_point_where_there_are_articles_enough_to_tell(articles: int) -> None:
    assert int8_allowance(articles) == 0.005


def test_two_articles_where_there_are_few() -> None:
    assert int8_allowance(68) == pytest.approx(2 / 68)
