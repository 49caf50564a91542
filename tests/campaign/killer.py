"""Runs in a process of its own, with kill_at loaded: forks a child for each call of a busy round and kills it there.

    LD_PRELOAD=kill_at.so python -m tests.campaign.killer FOLDER (count | all | COUNT,SEED) [PART/PARTS]

Prints one JSON line: how many calls there were, which were tried, and every one after which something was wrong.
"""

from __future__ import annotations

import ctypes
import functools
import json
import os
import random
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.campaign.busy import after_death, gestures, outcome, prepare
from tests.stories.ward import ChatServer, Ward


class Reopened(Ward):
    """A ward that another process prepared."""

    def __init__(self, folder: Path, chat: ChatServer) -> None:
        self.folder, self.chat, self._read = folder, chat, 0
        self.settings, self.stages, self.box, self.pages = "", "", None, False
        self.operators = {"himawari": ("ひまわり保育園", "012"), "sakura": ("さくら保育園", "013")}
        self.write_config()


def main() -> int:
    folder, what = Path(sys.argv[1]), sys.argv[2]
    part, parts = (int(number) for number in sys.argv[3].split("/")) if len(sys.argv) > 3 else (0, 1)
    preload = ctypes.CDLL(None)
    preload.kill_at.argtypes = [ctypes.c_long]
    preload.kill_count.restype = ctypes.c_long
    preload.kill_kinds.restype = ctypes.c_void_p
    chat = _forkable_chat()

    def child(work: Callable[[], object]) -> tuple[int, str]:
        """Runs `work` in a fork; (signal or status, what it said)."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            status = 1
            try:
                said = work()
                os.write(writing, json.dumps(said).encode())
                status = 0
            except BaseException:
                os.write(writing, traceback.format_exc().encode()[-6000:])
            finally:
                os._exit(status)
        os.close(writing)
        said = b""
        while block := os.read(reading, 65536):
            said += block
        os.close(reading)
        _, status = os.waitpid(pid, 0)
        return status, said.decode()

    place = folder / "try"

    def fresh() -> Ward:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        ward = prepare(place / "ward", chat)
        gestures(ward)
        return ward

    def reference() -> dict[str, object]:
        ward = fresh()
        preload.kill_at(0)
        ward.run()
        count = preload.kill_count()
        kinds = ctypes.string_at(preload.kill_kinds() + 1, count).decode()
        preload.kill_never()
        ward.run()
        return {"count": count, "kinds": kinds, "outcome": outcome(ward)}

    def killing(point: int) -> str:
        return _killed_at(preload, fresh(), point)

    status, said = child(reference)
    if status:
        print(said, file=sys.stderr)
        return 1
    found = json.loads(said)
    points = _chosen(what, found["count"], found["kinds"])[part::parts]
    wrong, survived = [], 0
    for point in points:
        status, said = child(functools.partial(killing, point))
        survived += status == 0
        ward = Reopened(place / "ward", chat)
        problem = said if status not in (0, 9) else _mended(child, ward, found["outcome"])
        if problem:
            wrong.append({"call": point, "kind": found["kinds"][point - 1], "problem": problem[-3000:]})
    print(json.dumps({"calls": found["count"], "tried": len(points) - survived, "wrong": wrong}, ensure_ascii=False))
    return 1 if wrong else 0


def _killed_at(preload: ctypes.CDLL, ward: Ward, point: int) -> str:
    preload.kill_at(point)
    ward.run()
    preload.kill_never()
    return "fewer calls this time"


def _mended(child: Callable[[Callable[[], object]], tuple[int, str]], ward: Ward, expected: object) -> str:
    def mend() -> object:
        after_death(ward)
        ward.run()
        ward.run()
        after_death(ward)
        return outcome(ward)

    status, said = child(mend)
    if status:
        return said
    got = json.loads(said)
    if got == expected:
        return ""
    assert isinstance(expected, dict)
    return json.dumps(
        {key: _difference(expected[key], got[key]) for key in expected if expected[key] != got[key]}, ensure_ascii=False
    )


def _difference(expected: object, got: object) -> object:
    if isinstance(expected, dict) and isinstance(got, dict):
        keys = sorted({*expected, *got})
        return {key: [expected.get(key), got.get(key)] for key in keys if expected.get(key) != got.get(key)}
    if isinstance(expected, list) and isinstance(got, list):
        return {"lost": [one for one in expected if one not in got], "new": [one for one in got if one not in expected]}
    return [expected, got]


def _chosen(what: str, count: int, kinds: str) -> list[int]:
    """Every call; or a seeded sample with some of each kind."""
    every = list(range(1, count + 1))
    if what in ("count", "all"):
        return every if what == "all" else []
    size, seed = (int(number) for number in what.split(","))
    draw = random.Random(seed)
    by_kind = {kind: [point for point in every if kinds[point - 1] == kind] for kind in sorted(set(kinds))}
    share = max(1, size // len(by_kind))
    return sorted(point for points in by_kind.values() for point in draw.sample(points, min(share, len(points))))


def _forkable_chat() -> ChatServer:
    """A chat server in a process of its own; here only its port is needed."""
    port = int(os.environ["SYNCD_CHAT_PORT"])

    class Elsewhere(ChatServer):
        def __init__(self) -> None:
            self.port, self.posts, self.failing = port, [], set()

    return Elsewhere()


if __name__ == "__main__":
    sys.exit(main())
