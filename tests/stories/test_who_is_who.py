"""Who is who: files are followed by path, inode and name, whatever names people and programs give them."""

from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path

import pytest

from syncd import names
from tests.stories.box_ward import BoxPath, folder_only
from tests.stories.staff_steps import both
from tests.stories.ward import ENROLMENT, INVOICE, Ward

IN = f"inbox/{ENROLMENT}"
REVIEW = f"review/{ENROLMENT}"
CORRECTIONS = f"corrections/{ENROLMENT}"
CONFIRMED = f"confirmed/{ENROLMENT}"
EVIDENCE = "012_202610_証憑"
DIRECTORY = pytest.param("cloud", marks=folder_only("Box has no links and nothing but files and folders"))


def outcomes(ward: Ward) -> list[str]:
    return [row["outcome"] for row in ward.history()]


def identity(path: Path) -> object:
    """What tells a file from another one under its name."""
    return path.identity if isinstance(path, BoxPath) else path.stat().st_ino


def box_refuses(name: str) -> object:
    """The name; only for a directory where Box would not take it."""
    refused = name != name.strip(" ") or any(sign == "\\" or ord(sign) < 32 for sign in name)
    return pytest.param(name, marks=folder_only("Box refuses that name")) if refused else name


def reuse(removed: Path, made: Path, content: str) -> None:
    """One file is gone, and another has its inode number, as file systems do.

    A freed number goes to whoever comes first, perhaps another test; so it is handed over without being freed. In
    names, numbers, sizes and bytes, which is all that a look shows, there is no difference.
    """
    inode = removed.stat().st_ino
    made.parent.mkdir(parents=True, exist_ok=True)
    removed.rename(made)
    made.write_text(content, encoding="utf-8")
    assert made.stat().st_ino == inode and not removed.exists()


# ── the same path ──


@pytest.mark.parametrize("side", ["cloud", "intranet"])
def test_the_same_path_with_another_inode_is_the_same_file(ward: Ward, side: str) -> None:
    ward.arrive()
    here = ward.cloud if side == "cloud" else ward.intranet
    before = identity(here(REVIEW))
    ward.save_like_excel(here(REVIEW), "v2")
    assert identity(here(REVIEW)) != before
    assert ward.run() == 0
    if side == "intranet":
        assert outcomes(ward) == ["received", "moved", "edited"]
        assert ward.tree("cloud") == {REVIEW: "v1"} and ward.tree("intranet") == {REVIEW: "v2"}
    else:
        assert outcomes(ward) == ["received", "moved", "received", "superseded", "moved"]
        assert ward.tree("cloud") == {REVIEW: "v2"} and list(ward.tree("intranet").values()) == ["v2"]
    assert ward.kept("v1")
    ward.said()
    ward.quiet()


def test_the_same_path_and_bytes_with_another_inode_is_no_change(ward: Ward) -> None:
    ward.arrive()
    for here in (ward.cloud, ward.intranet):
        ward.save_like_excel(here(REVIEW), "v1")
    ward.quiet()


def test_a_file_whose_place_another_took_is_where_its_inode_is(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.put(ward.intranet(REVIEW), "staff's own, under the old name")
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v1"}
    assert ward.tree("intranet") == {CONFIRMED: "v1", REVIEW: "staff's own, under the old name"}
    assert outcomes(ward) == ["received", "moved", "moved"]
    ward.said()
    ward.quiet()


# ── inodes ──


@folder_only("Box gives no id twice")
@pytest.mark.parametrize("stage", ["inbox", "review"])
def test_an_inode_number_that_is_given_again_is_another_file(ward: Ward, stage: str) -> None:
    ward.arrive()
    reuse(ward.cloud(REVIEW), ward.cloud(f"{stage}/{EVIDENCE}.pdf"), "something else")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{EVIDENCE}.pdf": "something else"}
    assert ward.tree("intranet") == {
        f"review/{EVIDENCE}.pdf": "something else",
        "review/012_202610_在籍児童数報告書（取下げ）.xlsx": "v1",
    }
    assert sorted(outcomes(ward)) == sorted(["received", "moved", "withdrawn", "received", "moved"])
    ward.said()
    ward.quiet()


def test_an_inode_number_given_again_on_the_intranet_is_not_the_deleted_file(ward: Ward) -> None:
    ward.arrive()
    reuse(ward.intranet(REVIEW), ward.intranet("confirmed/職員の覚え書き.txt"), "own")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "v1", "confirmed/職員の覚え書き.txt": "own"}
    ward.said()
    ward.quiet()


