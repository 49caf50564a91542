"""Putting syncd's comments on a sheet, and taking them off again; what people wrote there stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from syncd.reading.ooxml import marks
from syncd.reading.ooxml.comments import AUTHOR, BETWEEN, before_ours
from syncd.reading.ooxml.outline import Edit, Node, appended, edited, inside, outline, placed
from syncd.reading.ooxml.package import Attributes, Unusable
from syncd.reading.ooxml.revision import Revision
from syncd.reading.ooxml.values import Spot, named, row_and_column, spot_of

_ROWS_BELOW: Final = 100
"""How far down a comment's box may reach, whatever the rows' heights."""
_DEPTH: Final = 5
"""Of a comment's text: comments, commentList, comment, text, r or t."""


def commented(revision: Revision, sheet: str, texts: Mapping[Spot, str]) -> None:
    """Comments some cells; to a person's comment the text is appended, one that is a conversation is left alone."""
    package = revision.package
    part = next(iter(package.related(sheet, "comments")), "")
    xml = revision.read(part) if part else revision.spelt(marks.NO_COMMENTS)
    nodes = outline(xml, _DEPTH)
    there = {node.attribute("ref"): node for node in nodes if node.name == "comment"}
    edits = []
    if not package.related(sheet, "threadedComment"):
        edits = [
            _longer(revision, xml, nodes, there[named(spot)], text)
            for spot, text in texts.items()
            if named(spot) in there
        ]
    new = {spot: text for spot, text in texts.items() if named(spot) not in there}
    if new and not _draw(revision, sheet, new):
        new = {}
    if new:
        author, named_author = _author(revision, xml, nodes)
        listed = b"".join(marks.comment(named(spot), author, text) for spot, text in sorted(new.items()))
        edits += [*named_author, appended(xml, _only(nodes, "commentList"), revision.spelt(listed))]
    if not edits:
        return
    if not part:
        part = revision.unused("xl/comments{}.xml")
        revision.relate(sheet, marks.COMMENTS, part)
        revision.declare(marks.COMMENTS_TYPE, part=part)
    revision.write(part, edited(xml, edits))


def _only(nodes: list[Node], name: str) -> Node:
    found = [node for node in nodes if node.name == name and node.depth == 2]
    if len(found) != 1:
        raise Unusable(f"its comments have no {name}")
    return found[0]


def _author(revision: Revision, xml: bytes, nodes: list[Node]) -> tuple[int, list[Edit]]:
    """The number of syncd among the authors, and what adds it to them."""
    authors = _only(nodes, "authors")
    names = [node.text(xml) for node in inside(nodes, authors)]
    if AUTHOR in names:
        return names.index(AUTHOR), []
    new = revision.spelt(f'<author xmlns="{marks.MAIN}">{AUTHOR}</author>'.encode())
    return len(names), [appended(xml, authors, new)]


def _longer(revision: Revision, xml: bytes, nodes: list[Node], comment: Node, text: str) -> Edit:
    """A person's comment with syncd's words below: every byte of it stays."""
    (holder,) = inside(nodes, comment, "text")
    children = inside(nodes, holder)
    new = revision.spelt(marks.run(f"{BETWEEN}{text}"))
    if runs := [node for node in children if node.name == "r"]:
        return Edit(runs[-1].end, runs[-1].end, new)
    plain = next((node for node in children if node.name == "t"), None)
    if plain is None:
        return appended(xml, holder, new) if not children else Edit(children[0].start, children[0].start, new)
    run = revision.spelt(f'<r xmlns="{marks.MAIN}">'.encode())
    return Edit(plain.start, plain.end, run + plain.of(xml) + b"</r>" + new)


def _draw(revision: Revision, sheet: str, texts: Mapping[Spot, str]) -> bool:
    """Draws the boxes of new comments; False when the sheet's drawing can't be added to."""
    xml = revision.read(sheet)
    places = ((*row_and_column(spot), text) for spot, text in sorted(texts.items()))
    boxes = [(row - 1, column - 1, text) for row, column, text in places]
    near = {str(row + below) for row, _, _ in boxes for below in range(_ROWS_BELOW)}

    def measured(name: str, given: Attributes) -> bool:
        return name == "col" or (name == "row" and given.get("r") in near)

    nodes = outline(xml, also=measured)
    grid = marks.raster(nodes)
    anchor = next((node for node in nodes if node.name == "legacyDrawing" and node.depth == 2), None)
    if anchor is not None:
        id_ = anchor.attribute("id")
        part = next((each.target for each in revision.package.relations(sheet) if each.id == id_), "")
        drawing = marks.drawn(revision.read(part), boxes, grid) if part in revision else None
        if drawing is None:
            return False
        revision.write(part, drawing)
        return True
    part = revision.unused("xl/drawings/vmlDrawing{}.vml")
    number = int("".join(letter for letter in part if letter.isdecimal()))
    drawing = marks.drawn(marks.new_drawing(number), boxes, grid)
    assert drawing is not None
    revision.write(part, drawing)
    revision.declare(marks.DRAWING_TYPE, extension="vml")
    id_ = revision.relate(sheet, marks.DRAWING, part)
    new = f'<legacyDrawing xmlns="{marks.MAIN}" xmlns:r="{marks.OFFICE}" r:id="{id_}"/>'
    revision.edit(sheet, placed(xml, nodes, "legacyDrawing", marks.IN_A_SHEET, revision.spelt(new.encode())))
    return True


