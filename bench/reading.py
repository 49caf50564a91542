"""How long syncd takes to look into workbooks, beside what one would use instead in the same process.

    python bench/reading.py [FILES]

Prints milliseconds (median of 15, and of 5 for the first look of a new process) for a workbook of about 200 kB with 20
facts, for PDFs of one page and of fifty and a Word document, the memory of the process that did it, and how long FILES
(2,000) small workbooks take with one and two processes. openpyxl and calamine only open the file and go through its
cells; they look for no facts, and a bomb would be theirs to survive.
"""

from __future__ import annotations

import datetime
import os
import random
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import python_calamine
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from syncd.forms.fact import Fact
from syncd.reading import Reader
from syncd.reports import font

FACTS = [Fact(f"fact{number}", "int", labels=(f"項目{number}",)) for number in range(20)]
ROWS = 3_100


def workbook(path: Path, rows: int) -> Path:
    """A list of children, with labels and numbers beside it."""
    values = random.Random(rows)
    book = openpyxl.Workbook()
    top = book.active
    assert top is not None
    for row in range(1, rows + 1):
        born = datetime.date(2020, 4, 1) + datetime.timedelta(days=values.randrange(2000))
        name, number = f"児童{values.randrange(10**6)}", values.randrange(10**9)
        top.append([row, name, born, values.random() * 1000, values.randrange(9), "○", f"=E{row}*2", f"認定{number}"])
    for number in range(20):
        top.cell(number * rows // 20 + 1, 11, f"項目{number}")
        top.cell(number * rows // 20 + 1, 12, number)
    book.save(path)
    return path


def pdf(path: Path, pages: int) -> Path:
    """Tables with ruling lines, 40 lines of 6 cells a page, and the labels in front."""
    font.font()
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(pages):
        canvas.setFont(font.NAME, 9)
        for number in range(20 if page == 0 else 0):
            canvas.drawString(40 + number % 4 * 130, 800 - number // 4 * 14, f"項目{number}")
            canvas.drawString(100 + number % 4 * 130, 800 - number // 4 * 14, f"{number}")
        for row in range(40):
            for column in range(6):
                canvas.rect(40 + column * 85, 680 - row * 16, 85, 16)
                canvas.drawString(
                    44 + column * 85, 685 - row * 16, f"児童{page}" if column == 0 else f"{row * column:,}"
                )
        canvas.showPage()
    canvas.save()
    return path


def word(path: Path) -> Path:
    """The labels in a table, below a list of 500 lines of 6 cells."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = [[f"児童{row}", *(str(row * column) for column in range(5))] for row in range(500)]
    rows += [[f"項目{number}", str(number)] for number in range(20)]
    table = "".join("<w:tr>" + "".join(map(cell.format, row)) + "</w:tr>" for row in rows)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
        )
        relation = '<Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{relation}</Relationships>")
        body = f'<w:document xmlns:w="{space}"><w:body><w:tbl>{table}</w:tbl></w:body></w:document>'
        archive.writestr("word/document.xml", body)
    return path


def milliseconds(what: Callable[[], object], runs: int) -> float:
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        what()
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def by_openpyxl(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True)
    found = sum(1 for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value is not None)
    book.close()
    return found


def by_calamine(path: Path) -> int:
    with python_calamine.load_workbook(path) as book:
        return sum(len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names)


def cold(path: Path) -> None:
    with Reader(workers=1) as reader:
        reader.read(path, path.name, FACTS)


def peak(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def main() -> None:
    count = int((*sys.argv[1:2], "2000")[0])
    with tempfile.TemporaryDirectory() as name:
        large = workbook(Path(name) / "large.xlsx", ROWS)
        small = workbook(Path(name) / "small.xlsx", 40)
        print(f"a workbook of {large.stat().st_size // 1000} kB, 20 facts")
        with Reader(workers=1) as reader:
            found = reader.read(large, large.name, FACTS)
            assert [value.one for value in found.facts.values()] == list(range(20)), found
            print(f"  syncd, warm     {milliseconds(lambda: reader.read(large, large.name, FACTS), 15):8.1f} ms")
            print(f"  syncd, cold     {milliseconds(lambda: cold(large), 5):8.1f} ms")
            print(f"  openpyxl        {milliseconds(lambda: by_openpyxl(large), 5):8.1f} ms")
            print(f"  calamine        {milliseconds(lambda: by_calamine(large), 15):8.1f} ms")
            print(f"  syncd, 10 kB    {milliseconds(lambda: reader.read(small, small.name, FACTS), 15):8.1f} ms")
            for what, path in (
                ("PDF, 1 page", pdf(Path(name) / "one.pdf", 1)),
                ("PDF, 50 pages", pdf(Path(name) / "fifty.pdf", 50)),
                ("docx", word(Path(name) / "a.docx")),
            ):
                found = reader.read(path, path.name, FACTS)
                assert [value.one for value in found.facts.values()] == list(range(20)), found
                print(f"  {what:<16}{milliseconds(lambda path=path: reader.read(path, path.name, FACTS), 5):8.1f} ms")
            print(f"  memory          {peak(reader.processes[0]):8.0f} MB at most")
        for workers in (1, 2):
            with Reader(workers=workers) as reader, ThreadPoolExecutor(2 * workers) as threads:
                began = time.perf_counter()
                list(threads.map(lambda _, by=reader: by.read(small, small.name, FACTS), range(count)))
                seconds = time.perf_counter() - began
                most = max(map(peak, reader.processes))
            print(f"{count} workbooks of {small.stat().st_size // 1000} kB, {workers} processes:"
                  f" {seconds:.1f} s, {count / seconds:.0f} a second, {most:.0f} MB each at most")  # fmt: skip
    print(f"this machine: {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
