"""What is inside a file is found whatever packs it, and a mark whoever saved the file again."""

from __future__ import annotations

import email.message
import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
import pytest

from syncd.owner_mark import mark_of, marks_in, signed, unsigned
from syncd.reading import Insides, Reader
from syncd.reading.marking import mark, unmark
from tests.reading.conftest import FAULTS, Saved
from tests.reading.making import compound, page, xlsx
from tests.reading.office import saved_again
from tests.samples import tiny

MARK = mark_of("himawari")
INNER = b"SECRET of the one"
Inspect = Callable[..., Insides]


@pytest.fixture
def inspect(reader: Reader, tmp_path: Path) -> Inspect:
    """Bytes and a name → what is inside them; the folder for members is `members`."""

    def inspect(data: bytes, name: str = "a.bin") -> Insides:
        (tmp_path / "content").write_bytes(data)
        folder = tmp_path / "members"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        return reader.inspect(tmp_path / "content", name, folder)

    return inspect


def sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()


def zipped(name: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def added(outer: bytes, part: str, data: bytes) -> bytes:
    """An office file with one more part."""
    target = io.BytesIO(outer)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(part, data)
    return target.getvalue()


def tarred(data: bytes, mode: str = "w") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("a.xlsx")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    found: bytes = target.getvalue()
    return found


def native(data: bytes) -> bytes:
    """As Office's packager keeps a file: its name, the paths that it had, its bytes."""
    body = struct.pack("<H", 2) + b"a.txt\0" + b"C:\\a.txt\0" + struct.pack("<HH", 0, 3)
    body += struct.pack("<I", 9) + b"C:\\a.txt\0" + struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(body)) + body


def mail(data: bytes) -> bytes:
    message = email.message.EmailMessage()
    message["Subject"], message["From"] = "送付", "a@example.jp"
    message.set_content("text")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename="a.xlsx")
    return bytes(message)


def attached(data: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(page()))
    writer.add_attachment("a.xlsx", data)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "zip": lambda data: zipped("a.xlsx", data),
    "stored zip": lambda data: zipped("資料/a.xlsx", data, zipfile.ZIP_STORED),
    "zip in zip": lambda data: zipped("b.zip", zipped("a.xlsx", data)),
    "zip in zip in zip in zip": lambda data: zipped("d", zipped("c", zipped("b", zipped("a", data)))),
    "zip behind a picture": lambda data: b"\xfe\xff picture" * 9 + zipped("a", data),
    "gzip": gzip.compress,
    "tar": tarred,
    "tar.gz": lambda data: tarred(data, "w:gz"),
    "in a workbook": lambda data: added(xlsx(), "xl/embeddings/Microsoft_Excel1.xlsx", data),
    "in a letter": lambda data: added(tiny.letter("x"), "word/embeddings/oleObject1.bin", data),
    "in a letter in a zip": lambda data: zipped("a", added(tiny.letter("x"), "word/embeddings/1.docx", data)),
    "as a picture of a letter": lambda data: added(tiny.letter("x"), "word/media/image1.emf", data),
    "as a package": lambda data: added(tiny.letter("x"), "word/embeddings/1.bin", compound({"Package": data})),
    "as the packager keeps it": lambda data: added(
        tiny.letter("x"), "word/embeddings/1.bin", compound({"\x01Ole10Native": native(data)})
    ),
    "in an old document": lambda data: compound({"WordDocument": bytes(5000), "\x01Ole10Native": native(data)}),
    "in a mail": mail,
    "attached to a page": attached,
}


@pytest.mark.parametrize("how", PACKED)
@pytest.mark.parametrize("inner", [INNER, b"\xff\xd8\xff a picture", tiny.workbook("of the one")])
def test_what_is_packed_is_found_by_its_bytes(inspect: Inspect, how: str, inner: bytes) -> None:
    found = inspect(PACKED[how](inner))
    assert sha1(inner) in {member.sha1 for member in found.members}
    assert found.sealed == ""


@pytest.mark.parametrize("how", PACKED)
def test_a_mark_is_found_in_what_is_packed(inspect: Inspect, how: str) -> None:
    assert inspect(PACKED[how](signed("理由", "himawari", "ja", "\r\n").encode())).marks == (MARK,)


@pytest.mark.parametrize(
    ("data", "sealed"),
    [
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "packed"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "packed"),
        (b"BZh91AY" + bytes(50), "packed"),
        (zipped("a.rar", b"Rar!\x1a\x07\x00" + bytes(50)), "packed"),
        (compound({"EncryptionInfo": b"\x04\x00\x04\x00" + bytes(60), "EncryptedPackage": bytes(4096)}), "encrypted"),
        (zipped("a", b"x" * 90)[:-40], "unreadable"),
        (b"\x1f\x8b\x08\x00" + bytes(9), "unreadable"),
    ],
    ids=["rar", "7z", "bzip2", "rar in a zip", "password", "half a zip", "half a gzip"],
)
def test_what_cannot_be_opened_is_sealed(inspect: Inspect, data: bytes, sealed: str) -> None:
    assert inspect(data, "a.xlsx").sealed == sealed


