"""A root is one ward's: a second one is refused before it touches anything; a ward finds its own root again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syncd.cli import syncd
from tests.stories.box_ward import folder_only
from tests.stories.ward import ENROLMENT, Ward

pytestmark = folder_only("a root that is a directory says whose it is")


def command(config: Path, *words: str) -> Result:
    return CliRunner().invoke(syncd, [*words, "-c", str(config)])


def second(ward: Ward, **other: str) -> Path:
    """The config of another ward, which shares what isn't given."""
    text = ward.config_path.read_text(encoding="utf-8")
    for old, new in {"./state": "./state2", **other}.items():
        text = text.replace(old, new)
    config = ward.folder / "second.yaml"
    config.write_text(text, encoding="utf-8")
    return config


@pytest.mark.parametrize(
    "other", [{}, {"./cloud": "./cloud2"}, {"./intranet": "./intranet2"}, {"himawari": "tsubasa"}], ids=str
)
@pytest.mark.parametrize("words", [("init",), ("run", "--once")], ids=" ".join)
def test_a_second_ward_on_a_root_is_refused(ward: Ward, other: dict[str, str], words: tuple[str, ...]) -> None:
    ward.arrive(content="v1")
    config = second(ward, **other)
    before = ward.tree("cloud"), ward.tree("intranet"), ward.history(None)
    refused = command(config, *words)
    assert refused.exit_code == 2, refused.output
    assert "is another ward's" in refused.stderr and ".syncd/ward" in refused.stderr
    assert (ward.tree("cloud"), ward.tree("intranet"), ward.history(None)) == before
    ward.said()
    ward.quiet()


def test_a_state_that_was_lost_or_moved_is_no_other_ward(ward: Ward) -> None:
    ward.arrive(content="v1")
    shutil.rmtree(ward.folder / "state")
    assert ward.run() == 0
    (ward.folder / "state").rename(ward.folder / "state2")
    assert command(second(ward), "run", "--once").exit_code == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}


def test_a_copied_state_is_another_ward_as_long_as_the_first_is_there(ward: Ward) -> None:
    ward.arrive(content="v1")
    shutil.copytree(ward.folder / "state", ward.folder / "state2")
    refused = command(second(ward), "run", "--once")
    assert refused.exit_code == 2 and "is another ward's" in refused.stderr


def test_who_takes_over_a_root_says_so(ward: Ward) -> None:
    ward.arrive(content="v1")
    for side in ("cloud", "intranet"):
        (ward.root(side) / ".syncd" / "ward").unlink()
    assert command(second(ward), "run", "--once").exit_code == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert command(ward.config_path, "run", "--once").exit_code == 2, "the first is the second now"
