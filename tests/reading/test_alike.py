"""Forms that say the same have one fingerprint, whoever saved them; another value is another."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from tests.reading.conftest import Read, Saved

ROWS: list[list[object]] = [
    ["名簿"],
    ["氏名", "生年月日", "人数"],
    ["花子", "2020-01-02", 3],
    ["太郎", "2021-03-04", "4"],
    ["計", 7],
]


def book(folder: Path, rows: list[list[object]]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(folder / "made.xlsx")
    return (folder / "made.xlsx").read_bytes()


def test_a_form_is_alike_whoever_saved_it(read: Read, resaved: Saved) -> None:
    first = read(resaved.form.read_bytes()).alike
    assert first
    for path in (resaved.by_openpyxl, resaved.by_office):
        assert read(path.read_bytes()).alike == first, path


def test_another_value_is_another(read: Read, tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    first = read(book(tmp_path, rows)).alike
    assert first
    rows[2][0] = "次郎"
    assert read(book(tmp_path, rows)).alike not in ("", first)


def test_a_table_in_text_is_alike_in_every_encoding(read: Read, tmp_path: Path) -> None:
    text = "\r\n".join(",".join(map(str, row)) for row in ROWS)
    found = {read(text.encode(encoding), "a.csv").alike for encoding in ("utf-8", "utf-8-sig", "cp932", "utf-16")}
    found.add(read(text.replace("\r\n", "\n").encode(), "a.csv").alike)
    found.add(read(book(tmp_path, [list(row) for row in ROWS])).alike)
    assert len(found) == 1 and "" not in found


def test_what_says_too_little_is_like_nothing(read: Read, tmp_path: Path) -> None:
    assert read(book(tmp_path, [["a", 1, 2, 3]])).alike == ""
    assert read(book(tmp_path, [[f"label {n}"] for n in range(30)])).alike == ""
