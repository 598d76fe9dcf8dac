from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from sorot.data.errors import SorotError
from sorot.data.toml_files import read_toml
from sorot.data.validation import MAX_MISTAKES, describe_validation_error


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    size: int = 1


class SettingsError(SorotError):
    pass


def read(path: Path) -> Settings:
    return read_toml(path, Settings, SettingsError, kind="settings file", if_missing="write one")


def test_a_valid_file_becomes_the_model(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('name = "Sorot"\nsize = 3\n', encoding="utf-8")
    assert read(path) == Settings(name="Sorot", size=3)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such settings file; write one"),
        (b"name = ", "not valid TOML"),
        (b'name = "\xff"', "not valid TOML"),
        (
            b'name = "a"\nsize = "large"\ncolour = 1',
            "size: .*; colour: .*; .*test_toml_files.py lists the keys of a settings file",
        ),
    ],
)
def test_a_wrong_file_raises_one_sentence_with_file_keys_and_cure(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "settings.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=reason) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ") and "\n" not in str(caught.value)


def test_a_folder_in_place_of_the_file_is_an_error_of_the_same_kind(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path)


def test_a_mistake_about_no_single_key_is_attributed_to_the_whole() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate([])
    assert describe_validation_error(caught.value, "the table").startswith("the table: ")


def test_of_very_many_mistakes_only_the_first_are_listed() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"name": "a", **{f"key{i}": 1 for i in range(MAX_MISTAKES + 5)}})
    sentence = describe_validation_error(caught.value)
    assert sentence.endswith("; and 5 more")
    assert sentence.count("key") == MAX_MISTAKES
