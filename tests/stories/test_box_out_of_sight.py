"""Lost sight is never a withdrawal: access from above is lost and given back, and nobody's files count as gone (D3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.boxsim import Refused
from tests.stories.box_ward import Box, BoxPath, BoxRoot, folder_only
from tests.stories.ward import ENROLMENT, INVOICE, SAKURA_ENROLMENT, ChatServer, Ward

pytestmark = folder_only("it makes a Box of its own, in which the ward's office owns the folders")
LOST = ("withdrawn from the folder", "folder in the trash", "folder above in the trash")


class OfficeRoot(BoxRoot):
    """The ward's office owns the folders; syncd is invited to cloud.root, or to a folder above the operators'."""

    def __init__(self, box: Box, invited: str) -> None:
        sim = box.sim
        self.box, self.invited = box, invited
        self.office = sim.add_user("ward office")
        office = sim.hands("0", self.office)
        self.above = office.make_folder("office")
        self.shared = office.make_folder("office/shared")
        self.folder_id = self.shared
        me = sim.account.user_id
        self.invitation = sim.collaborate(self.shared, me, "editor")
        if invited == "above the operators":
            self.folder_id = "0"
        self.hands = sim.hands(self.above, self.office)

        class Here(BoxPath):
            hands = self.hands

        self.path: BoxPath = Here("/shared")

    def lose(self, how: str) -> None:
        """syncd's user doesn't see the folder any more."""
        if how == "withdrawn from the folder":
            self.box.sim.revoke(self.invitation)
        else:
            self.box.sim.hands("0", self.office).delete("office" if "above" in how else "office/shared")

    def give_back(self, how: str) -> None:
        """The same folder is there again, with the same people."""
        if how == "withdrawn from the folder":
            self.invitation = self.box.sim.collaborate(self.shared, self.box.sim.account.user_id, "editor")
        else:
            self.box.sim.hands("0", self.office).restore(self.above if "above" in how else self.shared)


class OfficeWard(Ward):
    """A ward whose operators' folders lie where `OfficeRoot` has them."""

    box: OfficeRoot

    def write_config(self, **overrides: str) -> None:
        super().write_config(**overrides)
        if self.box.invited == "above the operators":
            text = self.config_path.read_text(encoding="utf-8")
            for id, (name, _) in self.operators.items():
                text = text.replace(f"id: {id},", f"id: {id}, cloud_folder: shared/{name},")
            self.config_path.write_text(text, encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path, chat: ChatServer) -> Iterator[Callable[[str], OfficeWard]]:
    box = Box()
    yield lambda invited: OfficeWard(tmp_path / "ward", chat, box=OfficeRoot(box, invited))
    box.close()


def touch(ward: OfficeWard, path: str) -> None:
    """Something happens to a file, so that syncd asks for it: it is locked and unlocked."""
    ward.box.hands.lock(f"shared/{path}")
    ward.box.hands.unlock(f"shared/{path}")


@pytest.mark.parametrize("invited", ["to cloud.root", "above the operators"])
@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("noticed", ["by an event", "by a file that comes", "by a drag"])
def test_d3_what_is_out_of_sight_is_not_withdrawn(
    office: Callable[[str], OfficeWard], invited: str, how: str, noticed: str
) -> None:
    ward = office(invited)
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    if noticed == "by an event":
        touch(ward, f"ひまわり保育園/review/{ENROLMENT}")
    ward.box.lose(how)
    if noticed == "by a drag":
        ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("confirmed"))
    before = len(ward.history(None))
    codes = {ward.run() for _ in range(3)}
    if noticed != "by a file that comes":
        assert codes == {1}, "something isn't reachable"
    assert len(ward.history(None)) == before
    said = ward.rooms()
    assert not {"himawari", "sakura", "staff"} & set(said), said
    assert [*ward.tree("intranet").values(), *ward.tree("intranet", "sakura").values()] == ["v1", "s1"]

    if how == "withdrawn from the folder":
        ward.put(ward.cloud(f"inbox/{INVOICE}"), "sent meanwhile")
    ward.box.give_back(how)
    for _ in range(2):
        assert ward.run() == 0
    stage = "confirmed" if noticed == "by a drag" else "review"
    expected = {f"{stage}/{ENROLMENT}": "v1"}
    if how == "withdrawn from the folder":
        expected[f"review/{INVOICE}"] = "sent meanwhile"
    assert ward.tree("intranet") == ward.tree("cloud") == dict(sorted(expected.items()))
    assert ward.tree("cloud", "sakura") == ward.tree("intranet", "sakura") == {f"review/{SAKURA_ENROLMENT}": "s1"}
    assert not any("取下げ" in text for text in ward.rooms().values())
    assert "withdrawn" not in {outcome for *_, outcome in ward.moves(None)}
    ward.quiet()


