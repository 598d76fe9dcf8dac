"""How much the pages of a column of a Parquet file come to, as each says itself.

A file's footer may claim any size. The header before each page is binding: Arrow unpacks no more than that, and fails if there
is more. Headers are in Thrift's compact protocol; only their two sizes are read here.
"""

from __future__ import annotations

from collections.abc import Iterator

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_VARINTS = (4, 5, 6)
# Fields of a page's header.
_UNPACKED, _PACKED = 2, 3
# No header of a page is nested deeper.
_MAX_DEPTH = 8


def page_sizes(data: bytes, begin: int, end: int) -> Iterator[int]:
    """The unpacked size of each page between two offsets. ValueError where there are no pages."""
    header = _Header(data, begin)
    while header.at < end:
        try:
            sizes = header.read()
            unpacked, packed = sizes[_UNPACKED], sizes[_PACKED]
        except LookupError as error:
            raise ValueError("a page of the file has no readable header") from error
        if unpacked < 0 or packed < 0:
            raise ValueError("a page of the file has a size below nothing")
        yield unpacked
        header.at += packed


class _Header:
    """Reads one structure after another, from `at` on. IndexError where the bytes end, ValueError where they are none."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self.at = data, at

    def read(self, depth: int = 0) -> dict[int, int]:
        """The whole numbers of a structure by field; what else it holds is passed over."""
        if depth > _MAX_DEPTH:
            raise ValueError("the header of a page is nested too deeply")
        found: dict[int, int] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._number()
            if head & 15 in _VARINTS:
                found[field] = self._number()
            elif head & 15 not in (_TRUE, _FALSE):
                self._skip(head & 15, depth)
        return found

    def _skip(self, kind: int, depth: int) -> None:
        if kind in _VARINTS:
            self._varint()
        elif kind in (_TRUE, _FALSE, _BYTE):
            self.at += 1
        elif kind == _DOUBLE:
            self.at += 8
        elif kind == _BINARY:
            length = self._varint()
            self.at += length
        elif kind in (_LIST, _SET):
            head = self._byte()
            for _ in range(self._varint() if head >> 4 == 15 else head >> 4):
                self._skip(head & 15, depth)
                self._check()
        elif kind == _STRUCT:
            self.read(depth + 1)
        else:
            # The header of a page holds no maps.
            raise ValueError("the header of a page holds what is not known")

    def _check(self) -> None:
        if self.at > len(self._data):
            raise IndexError

    def _byte(self) -> int:
        byte = self._data[self.at]
        self.at += 1
        return byte

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a number in the header of a page is too long")

    def _number(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
