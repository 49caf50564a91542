"""Box for tests of the client: the simulator in the same process, the real SDK and the real database before it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import requests

from syncd.clouds.box.box import BoxCloud
from syncd.config import BaseUrls, ClientCredentials
from syncd.config import BoxCloud as Settings
from syncd.errors import SyncdError
from syncd.model import Layout, Stage
from syncd.store import Store
from syncd.store.cloud_items import CloudItems
from tests.boxsim import InProcess, Refused, Simulator

TOKYO = ZoneInfo("Asia/Tokyo")
BASE = "http://127.0.0.1:1"


@dataclass
class Moment:
    """A clock that goes on with the computer's, and jumps when told to; `waited` are the seconds that code waited."""

    ahead: float = 0.0
    waited: float = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def wait(self, seconds: float) -> None:
        """Waiting takes no time here."""
        self.ahead += seconds
        self.waited += seconds


def settings(sim: Simulator, root: str = "0") -> Settings:
    account = sim.account
    return Settings(
        auth=ClientCredentials(account.client_id, account.client_secret, account.enterprise_id),
        root=root,
        base_urls=BaseUrls(BASE, f"{BASE}/api", f"{BASE}/api/oauth2"),
    )


def layout(folder: str = "認可/001_ひまわり保育園", operator: str = "himawari") -> Layout:
    return Layout(operator, folder, {stage: stage.value for stage in Stage})


@dataclass
class BoxWorld:
    """One state folder with its view of Box, and the hands of the people who use it."""

    base: Path
    sim: Simulator
    layout: Layout
    moment: Moment
    cloud: BoxCloud = field(init=False)
    store: Store = field(init=False)
    items: CloudItems = field(init=False)

    def __post_init__(self) -> None:
        self.sim.now = self.moment.now
        self.start()

    def start(self) -> None:
        """A process begins; what was known before is in its database."""
        self.store = Store(self.base / "state")
        self.items = CloudItems(self.store)
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", InProcess(self.sim))
        self.cloud = BoxCloud(settings(self.sim), self.items, self.moment, lambda: TOKYO, session)
        self.cloud.calls.wait = self.moment.wait

    def stop(self) -> None:
        self.cloud.close()
        self.store.close()

    @property
    def calls(self) -> dict[str, int]:
        """API calls since they were last set to nought, by endpoint."""
        return dict(self.sim.calls)

    def _at(self, path: str) -> str:
        return f"{self.layout.folder}/{path}"

    def put(self, path: str, content: bytes) -> None:
        try:
            self.sim.hands().put(self._at(path), content)
        except Refused as refused:
            raise SyncdError(str(refused)) from refused

    def rename(self, path: str, to: str) -> None:
        self.sim.hands().rename(self._at(path), self._at(to))

    def delete(self, path: str) -> None:
        self.sim.hands().delete(self._at(path))

    def make_folder(self, path: str) -> None:
        self.sim.hands().make_folder(self._at(path))

    def content(self, path: str) -> bytes | None:
        return self.sim.hands().content(self._at(path))

    def cut_off(self) -> None:
        self.sim.faults.seeded(1, 1.0, ["drop-before"])
        self.moment.ahead += 3600  # what was known an hour ago proves nothing

    def keep(self, content: bytes) -> Path:
        path = self.base / f"kept-{len(list(self.base.iterdir()))}"
        path.write_bytes(content)
        return path
