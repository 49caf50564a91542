"""What random runs once found: each failing example stays as a test."""

from __future__ import annotations

from syncd.model import Place, Side, Stage
from tests.mirror.paper_ward import PaperWard
from tests.mirror.test_plan_properties import NAMES, agreed

ENROLMENT = NAMES[0]


def test_a_place_to_which_a_file_may_have_to_go_back_is_not_given_away() -> None:
    """Staff drag a file away and put another under its name, while the operator replaces and moves it, too."""
    ward = PaperWard()
    ward.put(Side.CLOUD, Place(Stage.INBOX, "理由.txt"), "v1")
    ward.settle()
    ward.drag(Side.INTRANET, Place(Stage.INBOX, "理由.txt"), Place(Stage.CONFIRMED, "理由.txt"))
    ward.put(Side.INTRANET, Place(Stage.INBOX, "理由.txt"), "v1")
    ward.save(Side.CLOUD, Place(Stage.INBOX, "理由.txt"), "v2")
    ward.drag(Side.CLOUD, Place(Stage.INBOX, "理由.txt"), Place(Stage.REVIEW, "理由.txt"))
    ward.settle()
    agreed(ward)
    assert len({file.cloud.place for file in ward.files.values() if file.cloud}) == len(ward.files)


def test_an_offered_file_edited_on_the_way_back_is_offered_as_edited() -> None:
    ward = PaperWard()
    ward.put(Side.INTRANET, Place(Stage.CORRECTIONS, ENROLMENT), "made")
    ward.settle()
    ward.save(Side.INTRANET, Place(Stage.CORRECTIONS, ENROLMENT), "made again")
    ward.drag(Side.INTRANET, Place(Stage.CORRECTIONS, ENROLMENT), Place(Stage.INBOX, ENROLMENT))
    ward.settle()
    agreed(ward)
    assert [paper.sha1 for paper in ward.trees[Side.CLOUD].values()] == ["made again"]


def test_staff_rename_what_the_operator_moves_in_the_same_moment() -> None:
    ward = PaperWard()
    ward.put(Side.CLOUD, Place(Stage.INBOX, "写真.jpg"), "v1")
    ward.settle()
    ward.drag(Side.CLOUD, Place(Stage.INBOX, "写真.jpg"), Place(Stage.REVIEW, "写真.jpg"))
    ward.drag(Side.INTRANET, Place(Stage.INBOX, "写真.jpg"), Place(Stage.INBOX, "名前.jpg"))
    ward.settle()
    agreed(ward)
    assert list(ward.trees[Side.CLOUD]) == [Place(Stage.INBOX, "名前.jpg")]
    assert {"renamed", "refused"} <= {record.outcome for record in ward.records}
