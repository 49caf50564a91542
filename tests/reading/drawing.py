"""Workbooks with things drawn over their cells: the parts that Excel writes for shapes and for form controls."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

from openpyxl import Workbook

PIXEL = 9_525
_SPREADSHEET = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Corner:
    """A place on the sheet: column and row from 0, and pixels from their beginning."""

    column: int
    x: int
    row: int
    y: int


@dataclass(slots=True)
class Drawing:
    """What is drawn on the first sheet."""

    shapes: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    modern: bool = True

    def shape(self, begin: Corner, end: Corner, form: str = "ellipse", text: str = "", more: str = "") -> None:
        number = len(self.shapes) + 2
        body = f"<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody>" if text else ""
        self.shapes.append(
            f"<xdr:twoCellAnchor>{_corner('from', begin)}{_corner('to', end)}"
            f'<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{number}" name="楕円 {number}"{more}/>'
            f'<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="{form}"><a:avLst/></a:prstGeom><a:noFill/>'
            f"<a:ln><a:solidFill/></a:ln></xdr:spPr>{body}</xdr:sp><xdr:clientData/></xdr:twoCellAnchor>"
        )

    def box(
        self, begin: Corner, end: Corner, caption: str, on: bool | None, link: str = "", kind: str = "Checkbox"
    ) -> None:
        number = 1025 + len(self.controls)
        anchor = f"{begin.column}, {begin.x}, {begin.row}, {begin.y}, {end.column}, {end.x}, {end.row}, {end.y}"
        checked = {True: ' checked="Checked"', False: "", None: ' checked="Mixed"'}[on]
        target = f' fmlaLink="{link}"' if link else ""
        object_type = "CheckBox" if kind == "Checkbox" else kind
        properties = (
            f'<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
            f' objectType="{object_type}"{checked}{target} noThreeD="1"/>'
        )
        control = (
            f'<mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="{number}" r:id="rIdC{number}"'
            f' name="Check Box {number}"><controlPr defaultSize="0" autoFill="0" autoLine="0" autoPict="0">'
            f'<anchor moveWithCells="1">{_corner("from", begin)}{_corner("to", end)}</anchor></controlPr></control>'
            "</mc:Choice></mc:AlternateContent>"
        )
        self.properties.append((properties, control))
        state = "" if on is False else f"<x:Checked>{1 if on else 2}</x:Checked>"
        linked = f"<x:FmlaLink>{link}</x:FmlaLink>" if link else ""
        self.controls.append(
            f'<v:shape id="_x0000_s{number}" type="#_x0000_t201" style=\'position:absolute\' o:insetmode="auto">'
            f"<v:textbox style='mso-direction-alt:auto'><div style='text-align:left'><font face=\"MS UI Gothic\""
            f' size="180" color="auto">{caption}</font></div></v:textbox>'
            f'<x:ClientData ObjectType="{kind}"><x:SizeWithCells/>'
            f"<x:Anchor>\n    {anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>{state}{linked}"
            "<x:TextVAlign>Center</x:TextVAlign><x:NoThreeD/></x:ClientData></v:shape>"
        )

    def onto(self, book: Workbook) -> bytes:
        """The workbook's bytes with everything drawn on its first sheet."""
        plain = io.BytesIO()
        book.save(plain)
        made = io.BytesIO()
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "[Content_Types].xml":
                    data = data.replace(b"</Types>", self._types().encode() + b"</Types>")
                elif name == "xl/worksheets/sheet1.xml":
                    data = data.replace(b"</worksheet>", self._references().encode() + b"</worksheet>")
                new.writestr(name, data)
            new.writestr("xl/worksheets/_rels/sheet1.xml.rels", self._relations())
            new.writestr("xl/drawings/drawing1.xml", self._drawing())
            if self.controls:
                new.writestr("xl/drawings/vmlDrawing1.vml", self._old())
            for number, (properties, _) in enumerate(self.properties if self.modern else (), 1025):
                new.writestr(f"xl/ctrlProps/ctrlProp{number}.xml", properties)
        return made.getvalue()

    def _types(self) -> str:
        return (
            '<Override PartName="/xl/drawings/drawing1.xml"'
            ' ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
            '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        ) + "".join(
            f'<Override PartName="/xl/ctrlProps/ctrlProp{number}.xml"'
            ' ContentType="application/vnd.ms-excel.controlproperties+xml"/>'
            for number in range(1025, 1025 + len(self.properties) * self.modern)
        )

    def _references(self) -> str:
        own = f'<drawing xmlns:r="{_RELATIONS}" r:id="rIdD1"/>'
        old = f'<legacyDrawing xmlns:r="{_RELATIONS}" r:id="rIdD2"/>' if self.controls else ""
        if not (self.controls and self.modern):
            return own + old
        each = "".join(control for _, control in self.properties)
        return (
            f'{own}{old}<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
            f' xmlns:r="{_RELATIONS}" xmlns:xdr="{_SPREADSHEET}"'
            ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
            f'<mc:Choice Requires="x14"><controls>{each}</controls></mc:Choice></mc:AlternateContent>'
        )

    def _relations(self) -> str:
        old = f'<Relationship Id="rIdD2" Type="{_RELATIONS}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
        return (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rIdD1" Type="{_RELATIONS}/drawing" Target="../drawings/drawing1.xml"/>'
            f"{old if self.controls else ''}{self._of_controls()}</Relationships>"
        )

    def _of_controls(self) -> str:
        kind = f"{_RELATIONS}/ctrlProp"
        numbers = range(1025, 1025 + len(self.properties) * self.modern)
        return "".join(
            f'<Relationship Id="rIdC{number}" Type="{kind}" Target="../ctrlProps/ctrlProp{number}.xml"/>'
            for number in numbers
        )

    def _drawing(self) -> str:
        shapes = "".join(self.shapes)
        return f'<xdr:wsDr xmlns:xdr="{_SPREADSHEET}" xmlns:a="{_MAIN}">{shapes}</xdr:wsDr>'

    def _old(self) -> str:
        return (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
            ' xmlns:x="urn:schemas-microsoft-com:office:excel">' + "".join(self.controls) + "</xml>"
        )


def _corner(name: str, at: Corner) -> str:
    return (
        f"<xdr:{name}><xdr:col>{at.column}</xdr:col><xdr:colOff>{at.x * PIXEL}</xdr:colOff>"
        f"<xdr:row>{at.row}</xdr:row><xdr:rowOff>{at.y * PIXEL}</xdr:rowOff></xdr:{name}>"
    )
