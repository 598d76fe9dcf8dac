"""The manifest of a bundle: what the model is, how its outputs are read, and the hash of every file."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
WIDE_FILE = "gate.safetensors"
CARD_FILE = "README.md"
MANIFEST_FILE = "manifest.json"


class Fingerprint(BaseModel):
    """A data file that the model was trained or tuned on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sha256: str
    rows: int


class Gate(BaseModel):
    """The least linear logit of any topic at which the encoder reads an article, where most are not worth it.

    Of `found` development articles to which the model gives a topic the gate keeps `found_kept`; of `labelled` ones to which
    people gave one, `labelled_kept`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    threshold: Finite
    found: int = Field(ge=1)
    found_kept: int = Field(ge=0)
    labelled: int = Field(ge=0)
    labelled_kept: int = Field(ge=0)

    @property
    def recall(self) -> float:
        """Share of what the model finds that the gate keeps."""
        return self.found_kept / self.found

    @property
    def recall_interval(self) -> tuple[float, float]:
        """Its 95 % interval (Wilson 1927)."""
        z = NormalDist().inv_cdf(0.975)
        share, n = self.recall, self.found
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


class Manifest(BaseModel):
    """All that the serving room has to know of a model.

    `thresholds` hold a topic's least probability, `temperatures` divide a task's logits, `bias` is added to them, in the
    taxonomy's order of labels. `max_tokens` is the window with its two special tokens.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1
    name: str
    version: str
    created: str
    taxonomy: dict[str, Any]
    thresholds: dict[str, Probability]
    temperatures: dict[str, Positive]
    bias: dict[str, list[Finite]]
    gate: Gate | None = None
    max_tokens: int = Field(ge=16)
    encoder: str
    data: dict[str, Fingerprint]
    metrics: dict[str, Any]
    files: dict[str, str]
