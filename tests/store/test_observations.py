"""What was seen is kept, and what did not change is not written again."""

from __future__ import annotations

from dataclasses import replace

from syncd.model import Place, Side, Sighting, Stage
from syncd.store import Store
from syncd.store.ledger import Ledger
from syncd.store.observations import Absence


def seen(path: str, stage: Stage | None = Stage.INBOX) -> Sighting:
    return Sighting(Side.CLOUD, Place(stage, path), str(len(path)), 3, "etag", 1.5, None, "not quiet", "花子")


def written(store: Store) -> int:
    """A number that grows with every write of this or any other connection."""
    return int((store.row("SELECT total_changes()") or (0,))[0])


def test_sightings_are_remembered_renewed_and_forgotten(ledger: Ledger) -> None:
    first, loose, odd = seen("a.xlsx"), seen("b.xlsx", None), seen("\udce3\udc81.xlsx")
    ledger.remember("a", Side.CLOUD, [first, loose, odd], [])
    assert ledger.memory("a", Side.CLOUD) == {one.place: one for one in (first, loose, odd)}
    assert ledger.memory("a", Side.INTRANET) == ledger.memory("b", Side.CLOUD) == {}
    whole = replace(first, sha1="a" * 40, waits=None)
    ledger.remember("a", Side.CLOUD, [whole], [loose.place, odd.place, Place(None, "never seen")])
    assert ledger.memory("a", Side.CLOUD) == {first.place: whole}
    assert whole.sha1 in ledger.referenced()


def test_what_is_seen_again_is_not_forgotten(ledger: Ledger) -> None:
    before, after = seen("a.xlsx"), replace(seen("a.xlsx"), etag="new")
    ledger.remember("a", Side.CLOUD, [before])
    ledger.remember("a", Side.CLOUD, [after], [before.place])
    assert ledger.memory("a", Side.CLOUD) == {after.place: after}


def test_nothing_is_written_when_nothing_changed(ledger: Ledger, store: Store) -> None:
    absences = {(1, Side.CLOUD): Absence(5.0, 1)}
    folders = {"": "1", Stage.INBOX: "2"}

    def look() -> None:
        ledger.remember("a", Side.CLOUD, [seen("a.xlsx")], [Place(None, "gone")])
        ledger.set_absences("a", absences)
        ledger.set_folders("a", Side.CLOUD, folders)
        ledger.set_setting("cursor", "7")

    look()
    before = written(store)
    look()
    assert written(store) == before


def test_absences_and_folders_are_replaced(ledger: Ledger) -> None:
    ledger.set_absences("a", {(1, Side.CLOUD): Absence(5.0, 1), (1, Side.INTRANET): Absence(5.0, 1)})
    ledger.set_absences("a", {(1, Side.CLOUD): Absence(5.0, 2)})
    assert ledger.absences("a") == {(1, Side.CLOUD): Absence(5.0, 2)}
    assert ledger.absences("b") == {}
    ledger.set_folders("a", Side.CLOUD, {"": "1", "inbox": "2"})
    ledger.set_folders("a", Side.CLOUD, {"": "1", "inbox": "3"})
    assert ledger.folders("a", Side.CLOUD) == {"": "1", "inbox": "3"}
    assert ledger.folders("a", Side.INTRANET) == {}
