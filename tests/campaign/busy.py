"""One busy round: a ward in which everybody has just done something, and what must hold of it whenever syncd dies."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.stories.ward import RULES, ChatServer, Ward

E = "012_2026{:02}_在籍児童数報告書.xlsx"
CONTENTS = {f"{kind} {number}" for kind in ("first", "second", "edited", "note", "made") for number in range(1, 13)}


def prepare(folder: Path, chat: ChatServer) -> Ward:
    """Files in every stage, agreed on both sides."""
    ward = Ward(folder, chat, rules=RULES)
    for month in range(1, 11):
        ward.put(ward.cloud(f"inbox/{E.format(month)}"), f"first {month}")
    ward.put(ward.cloud("inbox/013_202601_在籍児童数報告書.xlsx", "sakura"), "first 11")
    assert ward.run() == 0
    for month in (1, 2):
        ward.drag(ward.intranet(f"review/{E.format(month)}"), ward.intranet("confirmed"))
    for month in (3, 4):
        ward.put(ward.intranet(f"review/{E.format(month)}"), f"edited {month}")
        ward.drag(ward.intranet(f"review/{E.format(month)}"), ward.intranet("corrections"))
    ward.drag(ward.intranet(f"review/{E.format(5)}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/made.xlsx"), "made 1")
    assert ward.run() == 0
    assert ward.run() == 0
    return ward


def gestures(ward: Ward) -> None:
    """Operator and staff, all before syncd looks."""
    ward.put(ward.cloud("inbox/012_202611_在籍児童数報告書.xlsx"), "first 12")  # O1
    ward.put(ward.cloud("inbox/photo.jpg"), "made 2")  # O1, unknown
    ward.put(ward.cloud(f"inbox/{E.format(6)}"), "second 6")  # O3
    ward.drag(ward.cloud(f"corrections/{E.format(3)}"), ward.cloud("confirmed"))  # O6
    ward.put(ward.cloud(f"corrections/{E.format(5)}"), "second 5")  # O4
    ward.put(ward.cloud(f"inbox/{E.format(2)}"), "second 2")  # O5
    ward.drag(ward.cloud(f"review/{E.format(7)}"), ward.cloud("confirmed"))  # O7
    ward.put(ward.cloud(f"confirmed/{E.format(1)}"), "second 1")  # O9
    ward.drag(ward.intranet(f"review/{E.format(8)}"), ward.intranet("confirmed"))  # S1
    ward.put(ward.intranet(f"review/{E.format(9)}"), "edited 9")  # S2, offered
    ward.drag(ward.intranet(f"review/{E.format(9)}"), ward.intranet("corrections"))
    ward.put(ward.intranet(f"review/{E.format(10)}"), "edited 10")  # S4
    ward.drag(ward.intranet(f"review/{E.format(10)}"), ward.intranet("confirmed"))
    ward.put(ward.intranet(f"corrections/{E.format(4)}.txt"), "note 4")  # S13
    ward.put(ward.intranet("review/own.xlsx", "sakura"), "first 6")  # S11


def after_death(ward: Ward) -> None:
    """What holds at once, before anybody mends anything: nothing half-written, nothing lost (never 1 and 2)."""
    shown = [*ward.tree("cloud").values(), *ward.tree("intranet").values(), *ward.tree("intranet", "sakura").values()]
    for content in shown:
        assert content in CONTENTS or content == "", f"half a file under its real name: {content!r}"
    blobs = {path.name for path in (ward.folder / "state/versions").rglob("*") if path.is_file()}
    for content in AT_STAKE:
        sha1 = hashlib.sha1(content.encode()).hexdigest()
        assert content in shown or sha1 in blobs, f"{content!r} is nowhere"


AT_STAKE = {f"first {number}" for number in range(1, 13)} | {
    *(f"second {number}" for number in (1, 2, 5, 6)),
    *(f"edited {number}" for number in (3, 4, 9, 10)),
    "made 1",
    "made 2",
    "note 4",
}


def outcome(ward: Ward) -> dict[str, Any]:
    """All that must be the same however often syncd died: trees, history by file, tellings by room."""
    with ward.world(read_only=True) as world:
        assert world.history.verify().ok, world.history.verify().problems
        assert world.ledger.open_intents() == []
        history: dict[str, list[Any]] = {}
        for row in world.history.rows():
            kept = {key: value for key, value in row.items() if key not in ("seq", "at", "chain")}
            history.setdefault(f"{row['operator']} {row['file']}", []).append(kept)
        said = ward.sql("SELECT room, message, name, from_stage, to_stage, count(*) FROM tellings GROUP BY 1,2,3,4,5")
    trees = {
        f"{side} {operator}": ward.tree(side, operator) for side in ("cloud", "intranet") for operator in ward.operators
    }
    found: dict[str, Any] = json.loads(json.dumps({"history": history, "trees": trees, "said": sorted(map(str, said))}))
    return found
