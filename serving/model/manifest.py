"""The manifest of a bundle: name, taxonomy, calibration and the hash of every file."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sorot.serving.model.confusion import Confusion
from sorot.serving.model.figures import Figures
from sorot.serving.model.reference import Reference

Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
# A bundle is archived under its name and version, so neither may be a path.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$")]

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
WIDE_FILE = "wide.safetensors"
WIDE_FILE_1 = "gate.safetensors"
CARD_FILE = "README.md"
MANIFEST_FILE = "manifest.json"


class Fingerprint(BaseModel):
    """A data file that the model was trained or tuned on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sha256: str
    rows: int


class Gate(BaseModel):
    """The least linear logit of any label of `task` at which the encoder reads an article.

    Of `found` development articles to which the model gives a label of that task the gate keeps `found_kept`; of `labelled`
    articles to which people gave one, `labelled_kept`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    task: str
    threshold: Finite
    found: int = Field(ge=1)
    found_kept: int = Field(ge=0)
    labelled: int = Field(ge=0)
    labelled_kept: int = Field(ge=0)

    @property
    def recall(self) -> float:
        """Share of the articles labelled by the model that the gate keeps."""
        return self.found_kept / self.found

    @property
    def recall_interval(self) -> tuple[float, float]:
        """Its 95 % interval (Wilson 1927)."""
        z = NormalDist().inv_cdf(0.975)
        share, n = self.recall, self.found
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


class LabelSets(BaseModel):
    """For each `one` task the least probability of a label in the set of labels that may hold.

    The set has the true label of at least `coverage` of articles from sources like the `articles` that it was fitted on: ones
    that training had not seen (split conformal prediction, Vovk et al. 2005; Angelopoulos and Bates 2023).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    coverage: float = Field(gt=0, lt=1)
    articles: int = Field(ge=1)
    least: dict[str, Probability]


class Manifest(BaseModel):
    """All that serving needs to know about a model.

    By task: `thresholds` hold the least probability of each label of a `many` task, `temperatures` divide the logits, `bias`
    is added to them, in the taxonomy's order of labels. `metrics` holds the figures by file and task. `confusion` has the errors
    on development articles that training has not seen, `reference` what the development articles are like.
    `max_tokens` is the window with its two special tokens.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[2] = 2
    name: Name
    version: Name
    created: str
    taxonomy: dict[str, Any]
    thresholds: dict[str, dict[str, Probability]]
    temperatures: dict[str, Positive]
    bias: dict[str, list[Finite]]
    gate: Gate | None = None
    label_sets: LabelSets | None = None
    confusion: Confusion | None = None
    reference: Reference | None = None
    max_tokens: int = Field(ge=16)
    encoder: str
    data: dict[str, Fingerprint]
    metrics: Figures
    files: dict[str, str]

    @property
    def wide_file(self) -> str:
        """The file of the linear part, by its name in this bundle: until 0.4 it was called after the gate."""
        return WIDE_FILE if WIDE_FILE in self.files or WIDE_FILE_1 not in self.files else WIDE_FILE_1