def test_an_inode_number_that_wanders_to_another_operator_is_no_leak(ward: Ward) -> None:
    ward.arrive()
    reuse(ward.intranet(REVIEW), ward.intranet("review/覚え書き.txt", "sakura"), "own")
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    assert ward.tree("intranet", "sakura") == {"review/覚え書き.txt": "own"}
    assert ward.tree("cloud", "sakura") == {}
    ward.said()
    ward.quiet()


@pytest.mark.parametrize("side", ["cloud", "intranet"])
@pytest.mark.parametrize("stage", ["inbox", "review"])
def test_two_files_swap_their_names(ward: Ward, side: str, stage: str) -> None:
    one, other = (
        ("一枚目.pdf", "二枚目.pdf") if stage == "inbox" else (f"{EVIDENCE}_一枚目.pdf", f"{EVIDENCE}_二枚目.pdf")
    )
    ward.put(ward.cloud(f"inbox/{one}"), "one")
    ward.put(ward.cloud(f"inbox/{other}"), "other")
    assert ward.run() == 0
    ward.said()
    here = ward.cloud if side == "cloud" else ward.intranet
    aside = here(f"{stage}/aside")
    here(f"{stage}/{one}").rename(aside)
    here(f"{stage}/{other}").rename(here(f"{stage}/{one}"))
    aside.rename(here(f"{stage}/{other}"))
    assert ward.run() == 0
    both(ward, {f"{stage}/{one}": "other", f"{stage}/{other}": "one"})
    assert "withdrawn" not in outcomes(ward) and "replaced" not in outcomes(ward)
    ward.said()
    ward.quiet()


def test_three_files_pass_their_names_round(ward: Ward) -> None:
    papers = [f"{EVIDENCE}_{letter}.pdf" for letter in "ABC"]
    for name in papers:
        ward.put(ward.cloud(f"inbox/{name}"), name)
    assert ward.run() == 0
    paths = [ward.intranet(f"review/{name}") for name in papers]
    paths[0].rename(paths[0].with_name("aside"))
    paths[1].rename(paths[0])
    paths[2].rename(paths[1])
    paths[0].with_name("aside").rename(paths[2])
    assert ward.run() == 0
    both(ward, dict(zip((f"review/{name}" for name in papers), [papers[1], papers[2], papers[0]], strict=True)))
    ward.said()
    ward.quiet()


# ── moved and edited ──


@pytest.mark.parametrize("inode", ["the same", "another"])
def test_moved_and_edited_is_the_same_file(ward: Ward, inode: str) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    if inode == "the same":
        ward.put(ward.intranet(CORRECTIONS), "v1 by the ward")
    else:
        ward.save_like_excel(ward.intranet(CORRECTIONS), "v1 by the ward")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1 by the ward"})
    assert ward.moves()[-1] == ("review", "corrections", "staff", "moved")
    assert "修正案" in ward.rooms()["himawari"]
    assert ward.kept("v1")
    ward.quiet()


def test_moved_renamed_and_edited_with_its_inode_and_a_mark_is_the_same_file(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(IN), "v2")
    assert ward.run() == 0
    (marked,) = ward.tree("intranet")
    assert "再提出" in marked
    ward.drag(ward.intranet(marked), ward.intranet("corrections"))
    ward.save_like_excel(ward.intranet(marked.replace("review", "corrections")), "by the ward")
    assert ward.run() == 0
    assert ward.tree("cloud") == {CORRECTIONS: "by the ward"}
    assert list(ward.tree("intranet").values()) == ["by the ward"]
    ward.said()
    ward.quiet()


def test_gone_and_new_under_another_name_is_a_deletion_and_a_new_file(ward: Ward) -> None:
    ward.arrive()
    ward.cloud(REVIEW).unlink()
    ward.put(ward.cloud(f"inbox/{INVOICE}"), "i1")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{INVOICE}": "i1"}
    assert ward.tree("intranet") == {
        f"review/{INVOICE}": "i1",
        "review/012_202610_在籍児童数報告書（取下げ）.xlsx": "v1",
    }
    ward.said()
    ward.quiet()


# ── hard links, links, things that are no files ──


