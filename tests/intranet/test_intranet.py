"""The intranet side is the tree with staff in it: who did it, and what they are still making."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from syncd.contract import Tree
from syncd.intranet import IntranetTree
from syncd.model import Layout, Side, Stage


def test_the_owner_of_a_file_is_who_did_it(tmp_path: Path) -> None:
    tree: Tree = IntranetTree(tmp_path / "intranet", 0)
    layout = Layout("himawari", "001", {stage: stage.value for stage in Stage})
    tree.mark("0f3c")
    tree.ensure(layout, {})
    file = tmp_path / "intranet" / "001" / "review" / "a.pdf"
    file.write_bytes(b"a")
    (seen,) = tree.look(layout, {}).sightings
    assert (seen.side, tree.side, tree.kind) == (Side.INTRANET, Side.INTRANET, "folder")
    assert seen.actor == pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(file, 3_999_999, -1)
    (seen,) = tree.look(layout, {}).sightings
    assert seen.actor == "3999999"
