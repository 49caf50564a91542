"""What nurseries send: workbooks and PDFs as wards know them, filled with people and sums that nobody has."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syncd.demo.pdf import Box, Text, page

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from syncd.demo.ward import Nursery

AGES = ("0歳", "1歳", "2歳", "3歳", "4歳", "5歳")
HEADCOUNTS: Mapping[str, tuple[int, ...]] = {
    "012": (6, 9, 11, 12, 12, 12),
    "013": (3, 8, 9, 12, 13, 12),
    "014": (6, 12, 14, 19, 20, 19),
}
_CHILDREN = ("青木 陽菜", "石田 蓮", "上野 結衣", "大森 湊", "加藤 葵", "木村 樹")
_STAFF = (
    ("園長", "佐々木 由美", "保育士", "東京-000101", 1.0),
    ("主任保育士", "田中 恵子", "保育士", "東京-000102", 1.0),
    ("保育士", "鈴木 大輔", "保育士", "東京-000103", 1.0),
    ("保育士", "高橋 さくら", "保育士", "東京-000104", 0.8),
    ("調理員", "伊藤 誠", "調理師", "東京-000105", 0.6),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a nursery sends.

    Attributes:
        title: what its file name says after facility and month.
        make: its bytes, from the nursery, the month (year, number) and whether there is a mistake in it.
    """

    title: str
    extension: str
    make: Callable[[Nursery, tuple[int, int], bool], bytes]

    def name(self, nursery: Nursery, month: tuple[int, int]) -> str:
        """As the guide of the ward asks for it."""
        return f"{nursery.code}_{month[0]}{month[1]:02d}_{self.title}.{self.extension}"


