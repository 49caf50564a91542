"""One Samba for all tests of a worker, and wards whose intranet it serves."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.samba.server import STAFF, Person, Samba, required
from tests.stories.ward import RULES, ChatServer, Ward

NewShared = Callable[..., Ward]


@pytest.fixture(scope="session")
def samba() -> Iterator[Samba]:
    required()
    with tempfile.TemporaryDirectory(prefix="samba-") as name:
        Path(name).chmod(0o755)  # other accounts have to come through
        server = Samba(Path(name))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def chat() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


_numbers = itertools.count(1)


@pytest.fixture
def shared(samba: Samba, chat: ChatServer) -> NewShared:
    """Makes a ward below the share; `watch` is how its intranet is watched."""

    def make(watch: str = "auto", settle: float = 0.05) -> Ward:
        ward = Ward(samba.share / f"ward-{next(_numbers)}", chat, rules=RULES)
        text = ward.config_path.read_text(encoding="utf-8")
        wanted = f"settle_seconds: {settle}, watch: {watch}, audit_log: {samba.audit}"
        text = text.replace("settle_seconds: 0.05", wanted).replace("rescan_seconds: 2", "rescan_seconds: 5")
        ward.config_path.write_text(text, encoding="utf-8")
        return ward

    return make


@pytest.fixture
def staff(samba: Samba) -> Iterator[tuple[Person, Person]]:
    """Two of the staff, logged in."""
    with samba.person(STAFF[0]) as one, samba.person(STAFF[1]) as other:
        yield one, other


def on_share(ward: Ward, place: str, operator: str = "himawari") -> str:
    """The path of a place (`review/name`) in an operator's folder, as a client of the share says it."""
    return f"{ward.folder.name}/intranet/{ward.operators[operator][0]}/{place}"
