"""A ward whose cloud is Box in the same process: real rounds, trees, database, SDK; no socket and no waiting."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from syncd.clouds.box.box import BoxCloud
from syncd.config import load
from syncd.errors import Busy, Unreachable
from syncd.journey import round_for
from syncd.model import Side
from syncd.world import World
from tests.boxsim import Hands, InProcess, Simulator
from tests.clouds.box_world import BASE, Moment
from tests.stories.ward import RULES

OPERATORS: Mapping[str, tuple[str, str]] = {"himawari": ("ひまわり保育園", "012"), "sakura": ("さくら保育園", "013")}


def copied(prepared: Path, folder: Path) -> None:
    """A ward that was prepared, in another place, which is nobody's yet."""
    shutil.copytree(prepared, folder)
    (folder / "intranet" / ".syncd" / "ward").unlink(missing_ok=True)


def set_aside(prepared: Path) -> Path:
    """A ward that nobody works in any more, so that copies of it may take its place in Box."""
    return prepared.rename(prepared.with_name(f"{prepared.name} set aside"))


class BoxWard:
    """Two nurseries and a ward office."""

    def __init__(self, folder: Path, sim: Simulator) -> None:
        self.folder = folder
        self.sim = sim
        self.moment = Moment()
        sim.now = self.moment.now
        if not (folder / "config.yaml").exists():
            self._write()

    def _write(self) -> None:
        (self.folder / "rules").mkdir(parents=True)
        for name, text in RULES.items():
            (self.folder / "rules" / name).write_text(text, encoding="utf-8")
        account = self.sim.account
        operators = "".join(
            f"  - {{id: {id}, name: {name}, kind: 認可保育所, code: '{code}', chat: ['json://127.0.0.1:9/{id}']}}\n"
            for id, (name, code) in OPERATORS.items()
        )
        (self.folder / "config.yaml").write_text(
            "cloud:\n  kind: box\n"
            f"  auth: {{client_id: '{account.client_id}', client_secret: '{account.client_secret}',"
            f" enterprise_id: '{account.enterprise_id}'}}\n"
            f"  base_urls: {{base: '{BASE}', upload: '{BASE}/api', oauth2: '{BASE}/api/oauth2'}}\n"
            "intranet: {root: ./intranet, settle_seconds: 0}\nstate: ./state\nrules: ./rules\n"
            f"chat: {{staff: ['json://127.0.0.1:9/staff']}}\noperators:\n{operators}",
            encoding="utf-8",
        )

    @contextmanager
    def world(self) -> Iterator[World]:
        """Everything that a round needs; nothing in it waits."""
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", InProcess(self.sim))
        config = load(self.folder / "config.yaml")
        with World(config, clock=self.moment) as world:
            world.cloud = BoxCloud(config.cloud, world.cloud_items, self.moment, lambda: config.zone, session)  # type: ignore[arg-type]  # kind: box stands in the file
            world.cloud.calls.wait = self.moment.wait
            yield world

    def init(self) -> None:
        """What `syncd init` does."""
        with self.world() as world:
            for side in Side:
                world.mark(side)
            for operator in world.config.operators:
                for side in Side:
                    layout = world.layout(operator.id, side)
                    world.ledger.set_folders(operator.id, side, world.tree(side).ensure(layout, {}).identities)

    def person(self, operator: str = "himawari") -> Hands:
        """Somebody in the nursery, with its folder in Box."""
        folder = self.sim.hands().identity(OPERATORS[operator][0])
        assert folder is not None
        return self.sim.hands(folder)

    def intranet(self, place: str, operator: str = "himawari") -> Path:
        return self.folder / "intranet" / OPERATORS[operator][0] / place

    def rounds(self, world: World) -> int:
        """One round for everybody, as the daemon makes it; returns how many moves were recorded."""
        moves = 0
        try:
            world.cloud.catch_up()
            world.reach()
        except Unreachable:
            self.moment.ahead += 60
            return 0
        for operator in world.config.operators:
            try:
                moves += round_for(world, operator).moves
            except (Busy, Unreachable):
                self.moment.ahead += 60
        return moves

    def until_quiet(self, world: World, patience: int = 40) -> None:
        """Rounds until two in a row do nothing and no move is under way."""
        idle = 0
        for _ in range(patience):
            moves = self.rounds(world)
            self.moment.ahead += 61  # a lock ends, Box is asked again
            idle = idle + 1 if not moves and not world.ledger.open_intents() else 0
            if idle == 3:
                return
        raise AssertionError("syncd goes on and on")

    # ── what came of it ──

    def trees(self) -> dict[str, dict[str, str]]:
        """Every file on both sides → its content."""
        found: dict[str, dict[str, str]] = {}
        for operator, (name, _) in OPERATORS.items():
            cloud = self.person(operator).tree()
            found[f"cloud {operator}"] = {path: content.decode("utf-8", "replace") for path, content in cloud.items()}
            root = self.folder / "intranet" / name
            found[f"intranet {operator}"] = {
                str(path.relative_to(root)): path.read_bytes().decode("utf-8", "replace")
                for path in sorted(root.rglob("*"))
                if path.is_file()
            }
        return found

    def records(self, world: World) -> dict[str, list[tuple[object, ...]]]:
        """What the history says of each file, in order."""
        found: dict[str, list[tuple[object, ...]]] = {}
        for row in world.history.rows():
            key = f"{row['operator']} {row['file']}"
            said = tuple(row[name] for name in ("document", "from", "to", "by", "rule", "reason", "outcome", "sha1"))
            found.setdefault(key, []).append(said)
        return found

    def told(self, world: World) -> Counter[tuple[object, ...]]:
        """What is to be said: room, message, document; or was made into a message."""
        rows = world.store.rows("SELECT room, message, document, from_stage, to_stage FROM tellings")
        return Counter(tuple(row) for row in rows)