def _headed(sheet: Worksheet, title: str, nursery: Nursery, month: tuple[int, int]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = title[:31].replace("・", "")
    sheet.merge_cells("A1:D1")
    sheet["A1"] = title
    sheet["A1"].font = Font(size=14, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for row, (label, value) in enumerate(
        (
            ("施設番号", nursery.code),
            ("施設名", nursery.name),
            ("施設類型", nursery.kind),
            ("対象年月", f"{month[0]}年{month[1]}月分"),
        ),
        2,
    ):
        sheet.cell(row, 1, label)
        sheet.cell(row, 2, value)
    for column, width in zip("ABCDE", (22, 26, 16, 18, 14), strict=True):
        sheet.column_dimensions[column].width = width


def _framed(sheet: Worksheet, first: int, rows: Sequence[Sequence[Any]]) -> None:
    """A table with lines, its head in bold, from row `first`."""
    from openpyxl.styles import Border, Font, PatternFill, Side

    thin = Side(style="thin", color="808080")
    for offset, row in enumerate(rows):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(first + offset, column, value)
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if offset == 0:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="E8EEF7")


def _saved(build: Callable[[Any], None]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    build(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def enrolment(nursery: Nursery, month: tuple[int, int], wrong: bool) -> bytes:
    """在籍児童数報告書: head-counts by age, their sum, and the children. The mistake: a sum that is one too many."""

    def build(book: Any) -> None:
        sheet = book.active
        _headed(sheet, "在籍児童数報告書", nursery, month)
        sheet["A6"], sheet["B6"] = "基準日", f"{month[0]}年{month[1]}月1日"
        counts = HEADCOUNTS[nursery.code]
        rows = [
            ("年齢", "定員", "在籍児童数"),
            *((age, count + 1, count) for age, count in zip(AGES, counts, strict=True)),
        ]
        total = ("合計", sum(counts) + len(counts), sum(counts) + wrong)
        _framed(sheet, 7, [*rows, total])
        children = book.create_sheet("児童一覧")
        names = [(number, name, f"20{20 + number}-0{number + 3}-1{number}", f"{nursery.code}-{number:04d}")
                 for number, name in enumerate(_CHILDREN, 1)]  # fmt: skip
        _framed(children, 1, [("番号", "児童氏名", "生年月日", "認定番号"), *names])

    return _saved(build)


def additions(nursery: Nursery, month: tuple[int, int], wrong: bool) -> bytes:
    """加算調整項目届出書: which additions are claimed. The mistake: one question is left blank."""
    items = (
        "所長設置加算",
        "3歳児配置改善加算",
        "主任保育士専任加算",
        "療育支援加算",
        "栄養管理加算",
        "施設機能強化推進費",
    )

    def build(book: Any) -> None:
        sheet = book.active
        _headed(sheet, "加算調整項目届出書", nursery, month)
        answers = ["有", "有", "有", "無", "" if wrong else "有", "無"]
        _framed(
            sheet,
            7,
            [
                ("加算項目", "適用の有無", "前月からの変更"),
                *((i, a, "なし") for i, a in zip(items, answers, strict=True)),
            ],
        )

    return _saved(build)


def staff_list(nursery: Nursery, month: tuple[int, int], wrong: bool) -> bytes:
    """職員名簿・雇用状況表: who works there. The mistake: the sum of full-time equivalents."""

    def build(book: Any) -> None:
        sheet = book.active
        _headed(sheet, "職員名簿・雇用状況表", nursery, month)
        total = round(sum(row[-1] for row in _STAFF) + 0.2 * wrong, 1)
        _framed(sheet, 7, [("職種", "氏名", "資格", "登録番号", "常勤換算"), *_STAFF, ("合計", "", "", "", total)])

    return _saved(build)


def invoice(nursery: Nursery, month: tuple[int, int], wrong: bool) -> bytes:
    """運営費請求書, as PDF with a seal. The mistake: the addressee is missing."""
    children = sum(HEADCOUNTS[nursery.code])
    lines = (("基本分単価", children, 78_400), ("処遇改善等加算", children, 9_150), ("3歳児配置改善加算", 12, 8_030))
    total = sum(count * price for _, count, price in lines)
    year, number = month
    items: list[Text | Box] = [
        Text(220, 80, "運営費請求書", 20),
        Text(545, 120, f"{year}年{number}月28日", right=True),
        Text(60, 150, "" if wrong else "新宿区長　様", 12),
        Text(330, 190, f"施設番号　{nursery.code}"),
        Text(330, 208, f"施設名　　{nursery.name}"),
        Text(330, 226, "代表者　　理事長　佐々木 由美"),
        Box(520, 208, 26, 26),
        Text(528, 226, "印", 10),
        Text(60, 280, f"{year}年{number}月分の運営費を、次のとおり請求します。"),
        Text(60, 320, f"請求金額　　金 {total:,} 円", 14),
        Box(60, 328, 300),
    ]
    top = 360
    cells = [("項目", "人数", "単価", "金額")]
    cells += [(name, f"{count}", f"{price:,}", f"{count * price:,}") for name, count, price in lines]
    cells += [("合計", "", "", f"{total:,}")]
    for row, (name, *numbers) in enumerate(cells):
        y = top + 24 * row
        items.append(Box(60, y, 485, 24))
        items.append(Text(70, y + 16, name))
        items += [Text(x, y + 16, number, right=True) for x, number in zip((300, 410, 535), numbers, strict=True)]
    bottom = top + 24 * (len(lines) + 2) + 40
    items += [
        Text(60, bottom, "振込先"),
        Text(120, bottom, "みほん銀行　見本支店　普通　0000000"),
        Text(120, bottom + 18, f"口座名義　{nursery.name}"),
        Text(60, bottom + 54, f"（登録番号　T{nursery.code}0000000000　　電話　03-0000-0{nursery.code}）", 9),
    ]
    return page(f"{nursery.name} 運営費請求書", items)


ENROLMENT = Paper("在籍児童数報告書", "xlsx", enrolment)
INVOICE = Paper("運営費請求書", "pdf", invoice)
ADDITIONS = Paper("加算調整項目届出書", "xlsx", additions)
STAFF_LIST = Paper("職員名簿・雇用状況表", "xlsx", staff_list)


def corrected(content: bytes, label: str, value: float) -> bytes:
    """The workbook as staff save it after putting another number into the last column of the row with that label."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        if row[0].value == label:
            last = max(cell.column for cell in row if cell.value not in (None, ""))
            sheet.cell(row[0].row, last).value = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
