"""The ward's folder: configuration, rules, both trees and the chat rooms. Refuses a folder that isn't a demo's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from syncd.demo.days import Language
from syncd.errors import SyncdError

MADE_BY = ".made-by-syncd-demo"
OURS = (
    "cloud", "cloud.part", "box", "intranet", "intranet.part", "rules", "chat", "state", "config.yaml", "syncd.log",
    MADE_BY,
)  # fmt: skip

StageName = Literal["inbox", "review", "corrections", "confirmed"]

STAGES = {"inbox": "1_提出", "review": "2_確認中", "corrections": "3_修正・確認依頼", "confirmed": "4_確認済"}


@dataclass(frozen=True, slots=True)
class Nursery:
    """A facility that sends papers to the ward."""

    id: str
    name: str
    kind: str
    code: str

    @property
    def folder(self) -> str:
        """The same name on both sides."""
        return f"{self.code}_{self.name}"

    def stage(self, stage: StageName) -> str:
        """One of its folders, below the root of either side."""
        return f"{self.folder}/{STAGES[stage]}"


NURSERIES = (
    Nursery("himawari", "ひまわり保育園", "認可保育所", "012"),
    Nursery("sakura", "さくら保育園", "認可保育所", "013"),
    Nursery("tsubasa", "つばさこども園", "認定こども園", "014"),
)

FOLDER_CLOUD = "cloud: {kind: folder, root: ./cloud}\n"
_CONFIG = """\
# A small ward, made by `syncd demo`. Start it again, by today's date, with: syncd run -c {config}
{cloud}intranet:
  root: ./intranet
  settle_seconds: 0.15       # short, so that there is something to see at once; people need about 2
  rescan_seconds: 5
state: ./state
rules: ./rules
language: {language}
stages: {{inbox: {inbox}, review: {review}, corrections: {corrections}, confirmed: {confirmed}}}
chat:
  batch_seconds: 0.1         # so are these; a ward takes 20 and 600
  note_wait_seconds: 5
  staff: ["spool://./chat/staff"]
  administrators: ["spool://./chat/administrators"]
operators:
"""
_OPERATOR = """\
  - {{id: {id}, name: {name}, kind: {kind}, code: "{code}",
     intranet_folder: {folder}, cloud_folder: {folder}, chat: ["spool://./chat/{id}"]}}
"""


class Ward:
    """The folder of one demo."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.config = self.folder / "config.yaml"
        self.log = self.folder / "syncd.log"
        self.box = self.folder / "box"

    def make(self) -> None:
        """Makes it, or makes it anew, without its configuration. Raises SyncdError if it holds anything else."""
        from syncd import packaged

        self._clear()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / MADE_BY).write_text("`syncd demo` may make this folder anew.\n", encoding="utf-8")
            shutil.copytree(packaged.rules_folder(), self.folder / "rules")
            for room in ("staff", "administrators", *(nursery.id for nursery in NURSERIES)):
                self.room(room).mkdir(parents=True)
        except OSError as error:
            raise SyncdError(
                f"{error.filename or self.folder}: can't be made ({error.strerror})", "name another folder"
            ) from error

    def configure(self, language: Language, cloud: str = FOLDER_CLOUD) -> None:
        """Writes its configuration; `cloud`: the lines of that group."""
        head = _CONFIG.format(config=self.config, language=language, cloud=cloud, **STAGES)
        rows = [
            _OPERATOR.format(id=one.id, name=one.name, kind=one.kind, code=one.code, folder=one.folder)
            for one in NURSERIES
        ]
        self.config.write_text(head + "".join(rows), encoding="utf-8")

    def room(self, name: str) -> Path:
        """Where a chat room's messages lie as text files."""
        return self.folder / "chat" / name

    def _clear(self) -> None:
        if not self.folder.exists():
            return
        if not self.folder.is_dir():
            raise SyncdError(f"{self.folder}: is no folder", "name another one")
        present = {path.name for path in self.folder.iterdir()}
        if present and MADE_BY not in present:
            raise SyncdError(
                f"{self.folder}: is not empty and was not made by `syncd demo`", "name an empty folder, or a new one"
            )
        if strangers := sorted(present - set(OURS)):
            raise SyncdError(f"{self.folder}: {strangers[0]} is not the demo's", "take it away, or name another folder")
        self._refuse_running()
        for name in OURS:
            path = self.folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif name != MADE_BY:
                path.unlink(missing_ok=True)

    def _refuse_running(self) -> None:
        from syncd.store.claim import claimant

        process = claimant(self.folder / "state")
        if process is not None:
            raise SyncdError(f"{self.folder}: a syncd works here (process {process})", "stop it first")
