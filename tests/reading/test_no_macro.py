"""A VBA project without a line of code is no macro; one with a line is, in its source or in what is compiled."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from random import Random

import pytest

from syncd.reading.vba import has_code, project_has_code
from tests.reading import making as m
from tests.reading.conftest import TOTAL, Read

EMPTY = 'Attribute VB_Name = "{}"\r\nAttribute VB_Base = "0{{00020819-0000-0000-C000-000000000046}}"\r\n'
CODE = [
    "Sub Auto_Open()\r\nEnd Sub\r\n", "Private Sub Workbook_Open()\r\nShell \"x\"\r\nEnd Sub", "Dim a",
    "' a remark", "MsgBox 1",
    "Declare Function f Lib \"k\" ()", "Attribute VB_Name = \"M\": x = 1 : Shell y\r\nx",
]  # fmt: skip
HARMLESS = ["", "\r\n\r\n", "Option Explicit\r\n", "  \r\nOption Compare Text\r\n"]


def packed(data: bytes) -> bytes:
    """As modules are packed, every byte as it is."""
    found = bytearray(b"\1")
    for at in range(0, len(data), 3000):
        chunk = bytearray()
        piece = data[at : at + 3000]
        for start in range(0, len(piece), 8):
            chunk += b"\0" + piece[start : start + 8]
        found += struct.pack("<H", 0xB000 | (len(chunk) - 1)) + chunk
    return bytes(found)


def compiled(*lines: bytes) -> bytes:
    """What Office keeps before the source: nothing that matters, then each line's length and place."""
    places, body = b"", b""
    for line in lines:
        places += struct.pack("<IHHI", 0, len(line), 0, len(body) if line else 0xFFFFFFFF)
        body += line
    return bytes(40) + b"\xfe\xca\1\0" + struct.pack("<H", len(lines)) + places + bytes(10) + body


def project(modules: Mapping[str, tuple[bytes, str]], more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The streams of a project by their names; of each module what is compiled and its source."""
    listed = struct.pack("<HIIH", 9, 4, 1, 1)
    streams = {}
    for name, (before, source) in modules.items():
        listed += struct.pack("<HI", 0x1A, len(name)) + name.encode() + struct.pack("<HI", 0x32, 2 * len(name))
        listed += name.encode("utf-16-le") + struct.pack("<HII", 0x31, 4, len(before))
        streams[name] = before + packed((EMPTY.format(name) + source).encode("cp932"))
    return {"dir": packed(listed), "_VBA_PROJECT": b"\xcc\x61" + bytes(20), **streams, **(more or {})}


class Streams:
    """A project's streams in their storage, as `Compound` gives them."""

    def __init__(self, streams: Mapping[str, bytes], folder: str = "_vba_project_cur/vba/") -> None:
        self.data = {folder + name.lower(): data for name, data in streams.items()}
        self.paths = {path: (0, len(data)) for path, data in self.data.items()}

    def beginning(self, name: str, most: int) -> bytes:
        return self.data[name][:most]


def code_in(streams: Mapping[str, bytes], folder: str = "vba/") -> bool:
    return has_code(Streams(streams, folder))  # type: ignore[arg-type]  # it asks for no more than that


def test_projects_without_a_line() -> None:
    for seed in range(60):
        rng = Random(seed)
        modules = {
            name: (rng.choice((b"", compiled(), compiled(b"", b""), compiled(b"\xd0\x04"))), rng.choice(HARMLESS))
            for name in rng.sample(("ThisWorkbook", "Sheet1", "Module1", "様式"[:0] + "Class1"), rng.randint(1, 4))
        }
        assert not code_in(project(modules), rng.choice(("vba/", "_vba_project_cur/vba/"))), seed


@pytest.mark.parametrize("source", CODE)
def test_a_line_of_source_anywhere(source: str) -> None:
    for place in range(3):
        modules = {f"M{n}": (compiled(), source if n == place else HARMLESS[n]) for n in range(3)}
        assert code_in(project(modules))


def test_what_is_compiled_counts_though_the_source_is_gone() -> None:
    for line in (b"\x20\x00\x01\x02", b"\x41\x40", b"\xd0\x00\x00\x00"):
        assert code_in(project({"Module1": (compiled(b"", line), "")}))
    assert code_in(project({"Module1": (b"\1" * 700, "")})), "nothing known was compiled"
    assert code_in(project({"Module1": (compiled(), "")}, {"__SRP_0": b"x"})), "it has run before"


def test_what_is_not_understood_counts() -> None:
    whole = project({"Module1": (compiled(), "")})
    assert code_in({name: data for name, data in whole.items() if name != "Module1"})
    assert code_in(whole | {"Module2": packed(b"")})
    assert code_in(whole | {"dir": b"\1\2"}) and code_in(whole | {"dir": b""}) and code_in(whole | {"Module1": b"x"})
    assert code_in({"other": b""}) and project_has_code(b"") and project_has_code(b"x" * 9000)
    for seed in range(200):
        rng = Random(seed)
        name = rng.choice(list(whole))
        broken = bytearray(whole[name])
        for _ in range(rng.randint(1, 5)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        code_in(whole | {name: bytes(broken)})  # whatever it says, it says it


def test_a_workbook_that_may_hold_macros_and_holds_none(read: Read) -> None:
    found = read(m.zipped(m.xlsx_parts(main_type=m.MACRO_TYPE)), "a.xlsm", TOTAL)
    assert (found.kind, found.macros, found.facts["total"].one) == ("xlsm", False, 12)
    parts = m.xlsx_parts(main_type=m.MACRO_TYPE) | {"xl/vbaProject.bin": b"x"}
    assert read(m.zipped(parts), "a.xlsm", TOTAL).macros