# --- and off again ---------------------------------------------------------------------------------------------------


def uncommented(revision: Revision, sheet: str) -> None:
    """Takes off what syncd wrote: its comments, and its words below a person's."""
    for part in revision.package.related(sheet, "comments"):
        xml = revision.read(part)
        if b"syncd" not in xml:
            continue
        nodes = outline(xml, _DEPTH + 1)
        comments = [node for node in nodes if node.name == "comment"]
        edits, gone = [], []
        for comment in comments:
            own, shorter = _shorter(xml, nodes, comment)
            if own:
                edits += shorter
            elif shorter:
                gone.append(comment)
        if not edits and not gone:
            continue
        if len(gone) == len(comments):
            revision.remove(part, sheet)
        else:
            left = [comment for comment in comments if comment not in gone]
            edits += [Edit(comment.start, comment.end) for comment in gone]
            revision.write(part, edited(xml, [*edits, *_unnamed(xml, nodes, left)]))
        _undraw(revision, sheet, [comment.attribute("ref") for comment in gone])


def _shorter(xml: bytes, nodes: list[Node], comment: Node) -> tuple[bool, list[Edit]]:
    """Whether it is a person's comment, and what cuts off syncd's words; nothing where there are none."""
    (holder,) = inside(nodes, comment, "text") or (comment,)
    runs = [node for node in inside(nodes, holder) if node.name in "rt"]
    texts = [_t(nodes, node) for node in runs]
    whole = "".join(node.text(xml) for node in texts if node)
    persons = before_ours(whole)
    if persons == whole:
        return True, []
    if persons is None:
        return False, [Edit(comment.start, comment.end)]
    edits: list[Edit] = []
    at, keep = 0, len(persons)
    left = []
    for node, text in zip(runs, texts, strict=True):
        length = len(text.text(xml)) if text else 0
        if length and at >= keep:
            edits.append(Edit(node.start, node.end))
        elif text and at + length > keep:
            edits.append(Edit(text.inner, text.close, escape(text.text(xml)[: keep - at]).encode()))
        else:
            left.append((node, text))
        at += length
    if len(left) == 1 and left[0][0].name == "r" and len(edits) == len(runs) - 1:
        run, text = left[0]
        if text is not None and [text] == inside(nodes, run):  # as it was before it was put into a run of its own
            edits.append(Edit(run.start, run.end, text.of(xml)))
    return True, edits


def _t(nodes: list[Node], run: Node) -> Node | None:
    return run if run.name == "t" else next(iter(inside(nodes, run, "t")), None)


def _unnamed(xml: bytes, nodes: list[Node], left: list[Node]) -> list[Edit]:
    """Takes syncd off the authors when it is the last of them and wrote none of what is left."""
    authors = inside(nodes, _only(nodes, "authors"))
    if not authors or authors[-1].text(xml) != AUTHOR:
        return []
    if any(comment.attribute("authorId") == str(len(authors) - 1) for comment in left):
        return []
    return [Edit(authors[-1].start, authors[-1].end)]


def _undraw(revision: Revision, sheet: str, cells: list[str]) -> None:
    spots = [row_and_column(spot_of(cell)) for cell in cells]
    for part in revision.package.related(sheet, "vmlDrawing"):
        before = revision.read(part)
        drawing = marks.undrawn(before, [(row - 1, column - 1) for row, column in spots])
        if drawing == before:
            continue
        if marks.has_shapes(drawing):
            revision.write(part, drawing)
            continue
        id_ = next(each.id for each in revision.package.relations(sheet) if each.target == part)
        xml = revision.read(sheet)
        anchors = [node for node in outline(xml) if node.name == "legacyDrawing" and node.attribute("id") == id_]
        revision.edit(sheet, *(Edit(node.start, node.end) for node in anchors))
        revision.remove(part, sheet)
