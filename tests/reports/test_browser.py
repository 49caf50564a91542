"""The page in a real Chromium, opened from a file: drawn, filtered, narrow, and on paper."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from syncd.reports.page import progress_page
from tests.reports.pictures import make
from tests.reports.programs import chromium, texts_of
from tests.reports.wards import big, example

# A page around the page: frames as wide as a desk and a phone, in which it does what a person does. The frames have the
# page's own policy; what is done comes from outside of it.
HARNESS = """<!doctype html><meta charset="utf-8"><body><script>
const page = PAGE;
const words = ["未", "提", "出", "確", "認", "中", "保", "育", "園", "延", "長", "職", "員", "名", "簿"];
function frame(width) {
  return new Promise((done) => {
    const made = document.createElement("iframe");
    made.style.cssText = `width:${width}px;height:900px;border:0`;
    made.onload = () => done(made);
    made.srcdoc = page;
    document.body.append(made);
  });
}
const visible = (document, selector) => [...document.querySelectorAll(selector)].filter((each) => !each.hidden);
function filtered(inside, values) {
  const form = inside.querySelector("form");
  form.reset();
  for (const [name, value] of Object.entries(values))
    if (value === true) form.elements[name].checked = true; else form.elements[name].value = value;
  form.dispatchEvent(new inside.defaultView.Event("input", { bubbles: true }));
  return {
    rows: visible(inside, ".matrix tbody tr").length,
    names: [...new Set(visible(inside, ".matrix tbody tr").map((row) => row.cells[0].textContent))],
    staff: visible(inside, "#staff .panel > .list:first-child tbody tr").length,
    late: visible(inside, "#late + .list tbody tr").length,
    said: form.querySelector("output").textContent,
  };
}
function measured(inside) {
  const scroll = inside.querySelector(".scroll");
  const head = scroll.querySelector("tbody th"), cell = scroll.querySelector("td");
  const blocks = [...inside.querySelectorAll("section, .figures, form")];
  const left = head.getBoundingClientRect().left;
  scroll.scrollLeft = 150;
  return {
    page: inside.documentElement.scrollWidth, head: left === head.getBoundingClientRect().left,
    moved: scroll.scrollLeft, cell: cell.getBoundingClientRect().width,
    widest: Math.max(...blocks.map((each) => each.getBoundingClientRect().right)),
  };
}
function glyphs(font) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 40;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return words.map((word) => {
    pen.clearRect(0, 0, 40, 40);
    pen.font = `32px ${font}`;
    pen.fillText(word, 2, 34);
    return [...pen.getImageData(0, 0, 40, 40).data].filter((_, place) => place % 4 === 3).join(",");
  });
}
(async () => {
  const desk = (await frame(1280)).contentDocument, phone = (await frame(320)).contentDocument;
  const shapes = glyphs(getComputedStyle(desk.body).fontFamily);
  const foreign = desk.createElement("script");
  foreign.textContent = "document.title = 'obeyed'";
  desk.body.append(foreign);
  const result = {
    shown: !desk.querySelector("form").hidden, title: desk.title,
    shapes: new Set(shapes).size, drawn: shapes.every((shape) => /[1-9]/.test(shape)), words: words.length,
    all: filtered(desk, {}), search: filtered(desk, { search: "ｻｸﾗ 延長" }), code: filtered(desk, { search: "０１２" }),
    kind: filtered(desk, { kind: "認定こども園" }), late: filtered(desk, { who: ".l" }),
    staff: filtered(desk, { who: ".s" }), unfinished: filtered(desk, { unfinished: true }),
    nothing: filtered(desk, { search: "そんな施設はない" }),
    desk: measured(desk), phone: measured(phone),
  };
  filtered(desk, {});
  const out = document.createElement("pre");
  out.textContent = JSON.stringify(result);
  document.body.replaceChildren(out);
})();
</script>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="module")
def seen(folder: Path) -> dict[str, Any]:
    """What the harness saw: one start of the browser for all that follows."""
    harness = folder / "harness.html"
    page = json.dumps(progress_page(example()).decode("utf-8")).replace("</", "<\\/")
    harness.write_text(HARNESS.replace("PAGE", page, 1), encoding="utf-8")
    dumped = chromium(folder, harness, "--window-size=1400,1900", "--virtual-time-budget=10000", "--dump-dom")
    (result,) = re.findall(r"<pre>(.*?)</pre>", dumped, flags=re.DOTALL)
    found = json.loads(html.unescape(result))
    assert isinstance(found, dict)
    return found