@pytest.mark.parametrize("side", [DIRECTORY, "intranet"])
def test_a_second_name_of_a_file_is_no_second_file(ward: Ward, side: str) -> None:
    ward.arrive()
    here = ward.cloud if side == "cloud" else ward.intranet
    os.link(here(REVIEW), here(CONFIRMED))
    assert ward.run() == 0
    assert ward.tree("intranet" if side == "cloud" else "cloud") == {REVIEW: "v1"}
    assert here(REVIEW).read_text() == here(CONFIRMED).read_text() == "v1"
    assert "moved" not in outcomes(ward)[2:] and "withdrawn" not in outcomes(ward)
    here(CONFIRMED).unlink()
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    ward.said()
    ward.quiet()


@pytest.mark.parametrize("side", [DIRECTORY, "intranet"])
def test_links_pipes_and_devices_are_left_alone_and_led_by_nobody(ward: Ward, side: str, tmp_path: Path) -> None:
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "passwords.txt").write_text("secret")
    here = ward.cloud if side == "cloud" else ward.intranet
    here("inbox/link.txt").symlink_to(secret / "passwords.txt")
    here("inbox/folder").symlink_to(secret)
    here("review/dangling.txt").symlink_to(secret / "nowhere")
    os.mkfifo(here("inbox/012_202610_証憑.pdf"))
    ward.put(ward.cloud(IN), "v1")
    assert ward.run() == 0
    other = ward.tree("intranet" if side == "cloud" else "cloud")
    assert other == {REVIEW: "v1"}
    assert "secret" not in other.values()
    assert here("inbox/link.txt").is_symlink() and here("inbox/folder").is_symlink()
    assert len(ward.history()) == 2


# ── names ──

HOSTILE = [
    "CON.xlsx",
    "nul",
    "COM1.在籍.xlsx",
    "a:b.xlsx",
    'a<b>c"d|e?f*g.xlsx',
    "back\\slash.xlsx",
    "trailing dot.",
    "trailing space ",
    " leading space.xlsx",
    "trailing dots...",
    "new\nline.xlsx",
    "tab\tand\rreturn.xlsx",
    "bell\x07.xlsx",
    "right\u202eslx.exe",
    "zero\u200bwidth.xlsx",
    "percent﹪3A﹪sign.xlsx",
    "imitated（旧版 1）.xlsx",
    "imitated（取下げ）.xlsx",
    "長" * 83 + ".pdf",
    "x" * 255,
    "x" * 250 + ".xlsx",
    unicodedata.normalize("NFD", "がぎぐげご.xlsx"),
    "😀絵文字.xlsx",
    "-rf.xlsx",
    "$(reboot).xlsx",
    "'; DROP TABLE files; --.xlsx",
    "=cmd|' ;C calc'!A0.xlsx",
    "no extension",
    "two.dots.in.it.tar.gz",
]


