"""What in a PDF is program code, what only formats, and which files it brings along."""

from __future__ import annotations

import pytest

from tests.reading import making as m
from tests.reading.conftest import Read


def with_script(script: bytes) -> bytes:
    field = b"/AcroForm<</Fields[<</T(a)/AA<</F 6 0 R>>>>]>>"
    return m.page(root=field, more=[b"<</S/JavaScript/JS(%s)>>" % script])


@pytest.mark.parametrize(
    "script",
    [
        rb'AFNumber_Format\(0, 0, 0, 0, "", true\);',
        rb'AFNumber_Keystroke\(0, 0, 0, 0, "\\u00a5", true\);',
        rb'AFDate_FormatEx\("yyyy/mm/dd"\);',
        rb"AFPercent_Format\(2, 0\); AFRange_Validate\(true, 0, false, 100\);",
        rb"AFSpecial_Format\(0\)",
    ],
)
def test_what_only_formats_is_no_program_code(read: Read, script: bytes) -> None:
    assert not read(with_script(script), "a.pdf").macros


@pytest.mark.parametrize(
    "script",
    [
        b"app.alert\\(1\\)",
        rb"AFNumber_Format\(0, 0, 0, 0, app.alert\(1\), true\);",
        rb'AFNumber_Format\(0, 0, 0, 0, "", true\); app.launchURL\("http://x"\);',
        rb'AFDate_FormatEx\("yyyy" + this.exportDataObject\("a"\)\);',
        rb'AFSimple_Calculate\("SUM", new Array\("a"\)\);',
    ],
)
def test_everything_else_is(read: Read, script: bytes) -> None:
    assert read(with_script(script), "a.pdf").macros


def test_attached_files_are_named(read: Read) -> None:
    file = b"<</Type/Filespec/F(a.xlsx)/UF<FEFF8ACB6C42002E0078006C00730078>/EF<</F 7 0 R>>>>"
    attached = m.page(
        root=b"/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", more=[file, m.stream(b"x", b"/Type/EmbeddedFile")]
    )
    found = read(attached, "a.pdf")
    assert (found.macros, found.attached) == (False, ("請求.xlsx",))
    assert read(m.page(), "a.pdf").attached == ()