@pytest.mark.parametrize("how", LOST)
def test_d3_the_root_out_of_sight_is_noticed_by_itself_and_said(office: Callable[[str], OfficeWard], how: str) -> None:
    """Nothing happens and nobody drags: within the hour the root is asked for, the administrators hear of it once."""
    ward = office("to cloud.root")
    ward.arrive()
    ward.box.box.sim.events_faults(lose=1.0)
    ward.box.lose(how)
    for hours in (2, 3):
        assert ward.run(datetime.now(UTC) + timedelta(hours=hours)) == 1
    (text,) = (text for room, text in ward.rooms().items() if room == "administrators")
    assert text.count("cloud．root") == 1 and "取下げ" not in text
    ward.box.box.sim.events_faults()
    ward.box.give_back(how)
    assert ward.run(datetime.now(UTC) + timedelta(hours=4)) == 0
    assert ward.tree("intranet") == ward.tree("cloud") == {f"review/{ENROLMENT}": "v1"}


def test_o8_a_file_that_is_deleted_while_all_is_in_sight_is_withdrawn(office: Callable[[str], OfficeWard]) -> None:
    ward = office("above the operators")
    ward.arrive()
    ward.cloud(f"review/{ENROLMENT}").unlink()
    assert ward.run() == 0
    assert ward.moves()[-1] == ("review", None, "operator", "withdrawn")


def test_o8_a_folder_with_files_that_is_deleted_withdraws_them(office: Callable[[str], OfficeWard]) -> None:
    ward = office("above the operators")
    for number in range(30):
        ward.put(ward.cloud(f"inbox/10月/写真{number}.jpg"), f"picture {number}")
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
    assert ward.run() == 0
    ward.said()
    ward.box.hands.delete("shared/ひまわり保育園/inbox/10月")
    assert ward.run() == 3, "so many that vanish are a hold (D2)"
    assert [text for text in ward.said("administrators") if "release himawari" in text]
    with pytest.raises(Refused):
        ward.box.hands.delete("shared/ひまわり保育園/inbox/10月")


def test_too_small_a_role_holds_the_operator_and_no_file_is_blamed(office: Callable[[str], OfficeWard]) -> None:
    ward = office("to cloud.root")
    ward.arrive(ENROLMENT, "v1")
    sim, me = ward.box.box.sim, ward.box.box.sim.account.user_id
    sim.revoke(ward.box.invitation)
    viewer = sim.collaborate(ward.box.shared, me, "viewer")
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("confirmed"))
    ward.run()
    with ward.world() as world:
        assert [hold.operator for hold in world.ledger.holds()] == ["himawari"]
        assert "role" in world.ledger.holds()[0].reason
        assert world.troubles.all() == ()
        world.ledger.release("himawari", world.clock.now())
    sim.revoke(viewer)
    ward.box.invitation = sim.collaborate(ward.box.shared, me, "editor")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"confirmed/{ENROLMENT}": "v1"}