def test_packed_too_deep_is_sealed(inspect: Inspect) -> None:
    data = INNER
    for _ in range(12):
        data = zipped("a.zip", data)
    assert inspect(data).sealed == "deep"


def test_plain_files_hold_nothing(inspect: Inspect) -> None:
    for data in (
        b"",
        b"text",
        xlsx(),
        tiny.letter("x"),
        page(),
        tiny.picture("x"),
        compound({"Workbook": bytes(5000)}),
    ):
        assert inspect(data) == Insides()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp932"])
def test_a_text_bears_its_mark_in_every_encoding(inspect: Inspect, encoding: str) -> None:
    text = signed("合計が違います\r\n", "himawari", "ja", "\r\n")
    assert inspect((text + "追記").encode(encoding)).marks == (MARK,)
    assert unsigned(text) == "合計が違います\r\n\r\n"
    assert signed("", "himawari", "ja", "\r\n") == ""


def test_the_mark_says_nothing_of_whose_it_is() -> None:
    assert "himawari" not in MARK and marks_in(MARK.encode()) == {MARK} and mark_of("sakura") != MARK


@pytest.fixture(scope="module")
def of_himawari(resaved: Saved, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A marked copy, and the same as other programs have saved it."""
    folder = tmp_path_factory.mktemp("owned")
    marked = folder / "marked.xlsx"
    assert mark(resaved.form, FAULTS, marked, MARK)
    again = folder / "openpyxl.xlsx"
    openpyxl.load_workbook(marked).save(again)
    office = folder / "office"
    office.mkdir()
    for kind in ("xlsx", "ods", "xls"):
        saved_again([marked], kind, office, folder / "profile")
    return {
        "as made": marked, "openpyxl": again, "LibreOffice": office / "marked.xlsx", "as ods": office / "marked.ods",
        "as xls": office / "marked.xls",
    }  # fmt: skip


@pytest.mark.parametrize("how", ["as made", "openpyxl", "LibreOffice", "as ods", "as xls"])
def test_a_marked_copy_bears_its_mark_whoever_saved_it(
    inspect: Inspect, of_himawari: dict[str, Path], how: str
) -> None:
    assert inspect(of_himawari[how].read_bytes(), "参考.xlsx").marks == (MARK,)


@pytest.mark.parametrize("how", ["as made", "openpyxl", "LibreOffice"])
def test_the_mark_comes_off_with_the_others(
    inspect: Inspect, of_himawari: dict[str, Path], tmp_path: Path, how: str
) -> None:
    clean = tmp_path / "clean.xlsx"
    assert unmark(of_himawari[how], clean)
    assert inspect(clean.read_bytes()).marks == ()
    assert not unmark(clean, tmp_path / "again.xlsx")


def test_a_form_with_properties_of_its_own_keeps_them(inspect: Inspect, resaved: Saved, tmp_path: Path) -> None:
    from openpyxl.packaging.custom import StringProperty

    book = openpyxl.load_workbook(resaved.form)
    book.custom_doc_props.append(StringProperty(name="部署", value="保育課"))  # type: ignore[attr-defined]
    book.save(tmp_path / "own.xlsx")
    assert mark(tmp_path / "own.xlsx", FAULTS, tmp_path / "marked.xlsx", MARK)
    assert inspect((tmp_path / "marked.xlsx").read_bytes()).marks == (MARK,)
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert {one.name for one in marked.custom_doc_props.props} == {"部署", "syncd"}  # type: ignore[attr-defined]
    assert unmark(tmp_path / "marked.xlsx", tmp_path / "clean.xlsx")
    clean = openpyxl.load_workbook(tmp_path / "clean.xlsx")
    assert {one.name for one in clean.custom_doc_props.props} == {"部署"}  # type: ignore[attr-defined]


def test_a_page_saved_again_bears_its_mark(inspect: Inspect) -> None:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(page()))
    writer.add_metadata({"/Keywords": MARK, "/Title": "提出状況"})
    target = io.BytesIO()
    writer.write(target)
    assert inspect(target.getvalue()).marks == (MARK,)
    again = pypdf.PdfWriter(clone_from=io.BytesIO(target.getvalue()))
    again.compress_identical_objects()
    saved = io.BytesIO()
    again.write(saved)
    assert inspect(saved.getvalue()).marks == (MARK,)