@pytest.mark.parametrize("name", [box_refuses(name) for name in HOSTILE], ids=ascii)
def test_any_name_that_a_cloud_can_hold_arrives_moves_and_keeps_its_name_there(ward: Ward, name: str) -> None:
    ward.put(ward.cloud(f"inbox/{name}"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"inbox/{name}": "v1"}, "its type is unknown, so it waits"
    ((place, content),) = ward.tree("intranet").items()
    shown = place.removeprefix("inbox/")
    assert content == "v1" and shown == names.to_intranet(name) and names.belongs(shown, name)
    assert len(shown.encode()) <= 255 and shown == shown.strip(" .") and shown.isprintable()
    assert not set(shown) & set('<>:"/\\|?*')
    for stage in ("review", "corrections", "review", "confirmed"):
        (here,) = ward.tree("intranet")
        ward.drag(ward.intranet(here), ward.intranet(stage))
        assert ward.run() == 0
        assert ward.tree("cloud") == {f"{stage}/{name}": "v1"}
    assert list(ward.tree("intranet")) == [f"confirmed/{shown}"]
    rooms = ward.rooms()
    assert name not in "".join(rooms.values()), "of unknown type: no name in chat"
    ward.quiet()


@pytest.mark.parametrize("name", [box_refuses(name) for name in HOSTILE if len(name) < 200], ids=ascii)
def test_a_new_version_under_a_hostile_name_shows_its_mark_on_the_intranet_only(ward: Ward, name: str) -> None:
    ward.put(ward.cloud(f"inbox/{name}"), "v1")
    assert ward.run() == 0
    (here,) = ward.tree("intranet")
    ward.drag(ward.intranet(here), ward.intranet("review"))
    assert ward.run() == 0
    ward.put(ward.cloud(f"review/{name}"), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{name}": "v2"}
    ((place, content),) = ward.tree("intranet").items()
    assert content == "v2" and "（再提出 2）" in place and len(place.removeprefix("review/").encode()) <= 255
    ward.drag(ward.intranet(place), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"confirmed/{name}": "v2"}
    assert ward.tree("intranet") == {f"confirmed/{names.to_intranet(name)}": "v2"}
    assert ward.kept("v1")
    ward.said()
    ward.quiet()


TWINS = [
    ("Kiroku.pdf", "kiroku.pdf"),
    (unicodedata.normalize("NFC", "がくせい.pdf"), unicodedata.normalize("NFD", "がくせい.pdf")),
    ("STRASSE.pdf", "straße.pdf"),
]


@folder_only("Box doesn't tell such names apart")
@pytest.mark.parametrize(("one", "other"), TWINS, ids=["case", "composition", "sharp s"])
def test_names_that_only_the_cloud_can_tell_apart_are_two_files_on_both_sides(ward: Ward, one: str, other: str) -> None:
    ward.put(ward.cloud(f"inbox/{one}"), "one")
    ward.put(ward.cloud(f"inbox/{other}"), "other")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"inbox/{one}": "one", f"inbox/{other}": "other"}
    intranet = ward.tree("intranet")
    assert sorted(intranet.values()) == ["one", "other"]
    assert len({names.fold(place) for place in intranet}) == 2
    for place, content in intranet.items():
        cloud = one if content == "one" else other
        assert names.belongs(place.removeprefix("inbox/"), cloud)
    ward.said()
    ward.quiet()
    ward.cloud(f"inbox/{one}").unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"inbox/{other}": "other"}
    assert list(ward.tree("intranet").values()) == ["other"]
    ward.said()
    ward.quiet()


@folder_only("Box's names are text")
def test_bytes_that_are_no_text_in_a_name_are_no_obstacle(ward: Ward) -> None:
    name = b"012_202610_\x8f\xd8\x9c\xfb.pdf"  # 証憑 in CP932, from an old archive
    path = os.fsencode(ward.cloud("inbox")) + b"/" + name
    with open(path, "wb") as file:
        file.write(b"v1")
    ward.put(ward.cloud(IN), "v1")
    assert ward.run() == 0
    assert REVIEW in ward.tree("intranet")
    assert os.path.exists(path)
    (other,) = ward.intranet("inbox").iterdir()
    assert other.read_bytes() == b"v1" and str(other).isprintable()
    ward.said()
    ward.quiet()


def test_a_folder_deeper_than_windows_can_open_is_no_obstacle_to_the_rest(ward: Ward) -> None:
    deep = "/".join(["とても長い名前のフォルダー" * 5] * 12)
    ward.put(ward.cloud(f"inbox/{deep}/{INVOICE}"), "deep")
    ward.put(ward.cloud(IN), "v1")
    assert ward.run() == 0
    assert ward.tree("intranet")[REVIEW] == "v1"
    assert "deep" in ward.tree("cloud").values()
    ward.said()
    ward.quiet()


def test_both_sides_copied_by_hand_become_one_file_even_while_one_is_still_being_copied(ward: Ward) -> None:
    ward.run()
    text = ward.config_path.read_text(encoding="utf-8").replace("settle_seconds: 0.05", "settle_seconds: 0.4")
    ward.config_path.write_text(text, encoding="utf-8")
    for stage in ("confirmed", "corrections", "inbox"):
        ward.put(ward.cloud(f"{stage}/{EVIDENCE}_{stage}.pdf"), stage)
    time.sleep(0.3)
    for stage in ("confirmed", "corrections", "inbox"):
        ward.put(ward.intranet(f"{stage}/{EVIDENCE}_{stage}.pdf"), stage)
    assert ward.run() == 0
    both(
        ward,
        {
            f"confirmed/{EVIDENCE}_confirmed.pdf": "confirmed",
            f"corrections/{EVIDENCE}_corrections.pdf": "corrections",
            f"review/{EVIDENCE}_inbox.pdf": "inbox",
        },
    )
    assert outcomes(ward) == ["paired", "paired", "paired", "moved"]
    ward.said()
    ward.quiet()
