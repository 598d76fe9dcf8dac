"""One random case by its seed: bytes made from hostile and plain ones, and what has to hold for them."""

from __future__ import annotations

import io
import random
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sorot.data.article import Article, Reject
from sorot.data.errors import SorotError
from sorot.data.labels.convert import convert_labels
from sorot.data.labels.exchange.tools import Tool
from sorot.data.prepare import prepare
from sorot.data.reading.readers import read_articles
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.bundle import load_bundle
from sorot.serving.quotes.find import find_quotes
from sorot.serving.service.schemas import BatchRequest
from tests.data.reading.office_files import zipped
from tests.hostile_documents import DOCUMENTS, exports, write_export
from tests.hostile_texts import FILES, PAGES, TEXTS

MAX_CHARACTERS = 20_000
# No case of this size may take longer, in seconds of CPU time.
MAX_SECONDS = 5.0
_TOKENS = (
    '"', "'", "\n", "\r", "\t", " ", ",", ";", "{", "}", "[", "]", "<", ">", "&", "\\", "\x00", "\ufeff", "\ud800", "é", "。", "2015",
    "null", "1e999", "-", "--", "<p>", "</p>", "<!--", "]]>", "&#0;", "%PDF-", "PK\x03\x04", "From ", "WARC/1.0\r\n", "Jakarta, ",
)  # fmt: skip


def fuzz_readers(source: random.Random, place: Path) -> None:
    """Every file gives articles and rejects, or one clear error."""
    made = {
        **FILES,
        **{f"{name}.html": make for name, make in PAGES.items()},
        **{f"{name}.txt": make for name, make in TEXTS.items()},
    }
    names = list(made)
    name = source.choice(names)
    data = _mutated(source, made[name](source.randrange(MAX_CHARACTERS))).encode("utf-8", "surrogatepass")
    # Content decides before the suffix, so the suffix may be any.
    _read(place / f"a{Path(source.choice([name, source.choice(names)])).suffix}", _damaged(source, data))


def fuzz_documents(source: random.Random, place: Path) -> None:
    """So do Office files, PDFs and archives, whose members are altered before they are packed."""
    name = source.choice(list(DOCUMENTS))
    data = DOCUMENTS[name](source.randrange(MAX_CHARACTERS // 2))
    if zipfile.is_zipfile(io.BytesIO(data)) and source.randrange(4):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {member: archive.read(member) for member in archive.namelist()}
        chosen = source.choice(list(members))
        text = members[chosen].decode("utf-8", "surrogateescape")
        members[chosen] = _mutated(source, text).encode("utf-8", "replace")
        data = zipped(members)
    else:
        data = _damaged(source, data)
    _read(place / name, data)


def fuzz_labels(source: random.Random, place: Path) -> None:
    """An export of labels is converted, or refused with one error."""
    tool, rows = source.choice(list(exports(2_000).items()))
    file = place / "a.jsonl"
    file.write_bytes(_mutated(source, write_export(rows)).encode("utf-8", "surrogatepass"))
    with suppress(SorotError):
        convert_labels(file, Tool(tool), Tool.SOROT, load_taxonomy())


def _damaged(source: random.Random, data: bytes) -> bytes:
    for _ in range(source.randrange(4)):
        at = source.randrange(len(data) + 1)
        data = data[:at] + source.randbytes(source.randrange(8)) + data[at + source.randrange(8) :]
    return data


def _read(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    try:
        for item in read_articles([str(file)]):
            assert isinstance(item, Article | Reject)
    except SorotError as error:
        assert str(error)


def fuzz_cleaning(source: random.Random, place: Path) -> None:
    """Cleaning done twice changes nothing, and quotes lie in the text."""
    del place
    text = _mutated(source, source.choice(list(TEXTS.values()))(source.randrange(MAX_CHARACTERS // 4)))
    once = prepare(Article("1", text, title=source.choice([None, text[:100]])))
    assert prepare(once) == once, "preparing it twice changes it"
    for quote in find_quotes(once.title, once.body):
        assert 0 <= quote.start < quote.end <= len(once.body), "a quote lies outside the text"


def fuzz_bodies(source: random.Random, place: Path) -> None:
    """A body of the service is a request or a validation error."""
    del place
    body = _mutated(source, '{"articles": [{"id": "1", "text": "Taman baru dibuka."}], "options": {"evidence": true}}')
    try:
        BatchRequest.model_validate_json(body.encode("utf-8", "surrogatepass"))
    except ValueError as error:
        assert str(error)


def fuzz_bundles(source: random.Random, place: Path, bundle: Path) -> None:
    """A bundle with an altered manifest is refused with one error, or is what it was."""
    folder = shutil.copytree(bundle, place / "bundle")
    manifest = folder / "manifest.json"
    manifest.write_bytes(_mutated(source, manifest.read_text(encoding="utf-8")).encode("utf-8", "surrogatepass"))
    try:
        load_bundle(folder)
    except SorotError as error:
        assert str(folder) in str(error)


TARGETS: dict[str, Callable[[random.Random, Path], None]] = {
    "readers": fuzz_readers,
    "documents": fuzz_documents,
    "labels": fuzz_labels,
    "cleaning": fuzz_cleaning,
    "bodies": fuzz_bodies,
}


def run_case(target: str, seed: int, bundle: Path) -> str | None:
    """What is wrong with the case of this seed, or None."""
    source = random.Random(f"{target} {seed}")
    begin = time.process_time()
    with tempfile.TemporaryDirectory() as place:
        try:
            if target == "bundles":
                fuzz_bundles(source, Path(place), bundle)
            else:
                TARGETS[target](source, Path(place))
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:300]
    seconds = time.process_time() - begin
    return f"{seconds:.1f} s of CPU time" if seconds > MAX_SECONDS else None


def _mutated(source: random.Random, text: str) -> str:
    for _ in range(source.randrange(1, 6)):
        begin = source.randrange(len(text) + 1)
        end = min(len(text), begin + source.randrange(1, 200))
        change = source.randrange(4)
        if change == 0:
            text = text[:begin] + text[end:]
        elif change == 1:
            text = text[:begin] + source.choice(_TOKENS) * source.choice([1, 2, 50]) + text[begin:]
        elif change == 2:
            text = text[:end] + text[begin:end] * source.choice([1, 20]) + text[end:]
        else:
            text = text[:begin] + "".join(source.sample(text[begin:end], end - begin)) + text[end:]
    return text[:MAX_CHARACTERS]
