from __future__ import annotations

from pathlib import Path

import pytest

from sorot.data.atomic_files import write_atomically


@pytest.mark.parametrize(("content", "expected"), [("baris é\n", "baris é\n".encode()), (b"\xff\r\n", b"\xff\r\n")])
def test_text_is_written_as_utf8_and_bytes_as_they_are(tmp_path: Path, content: str | bytes, expected: bytes) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"earlier")
    write_atomically(path, content)
    assert path.read_bytes() == expected
    assert list(tmp_path.iterdir()) == [path]


def test_the_temporary_file_is_written_in_the_staging_folder(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with pytest.raises(FileNotFoundError, match="staging"):
        write_atomically(path, "text", staging=tmp_path / "staging")
    (tmp_path / "staging").mkdir()
    write_atomically(path, "text", staging=tmp_path / "staging")
    assert path.read_text(encoding="utf-8") == "text"
    assert not list((tmp_path / "staging").iterdir())


def test_a_failed_write_leaves_the_earlier_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out"
    path.write_text("earlier", encoding="utf-8")

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, "later")
    assert path.read_text(encoding="utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [path]
