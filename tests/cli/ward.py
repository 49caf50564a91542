"""A ward in a temporary folder, and the commands run on it as people run them: with words, in a folder."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from syncd.cli import syncd
from tests.samples import tiny
from tests.samples.plain import plain_rules

REPOSITORY = Path(__file__).resolve().parents[2]
ENROLMENT = "012_202610_在籍児童数報告書.xlsx"
INVOICE = "012_202610_運営費請求書.pdf"
CONFIG = """\
cloud: {kind: folder, root: ./cloud}
intranet: {root: ./intranet, settle_seconds: 0.05}
state: ./state
rules: ./rules
pages: false
chat: {batch_seconds: 0.1, note_wait_seconds: 0.2, staff: ["spool://./chat/staff"]}
operators:
  - {id: himawari, name: ひまわり保育園, kind: 認可保育所, code: "012", chat: ["spool://./chat/himawari"]}
  - {id: sakura, name: さくら保育園, kind: 認定こども園, code: "013", chat: ["spool://./chat/sakura"]}
"""


class Ward:
    """Two nurseries and a ward office in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config.yaml"
        self.config.write_text(CONFIG, encoding="utf-8")
        plain_rules(folder / "rules")

    def run(self, *words: str, config: bool = True) -> Result:
        """One command line; standard output and standard error apart."""
        return CliRunner().invoke(syncd, [*words, *(["-c", str(self.config)] if config else [])])

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)

    def path(self, side: str, stage: str, name: str, operator: str = "ひまわり保育園") -> Path:
        return self.folder / side / operator / stage / name

    def drop(self, name: str, content: str = "content", **where: str) -> Path:
        """The operator puts a file with that text into inbox, and it is quiet by now."""
        path = self.path(where.get("side", "cloud"), where.get("stage", "inbox"), name)
        path.write_bytes(tiny.paper(name, content))
        time.sleep(0.06)
        return path

    def work(self) -> Result:
        """The daemon works until nothing is left."""
        return self.run("run", "--once")