def test_japanese_is_drawn_each_character_as_another_one(seen: dict[str, Any]) -> None:
    assert seen["drawn"] and seen["shapes"] == seen["words"]  # boxes for missing characters would all be the same


def test_its_own_script_runs_and_no_other(seen: dict[str, Any]) -> None:
    assert seen["shown"] and seen["title"] == "進捗状況"


def test_filter_and_search(seen: dict[str, Any]) -> None:
    ward = example()
    rows = len({(each.operator, each.period) for each in ward.lines})
    assert seen["all"]["rows"] == rows and seen["all"]["said"] == ""
    assert (seen["all"]["staff"], seen["all"]["late"]) == (24, 7)
    # half-width letters are folded; a document's title hides no row of the matrix
    assert seen["search"]["rows"] == 0 and seen["search"]["said"] == "0施設"
    assert seen["code"]["names"] == ["012ひまわり保育園"] and seen["code"]["said"] == "1施設"
    kinds = {each.code: each.kind for each in ward.operators}
    assert {kinds[name[:3]] for name in seen["kind"]["names"]} == {"認定こども園"}
    assert seen["late"]["late"] == 7 and seen["late"]["staff"] == 0 and 0 < seen["late"]["rows"] < rows
    assert seen["staff"]["staff"] == 24 and seen["staff"]["late"] == 0
    assert 0 < seen["unfinished"]["rows"] < rows
    assert seen["nothing"]["rows"] == 0


def test_it_fits_a_desk_and_a_phone(seen: dict[str, Any]) -> None:
    for width, name in ((1280, "desk"), (320, "phone")):
        assert seen[name]["page"] <= width and seen[name]["widest"] <= width
    phone = seen["phone"]
    assert phone["moved"] == 150 and phone["head"], "the matrix scrolls within itself, the names stay"
    assert phone["cell"] >= 80


def test_it_prints_on_a4(folder: Path) -> None:
    page, printed = folder / "print.html", folder / "print.pdf"
    page.write_bytes(progress_page(big(24, 12, 3)))
    chromium(folder, page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    sheets = [(round(each.mediabox.width), round(each.mediabox.height)) for each in pypdf.PdfReader(printed).pages]
    assert set(sheets) == {(842, 595)} and 5 <= len(sheets) <= 12
    texts = texts_of(printed)
    assert "進捗状況" in texts[0] and "施設・書類をさがす" not in texts[0]
    matrix = [text for text in texts if text.count("確認済") > 20]
    assert len(matrix) >= 3
    assert all("在籍児童" in text and "運営費" in text for text in matrix), "every page of the matrix has its head"
    whole = "".join(texts)
    missing = [words for words in ("37日超過", "修正待ち", "確認中", "該当なし", "後日") if words not in whole]
    assert not missing  # the colours are gone, the words are not
    assert (
        "2026年10月分 完了" in whole and "2026年9月分 完了" not in whole
    )  # what is closed on the screen isn't printed


def test_the_pictures_of_the_documentation(folder: Path) -> None:
    progress, status = make(folder, folder)
    for picture in (progress, status):
        assert picture.stat().st_size < 150_000
    with Image.open(progress) as drawn:
        page = drawn.convert("RGB")
    assert page.size == (1280, 1180)
    colours = page.getcolors(1 << 21) or []
    for name, (red, green, blue) in {"late": (179, 38, 30), "staff": (217, 232, 251), "done": (229, 243, 232)}.items():
        near = 0
        for count, colour in colours:
            assert isinstance(colour, tuple)
            if max(abs(colour[0] - red), abs(colour[1] - green), abs(colour[2] - blue)) < 6:
                near += count
        assert near > 2_000, name
