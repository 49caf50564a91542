"""Looks for traces of one operator in what another can see: names, bytes, cells, in any encoding and any wrapping.

It knows nothing of syncd: it opens what a curious person with the usual programs would open.
"""

from __future__ import annotations

import contextlib
import gzip
import html
import io
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdf

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp")
DEPTH = 6
_TAG = re.compile(r"<[^>]*>")
_ARCHIVE = re.compile(rb"PK\x03\x04")


def found_in(folder: Path, planted: Iterable[str]) -> list[str]:
    """Every trace of the planted strings below the folder: `path: string`. Links are not followed: nobody's bytes."""
    wanted = tuple(planted)
    hits = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        hits += [f"{name}: the name has {one!r}" for one in _in_text(name, wanted)]
        if path.is_file() and not path.is_symlink():
            hits += [f"{name}: {one!r}" for one in traces(path.read_bytes(), wanted)]
    return hits


def traces(content: bytes, planted: Iterable[str]) -> list[str]:
    """The planted strings that somebody could find in these bytes."""
    wanted = tuple(planted)
    found = {one for layer in _layers(content, DEPTH) for one in _in_layer(layer, wanted)}
    return sorted(found)


def _in_text(text: str, planted: tuple[str, ...]) -> list[str]:
    folded = unicodedata.normalize("NFKC", text)
    return [one for one in planted if one in text or unicodedata.normalize("NFKC", one) in folded]


def _in_layer(content: bytes, planted: tuple[str, ...]) -> Iterator[str]:
    for one in planted:
        if any(form in content for form in _forms(one)):
            yield one
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Text of an office file may be cut into runs, and written with character references.
        yield from _in_text(text, planted)
        yield from _in_text(html.unescape(_TAG.sub("", text)), planted)


def _forms(text: str) -> set[bytes]:
    forms = set()
    for encoding in ENCODINGS:
        try:
            forms.add(text.encode(encoding))
        except UnicodeEncodeError:
            continue
    return forms


def _layers(content: bytes, depth: int) -> Iterator[bytes]:
    """The bytes themselves and everything that is wrapped in them."""
    yield content
    if depth == 0:
        return
    for inner in _unwrapped(content):
        yield from _layers(inner, depth - 1)


def _unwrapped(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"%PDF-"):
        yield _pdf_text(content).encode()
    if content.startswith(b"\x1f\x8b"):
        with contextlib.suppress(OSError, EOFError):
            yield gzip.decompress(content)
    if content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for info in archive:
                yield info.name.encode()
                member = archive.extractfile(info)
                if member is not None:
                    yield member.read()
    for start in (match.start() for match in _ARCHIVE.finditer(content)):
        try:
            with zipfile.ZipFile(io.BytesIO(content[start:])) as archive:
                for entry in archive.infolist():
                    yield entry.filename.encode("utf-8", "replace")
                    if not entry.flag_bits & 1:
                        yield archive.read(entry)
            return  # an archive's members begin with the same letters
        except zipfile.BadZipFile:
            continue


def _pdf_text(content: bytes) -> str:
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        texts = [page.extract_text() for page in reader.pages]
        return "\n".join([*texts, *(str(value) for value in (reader.metadata or {}).values())])
    except pypdf.errors.PyPdfError:
        return ""
