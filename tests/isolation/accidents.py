"""Accidents of staff and tricks of operators, by seed: something of nursery A comes to lie in nursery B's folders.

Written from what syncd promises to people, not from its code: whatever is taken (a form, a note, a marked copy, a list
of changes, a page, a whole folder), however it is wrapped or saved again, wherever it is put and by whatever gesture.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import load_workbook

from tests.samples import tiny
from tests.stories.forms import enrolment, saved_anew, zipped
from tests.stories.ward import STAGES, Ward

A, B = "himawari", "sakura"
CODES = {A: "7120", B: "8130"}
ENROLMENT = "{code}_202610_在籍児童数報告書.xlsx"
OF_SYNCD = ("理由_", "変更箇所_")
"""Texts that syncd makes are told by their mark, however they are saved; a text of staff's own by its bytes only."""
Step = Callable[[], str]


def form(code: str, planted: str, ages: tuple[int, int, int] = (3, 4, 5), total: int | None = None) -> bytes:
    """A head-count of a nursery, with the planted words in a cell that no rule reads."""
    return saved_anew(enrolment(ages, total, code), D2=planted)


class Office:
    """The ward office on one of its worse days."""

    def __init__(self, ward: Ward, seed: int) -> None:
        self.ward = ward
        self.chance = random.Random(seed)
        self._made = 0

    def accident(self) -> str:
        """One thing that goes wrong; what it was, in a few words."""
        return self.chance.choice(self._kinds())()

    def daily_work(self) -> str:
        """An everyday gesture with whatever lies in B's intranet folder: what lies there by accident may go along."""
        files = [path for path in self._of(B) if path.parent.name in STAGES]
        if not files:
            return "nothing to do"
        path, stage = self.chance.choice(files), self.chance.choice(STAGES)
        target = self.ward.intranet(stage, B) / path.name
        if target.exists() or not path.exists():
            return "nothing to do"
        copied = self.chance.random() < 0.3
        (shutil.copy2 if copied else os.rename)(path, target)
        return f"{'copied' if copied else 'dragged'} {path.parent.name}/{path.name} to {stage}"

    def _kinds(self) -> tuple[Step, ...]:
        return (
            *(self._put_content,) * 8,
            *(self._saved_over,) * 3,
            *(self._edited_first,) * 2,
            self._whole_folder,
            self._linked,
            self._dragged,
            self._trick_of_an_operator,
        )

    # ── what is taken ──

    def _of(self, operator: str) -> list[Path]:
        return [path for path in sorted(self.ward.intranet("", operator).rglob("*")) if path.is_file()]

    def _sources(self) -> list[Path]:
        """Everything of A's that staff can take: what lies in A's folder, A's page, the ward's own pages."""
        top = self.ward.root("intranet")
        pages = [path for path in sorted(top.rglob("*")) if path.is_file() and not self._in_a_folder(path)]
        own_page = [path for path in sorted(self.ward.cloud("", A).glob("*.pdf")) if path.is_file()]
        return [*(path for path in self._of(A) if path.stat().st_size), *pages, *own_page]

    def _in_a_folder(self, path: Path) -> bool:
        return any(self.ward.intranet("", one) in path.parents for one in (A, B)) or ".syncd" in path.parts

    # ── how it is wrapped ──

    def _wrapped(self, name: str, content: bytes) -> tuple[str, bytes, str]:
        """(name, content, how): another name, an archive, a package in another file, or saved again."""
        ways: list[Callable[[str, bytes], tuple[str, bytes, str]]] = [
            *(self._as_it_is,) * 3,
            self._zipped, self._zipped, self._zipped_twice, self._packed, self._embedded, self._embedded,
            self._saved_again, self._saved_again,
        ]  # fmt: skip
        return self.chance.choice(ways)(name, content)

    def _as_it_is(self, name: str, content: bytes) -> tuple[str, bytes, str]:
        return name, content, "as it is"

    def _member_name(self, name: str) -> str:
        return self.chance.choice((name, self._name_of_b(name), "様式.bin", "資料/" + name, "1"))

    def _zipped(self, name: str, content: bytes) -> tuple[str, bytes, str]:
        encoding = self.chance.choice(("utf-8", "cp932"))
        files = {self._member_name(name): content}
        if self.chance.random() < 0.5:
            files["お知らせ.txt"] = b"for all"
        return self._archive_name(), zipped(files, encoding), "in a zip"

    def _zipped_twice(self, name: str, content: bytes) -> tuple[str, bytes, str]:
        inner = zipped({self._member_name(name): content})
        return self._archive_name(), zipped({"中.zip": inner}), "in a zip in a zip"

    def _archive_name(self) -> str:
        return self.chance.choice(("資料.zip", f"{CODES[B]}_202610_証憑.zip", "在籍.zip", "理由.zip", "資料.dat"))

    def _packed(self, name: str, content: bytes) -> tuple[str, bytes, str]:
        target = io.BytesIO()
        if self.chance.random() < 0.5:
            return name + ".gz", gzip.compress(content, mtime=0), "gzipped"
        with tarfile.open(fileobj=target, mode=self.chance.choice(("w", "w:gz"))) as archive:
            info = tarfile.TarInfo(self._member_name(name))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        return "資料.tar", target.getvalue(), "in a tar"

    def _embedded(self, name: str, content: bytes) -> tuple[str, bytes, str]:
        """Inserted as an object into a workbook or a letter of B's."""
        self._made += 1
        book, letter = form(CODES[B], f"own {self._made}"), tiny.paper("a.docx", f"own {self._made}")
        host, outer, part = self.chance.choice(
            (
                (ENROLMENT.format(code=CODES[B]), book, "xl/embeddings/Microsoft_Excel1.xlsx"),
                (f"{CODES[B]}_202610_証憑.docx", letter, "word/embeddings/oleObject1.bin"),
                ("連絡.docx", letter, "word/embeddings/Microsoft_Word1.docx"),
            )
        )
        target = io.BytesIO(outer)
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(part, content)
        return host, target.getvalue(), "embedded"

    def _saved_again(self, name: str, content: bytes) -> tuple[str, bytes, str]:
        """Opened and saved by another program: other bytes, the same sheet, A's code where the rule reads it."""
        if name.endswith(".xlsx") and _is_workbook(content):
            self._made += 1
            book = load_workbook(io.BytesIO(content))
            assert book.active is not None
            book.active["F9"] = self._made
            target = io.BytesIO()
            book.save(target)
            return name, target.getvalue(), "saved again"
        if name.startswith(OF_SYNCD) and name.endswith(".txt"):
            text = content.decode("utf-8-sig", "replace")
            encoding = self.chance.choice(("utf-8-sig", "utf-16"))
            return name, (text + "\r\n追記").encode(encoding), f"saved again as {encoding}"
        return name, content, "as it is"

    # ── under which name, and where ──

    def _name_of_b(self, name: str) -> str:
        return name.replace(CODES[A], CODES[B])

    def _places(self, name: str, how: str) -> Iterator[Path]:
        """Where it may be put: B's stages, loose, a subfolder."""
        stages = ("inbox", "corrections", "corrections", "review", "confirmed", "", "inbox/10月", "corrections/返却")
        own = ENROLMENT.format(code=CODES[B])
        suffix = Path(name).suffix
        names = [name, self._name_of_b(name), self._name_of_b(name)]
        if how != "saved again":  # saved again it can be told by what its own rule reads there, or by its mark
            names += [f"連絡{suffix}", f"理由{suffix}", f"理由_{own}{suffix}", f"依頼_名簿{suffix}", f"{own}{suffix}"]
            names += [
                f"{CODES[B]}_202610_証憑{suffix}",
                f"新しい {suffix}",
                f"{CODES[B]}_202610_在籍児童数報告書（指摘）{suffix}",
            ]
        while True:
            yield self.ward.intranet(self.chance.choice(stages), B) / self.chance.choice(names)

    def _put_content(self) -> str:
        source = self.chance.choice(self._sources())
        name, content, how = self._wrapped(source.name, source.read_bytes())
        target = next(place for place in self._places(name, how) if not place.is_dir())
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return f"{source.name}, {how}, put at {self._said(target)}"

    def _said(self, path: Path) -> str:
        return str(path.relative_to(self.ward.intranet("", B)))

    def _saved_over(self) -> str:
        """Saved over a file that is B's own, in place or as Excel does."""
        own = [path for path in self._of(B) if path.suffix == ".xlsx" and "在籍児童数報告書" in path.name]
        taken = [path for path in self._of(A) if path.suffix == ".xlsx" and path.stat().st_size]
        if not own or not taken:
            return "nothing to do"
        source, target = self.chance.choice(taken), self.chance.choice(own)
        _, content, how = self.chance.choice((self._as_it_is, self._saved_again, self._embedded))(
            source.name, source.read_bytes()
        )
        if self.chance.random() < 0.5:
            target.write_bytes(content)
        else:
            beside = target.with_name("5A3B2C10")
            beside.write_bytes(content)
            beside.rename(target)
        if self.chance.random() < 0.6 and target.parent.name in STAGES:
            self.daily_work()
        return f"{source.name}, {how}, saved over {self._said(target)}"

    def _edited_first(self) -> str:
        """Staff edit A's file in A's folder, seen or not seen yet, and copy that to B."""
        files = [path for path in self._of(A) if path.name.startswith(CODES[A]) and path.suffix == ".xlsx"]
        if not files:
            return "nothing to do"
        path = self.chance.choice(files)
        if not _is_workbook(path.read_bytes()):
            return "nothing to do"  # what is called so may be anything by now
        self._made += 1
        path.write_bytes(saved_anew(path.read_bytes(), E5=self._made))
        seen = self.chance.random() < 0.5
        if seen:
            self.ward.run()
        found = [one for one in self._of(A) if one.name == path.name]
        if not found:
            return "nothing to do"
        target = self.ward.intranet(self.chance.choice(("inbox", "corrections", "review")), B) / self.chance.choice(
            (path.name, self._name_of_b(path.name), "連絡.xlsx", "理由.xlsx")
        )
        shutil.copy2(found[0], target)
        return f"{path.name} edited ({'seen' if seen else 'not seen'}) and copied to {self._said(target)}"

    def _whole_folder(self) -> str:
        stage, target = self.chance.choice(STAGES), self.chance.choice(("inbox", "corrections", "review", ""))
        source = self.ward.intranet(stage, A)
        into = self.ward.intranet(target, B) / self.chance.choice(("10月", CODES[B], "控え"))
        if into.exists():
            return "nothing to do"
        shutil.copytree(source, into)
        return f"A's whole {stage} copied to {self._said(into)}"

    def _linked(self) -> str:
        source = self.chance.choice(self._sources())
        target = self.ward.intranet(self.chance.choice(("inbox", "corrections")), B) / self._name_of_b(source.name)
        if target.exists() or target.is_symlink():
            return "nothing to do"
        hard = self.chance.random() < 0.5
        (os.link if hard else os.symlink)(source, target)
        return f"{source.name} {'hard' if hard else 'soft'} linked at {self._said(target)}"

    def _dragged(self) -> str:
        source = self.chance.choice(self._of(A))
        target = self.ward.intranet(self.chance.choice((*STAGES, "")), B) / self.chance.choice(
            (source.name, self._name_of_b(source.name), "連絡.xlsx")
        )
        if target.exists():
            return "nothing to do"
        source.rename(target)
        return f"{source.name} dragged to {self._said(target)}"

    def _trick_of_an_operator(self) -> str:
        """In the cloud: links into another's folder, bundles whose members climb out of theirs."""
        inbox = {one: self.ward.cloud("inbox", one) for one in (A, B)}
        kind = self.chance.randrange(3)
        self._made += 1
        if kind == 0:
            link = inbox[B] / f"{CODES[B]}_202610_証憑{self._made}.pdf"
            link.symlink_to(
                self.chance.choice((self.ward.cloud("review", A), *self._of(A), self.ward.folder / "state"))
            )
            return "a link of B's into A's folder"
        if kind == 1:
            link = inbox[B] / f"年次{self._made}"
            link.symlink_to(self.ward.cloud("", A), target_is_directory=True)
            return "a linked folder of B's into A's"
        up = f"../../../{self.ward.operators[B][0]}/inbox/{ENROLMENT.format(code=CODES[B])}"
        content = zipped({up: form(CODES[A], PLANTED)})
        (inbox[A] / f"{CODES[A]}_202610_証憑{self._made}.zip").write_bytes(content)
        return "a bundle of A's that climbs into B's inbox"


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


PLANTED = "ヒミツKZQWXJ花子"
"""Stands in every form of A's, and in no other."""
