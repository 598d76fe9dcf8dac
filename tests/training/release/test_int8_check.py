"""int8 is refused where it is significantly worse than fp32, not where a few articles change their label."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sorot.training.export.assemble import Labels, ReleaseError, check_int8
from sorot.training.measure.metrics import one_hot

KEPT = Path("model.fp32.onnx")


def labels(articles: int, wrong: int) -> Labels:
    """Three classes in turn; the first `wrong` articles are given another class."""
    truth = np.arange(articles) % 3
    found = np.where(np.arange(articles) < wrong, (truth + 1) % 3, truth)
    return {"stance": (one_hot(truth, 3), one_hot(found, 3))}


@pytest.mark.parametrize(("articles", "wrong"), [(68, 2), (400, 3), (590, 3), (590, 0)])
def test_a_few_articles_are_chance(articles: int, wrong: int) -> None:
    check_int8(labels(articles, 0), labels(articles, wrong), KEPT)


@pytest.mark.parametrize(("articles", "wrong"), [(68, 8), (590, 12), (3000, 40)])
def test_a_loss_beyond_chance_is_refused(articles: int, wrong: int) -> None:
    with pytest.raises(ReleaseError, match=r"int8 loses \d+\.\d\d points of macro-F1 on stance"):
        check_int8(labels(articles, 0), labels(articles, wrong), KEPT)


def test_a_significant_loss_below_half_a_point_passes() -> None:
    check_int8(labels(3000, 0), labels(3000, 10), KEPT)


def test_a_gain_passes() -> None:
    check_int8(labels(590, 60), labels(590, 0), KEPT)
